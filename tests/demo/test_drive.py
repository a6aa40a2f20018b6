from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from engine.errors import InvalidInput
from handlers.demo import figures
from handlers.demo.figures import Result
from handlers.demo.inputs import in_august
from handlers.demo.run import BEGIN, drive
from store.clock import TestClock
from store.tables import Period, VoucherLine
from webui import installation
from webui.settings import read_settings

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
with_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the shared samples are not beside the project"
)
STAR, LANE = "虚构星桥检测技术服务有限公司", "虚构里巷日用百货有限公司"

Demo = Callable[..., Result]


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    told: list[str] = []

    def tell(at: datetime, who: str, what: str, about: str) -> None:
        told.append(f"{at:%m-%d} {who} {what} {about}")

    def run(inputs: Path | None) -> Result:
        settings = read_settings({"ZHANGFANG_DATA_FOLDER": str(tmp_path / "demo")})
        clock = TestClock(BEGIN)
        with installation.opened(settings, clock) as store:
            installation.set_up(store)
            return drive(
                store, clock, tmp_path / "demo", inputs=inputs, tell=tell, say=lambda zh, en: f"{zh}/{en}"
            )

    return run


def tax(result: Result, client: str, period: str, code: str) -> Decimal:
    return next(one.amount for one in result.taxes if one[:3] == (client, period, code))


@with_samples
@pytest.mark.long
def test_the_samples_go_through_three_months_and_everything_holds(demo: Demo) -> None:
    result = demo(SAMPLES)

    assert result.broken == ()
    # 300.55 of output tax, 2.48 of input tax on tolls; half of 7 % on top (城建税), levies below the threshold
    assert tax(result, STAR, "2026-08", "VAT_M") == Decimal("308.50")
    assert tax(result, LANE, "2026Q3", "VAT_Q") == 0
    # goods 265.49 + 600.00 at 0.03 %, halved; neither testing services nor tolls are a sale of movables
    assert tax(result, STAR, "2026Q3", "STAMP_Q") == Decimal("0.13")
    assert (STAR, "2026-08", "exception", 1) in result.invoices
    assert (LANE, "2026-08", "booked", 3) in result.invoices
    assert (
        STAR,
        "发票26982000000008030056",
        "红字发票对应的原发票26982000000007018832不在账套中",
        "refused",
    ) in (result.exceptions)
    assert {outcome for *_, outcome in result.exceptions} == {"refused"}
    assert all(one.debits == one.credits for one in result.books)
    assert {one.period for one in result.books} == {"2026-06", "2026-08", "2026-09"}
    assert {client for client, score in result.surveys if score > 60} == {STAR, LANE}
    assert all(Path(path).is_file() for *_, path in result.documents)
    assert {state for process, state, _ in result.instances if process != "service_lifecycle"} == {
        "completed"
    }


@with_samples
def test_another_amount_in_an_invoice_gives_another_tax(demo: Demo, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    shutil.copytree(SAMPLES, inputs)
    toll = inputs / "einvoice_toll.xml"
    toll.chmod(0o644)
    toll.write_text(toll.read_text("utf-8").replace("2.48", "2.58").replace("82.52", "82.42"), "utf-8")

    result = demo(inputs)

    assert result.broken == ()
    assert tax(result, STAR, "2026-08", "VAT_M") == Decimal("308.40")


def test_clients_without_papers_file_nil_returns_and_what_is_changed_behind_them_is_told(
    demo: Demo, tmp_path: Path
) -> None:
    result = demo(None)

    assert result.broken == ()
    assert {one.amount for one in result.taxes} == {Decimal(0)}
    assert result.invoices == ()
    assert result.bank_lines == ()

    settings = read_settings({"ZHANGFANG_DATA_FOLDER": str(tmp_path / "demo")})
    with installation.opened(settings) as store:
        store.run(lambda uow: uow.connection.execute(update(VoucherLine).values(debit=VoucherLine.debit + 1)))
        store.run(lambda uow: uow.connection.execute(update(Period).values(state="open")))
        broken = store.read(figures.result, store.documents.path).broken

    assert any("does not balance" in english for _, english in broken)
    assert any(english.startswith("The month 2026-07") for _, english in broken)


def test_the_dates_of_an_export_move_to_august_and_nothing_else_does() -> None:
    text = "2019-9-26 12:00,2024/1/5,20240101,1234.56,张三 66666666666666,¥20240101.00元,12020240101\n"

    moved = in_august(text.encode("gb18030")).decode("gb18030")

    assert (
        moved
        == "2026-08-26 12:00,2026/08/05,20260801,1234.56,张三 66666666666666,¥20260801.00元,12020240101\n"
    )


def test_a_folder_without_papers_is_refused(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(InvalidInput, match="no invoice"):
        demo(tmp_path / "empty")
