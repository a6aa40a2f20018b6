"""What the delivery pack holds, and what it does not."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.errors import InvalidInput
from handlers.delivery.pack import broken_files, read_manifest
from store.clock import TestClock
from store.tables import TaxReturn
from store.unit_of_work import UnitOfWork
from tests.handlers.tasks.bench import Bench
from tests.handlers.tasks.test_books import closed, with_a_sale


def file_of(bench: Bench, answer: dict[str, Any], ending: str) -> bytes:
    found = next(each for each in answer["files"] if each["filename"].endswith(ending))
    return bench.store.documents.get(found["digest"])


def cells(bench: Bench, answer: dict[str, Any], sheet: str) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(file_of(bench, answer, "xlsx")))
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def add_return(bench: Bench, version: int, amount: int, receipt: str | None) -> None:
    def write(uow: UnitOfWork) -> None:
        uow.session.add(
            TaxReturn(
                id=uow.new_id(),
                client_id=bench.client,
                period="2026-08",
                code="VAT_M",
                version=version,
                state="filed" if receipt else "computed",
                amount=amount,
                computation={"lines": []},
                due_on=date(2026, 9, 15),
                receipt=receipt,
                at=uow.now,
            )
        )

    bench.change(write)


def test_the_zip_proves_each_of_its_files(star: Bench) -> None:
    with_a_sale(star)
    closed(star)

    answer = star.run("delivery.pack", {"report_pack": ["balance_sheet"]})

    pack = file_of(star, answer, "zip")
    assert [each.name for each in read_manifest(pack)] == ["0001-2026-08报表.pdf", "0001-2026-08报表.xlsx"]
    assert broken_files(pack) == ()


def test_a_corrected_return_is_listed_as_it_is_now(star: Bench) -> None:
    add_return(star, 1, 100, "R-1")
    add_return(star, 2, 130, "R-2")

    rows = cells(star, star.run("delivery.pack", {"report_pack": ["tax_summary"]}), "纳税情况表")

    said = [row for row in rows if row[4] and str(row[4]).startswith("R-")]
    assert [(row[1], row[2], row[4]) for row in said] == [("2026-08", 130, "R-2")]
    assert next(row for row in rows if row[0] == "合计")[2] == 130


def test_the_notes_stand_below_the_summary_and_are_never_a_formula(star: Bench) -> None:
    with_a_sale(star)
    closed(star)

    answer = star.run("delivery.pack", {"report_pack": ["month_summary"], "notes": "收入上升\n=1+1"})

    said = [row[0] for row in cells(star, answer, "经营简报")]
    assert "收入上升" in said
    book = load_workbook(io.BytesIO(file_of(star, answer, "xlsx")))
    assert all(cell.data_type != "f" for row in book["经营简报"].iter_rows() for cell in row)


def test_the_trend_goes_from_the_first_month_of_the_books_to_the_one_delivered(star: Bench) -> None:
    with_a_sale(star)
    closed(star)

    rows = cells(star, star.run("delivery.pack", {"report_pack": ["ratios"]}), "财务指标")

    months = [row[0] for row in rows if row[0] and str(row[0]).startswith("2026-")]
    assert months == ["2026-08　营业收入 1,000.00　净利润 1,000.00　月末货币资金 11,060.00"]


def test_the_day_in_the_pack_is_the_firms(star: Bench, clock: TestClock) -> None:
    clock.set(datetime(2026, 9, 1, 17, tzinfo=UTC))  # one in the morning of the second in Shanghai

    pack = file_of(star, star.run("delivery.pack", {"report_pack": ["tax_summary"]}), "zip")

    assert b'"made_on": "2026-09-02"' in _manifest(pack)


def test_a_content_that_nobody_can_make_is_named(star: Bench) -> None:
    with pytest.raises(InvalidInput, match="horoscope"):
        star.run("delivery.pack", {"report_pack": ["balance_sheet", "horoscope"]})


def _manifest(pack: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return archive.read("manifest.json")
