"""The values of FEEL that Python has no type for, and the edge where Python values come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from types import NoneType
from typing import Any, TypeAlias, cast

Value: TypeAlias = Any
DayTimeDuration = timedelta

EXACT = Context(prec=34, Emax=6144, Emin=-6143, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The decimals of the standard: 34 digits, half even (DMN 1.5, 10.3.2.3.1)."""


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, counted in months (negative: backwards)."""

    months: int

    def __str__(self) -> str:
        """Return the ISO 8601 text, P0M for nothing."""
        years, months = divmod(abs(self.months), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-P" if self.months < 0 else "P") + body


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; ``operator`` names a half-open test such as ``< 5`` (else it is empty)."""

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    operator: str = ""


class FunctionValue:
    """Root of functions as values (engine.feel.functions)."""

    __slots__ = ()


class Undefined(Exception):
    """The standard gives null here; the text says why, without a closing point."""


KINDS: dict[type, str] = {
    NoneType: "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    datetime: "date and time",
    time: "time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}
SCALARS = set(KINDS) - {list, dict}
"""The types of values without parts; engine.feel.wide adds its own."""


def kind(value: Value) -> str:
    """Return the FEEL word for the type of ``value``."""
    return KINDS.get(type(value), "function")


def native(value: object) -> Value:
    """Return the FEEL value for a Python value: numbers as decimals, mappings as dicts, sequences as lists.

    Raises Undefined for a value that FEEL has no type for.
    """
    cls = type(value)
    if cls in SCALARS:
        return value
    if cls is dict or isinstance(value, Mapping):
        return {str(key): native(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [native(item) for item in value]
    return _number_or_function(value)


def _number_or_function(value: object) -> Value:
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        number = Decimal(repr(value))
        if number.is_finite():
            return number
    if isinstance(value, FunctionValue) or callable(value):
        return value
    message = f"A {type(value).__name__} cannot be used in an expression"
    raise Undefined(message)
