"""FEEL values as JSON and back, exactly: what JSON cannot hold is an object with one key such as ``$d``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import TypeAlias
from zoneinfo import ZoneInfo

from engine.errors import InvalidInput
from engine.feel.temporal import named_zone, parse, show_datetime, show_time
from engine.feel.values import Range, Undefined, Value, YearsMonths, kind, native
from engine.feel.wide import Nanos, NanosTime, WideDate, WideMoment

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_PLAIN = frozenset({NoneType, bool, str})
_MICROSECOND = timedelta(microseconds=1)


def to_json(value: Value) -> Json:
    """Return the JSON of a value: ``{"$d": "12.30"}`` for a number, ``{"$date": …}``, ``{"$at": …}``.

    Strings, booleans, null, lists and contexts stay as they are; a key that begins with ``$`` gets one more.
    Raises InvalidInput for a function, which cannot be stored.
    """
    cls = type(value)
    if cls in _PLAIN:
        return value  # type: ignore[no-any-return]
    if cls is Decimal:
        return {"$d": str(value)}
    if cls is dict:
        return {key if key[:1] != "$" else f"${key}": to_json(item) for key, item in value.items()}
    if cls is list:
        return [to_json(item) for item in value]
    writer = _WRITERS.get(cls)
    return writer(value) if writer else to_json(_natural(value))


def from_json(value: Json) -> Value:
    """Return the value that ``to_json`` wrote; bare JSON numbers become decimals."""
    cls = type(value)
    if cls in _PLAIN:
        return value
    if isinstance(value, dict):
        if len(value) == 1:
            [(key, inner)] = value.items()
            reader = _READERS.get(key)
            if reader is not None:
                return reader(inner)
        return {key if key[:1] != "$" else key[1:]: from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return native(value)


def _natural(value: object) -> Value:
    try:
        found = native(value)
    except Undefined as problem:
        raise InvalidInput(f"{problem}; it cannot be stored.") from problem
    if kind(found) == "function":
        message = "A function cannot be stored; store its result."
        raise InvalidInput(message)
    return found


def _write_moment(value: datetime) -> Json:
    text = value.isoformat()
    return {"$at": f"{text}[{value.tzinfo.key}]" if isinstance(value.tzinfo, ZoneInfo) else text}


def _read_moment(text: str) -> datetime:
    iso, _, zone = text.removesuffix("]").partition("[")
    moment = datetime.fromisoformat(iso)
    return moment.astimezone(named_zone(zone)) if zone else moment


def _write_wide(value: Value) -> Json:
    if isinstance(value, NanosTime):
        return {"$wide": show_time(value)}
    return {"$wide": str(value) if isinstance(value, WideDate) else show_datetime(value)}


def _write_time(value: time) -> Json:
    text = value.replace(tzinfo=None).isoformat() if isinstance(value.tzinfo, ZoneInfo) else value.isoformat()
    return {"$time": f"{text}[{value.tzinfo.key}]" if isinstance(value.tzinfo, ZoneInfo) else text}


def _read_time(text: str) -> time:
    iso, _, zone = text.removesuffix("]").partition("[")
    clock = time.fromisoformat(iso)
    return clock.replace(tzinfo=named_zone(zone)) if zone else clock


def _write_range(value: Range) -> Json:
    ends: list[Json] = [to_json(value.start), to_json(value.end)]
    return {"$range": [*ends, value.start_included, value.end_included, value.operator]}


def _read_range(parts: list[Json]) -> Range:
    start, end, start_included, end_included, operator = parts
    return Range(from_json(start), from_json(end), bool(start_included), bool(end_included), str(operator))


_WRITERS: dict[type, Callable[[Value], Json]] = {
    date: lambda value: {"$date": value.isoformat()},
    datetime: _write_moment,
    **dict.fromkeys((WideDate, WideMoment, Nanos, NanosTime), _write_wide),
    time: _write_time,
    timedelta: lambda value: {"$us": value // _MICROSECOND},
    YearsMonths: lambda value: {"$months": value.months},
    Range: _write_range,
}
_READERS: dict[str, Callable[[Value], Value]] = {
    "$d": Decimal,
    "$date": date.fromisoformat,
    "$at": _read_moment,
    "$wide": parse,
    "$time": _read_time,
    "$us": lambda micros: timedelta(microseconds=micros),
    "$months": YearsMonths,
    "$range": _read_range,
}
