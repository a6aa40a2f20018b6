"""Equality, order and membership of values (DMN 1.5, tables 51 to 54)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel import wide
from engine.feel.values import Range, Undefined, Value, YearsMonths, kind

Tick = Callable[[int], None]
ORDERS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ORDERED = frozenset({Decimal, str, date, datetime, time, timedelta, YearsMonths})
_SAME = frozenset({Decimal, str, bool, date, timedelta, YearsMonths})
_NESTED = frozenset({list, dict})
_ZONES = "A time with a zone and one without cannot be compared; give both a zone"
_ANY_DAY = date(2000, 1, 1)


def equal(left: Value, right: Value, tick: Tick | None = None) -> bool | None:
    """Tell whether two values are the same; None for values of different kinds. ``tick`` counts their parts."""
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return wide.instant(left) == wide.instant(right) if wide.is_apart(left, right) else None
    if type(left) in _SAME:
        return bool(left == right)
    if type(left) in _NESTED:
        return _equal_nested(left, right, set(), tick)
    special = _EQUAL.get(type(left))
    return special(left, right) if special else left is right


def ordered(sign: str, left: Value, right: Value) -> bool:
    """Tell whether ``left sign right``, a sign of ORDERS; Undefined when the two have no order."""
    cls = type(left)
    if cls is not type(right) or cls not in ORDERED:
        if wide.is_apart(left, right):
            return _ordered_apart(sign, left, right)
        raise Undefined(f"'{sign}' cannot compare {_a(left)} and {_a(right)}")
    if cls is datetime or cls is time:
        left, right = instant(left, right), instant(right, left)
    return ORDERS[sign](left, right)


def _ordered_apart(sign: str, left: Value, right: Value) -> bool:
    (zoned, a), (also, b) = wide.instant(left), wide.instant(right)
    if zoned != also:
        raise Undefined(_ZONES)
    return ORDERS[sign](a, b)


def within(value: Value, interval: Range) -> bool:
    """Tell whether ``interval`` holds ``value``; Undefined when they have no order."""
    if interval.operator in ("=", "!="):
        same = equal(value, interval.start)
        if same is None:
            raise Undefined(f"'{interval.operator}' cannot compare {_a(value)} and {_a(interval.start)}")
        return same == (interval.operator == "=")
    if interval.operator:
        end = interval.end if interval.operator[0] == "<" else interval.start
        return ordered(interval.operator, value, end)
    return ordered(">=" if interval.start_included else ">", value, interval.start) and ordered(
        "<=" if interval.end_included else "<", value, interval.end
    )


def instant(moment: Value, other: Value) -> Value:
    """Return a date and time or a time so that Python compares it with ``other`` as the standard does."""
    if isinstance(moment, time):
        moment = datetime.combine(_ANY_DAY, moment)
        other = datetime.combine(_ANY_DAY, other)
    if (moment.tzinfo is None) != (other.tzinfo is None):
        raise Undefined(_ZONES)
    if moment.tzinfo is None:
        return moment
    try:
        return moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())
    except OverflowError:
        message = "The date is out of range (years 1 to 9999)"
        raise Undefined(message) from None


def to_utc(moment: datetime) -> datetime:
    """Return the same instant in UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        message = "The date is out of range (years 1 to 9999)"
        raise Undefined(message) from None


def _equal_moments(left: Value, right: Value) -> bool | None:
    try:
        return bool(instant(left, right) == instant(right, left))
    except Undefined:
        return False


def _equal_times(left: time, right: time) -> bool | None:
    if isinstance(left.tzinfo, ZoneInfo) and left.tzinfo is right.tzinfo:
        return left.replace(tzinfo=None) == right.replace(tzinfo=None)
    return _equal_moments(left, right)


def _equal_nested(left: Value, right: Value, same: set[tuple[int, int]], tick: Tick | None) -> bool:
    """Compare lists or contexts; ``same`` holds pairs already found equal, as parts may be shared a lot."""
    pair = (id(left), id(right))
    if left is right or pair in same:
        return True
    if type(left) is not type(right) or len(left) != len(right):
        return False
    if tick is not None:
        tick(2 + len(left) // 4)
    if type(left) is dict:
        if left.keys() != right.keys():
            return False
        parts = [(item, right[key]) for key, item in left.items()]
    else:
        parts = list(zip(left, right, strict=True))
    if not all(_equal_nested(a, b, same, tick) if type(a) in _NESTED else equal(a, b) for a, b in parts):
        return False
    same.add(pair)
    return True


def _equal_ranges(left: Range, right: Range) -> bool | None:
    shape = (left.operator, left.start_included, left.end_included)
    return (
        shape == (right.operator, right.start_included, right.end_included)
        and bool(equal(left.start, right.start))
        and bool(equal(left.end, right.end))
    )


def _equal_wide(left: Value, right: Value) -> bool:
    return wide.instant(left) == wide.instant(right)


_EQUAL: dict[type, Callable[[Value, Value], bool | None]] = {
    datetime: _equal_moments,
    wide.WideDate: _equal_wide,
    wide.WideMoment: _equal_wide,
    wide.Nanos: _equal_wide,
    wide.NanosTime: _equal_wide,
    time: _equal_times,
    Range: _equal_ranges,
}


def _a(value: Value) -> str:
    return "null" if value is None else f"a {kind(value)}"
