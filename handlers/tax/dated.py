"""Rules of law with the dates they hold between; outside those there is no rule, and that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.errors import InvalidInput
from handlers.tables import Row, rows


class NoRule(InvalidInput):
    """No rule is on record for the date: the law has ended or is not loaded; a person must look it up."""


class Unsupported(InvalidInput):
    """The case is outside what this product computes; the sentence says why, a person computes it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure of law: its value, what it counts, when it holds, where it stands."""

    name: str
    value: Decimal
    unit: str
    starts: date
    ends: date | None
    source: str

    @property
    def is_inclusive(self) -> bool:
        """Tell whether a limit still holds at exactly its value."""
        return self.unit.endswith("inclusive")


def rule(name: str, on: date) -> Rule:
    """Give the rule of a name (rules.csv) as it holds on a date; NoRule when none does."""
    known = [row for row in rows(__package__ or "", "rules.csv") if row["rule"] == name]
    if not known:
        raise KeyError(name)
    row = in_force(known, name, on)
    return Rule(name, Decimal(row["value"]), row["unit"], *span(row), row["source"])


def in_force(known: list[Row], name: str, on: date) -> Row:
    """Pick the row whose dates hold the day; NoRule names the rule and what is known of it."""
    for row in known:
        starts, ends = span(row)
        if starts <= on and (ends is None or on <= ends):
            return row
    spans = "、".join(f"{row['from']}–{row['to']}" for row in known)
    raise NoRule(
        f"{on}没有适用的规则 {name}（已有：{spans}），请先录入新规定。 "
        f"There is no rule {name} for {on}; on record are {spans}. Load the new rule before going on."
    )


def span(row: Mapping[str, str]) -> tuple[date, date | None]:
    """Give the first and last day of a row; no last day means that it holds on."""
    return date.fromisoformat(row["from"]), date.fromisoformat(row["to"]) if row["to"] else None
