"""Individual income tax on wages by the cumulative withholding method (国家税务总局公告2018年第61号)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.money import ZERO, cents
from handlers.tables import rows
from handlers.tax.dated import Unsupported, in_force, rule


@dataclass(frozen=True, slots=True)
class WagesToDate:
    """One person's employment this year up to and with this month; amounts are sums of the year so far.

    `months` counts the months of employment here this year (from January for a first job in the year by
    公告2020年第13号); `insurance` is the person's own part; `additional` the special additional deductions.
    """

    income: Decimal
    months: int
    insurance: Decimal = ZERO
    additional: Decimal = ZERO
    other: Decimal = ZERO
    exempt: Decimal = ZERO
    withheld: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Withholding:
    """This month's tax: taxable income to date, rate and quick deduction used, tax to date, tax now."""

    taxable: Decimal
    rate: Decimal
    quick_deduction: Decimal
    tax_to_date: Decimal
    now: Decimal


def withhold(wages: WagesToDate, *, on: date) -> Withholding:
    """Tax to withhold this month from the sums of the year; a negative month withholds 0.00.

    Raises NoRule outside the dates and Unsupported for negative income or a wrong number of months.
    """
    if wages.income < 0 or not 1 <= wages.months <= on.month:
        raise Unsupported(f"Wages to date must not be negative, and months lie between 1 and {on.month}.")
    allowance = rule("iit.wages.allowance.month", on).value * wages.months
    deducted = wages.exempt + allowance + wages.insurance + wages.additional + wages.other
    taxable = max(wages.income - deducted, ZERO)
    rate, quick = _bracket("wages_cumulative", taxable, on)
    due = cents(taxable * rate - quick)
    return Withholding(taxable, rate, quick, due, max(due - wages.withheld, ZERO))


def _bracket(table: str, amount: Decimal, on: date) -> tuple[Decimal, Decimal]:
    levels = [row for row in rows(__package__ or "", "iit_brackets.csv") if row["table"] == table]
    fits = [row for row in levels if not row["up_to"] or amount <= Decimal(row["up_to"])]
    row = in_force(fits[:1], f"iit.{table}", on)
    return Decimal(row["rate"]), Decimal(row["quick_deduction"])
