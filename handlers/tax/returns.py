"""One return's computation by obligation code: which tax it is, its lines, what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.books.payroll import PayrollRow
from handlers.money import ZERO, cents, total
from handlers.periods import Period
from handlers.tax.from_books import VatReturn
from handlers.tax.income_tax import Prepayment
from handlers.tax.vat import TaxLine
from handlers.tax.wages import WagesToDate, withhold

NIL = frozenset({"FS_M", "FS_Q", "FS_Y", "SAMR_Y", "BOOK_Y"})
VAT = frozenset({"VAT_M", "VAT_Q", "VAT_SM"})


@dataclass(frozen=True, slots=True)
class Computed:
    """A return as computed: its lines (label, amount, detail), the amount owed, facts kept with it."""

    lines: tuple[tuple[str, Decimal, str], ...]
    amount: Decimal
    facts: dict[str, Any]


def of_vat(found: VatReturn) -> Computed:
    """Give the computation of VAT with its levies."""
    lines = [(_named("增值税 " + line.name, line), line.payable, line.source) for line in found.lines]
    vat = found.vat
    lines.append(("应纳增值税", vat.payable, ""))
    lines += [(_named(line.name, line), line.payable, line.source) for line in found.levies.values()]
    return Computed(
        tuple(lines),
        found.payable,
        {"sales": str(found.sales), "vat": str(vat.payable), "notes": list(found.notes)},
    )


def of_prepayment(found: Prepayment) -> Computed:
    """Give the computation of a quarter's enterprise income tax."""
    lines = (
        ("应纳税所得额（本年累计）", found.taxable, ""),
        ("应纳所得税额（25%）", found.full_tax, found.source),
        ("减免所得税额", -found.relief, "；".join(found.reasons)),
        ("本年已预缴", found.payable - found.tax_to_date, ""),
        ("本期应补税额", found.payable, ""),
    )
    return Computed(lines, found.payable, {"is_small": found.is_small, "overpaid": str(found.overpaid)})


def of_wages(months: Sequence[Sequence[PayrollRow]], on: date) -> Computed:
    """Give the withholding of the last of the year's months of payroll (January first, months without pay empty)."""
    lines, names = [], [row.name for row in (months[-1] if months else ())]
    for name in names:
        rows = [next((row for row in month if row.name == name), None) for month in months]
        lines.append((name, _withheld(rows, on), "累计预扣法"))
    amount = total(each for _, each, _ in lines)
    pay = total(row.gross for row in (months[-1] if months else ()))
    return Computed(tuple(lines), amount, {"people": len(names), "wages": str(pay)})


def of_lines(lines: Iterable[TaxLine], **facts: Any) -> Computed:
    """Give the computation of a tax that is a list of lines."""
    shown = tuple((_named(line.name, line), line.payable, line.source) for line in lines)
    return Computed(shown, total(amount for _, amount, _ in shown), facts)


def nil(label: str) -> Computed:
    """Give a return without tax: statements and reports."""
    return Computed(((label, ZERO, ""),), ZERO, {})


def by_hand(amount: Decimal, basis: str) -> Computed:
    """Give a return whose amount a person has worked out."""
    return Computed((("人工计算", cents(amount), basis),), cents(amount), {"by_hand": True})


def months_to(month: Period) -> tuple[Period, ...]:
    """Give the months of the year up to a month."""
    return tuple(Period(month.year, number) for number in range(1, month.month + 1))


def _withheld(rows: Sequence[PayrollRow | None], on: date) -> Decimal:
    """Withhold month by month, as it was done in each of them, and give the last month's tax."""
    income = insurance = additional = withheld = now = ZERO
    months = 0
    for number, row in enumerate(rows, start=1):
        if row is None:
            continue
        months += 1
        income, additional = income + row.gross, additional + row.additional
        insurance += row.insurance + row.housing
        found = withhold(
            WagesToDate(income, months, insurance=insurance, additional=additional, withheld=withheld),
            on=date(on.year, number, 1),
        )
        withheld, now = withheld + found.now, found.now
    return now


def _named(name: str, line: TaxLine) -> str:
    told = f"{name} {line.base:,.2f}×{(line.rate * 100).normalize():f}%"
    return f"{told}，减免 {line.relief:,.2f}" if line.relief else told
