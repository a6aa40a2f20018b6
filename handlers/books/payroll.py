"""Payroll sheets: one row per person and month, and the voucher that accrues them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from engine.errors import InvalidInput
from handlers.books.vouchers import Voucher, VoucherLine
from handlers.money import ZERO, read_amount, total

_COLUMNS = {
    "name": ("姓名", "name"),
    "gross": ("应发工资", "应发合计", "税前工资", "gross"),
    "insurance": ("个人社保", "insurance"),
    "housing": ("个人公积金", "housing"),
    "additional": ("专项附加扣除", "additional"),
    "firm_insurance": ("单位社保", "firm_insurance"),
    "firm_housing": ("单位公积金", "firm_housing"),
}
_NEEDED = ("name", "gross")
_TOTALS = ("合计", "总计")
_WAGES, _SOCIAL, _HOUSING = "221101", "221104", "221105"
_SUMMARY = "计提工资、社保、公积金"


@dataclass(frozen=True, slots=True)
class PayrollRow:
    """One person's month: gross pay, the person's own deductions, and what the employer pays on top, in yuan."""

    name: str
    gross: Decimal
    insurance: Decimal = ZERO
    housing: Decimal = ZERO
    additional: Decimal = ZERO
    firm_insurance: Decimal = ZERO
    firm_housing: Decimal = ZERO


def is_payroll(content: bytes) -> bool:
    """Tell whether a file has the header of a payroll sheet."""
    try:
        lines = _lines(content)
    except InvalidInput:
        return False
    return any(_places(line) is not None for line in lines[:10])


def read_payroll(content: bytes) -> tuple[PayrollRow, ...]:
    """Read a payroll sheet (CSV with a header in Chinese or English); InvalidInput names every row that is wrong."""
    lines = _lines(content)
    at, places = next(
        ((at, found) for at, line in enumerate(lines[:10]) if (found := _places(line)) is not None), (0, None)
    )
    if places is None:
        raise InvalidInput(
            "The file has no row with 姓名 and 应发工资; use the payroll sheet of the request list."
        )
    people: list[PayrollRow] = []
    wrong: list[str] = []
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        if not any(cell.strip() for cell in line) or line[0].strip() in _TOTALS:
            continue
        try:
            people.append(_row(line, places))
        except InvalidInput as error:
            wrong.append(f"row {number}: {error}")
    if wrong or not people:
        raise InvalidInput("The payroll sheet cannot be used; " + ("; ".join(wrong) or "it names nobody."))
    return tuple(people)


def accrue_payroll(rows: Sequence[PayrollRow], on: date, *, expense: str = "560204") -> Voucher:
    """Make the voucher that books a month's pay and the employer's share as cost against 应付职工薪酬."""
    sums = {
        name: total(getattr(row, name) for row in rows)
        for name in ("gross", "firm_insurance", "firm_housing")
    }
    debts = ((_WAGES, sums["gross"]), (_SOCIAL, sums["firm_insurance"]), (_HOUSING, sums["firm_housing"]))
    lines = (VoucherLine(account, _SUMMARY, credit=amount) for account, amount in debts if amount)
    cost = VoucherLine(expense, _SUMMARY, debit=total(sums.values()))
    return Voucher(on, (cost, *lines), kind="transfer")


def _row(line: list[str], places: dict[str, int]) -> PayrollRow:
    cells = {name: line[place].strip() if place < len(line) else "" for name, place in places.items()}
    if not cells["name"]:
        raise InvalidInput("no name")
    amounts = {name: read_amount(text) for name, text in cells.items() if name != "name" and text}
    if "gross" not in amounts or min(amounts.values()) < 0:
        raise InvalidInput(f"{cells['name']} has no gross pay, or an amount below zero")
    return PayrollRow(cells["name"], **amounts)


def _places(line: list[str]) -> dict[str, int] | None:
    heads = [cell.strip().lower() for cell in line]
    places = {
        field.name: heads.index(name)
        for field in fields(PayrollRow)
        for name in _COLUMNS[field.name]
        if name in heads
    }
    return places if all(name in places for name in _NEEDED) else None


def _lines(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        try:
            return list(csv.reader(text.splitlines()))
        except csv.Error:
            break
    raise InvalidInput("The payroll sheet is no CSV text in UTF-8 or GB18030; save it as CSV.")
