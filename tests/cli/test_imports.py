from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.commands import clients
from store.tables import BankLine, Document, InstanceVariable, WorkItem
from webui import installation
from webui.cli import zhangfang
from webui.cli_language import speak
from webui.settings import read_settings

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UUID]:
    """The folder of an installation with one client, and the client; copied for each test."""
    folder = tmp_path_factory.mktemp("ready")
    with installation.opened(read_settings({"ZHANGFANG_DATA_FOLDER": str(folder)})) as store:
        installation.set_up(store)
        made = store.run(
            clients.create,
            "虚构星桥检测技术服务有限公司",
            by=None,
            code="C001",
            credit_code="91980105MA9XQ00138",
            taxpayer_type="general",
        )
    return folder, made.id


@pytest.fixture(autouse=True)
def client(ready: tuple[Path, UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UUID:
    folder, made = ready
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path))
    speak("en")
    return made


def run(*arguments: object) -> Result:
    return CliRunner().invoke(zhangfang, [str(each) for each in arguments])


def test_invoices_are_read_and_a_second_time_change_nothing() -> None:
    files = [SAMPLES / f"einvoice_{name}.xml" for name in ("special_three_lines", "toll", "red_letter")]

    first = run("import-invoice", *files, "--client", "C001", "--period", "2026-08")
    again = run("import-invoice", *files, "--client", "C001", "--period", "2026-08")

    assert first.exit_code == 0, first.output
    assert "Read 2, duplicates 0, exceptions 1" in first.output
    assert "26982000000007018832" in first.output
    assert "Read 2, duplicates 0, exceptions 1" in again.output


def test_a_statement_is_read_with_the_layout_that_is_named() -> None:
    found = run(
        "import-bank",
        SAMPLES / "bank_cmb_debit.csv",
        "--client",
        "C001",
        "--period",
        "2024-01",
        "--profile",
        "cmb",
        "--account",
        "一般户",
    )

    assert found.exit_code == 0, found.output
    assert "Read 5 movements, known before 0, exceptions 0" in found.output


def test_an_unknown_layout_is_refused_with_the_known_ones() -> None:
    found = run(
        "import-bank",
        SAMPLES / "bank_cmb_debit.csv",
        "--client",
        "C001",
        "--period",
        "2024-01",
        "--profile",
        "abcd",
    )

    assert found.exit_code == 2
    assert "no statement layout «abcd»; use one of abc, alipay" in found.output


def work_items() -> list[tuple[str, str | None]]:
    """The open work items about an exception: what they are about, and the month."""
    with installation.opened(read_settings()) as store:
        rows = store.read(
            lambda connection: connection.execute(
                select(InstanceVariable.value, WorkItem.period)
                .join(WorkItem, WorkItem.instance_id == InstanceVariable.instance_id)
                .where(InstanceVariable.name == "exception", WorkItem.state == "open")
            ).all()
        )
    return sorted((str(row.value), row.period) for row in rows)


def test_each_bad_file_becomes_a_work_item_and_the_rest_is_imported(tmp_path: Path) -> None:
    good = (SAMPLES / "einvoice_toll.xml").read_bytes()
    bad = {
        "cut.xml": good[:900],
        "bomb.xml": b'<!DOCTYPE l [<!ENTITY a "a">]><EInvoice>&a;</EInvoice>',
        "says-utf8.xml": good.decode().encode("gb18030"),
        "twice.xml": good + b"\n",
    }
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, body in {"good.xml": good, **bad}.items():
        (folder / name).write_bytes(body)
    files = [folder / "good.xml", *(folder / name for name in bad)]

    found = run("import-invoice", *files, "--client", "C001", "--period", "2026-08")
    run("import-invoice", *files, "--client", "C001", "--period", "2026-08")

    assert found.exit_code == 0, found.output
    assert "Read 1, duplicates 1, exceptions 3, not kept 0." in found.output
    about = work_items()
    assert len(about) == len(bad)
    assert all(any(name in text for text, _ in about) for name in ("cut.xml", "bomb.xml", "says-utf8.xml"))
    assert {period for _, period in about} == {"2026-08"}
    with installation.opened(read_settings()) as store:
        digests = store.read(lambda connection: connection.execute(select(Document.digest)).scalars().all())
        kept = {store.documents.get(digest) for digest in digests}
    assert kept == {good, *bad.values()}


def test_other_encodings_that_say_so_are_read(tmp_path: Path) -> None:
    text = (SAMPLES / "einvoice_toll.xml").read_text(encoding="utf-8")
    for last, encoding in enumerate(("GB18030", "UTF-16")):
        changed = text.replace("26982000000008041195", f"2698200000000804119{last}")
        changed = changed.replace('encoding="UTF-8"', f'encoding="{encoding}"')
        (tmp_path / f"{encoding}.xml").write_bytes(changed.encode(encoding))

    found = run("import-invoice", *tmp_path.glob("*.xml"), "--client", "C001", "--period", "2026-08")

    assert "Read 2, duplicates 0, exceptions 0" in found.output, found.output


def test_an_empty_file_is_not_kept_and_the_rest_is(tmp_path: Path) -> None:
    empty = tmp_path / "empty.xml"
    empty.write_bytes(b"")

    found = run(
        "import-invoice", empty, SAMPLES / "einvoice_toll.xml", "--client", "C001", "--period", "2026-08"
    )

    assert found.exit_code == 2
    assert "empty.xml: not kept: The file «empty.xml» is empty." in found.output
    assert "Read 1, duplicates 0, exceptions 0, not kept 1." in found.output


def test_an_invoice_finds_its_client_and_month_by_itself() -> None:
    found = run("import-invoice", SAMPLES / "einvoice_toll.xml", SAMPLES / "einvoice_exempt.xml")

    assert found.exit_code == 2
    assert "einvoice_exempt.xml: not kept: Neither party is a client; give --client." in found.output
    assert "Read 1, duplicates 0, exceptions 0, not kept 1." in found.output


@pytest.mark.parametrize("period", ["junk", "2026-8", "2026Q3"])
def test_a_period_that_is_no_month_keeps_nothing(period: str) -> None:
    invoices = run("import-invoice", SAMPLES / "einvoice_toll.xml", "--client", "C001", "--period", period)
    bank = run("import-bank", SAMPLES / "bank_cmb_debit.csv", "--client", "C001", "--period", period)

    assert (invoices.exit_code, bank.exit_code) == (2, 2)
    with installation.opened(read_settings()) as store:
        assert store.read(lambda connection: connection.execute(select(Document.id)).all()) == []


def test_rows_out_of_the_month_and_cut_rows_become_work_items(tmp_path: Path) -> None:
    body = (SAMPLES / "bank_cmb_debit.csv").read_bytes()
    (tmp_path / "cut.csv").write_bytes(body[: body.rindex(b'"')])

    found = run("import-bank", tmp_path / "cut.csv", "--client", "C001", "--period", "2030-01")

    with installation.opened(read_settings()) as store:
        rows = store.read(lambda connection: connection.execute(select(BankLine.state)).scalars().all())
    assert set(rows) == {"exception"}
    assert len(work_items()) == found.output.count("\n") - 1 >= len(rows)


def test_a_file_of_another_layout_becomes_a_work_item() -> None:
    found = run(
        "import-bank",
        SAMPLES / "bank_wechat.csv",
        "--client",
        "C001",
        "--period",
        "2026-08",
        "--profile",
        "icbc",
    )

    assert "Read 0 movements, known before 0, exceptions 1" in found.output
    assert ["bank_wechat.csv" in text for text, _ in work_items()] == [True]
