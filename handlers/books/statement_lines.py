"""The lines of the statutory statements and how they add up, from the table statement_lines.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from handlers.money import ZERO
from handlers.tables import rows

BALANCE_SHEET, INCOME, CASH_FLOW = "会小企01表", "会小企02表", "会小企03表"
_TERM = re.compile(r"([+-]?)(\d+)")


@dataclass(frozen=True, slots=True)
class LineRule:
    """One printed line: filled from `accounts` on `side`, or computed from other lines by `formula`.

    An account code stands for all accounts that begin with it; D or C before it takes only those (by
    counterparty) with a debit or credit balance, which is the reclassification of claims and debts.
    """

    line: int
    item: str
    side: str
    accounts: tuple[str, ...]
    formula: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One printed line with its two columns (closing and opening, or this period and this year)."""

    line: int
    item: str
    first: Decimal
    second: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its form number, title, the headings of its two columns, its rows by line number."""

    form: str
    title: str
    columns: tuple[str, str]
    rows: tuple[StatementRow, ...]

    def __getitem__(self, line: int) -> StatementRow:
        """Give a line by its number (行次)."""
        return self.rows[line - 1]


@cache
def line_rules(form: str) -> tuple[LineRule, ...]:
    """Give the lines of a form in their printed order; line n is at place n - 1."""
    return tuple(
        LineRule(
            line=int(row["line"]),
            item=row["item"],
            side=row["side"],
            accounts=tuple(row["accounts"].split()),
            formula=tuple((int(sign + "1"), int(line)) for sign, line in _TERM.findall(row["formula"])),
        )
        for row in rows(__package__ or "", "statement_lines.csv")
        if row["form"] == form
    )


def computed(form: str, given: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Fill the lines of a form: the given ones as they are, others by their formula, else 0.00."""
    values: dict[int, Decimal] = {}
    for rule in line_rules(form):
        formula = sum((sign * values[line] for sign, line in rule.formula), ZERO)
        values[rule.line] = formula if rule.formula else given.get(rule.line, ZERO)
    return values


def statement(
    form: str,
    title: str,
    columns: tuple[str, str],
    *,
    first: Mapping[int, Decimal],
    second: Mapping[int, Decimal],
) -> Statement:
    """Put two columns of given lines into a statement, formulas computed for both."""
    left, right = computed(form, first), computed(form, second)
    printed = (StatementRow(r.line, r.item, left[r.line], right[r.line]) for r in line_rules(form))
    return Statement(form, title, columns, tuple(printed))
