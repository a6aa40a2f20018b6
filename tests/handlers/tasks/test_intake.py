"""Invoices and bank statements on their way into the books."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.tasks.intake import import_bank, import_invoice
from store.tables import BankLine, BankStatement, Document, Invoice
from tests.handlers.tasks.bench import MONTH, SAMPLES, Bench
from tests.handlers.tasks.making import LANE_SIDE, NORTH_SIDE, STAR_SIDE, invoice, number, statement

D = Decimal


def codes(answer: dict[str, list[dict[str, str]]], name: str = "invoice_exceptions") -> list[str]:
    return [each["code"] for each in answer[name]]


def test_sales_and_purchases_find_their_side(star: Bench) -> None:
    star.file(invoice(number(1), STAR_SIDE, NORTH_SIDE, "1000.00"), "a.xml")
    star.file(invoice(number(2), NORTH_SIDE, STAR_SIDE, "200.00", "0.13"), "b.xml")

    answer = star.run("invoices.import")

    assert answer == {"invoices_read": 2, "invoices_duplicate": 0, "invoice_exceptions": []}
    rows = {row.number: (row.direction, row.net, row.tax) for row in star.rows(Invoice)}
    assert rows == {
        number(1): ("sale", D("1000.00"), D("60.00")),
        number(2): ("purchase", D("200.00"), D("26.00")),
    }


def test_one_number_is_booked_once_per_book_set(star: Bench) -> None:
    body = invoice(number(1), STAR_SIDE, NORTH_SIDE, "1000.00")
    star.file(body, "a.xml")
    star.file(body + b"\n", "again.xml")

    first = star.run("invoices.import")
    again = star.run("invoices.import")

    assert first == again
    assert (first["invoices_read"], first["invoices_duplicate"]) == (1, 1)
    assert codes(first) == ["IV19"]
    assert len(star.rows(Invoice)) == 1


def test_the_file_is_kept_byte_for_byte(star: Bench) -> None:
    body = b"\xef\xbb\xbf" + invoice(number(1), STAR_SIDE, NORTH_SIDE, "1000.00")
    kept = star.file(body, "a.xml")
    star.run("invoices.import")

    assert star.body_of(kept) == body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (invoice(number(1), NORTH_SIDE, LANE_SIDE, "10.00"), "IV20"),
        (b"<EInvoice><unclosed>", "IV24"),
        ("<EInvoice>发票</EInvoice>".encode("gbk"), "IV24"),
        (b"<EInvoice><Header/></EInvoice>", "IV25"),
        (b"<eInvoice/>", "IV25"),
        (b"%PDF-1.4 invoice", "IV24"),
        (invoice(number(1), STAR_SIDE, NORTH_SIDE, "10.00", on="2026-09-02"), "IV23"),
        (invoice(number(1), STAR_SIDE, NORTH_SIDE, "10.00", on="2026-07-31"), "IV26"),
        (invoice("123", STAR_SIDE, NORTH_SIDE, "10.00"), "IV01"),
        (invoice(number(1), STAR_SIDE, NORTH_SIDE, "-10.00", original=number(9)), "IV22"),
    ],
    ids=[
        "buyer",
        "malformed",
        "foreign",
        "empty",
        "other-form",
        "pdf",
        "future",
        "late-sale",
        "number",
        "red-alone",
    ],
)
def test_what_does_not_fit_waits_for_a_person_and_the_rest_goes_on(
    star: Bench, body: bytes, code: str
) -> None:
    star.file(body, "odd.xml", "invoice")
    star.file(invoice(number(7), STAR_SIDE, NORTH_SIDE, "70.00"), "good.xml")

    answer = star.run("invoices.import")

    assert answer["invoices_read"] == 1
    assert codes(answer) == [code]
    assert answer["invoice_exceptions"][0]["reason"]
    assert {"id", "kind", "subject", "severity", "label", "value"} <= set(answer["invoice_exceptions"][0])
    assert star.run("invoices.import") == answer


def test_a_red_invoice_stands_once_its_original_is_there(star: Bench) -> None:
    star.file(invoice(number(2), STAR_SIDE, NORTH_SIDE, "-10.00", original=number(1)), "red.xml")
    alone = star.run("invoices.import")
    star.file(invoice(number(1), STAR_SIDE, NORTH_SIDE, "10.00"), "blue.xml")
    both = star.run("invoices.import")

    assert codes(alone) == ["IV22"]
    assert (both["invoices_read"], both["invoice_exceptions"]) == (2, [])


def test_papers_sent_back_are_left_aside(star: Bench) -> None:
    star.file(b"broken", "a.xml", "invoice")
    star.run("documents.open_requests")
    star.run("documents.apply_check", {"returned_codes": ["invoice"], "return_note": "缺"})

    assert star.run("invoices.import")["invoice_exceptions"] == []


def test_the_samples_of_august_are_read(star: Bench) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    for path in sorted(SAMPLES.glob("einvoice_*.xml")):
        star.sample(path.name)

    answer = star.run("invoices.import")

    assert answer["invoices_read"] == 3  # special, toll, and the purchase of the other client
    assert sorted(codes(answer)) == ["IV20", "IV20", "IV22"]


def test_bank_rows_that_cannot_be_read_leave_the_rest(star: Bench) -> None:
    star.file(
        statement(
            "2026-08-03,,1000.00,11000.00,北屿,货款",
            "2026-08-0x,5.00,,10995.00,银行,手续费",
            "2026-08-05,,oops,1.00,乙,x",
        ),
        "流水.csv",
    )

    answer = star.run("bank.import")

    assert answer["bank_lines_read"] == 1
    assert codes(answer, "bank_exceptions") == ["BK02", "BK02"]
    assert "流水.csv第3行" in answer["bank_exceptions"][0]["subject"]
    assert star.rows(BankLine)[0].amount == D("1000.00")


def test_overlapping_statements_count_a_movement_once(star: Bench) -> None:
    first = "2026-08-03,,1000.00,11000.00,北屿,货款", "2026-08-04,10.00,,10990.00,银行,手续费"
    star.file(statement(*first), "上旬.csv")
    star.file(statement(*first, "2026-08-20,90.00,,10900.00,丙,采购"), "全月.csv")

    answer = star.run("bank.import")

    assert answer["bank_lines_read"] == 3
    assert sorted((row.read, row.duplicates) for row in star.rows(BankStatement)) == [(1, 2), (2, 0)]
    assert star.run("bank.import") == answer


def test_two_equal_payments_stay_two(star: Bench) -> None:
    row = "2026-08-03,,500.00,,北屿,货款"
    star.file(statement(row, row), "流水.csv")

    assert star.run("bank.import")["bank_lines_read"] == 2


def test_a_movement_of_an_earlier_month_is_looked_at(star: Bench) -> None:
    star.file(statement("2026-07-31,,1.00,1.00,甲,x", "2026-09-01,,2.00,3.00,乙,y"), "流水.csv")

    answer = star.run("bank.import")

    assert codes(answer, "bank_exceptions") == ["BK03"]
    assert {row.period for row in star.rows(BankLine)} == {MONTH, "2026-09"}


def test_a_movement_of_a_day_to_come_is_looked_at(star: Bench) -> None:
    star.file(statement("2062-08-03,,1.00,1.00,甲,x"), "流水.csv")

    answer = star.run("bank.import")

    assert codes(answer, "bank_exceptions") == ["BK03"]
    assert {row.period for row in star.rows(BankLine)} == {MONTH}


def test_a_purchase_invoiced_last_month_is_read(star: Bench) -> None:
    star.file(invoice(number(1), NORTH_SIDE, STAR_SIDE, "10.00", on="2026-07-31"), "late.xml")

    assert star.run("invoices.import")["invoice_exceptions"] == []


def test_movements_of_a_file_for_a_wrong_month_find_theirs_with_the_next(star: Bench) -> None:
    body = statement("2026-07-03,,1.00,1.00,甲,x", "2026-07-04,,2.00,3.00,乙,y")
    star.file(body, "流水.csv")
    wrong = star.run("bank.import")
    star.file(body, "流水.csv", period="2026-07")

    right = star.run("bank.import", period="2026-07")

    assert codes(wrong, "bank_exceptions") == ["BK03", "BK03"]
    assert right == {"bank_lines_read": 2, "bank_exceptions": []}
    assert {(row.period, row.state) for row in star.rows(BankLine)} == {("2026-07", "read")}


def test_a_file_that_is_no_statement_is_said_so(star: Bench) -> None:
    star.file(b"a,b\n1,2\n", "x.csv", "bank")

    assert codes(star.run("bank.import"), "bank_exceptions") == ["BK01"]


def test_every_sample_export_is_taken_in(lane: Bench) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    for path in sorted(SAMPLES.glob("bank_*.csv")):
        lane.sample(path.name)

    answer = lane.run("bank.import")

    assert answer["bank_lines_read"] > 20
    assert "BK01" not in codes(answer, "bank_exceptions")
    assert {row.kind for row in lane.rows(Document)} == {"bank"}


def test_files_can_be_taken_in_at_once(star: Bench) -> None:
    body, rows = invoice(number(1), STAR_SIDE, NORTH_SIDE, "10.00"), statement("2026-08-03,,1.00,1.00,甲,x")

    outcome = star.store.run(import_invoice, body, "a.xml", client=star.client, period=MONTH)
    again = star.store.run(import_invoice, body, "a.xml", client=star.client, period=MONTH)
    bank = star.store.run(import_bank, rows, "b.csv", client=star.client, period=MONTH)

    assert (outcome.state, again.state, bank.read) == ("read", "read", 1)
    assert len(star.rows(Document)) == 2
