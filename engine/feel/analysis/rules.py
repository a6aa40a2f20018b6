"""Which kinds go together: read off the tables that the evaluator itself works with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, get_args, get_type_hints

from engine.feel.analysis.shapes import ALL, Shape, of
from engine.feel.arithmetic import OPERATIONS
from engine.feel.comparing import ORDERED
from engine.feel.properties import PROPERTIES
from engine.feel.values import KINDS, Value, YearsMonths, kind

_EXAMPLES: dict[type, Value] = {
    Decimal: Decimal(1),
    str: "a",
    date: date(2000, 1, 1),
    datetime: datetime(2000, 1, 1, tzinfo=UTC),
    time: time(tzinfo=UTC),
    timedelta: timedelta(1),
    YearsMonths: YearsMonths(1),
}
RESULTS: dict[tuple[str, str, str], str] = {
    (sign, KINDS[left], KINDS[right]): kind(operation(_EXAMPLES[left], _EXAMPLES[right]))
    for (sign, left, right), operation in OPERATIONS.items()
    if left in _EXAMPLES and right in _EXAMPLES
}
"""What kind ``left sign right`` is, by sign and the kinds of both sides."""
ORDERED_KINDS: Final = frozenset(KINDS[cls] for cls in ORDERED)
SIGNED: Final = frozenset({"number", "days and time duration", "years and months duration"})
COUNTED: Final = frozenset({"number", "date"})
PROPERTY_KINDS: dict[tuple[str, str], Shape] = {
    (KINDS[cls], name): {
        "start": of("null", *ORDERED_KINDS),
        "end": of("null", *ORDERED_KINDS),
        "start included": of("boolean"),
        "end included": of("boolean"),
        "time offset": of("days and time duration", "null"),
        "timezone": of("string", "null"),
    }.get(name, of("number"))
    for cls, name in PROPERTIES
    if cls in KINDS
}
for _name in ("start", "end"):
    PROPERTY_KINDS["range", _name] = Shape(ALL)


def arithmetic(sign: str, left: Shape, right: Shape) -> frozenset[str]:
    """Return the kinds of ``left sign right`` besides null."""
    found = (RESULTS.get((sign, a, b)) for a in left.kinds for b in right.kinds)
    return frozenset(each for each in found if each)


def comparison(sign: str, left: Shape, right: Shape) -> frozenset[str]:
    """Return the kinds of ``left sign right``, null among them."""
    if sign in ("=", "!="):
        answers = {"boolean"} if "null" in left.kinds | right.kinds or left.kinds & right.kinds else set()
        apart = len(left.present | right.present) > 1 and left.present and right.present
        nested = {"date and time", "time", "list", "context", "range", "function"} & left.kinds & right.kinds
        return frozenset(answers | ({"null"} if apart or nested else set()))
    possible = left.kinds & right.kinds & ORDERED_KINDS
    return frozenset({"boolean", "null"} if possible else {"null"})


@lru_cache(maxsize=512)
def annotated(call: Callable[..., Value]) -> Shape:
    """Return what a function gives according to its Python annotation; null is always possible."""
    hint = get_type_hints(call).get("return", Any)
    return _of_hint(hint).or_null()


def _of_hint(hint: Any) -> Shape:
    origin = getattr(hint, "__origin__", hint)
    if origin is list:
        inner = get_args(hint)[0]
        return Shape(frozenset({"list"}), item=None if inner is Any else _of_hint(inner).or_null())
    if origin is dict:
        return of("context")
    if origin in KINDS:
        return of(KINDS[origin])
    parts = get_args(hint)
    if parts and origin is not Any:
        return of(*(name for part in parts for name in _of_hint(part).kinds))
    return Shape(ALL)
