"""Messages as files of a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

from handlers.notify.messages import Letter, build
from handlers.notify.outbox import Outbox

NOW = datetime(2026, 9, 1, 1, tzinfo=UTC)


def letter(key: str, text: str = "您好") -> Letter:
    return Letter(key, "office@example.com", "事务所", ("bai@example.com",), "资料", text)


def test_a_repeated_key_writes_one_file_and_overwrites_nothing(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")

    outbox.send(build(letter("i:1"), NOW), "i:1")
    outbox.send(build(letter("i:1", "另一封"), NOW), "i:1")

    files = list((tmp_path / "outbox").iterdir())
    assert [file.suffix for file in files] == [".eml"]
    body = message_from_bytes(files[0].read_bytes()).get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().strip() == "您好"


def test_keys_that_look_alike_in_a_name_stay_apart(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)

    for key in ("a/b", "a:b", "../a-b"):
        outbox.send(build(letter(key), NOW), key)

    assert len(list(tmp_path.iterdir())) == 3
    assert {file.parent for file in tmp_path.iterdir()} == {tmp_path}
