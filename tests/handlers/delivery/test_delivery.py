"""The workbook, the PDF and the pack of a period."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from engine.errors import InvalidInput
from handlers.books.balances import Key
from handlers.books.statements import balance_sheet, cash_flow_statement, income_statement
from handlers.books.vouchers import Voucher, VoucherLine
from handlers.delivery.forms import Form, Header, TaxSheet, statement_form, tax_form
from handlers.delivery.pack import broken_files, delivery_pack, read_manifest
from handlers.delivery.printed import to_pdf
from handlers.delivery.workbook import to_workbook
from handlers.printing.zips import repacked
from handlers.tax.vat import Sales, small_scale

D = Decimal
HEADER = Header("=虚构里巷日用百货有限公司", "2026年8月")
OPENING: dict[Key, Decimal] = {("1002", ""): D("100.00"), ("3001", ""): D("-100.00")}
SALE = Voucher(
    date(2026, 8, 5),
    (VoucherLine("1002", "x", debit=D("1234.50")), VoucherLine("5001", "x", credit=D("1234.50"))),
    closes_profit=False,
)
CLOSED: dict[Key, Decimal] = {
    ("1002", ""): D("1334.50"),
    ("3001", ""): D("-100.00"),
    ("3103", ""): D("-1234.50"),
}


def forms() -> list[Form]:
    sheet = balance_sheet(CLOSED, OPENING)
    income = income_statement([SALE], [SALE])
    flow = cash_flow_statement([SALE], [SALE], opening=OPENING, opening_other=OPENING)
    vat = small_scale([Sales(D("1234.50"), D("0.01"))], on=date(2026, 9, 30))
    tax = TaxSheet("增值税", "2026Q3", vat.lines, vat.payable, vat.notes)
    return [statement_form(sheet), statement_form(income), statement_form(flow), tax_form(tax)]


def test_the_balance_sheet_has_its_totals_side_by_side_in_the_last_row() -> None:
    last = forms()[0].rows[-1]

    assert (last[0], last[1], last[2]) == ("资产总计", 30, D("1334.50"))
    assert (last[5], last[6]) == (53, D("1334.50"))
    assert sum(isinstance(row[1], int) for row in forms()[0].rows) == 30
    assert sum(isinstance(row[5], int) for row in forms()[0].rows) == 23


def test_nothing_is_printed_as_minus_zero() -> None:
    amounts = [
        str(cell) for form in forms() for row in form.rows for cell in row if isinstance(cell, Decimal)
    ]

    assert "-0.00" not in amounts


def test_the_workbook_has_a_sheet_per_form_with_numbers_as_numbers() -> None:
    book = load_workbook(io.BytesIO(to_workbook(forms(), HEADER)))

    assert book.sheetnames == ["资产负债表", "利润表", "现金流量表", "增值税计算表"]
    assert book["利润表"]["C5"].value == 1234.5
    assert book["利润表"]["C5"].number_format == "#,##0.00"


def test_a_name_that_begins_like_a_formula_stays_text() -> None:
    cell = load_workbook(io.BytesIO(to_workbook(forms(), HEADER)))["利润表"]["A2"]

    assert cell.data_type == "s"


def test_sheets_of_one_title_get_names_of_their_own() -> None:
    book = load_workbook(io.BytesIO(to_workbook([forms()[3]] * 3, HEADER)))

    assert book.sheetnames == ["增值税计算表", "增值税计算表 2", "增值税计算表 3"]


def test_workbook_and_pdf_have_stable_bytes() -> None:
    assert to_workbook(forms(), HEADER) == to_workbook(forms(), HEADER)
    assert to_pdf(forms(), HEADER) == to_pdf(forms(), HEADER)
    assert to_pdf(forms(), HEADER).startswith(b"%PDF-")


def pack() -> bytes:
    files = {"报表/statements.xlsx": b"1", "readme.txt": b"2"}
    return delivery_pack(files, client="里巷", period="2026-08", made_on=date(2026, 9, 3))


def test_a_pack_lists_and_proves_its_files() -> None:
    assert [each.name for each in read_manifest(pack())] == ["readme.txt", "报表/statements.xlsx"]
    assert broken_files(pack()) == ()
    assert pack() == pack()


def test_a_changed_file_in_a_pack_is_found() -> None:
    changed = repacked(pack(), lambda name, body: b"3" if name == "readme.txt" else body)

    assert broken_files(changed) == ("readme.txt",)


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "a\\b", "", "manifest.json"])
def test_names_that_leave_the_pack_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be a name"):
        delivery_pack({name: b"1"}, client="里巷", period="2026-08", made_on=date(2026, 9, 3))


def test_an_empty_pack_and_a_foreign_file_are_refused() -> None:
    with pytest.raises(InvalidInput, match="nothing to deliver"):
        delivery_pack({}, client="里巷", period="2026-08", made_on=date(2026, 9, 3))
    with pytest.raises(InvalidInput, match="no delivery pack"):
        read_manifest(b"zip?")
