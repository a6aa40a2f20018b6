"""Properties that values have without being contexts (DMN 1.5, table 65)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from engine.feel.functions import Budget
from engine.feel.values import Range, Undefined, Value, YearsMonths, kind
from engine.feel.wide import Nanos, NanosTime, WideDate, WideMoment

MISSING: Final = object()
Read = Callable[[Value], Value]


def get_property(value: Value, name: str, run: Budget) -> Value:
    """Return ``value.name``; of a list, that of every item. Undefined when there is none."""
    if type(value) is list:
        run.tick(len(value))
        return [_or_null(item, name) for item in value]
    found = _one(value, name)
    if found is MISSING:
        raise Undefined(f"A {kind(value)} has no '{name}'" if value is not None else f"Null has no '{name}'")
    return found


def _or_null(item: Value, name: str) -> Value:
    found = _one(item, name)
    return None if found is MISSING else found


def _one(value: Value, name: str) -> Value:
    if type(value) is dict:
        return value.get(name, MISSING)
    read = PROPERTIES.get((type(value), name))
    return read(value) if read else MISSING


def _number(name: str) -> Read:
    return lambda value: Decimal(getattr(value, name))


def _offset(value: Value) -> timedelta | None:
    if isinstance(value, WideMoment):
        value = value.near
    return value.utcoffset() if isinstance(value, time | datetime) else None


def _zone(value: Value) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


_DATE: dict[str, Read] = {
    "year": _number("year"),
    "month": _number("month"),
    "day": _number("day"),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME: dict[str, Read] = {
    "hour": _number("hour"),
    "minute": _number("minute"),
    "second": lambda value: Decimal(value.second),
    "time offset": _offset,
    "timezone": _zone,
}
_OF_NEAR: dict[str, Read] = {
    "weekday": lambda value: Decimal(value.near.isoweekday()),
    "hour": lambda value: Decimal(value.near.hour),
    "minute": lambda value: Decimal(value.near.minute),
    "second": lambda value: Decimal(value.near.second),
}
_DURATION: dict[str, Read] = {
    "days": lambda value: Decimal(_towards_zero(value, 86400, None)),
    "hours": lambda value: Decimal(_towards_zero(value, 3600, 24)),
    "minutes": lambda value: Decimal(_towards_zero(value, 60, 60)),
    "seconds": lambda value: Decimal(_towards_zero(value, 1, 60)),
}
_MONTHS: dict[str, Read] = {
    "years": lambda value: Decimal(_sign(value.months) * (abs(value.months) // 12)),
    "months": lambda value: Decimal(_sign(value.months) * (abs(value.months) % 12)),
}
_RANGE: dict[str, Read] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}
PROPERTIES: dict[tuple[type, str], Read] = {
    (cls, name): read
    for cls, reads in (
        (date, _DATE),
        (datetime, _DATE | _TIME),
        (Nanos, _DATE | _TIME),
        (WideDate, _DATE | {"weekday": lambda value: Decimal(value.near.isoweekday())}),
        (WideMoment, _DATE | _TIME | _OF_NEAR),
        (time, _TIME),
        (NanosTime, _TIME),
        (timedelta, _DURATION),
        (YearsMonths, _MONTHS),
        (Range, _RANGE),
    )
    for name, read in reads.items()
}


def _towards_zero(length: timedelta, unit: int, wrap: int | None) -> int:
    seconds = int(abs(length).total_seconds())
    count = seconds // unit
    return (-1 if length < timedelta() else 1) * (count % wrap if wrap else count)


def _sign(number: int) -> int:
    return -1 if number < 0 else 1
