"""Working days and filing deadlines in China, as a value built from published tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import groupby
from types import MappingProxyType

from engine.errors import InvalidInput

_DAY = timedelta(days=1)
_SATURDAY = 5
_FILING_DAY = 15
_LONG_HOLIDAY = 3
_FARTHEST = 36_600
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date, whether it may still move, and why it is that day (Chinese, as it is shown)."""

    date: date
    provisional: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days by the State Council's schedules and filing deadlines by the tax administration's notices.

    `days_off` maps each scheduled day off to its festival; `make_up_days` are weekend days worked instead;
    `published` maps "2026-10" to the announced deadline; `fixed_festivals` are statutory days by (month, day)
    that stand in for a year whose schedule is not published: every answer about such a year is provisional.
    """

    days_off: Mapping[date, str]
    make_up_days: frozenset[date]
    published: Mapping[str, Deadline]
    fixed_festivals: Mapping[tuple[int, int], str]

    def is_scheduled(self, year: int) -> bool:
        """Tell whether the holiday schedule of the year is known (its New Year's Day is in the table)."""
        return date(year, 1, 1) in self.days_off

    def is_provisional(self, day: date) -> bool:
        """Tell whether what the calendar says about the day may still change."""
        return not self.is_scheduled(day.year)

    def festival(self, day: date) -> str | None:
        """Name the festival the day is off for, if any."""
        if day in self.days_off or self.is_scheduled(day.year):
            return self.days_off.get(day)
        return self.fixed_festivals.get((day.month, day.day))

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work on the day; see `is_provisional` for how sure that is."""
        if day in self.make_up_days:
            return True
        return day.weekday() < _SATURDAY and self.festival(day) is None

    def next_working_day(self, day: date) -> date:
        """Give the day itself when it is a working day, else the first one after it (细则 第一百零九条)."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Give the count-th working day after the day; before it when negative; `next_working_day` when 0."""
        if abs(count) > _FARTHEST:
            raise InvalidInput(f"{count} working days are more than a hundred years; give fewer.")
        if count == 0:
            return self.next_working_day(day)
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def due(self, day: date) -> Deadline:
        """Move a due date that falls on a day off to the next working day, saying so."""
        moved = self.next_working_day(day)
        reason = "" if moved == day else f"{_shown(day)}为{self._named(day)}"
        return self._deadline(moved, reason)

    def filing_deadline(self, month: str) -> Deadline:
        """Give the last day for returns in "2026-11": as announced, else by the rule of the notices.

        When days 1-15 hold a holiday of three or more days: as many working days after the
        15th, else the first working day from the 15th on. InvalidInput when the text is no month.
        """
        fifteenth = _fifteenth(month)
        announced = self.published.get(month)
        if announced:
            return announced
        holiday = self._long_holiday(fifteenth)
        if not holiday:
            return self.due(fifteenth)
        first, last, length = _shown(holiday[0]), holiday[-1].day, len(holiday)
        return self._deadline(self.add_working_days(fifteenth, length), f"{first}至{last}日放假{length}天")

    def extended(self, schedule: Iterable[Mapping[str, str]]) -> Calendar:
        """Give this calendar with further schedule rows (date, kind off/makeup_workday, festival) put in."""
        off, made_up = _read_schedule(schedule)
        return replace(
            self,
            days_off=MappingProxyType({**self.days_off, **off}),
            make_up_days=self.make_up_days | made_up,
        )

    def announced(self, deadlines: Iterable[Mapping[str, str]]) -> Calendar:
        """Give this calendar with announced deadlines put in (rows as in filing_calendar.csv)."""
        return replace(self, published=MappingProxyType({**self.published, **_read_deadlines(deadlines)}))

    def _long_holiday(self, fifteenth: date) -> list[date]:
        days = [fifteenth.replace(day=number) for number in range(1, _FILING_DAY + 1)]
        runs = [list(run) for working, run in groupby(days, self.is_working_day) if not working]
        long = [run for run in runs if len(run) >= _LONG_HOLIDAY and any(map(self.festival, run))]
        return long[0] if long else []

    def _deadline(self, day: date, reason: str) -> Deadline:
        if not self.is_provisional(day):
            return Deadline(day, provisional=False, reason=reason)
        warning = f"{day.year}年放假安排尚未载入，暂按周末和固定法定假日推算"
        return Deadline(day, provisional=True, reason="；".join(filter(None, [reason, warning])))

    def _named(self, day: date) -> str:
        return "法定节假日" if self.festival(day) else f"星期{_WEEKDAYS[day.weekday()]}"


@cache
def china() -> Calendar:
    """Give the calendar of the tables in this package: schedules of 2024-2026, deadlines of 2025 and 2026."""
    off, made_up = _read_schedule(_rows("holidays_cn.csv"))
    fixed = {(int(row["month"]), int(row["day"])): row["festival"] for row in _rows("statutory_days.csv")}
    return Calendar(
        days_off=MappingProxyType(off),
        make_up_days=made_up,
        published=MappingProxyType(_read_deadlines(_rows("filing_calendar.csv"))),
        fixed_festivals=MappingProxyType(fixed),
    )


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(__package__).joinpath(name).read_text("utf-8").splitlines()))


def _read_schedule(rows: Iterable[Mapping[str, str]]) -> tuple[dict[date, str], frozenset[date]]:
    off: dict[date, str] = {}
    made_up: set[date] = set()
    for row in rows:
        day = _day(row["date"])
        if row["kind"] == "off":
            off[day] = row["festival"]
        elif row["kind"] == "makeup_workday":
            made_up.add(day)
        else:
            raise InvalidInput(
                f"The schedule row of {row['date']} has the kind {row['kind']!r}; use off or makeup_workday."
            )
    return off, frozenset(made_up)


def _read_deadlines(rows: Iterable[Mapping[str, str]]) -> dict[str, Deadline]:
    return {
        f"{int(row['year']):04}-{int(row['month']):02}": Deadline(
            _day(row["deadline"]),
            provisional=False,
            reason="；".join(filter(None, [row["published_reason"], row["document"]])),
        )
        for row in rows
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"{text!r} is not a date; write it like 2027-01-01.") from error


def _fifteenth(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-{_FILING_DAY}")
    except ValueError as error:
        raise InvalidInput(f"{month!r} is not a month; write it like 2026-11.") from error


def _shown(day: date) -> str:
    return f"{day.month}月{day.day}日"
