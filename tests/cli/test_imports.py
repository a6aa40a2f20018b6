from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from engine.commands import clients
from webui import installation
from webui.cli import zhangfang
from webui.cli_language import speak
from webui.settings import read_settings

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")


@pytest.fixture(autouse=True)
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path))
    speak("en")
    with installation.opened(read_settings()) as store:
        made = store.run(
            clients.create,
            "虚构星桥检测技术服务有限公司",
            by=None,
            code="C001",
            credit_code="91980105MA9XQ00138",
            taxpayer_type="general",
        )
    return made.id


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
    assert "Read 5 movements, exceptions 0" in found.output


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
    assert "no statement layout 'abcd'; use one of abc, alipay" in found.output
