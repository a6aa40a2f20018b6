"""Dated tables and rules: from when to when they hold, by which law, and on which date of the facts they are asked.

``<zf:validity validFrom="2026-01-01" validTo="2027-12-31" lawSource="…" dateOfFacts="= period_end" />`` in the extension
elements of a decision table; without ``dateOfFacts`` in those of a rule. The clock is never asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.dmn.cell_sets import EVERYTHING, Accepted, CellSet, Span
from engine.dmn.cells import Cells
from engine.dmn.session import Logic, Session, Variables
from engine.dmn.source import Element, line, own_extensions
from engine.errors import DecisionError

_ATTRIBUTES = ("validFrom", "validTo", "lawSource", "dateOfFacts")
_CLOCK = ("now", "today")


@dataclass(frozen=True, slots=True)
class Validity:
    """From the first to the last day (None: for ever), and the law that says so."""

    first: date | None
    last: date | None
    law: str = ""

    def __str__(self) -> str:
        """Return how a message tells the law."""
        return f" ({self.law})" if self.law else ""

    @property
    def days(self) -> CellSet:
        """The days as a cell of a table."""
        if self.first is None and self.last is None:
            return EVERYTHING
        span = Span(self.first, self.last, low_included=True, high_included=True)
        return CellSet((Accepted(((date, span),), on_null=None, on_other=None),))


ALWAYS = Validity(None, None)


@dataclass(frozen=True, slots=True)
class Dated:
    """What makes a table a dated one: the expression for the date of the facts, its own days, and those of each rule."""

    place: str
    text: str
    on: Logic
    table: Validity
    rules: tuple[Validity, ...]

    @property
    def span(self) -> CellSet:
        """The days from the first to the last that anything is said of."""
        first, last = self.first(), self.last()
        return Validity(first.first if first else None, last.last if last else None).days

    def day(self, variables: Variables, session: Session) -> date:
        """Return the date of the facts; DecisionError when there is none."""
        value = self.on(variables, session)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        raise DecisionError(
            f"{self.place}: the table is dated, but its date of the facts «{self.text}» is {_shown(value)};"
            " give a date."
        )

    def refuse_outside(self, day: date) -> None:
        """Raise DecisionError for a day behind the last or before the first of the table."""
        last, first = self.last(), self.first()
        if last is not None and last.last is not None and day > last.last:
            raise DecisionError(
                f"{self.place}: there is no rule for {day}; the last day of the table is"
                f" {last.last}{last}. Enter what holds from then on."
            )
        if first is not None and first.first is not None and day < first.first:
            raise DecisionError(
                f"{self.place}: there is no rule for {day}; the first day of the table is"
                f" {first.first}{first}. Enter what held before."
            )

    def refuse_expired(self, rules: Sequence[int], day: date) -> None:
        """Raise DecisionError when one of these rules, which would match, does not hold on the day."""
        for number in rules:
            valid = self.rules[number]
            if valid.last is not None and day > valid.last:
                when = f"the last day of rule {number + 1} is {valid.last}"
            elif valid.first is not None and day < valid.first:
                when = f"the first day of rule {number + 1} is {valid.first}"
            else:
                continue
            raise DecisionError(
                f"{self.place}: there is no rule for {day}; {when}{valid}. Enter what holds then."
            )

    def last(self) -> Validity | None:
        """Return what ends last; None when something holds for ever."""
        ends = [one.last for one in self.rules]
        if self.table.last is not None:
            return self.table
        if not ends or None in ends:
            return None
        return max(self.rules, key=lambda one: one.last or date.max)

    def first(self) -> Validity | None:
        """Return what begins first; None when something held always."""
        starts = [one.first for one in self.rules]
        if self.table.first is not None:
            return self.table
        if not starts or None in starts:
            return None
        return min(self.rules, key=lambda one: one.first or date.min)


def read_dated(element: Element, rules: Sequence[Element], cells: Cells) -> Dated | None:
    """Return what is dated in a table; None when nothing is. What is wrong is kept in ``cells``."""
    own, written = _validity(element, cells, table=True)
    each = [_validity(rule, cells, table=False)[0] for rule in rules]
    if own is None and not any(each):
        return None
    table = own or ALWAYS
    text = written.removeprefix("=").strip()
    if not text:
        cells.problem(element, "The table is dated, but does not say which date it is asked for.")
    logic = cells.text(text, element, "date of the facts", without=_CLOCK)
    valid = tuple(Validity(one.first, one.last, one.law or table.law) if one else table for one in each)
    return Dated(cells.place(element), text, logic, table, valid)


def _validity(element: Element, cells: Cells, *, table: bool) -> tuple[Validity | None, str]:
    found: Validity | None = None
    on = ""
    for extension in own_extensions(element):
        name = str(extension.tag).rpartition("}")[2]
        unknown = [str(key) for key in extension.attrib if key not in _ATTRIBUTES]
        if name != "validity" or unknown or found is not None or (not table and extension.get("dateOfFacts")):
            what = f"zf:{name} {' '.join(unknown)}".strip()
            cells.problem(line(extension), f"The extension «{what}» is not understood here; remove it.")
            continue
        first, last = (_day(extension, each, cells) for each in _ATTRIBUTES[:2])
        if first is not None and last is not None and last < first:
            cells.problem(line(extension), f"It is valid from {first} on, but only until {last}.")
        found, on = Validity(first, last, extension.get("lawSource", "")), extension.get("dateOfFacts", "")
    return found, on


def _day(extension: Element, attribute: str, cells: Cells) -> date | None:
    written = extension.get(attribute, "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        cells.problem(line(extension), f"'{written}' is not a date; write it as 2026-12-31.")
        return None


def _shown(value: object) -> str:
    return "null" if value is None else repr(value)
