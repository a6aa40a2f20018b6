"""What a handler reads from its call, with the sentence that is shown when it cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import InvalidInput
from engine.service_tasks import Call
from handlers.money import ZERO, cents, read_decimal


def header(call: Call, name: str, choices: tuple[str, ...] = (), default: str = "") -> str:
    """Give a header of the step; InvalidInput when it is none of the choices."""
    value = str(call.headers.get(name) or default)
    if choices and value not in choices:
        raise InvalidInput(
            f"{call.element}: the header {name!r} is {value!r}; set it to one of {', '.join(choices)}."
        )
    return value


def word(call: Call, name: str, default: str = "") -> str:
    """Give a variable as text; the default when it is not there."""
    value = call.variables.get(name)
    return default if value is None else str(value).strip()


def needed(call: Call, name: str) -> str:
    """Give a variable as text; InvalidInput when it is missing or blank."""
    return word(call, name) or _missing(call, name)


def flag(call: Call, name: str) -> bool:
    """Tell whether a variable is true."""
    return call.variables.get(name) is True


def listed(call: Call, name: str) -> list[Any]:
    """Give a variable as a list; empty when it is not there, one element when it is no list."""
    value = call.variables.get(name)
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def entries(call: Call, name: str) -> list[Mapping[str, Any]]:
    """Give a variable as a list of dicts, other elements left aside."""
    return [each for each in listed(call, name) if isinstance(each, Mapping)]


def mapping(call: Call, name: str) -> Mapping[str, Any]:
    """Give a variable that must be a context; InvalidInput otherwise."""
    value = call.variables.get(name)
    return value if isinstance(value, Mapping) else _missing(call, name)


def number(value: object) -> Decimal:
    """Make a Decimal of a number or its text, null and blank as zero; InvalidInput otherwise."""
    if value is None or value == "":
        return ZERO
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise InvalidInput(f"{value!r} is not a number; enter it like 1234.50.")
    return read_decimal(str(value))


def amount(call: Call, name: str) -> Decimal:
    """Give a variable as money of two places; InvalidInput when it is missing or no number."""
    if call.variables.get(name) in (None, ""):
        _missing(call, name)
    return cents(number(call.variables[name]))


def whole(call: Call, name: str, default: int) -> int:
    """Give a variable as a whole number; the default when it is not there."""
    value = call.variables.get(name)
    return default if value in (None, "") else int(number(value))


def day(value: object, zone: ZoneInfo | None = None) -> date | None:
    """Make a date of a date, a time or ISO text; None of nothing, InvalidInput of anything else."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return (value.astimezone(zone) if zone and value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise InvalidInput(f"{value!r} is not a date; write it like 2026-08-31.") from error


def needed_day(call: Call, name: str) -> date:
    """Give a variable as a date; InvalidInput when it is missing or none."""
    return day(call.variables.get(name)) or _missing(call, name)


def _missing(call: Call, name: str) -> Any:
    raise InvalidInput(
        f"{call.element} ({call.topic}) needs the variable {name!r}; let the step before give it."
    )
