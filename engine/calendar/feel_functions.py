"""The calendar as FEEL functions, for timers, due dates and decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.calendar.working_days import Calendar
from engine.errors import InvalidInput


def functions(calendar: Calendar) -> Mapping[str, Callable[..., Any]]:
    """Give the FEEL functions of a calendar by name; an argument of the wrong kind yields null.

    `next working day(date)`, `add working days(date, number)`, `is working day(date)`,
    `filing deadline("2026-11")` (a date) and `is provisional(date)`.
    """

    def next_working_day(day: object) -> date | None:
        return calendar.next_working_day(found) if (found := _date(day)) else None

    def add_working_days(day: object, count: object) -> date | None:
        found, number = _date(day), _whole(count)
        return None if found is None or number is None else calendar.add_working_days(found, number)

    def is_working_day(day: object) -> bool | None:
        return calendar.is_working_day(found) if (found := _date(day)) else None

    def filing_deadline(month: object) -> date | None:
        try:
            return calendar.filing_deadline(month).date if isinstance(month, str) else None
        except InvalidInput:
            return None

    def is_provisional(day: object) -> bool | None:
        return calendar.is_provisional(found) if (found := _date(day)) else None

    return {
        "next working day": next_working_day,
        "add working days": add_working_days,
        "is working day": is_working_day,
        "filing deadline": filing_deadline,
        "is provisional": is_provisional,
    }


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return int(value) if value == int(value) else None
