"""The calendar of a date, and the present (DMN 1.5, 10.3.4.8 and 10.3.4.11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.functions import Budget
from engine.feel.values import Undefined

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("day of year(date: date|datetime)")
def day_of_year(day: date) -> Decimal:
    """Return 1 for 1 January."""
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week(date: date|datetime)")
def day_of_week(day: date) -> str:
    """Return the English name of the day."""
    return _DAYS[day.weekday()]


@builtin("month of year(date: date|datetime)")
def month_of_year(day: date) -> str:
    """Return the English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date|datetime)")
def week_of_year(day: date) -> Decimal:
    """Return the number of the week by ISO 8601."""
    return Decimal(day.isocalendar().week)


@builtin("last day of month(date: date|datetime)")
def last_day_of_month(day: date) -> date:
    """Return the last day of the month of a day."""
    first_next = (
        date(day.year + day.month // 12, day.month % 12 + 1, 1)
        if (day.year, day.month) != (9999, 12)
        else None
    )
    return date.fromordinal(first_next.toordinal() - 1) if first_next else date.max


@builtin("now()", run=True)
def now(run: Budget) -> datetime:
    """Return the present of the environment, in the zone of the firm."""
    present: datetime | None = run.environment.now
    if present is None:
        message = "now() is not available here"
        raise Undefined(message)
    return present.astimezone(run.environment.zone)


@builtin("today()", run=True)
def today(run: Budget) -> date:
    """Return the present day in the zone of the firm."""
    return now(run).date()
