"""The operators' commands at a terminal: migrate, suspend, resume, cancel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from store.tables import Definition, HistoryEvent, Instance
from tests.engine.bpmn.drawing import bpmn
from webui import installation
from webui.cli import zhangfang
from webui.cli_language import speak
from webui.settings import read_settings

ONE = "startEvent s\nuserTask a name=Check groups=bookkeeper\nendEvent e\ns -> a -> e"
RENAMED = ONE.replace("userTask a", "userTask b").replace("-> a ->", "-> b ->")
WHY = ("--reason", "the law changed")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path / "data"))
    speak("en")
    yield tmp_path
    speak("zh")


def run(*arguments: object, answer: str = "") -> Result:
    return CliRunner().invoke(zhangfang, [str(each) for each in arguments], input=answer)


def deploy(folder: Path, drawing: str) -> None:
    place = folder / "library" / "p"
    place.mkdir(parents=True, exist_ok=True)
    (place / "p.bpmn").write_bytes(bpmn(drawing))
    assert run("deploy", folder / "library").exit_code == 0


def states() -> list[tuple[str, int]]:
    query = select(Instance.state, Definition.version).join(
        Definition, Definition.id == Instance.definition_id
    )
    with installation.opened(read_settings()) as store:
        return store.read(
            lambda connection: [(state, version) for state, version in connection.execute(query)]
        )


def test_instances_go_over_to_a_version_when_they_can(data: Path) -> None:
    deploy(data, ONE)
    for _ in range(3):
        run("start", "p")
    deploy(data, RENAMED)

    planned = run("migrate", "p", "--from", 1, "--dry-run")
    assert planned.exit_code == 1
    assert "✗ 3" in planned.output
    assert "map it to an element" in planned.output
    assert states() == [("running", 1)] * 3

    mapped = run("migrate", "p", "--map", "a=b", "--dry-run")
    assert (mapped.exit_code, states()) == (0, [("running", 1)] * 3)
    assert "3 can be migrated, 0 refused" in mapped.output

    done = run("migrate", "p", "--from", 1, "--to", 2, "--map", "a=b", *WHY)
    assert done.exit_code == 0
    assert "3 migrated, 0 refused" in done.output
    assert states() == [("running", 2)] * 3


def test_a_refusal_ends_with_1_and_changes_nothing(data: Path) -> None:
    deploy(data, ONE)
    run("start", "p")
    deploy(data, RENAMED)
    speak("zh")
    refused = run("migrate", "p", *WHY)
    assert refused.exit_code == 1
    assert "新版本里没有「a」" in refused.output
    assert states() == [("running", 1)]


def test_one_instance_alone_can_be_migrated(data: Path) -> None:
    deploy(data, ONE)
    first = run("start", "p").output.split()[-1]
    run("start", "p")
    deploy(data, RENAMED)
    assert run("migrate", "p", "--map", "a=b", "--instance", first, *WHY).exit_code == 0
    assert sorted(states()) == [("running", 1), ("running", 2)]


def test_an_instance_of_another_process_is_refused(data: Path) -> None:
    deploy(data, ONE)
    first = run("start", "p").output.split()[-1]
    assert run("migrate", "q", "--instance", first, *WHY).exit_code == 3
    assert run("suspend", "p", "--instance", "01a22900-b7dc-76eb-a4d9-3a50be8e1690", *WHY).exit_code == 3
    assert "0 suspended" in run("suspend", "p", "--period", "2026-08", *WHY).output
    assert states() == [("running", 1)]


def test_all_are_suspended_resumed_and_cancelled(data: Path) -> None:
    deploy(data, ONE)
    for _ in range(2):
        run("start", "p")
    assert "2 suspended" in run("suspend", "p", *WHY).output
    assert states() == [("suspended", 1)] * 2
    assert "2 resumed" in run("resume", "p", "--version", 1, *WHY).output
    assert states() == [("running", 1)] * 2
    asked = run("cancel", "p", *WHY, answer="n\n")
    assert "Cancel 2 instances?" in asked.output
    assert (asked.exit_code, states()) == (1, [("running", 1)] * 2)
    assert run("cancel", "p", "--yes", *WHY).exit_code == 0
    assert states() == [("cancelled", 1)] * 2


def test_every_act_is_in_the_history_with_its_reason(data: Path) -> None:
    deploy(data, ONE)
    run("start", "p")
    run("suspend", "p", *WHY)
    query = select(HistoryEvent.detail).where(HistoryEvent.kind == "instance.suspended")
    with installation.opened(read_settings()) as store:
        details = store.read(lambda connection: list(connection.scalars(query)))
    assert [each["reason"] for each in details] == [WHY[1]]


def test_wrong_usage_is_told_apart_from_what_is_not_there(data: Path) -> None:
    deploy(data, ONE)
    assert run("suspend", "p").exit_code == 2
    assert run("migrate", "p", "--map", "nonsense", *WHY).exit_code == 2
    assert run("suspend", "nothing", *WHY).exit_code == 3
    assert run("migrate", "p", "--to", 9, *WHY).exit_code == 3
    assert "0 suspended" in run("suspend", "p", *WHY).output
