"""Conversion between kinds of values (DMN 1.5, 10.3.4.1), and the text of any value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.functions import Budget
from engine.feel.values import EXACT, Range, Undefined, Value, YearsMonths
from engine.feel.wide import (
    MAX_YEAR,
    MOMENTS,
    AnyDate,
    AnyMoment,
    Nanos,
    NanosTime,
    WideDate,
    WideMoment,
    combine,
    in_zone,
    make_date,
)

_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_SEPARATORS = (" ", ",", ".", None)


@builtin("string(from: any)", run=True)
def string(run: Budget, value: Value) -> str | None:
    """Return the text of any value; null stays null."""
    return None if value is None else value if isinstance(value, str) else show(value, run)


def show(value: Value, run: Budget) -> str:
    """Return the text of a value inside another: strings in quotes, null as null."""
    run.tick()
    if value is None:
        return "null"
    writer = _WRITERS.get(type(value))
    return writer(value, run) if writer else "function"


def show_number(number: Decimal) -> str:
    """Return the digits of a number without an exponent; the scale is kept, minus zero is zero."""
    return format(number or abs(number), "f")


def _show_list(value: list[Value], run: Budget) -> str:
    return "[" + ", ".join(show(item, run) for item in value) + "]"


def _show_context(value: dict[str, Value], run: Budget) -> str:
    return "{" + ", ".join(f"{name}: {show(item, run)}" for name, item in value.items()) + "}"


def _show_range(value: Range, run: Budget) -> str:
    if value.operator:
        end = value.end if value.operator[0] == "<" else value.start
        return f"{value.operator} {show(end, run)}"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{show(value.start, run)}..{show(value.end, run)}{closing}"


def _quoted(value: str, run: Budget) -> str:
    run.tick(len(value) >> 4)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITERS: dict[type, Callable[[Value, Budget], str]] = {
    bool: lambda value, _: "true" if value else "false",
    Decimal: lambda value, _: show_number(value),
    str: _quoted,
    date: lambda value, _: value.isoformat(),
    datetime: lambda value, _: temporal.show_datetime(value),
    WideDate: lambda value, _: str(value),
    **dict.fromkeys((WideMoment, Nanos), lambda value, _: temporal.show_datetime(value)),
    **dict.fromkeys((time, NanosTime), lambda value, _: temporal.show_time(value)),
    timedelta: lambda value, _: temporal.show_duration(value),
    YearsMonths: lambda value, _: str(value),
    list: _show_list,
    dict: _show_context,
    Range: _show_range,
}


@builtin(
    "number(from: string)",
    "number(from: string, grouping separator: string|null, decimal separator: string|null)",
)
def number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    """Return the number a text shows; the separators are a space, a comma or a point."""
    if grouping not in _SEPARATORS or point not in (".", ",", None) or (grouping and grouping == point):
        raise Undefined(f"number() cannot use the separators '{grouping}' and '{point}'")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if not _NUMBER.fullmatch(plain):
        raise Undefined(f"'{text}' is not a number")
    try:
        return EXACT.create_decimal(plain.strip())
    except ArithmeticError:
        raise Undefined(f"The number '{text}' is out of range") from None


@builtin("number(from: number)")
def same_number(value: Decimal) -> Decimal:
    """Return the number itself."""
    return value


@builtin("date(from: string)")
def date_of_text(text: str) -> AnyDate:
    """Return the date a text shows."""
    return temporal.parse_date(text)


@builtin("date(from: date|datetime)")
def date_of_moment(moment: AnyDate | AnyMoment) -> AnyDate:
    """Return the day of a moment."""
    return moment.date() if isinstance(moment, MOMENTS) else moment


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> AnyDate:
    """Return the date of its three numbers."""
    return make_date(_small(year), _small(month), _small(day))


@builtin("time(from: string)")
def time_of_text(text: str) -> time:
    """Return the time a text shows."""
    return temporal.parse_time(text)


@builtin("time(from: time|date|datetime)")
def time_of_moment(moment: time | date | datetime) -> time:
    """Return the time of a moment; a date begins at midnight UTC."""
    if isinstance(moment, MOMENTS):
        return moment.timetz()
    return moment if isinstance(moment, time) else temporal.MIDNIGHT_UTC


@builtin("time(hour: number, minute: number, second: number, offset?: dtd|null)")
def time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    """Return the time of its numbers; seconds may have a fraction."""
    whole = int(second) if abs(second) < 100 else 60  # noqa: PLR2004
    micros = int((second - whole) * 1_000_000)
    return temporal.make_time(_small(hour), _small(minute), whole, micros=micros, offset=offset)


@builtin("date and time(from: string)")
def moment_of_text(text: str) -> AnyMoment:
    """Return the date and time a text shows."""
    return temporal.parse_datetime(text)


@builtin("date and time(from: date|datetime)")
def moment_of_moment(moment: AnyDate | AnyMoment) -> AnyMoment:
    """Return a date and time as it is, a date at midnight."""
    return moment if isinstance(moment, MOMENTS) else combine(moment, temporal.MIDNIGHT)


@builtin("date and time(date: date|datetime, time: time)")
def moment_of_parts(day: AnyDate | AnyMoment, clock: time) -> AnyMoment:
    """Return the day at that time."""
    return combine(date_of_moment(day), clock)


@builtin("date and time(date: datetime, timezone: string)")
def moment_in_zone(moment: AnyMoment, zone: str) -> AnyMoment:
    """Return the same instant seen in a zone; a moment without one is taken to be in it."""
    found = temporal.parse_zone(zone if zone[:1] in ("Z", "+", "-") else f"@{zone}")
    seen: AnyMoment = in_zone(moment, found)
    return seen


@builtin("duration(from: string)")
def duration_of_text(text: str) -> timedelta | YearsMonths:
    """Return the duration a text shows."""
    return temporal.parse_duration(text)


@builtin("duration(from: dtd|ymd)")
def same_duration(value: timedelta | YearsMonths) -> timedelta | YearsMonths:
    """Return the duration itself."""
    return value


@builtin("years and months duration(from: date|datetime, to: date|datetime)")
def months_between(start: AnyDate | AnyMoment, end: AnyDate | AnyMoment) -> YearsMonths:
    """Return the whole months from one day to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


def _small(number: Decimal) -> int:
    if abs(number) > MAX_YEAR:
        raise Undefined(f"{number} cannot be part of a date or time")
    return int(number)
