"""Periods of a client's books and taxes: a month, a quarter or a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from engine.errors import InvalidInput

Kind = Literal["month", "quarter", "year"]

_LENGTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|-?Q([1-4]))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, quarter or year by its first month; written "2026-08", "2026Q3", "2026"."""

    year: int
    month: int
    kind: Kind = "month"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return self.following.start - timedelta(days=1)

    @property
    def following(self) -> Period:
        """The next period of the same kind."""
        years, months = divmod(self.month - 1 + _LENGTHS[self.kind], 12)
        return Period(self.year + years, months + 1, self.kind)

    @property
    def months(self) -> tuple[Period, ...]:
        """The months of the period, in order."""
        return tuple(Period(self.year, self.month + offset) for offset in range(_LENGTHS[self.kind]))

    def __contains__(self, day: date) -> bool:
        """Tell whether the day lies in the period."""
        return self.start <= day <= self.end

    def __str__(self) -> str:
        """Write the period as it is read."""
        if self.kind == "year":
            return f"{self.year:04}"
        if self.kind == "quarter":
            return f"{self.year:04}Q{(self.month + 2) // 3}"
        return f"{self.year:04}-{self.month:02}"


def parse_period(text: str) -> Period:
    """Read "2026-08", "2026Q3" (or "2026-Q3") or "2026"; InvalidInput when it is none of these."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None or match[1] == "0000":
        raise InvalidInput(
            f"{text!r} is not a period; write a month 2026-08, a quarter 2026Q3 or a year 2026."
        )
    year, month, quarter = match.groups()
    if month:
        return Period(int(year), int(month))
    if quarter:
        return Period(int(year), int(quarter) * 3 - 2, "quarter")
    return Period(int(year), 1, "year")


def quarter_of(day: date) -> Period:
    """Give the quarter the day lies in."""
    return Period(day.year, (day.month - 1) // 3 * 3 + 1, "quarter")


def month_of(day: date) -> Period:
    """Give the month the day lies in."""
    return Period(day.year, day.month)
