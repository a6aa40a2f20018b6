"""The calendar of a date, and the present (DMN 1.5, 10.3.4.8 and 10.3.4.11)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.functions import Budget
from engine.feel.values import Undefined, Value
from engine.feel.wide import AnyDate, made, parts

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
def day_of_year(day: Value) -> Decimal:
    """Return 1 for 1 January."""
    return Decimal(parts(day)[1].timetuple().tm_yday)


@builtin("day of week(date: date|datetime)")
def day_of_week(day: Value) -> str:
    """Return the English name of the day."""
    return _DAYS[parts(day)[1].weekday()]


@builtin("month of year(date: date|datetime)")
def month_of_year(day: Value) -> str:
    """Return the English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date|datetime)")
def week_of_year(day: Value) -> Decimal:
    """Return the number of the week by ISO 8601."""
    return Decimal(parts(day)[1].isocalendar().week)


@builtin("last day of month(date: date|datetime)")
def last_day_of_month(day: Value) -> AnyDate:
    """Return the last day of the month of a day."""
    cycles, near, _ = parts(day)
    last: AnyDate = made(cycles, date(near.year, near.month, monthrange(near.year, near.month)[1]), 0)
    return last


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
