"""Values as an operator writes them: JSON, or FEEL after ``=``; what is shown can be handed in again unchanged."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.bpmn.scopes import HIDDEN
from engine.errors import InvalidInput
from engine.feel import Range

WIDE = 72
UNREADABLE = (ValueError, ArithmeticError, TypeError, RecursionError)


def literal(value: Any) -> str:
    """Return a value as text that ``read`` turns into the same value: JSON, or ``= …`` when dates or spans are in it."""
    text = _written(value, 0)
    return text if _is_json(value) else f"= {text}"


def read(name: str, text: str, zone: ZoneInfo) -> Any:
    """Return the value of a text for the variable ``name``; InvalidInput says what is wrong with it."""
    must_be_name(name)
    if text.lstrip().startswith("="):
        return _evaluated(name, text.strip()[1:], zone)
    try:
        return feel.native(json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse))
    except UNREADABLE as error:
        raise InvalidInput(
            f'The value of «{name}» is no JSON: write texts in quotes, such as "abc", or FEEL after = ({error}).'
        ) from error


def must_be_name(name: str) -> None:
    """Raise InvalidInput when a variable cannot be called that."""
    if not name.strip() or name != name.strip() or name.startswith(HIDDEN):
        raise InvalidInput(f"«{name}» cannot be the name of a variable.")


def several(lines: str, zone: ZoneInfo) -> dict[str, Any]:
    """Return the variables of a text with one ``name = value`` a line; the value is JSON, or FEEL after a second ``=``."""
    found = {}
    for line in lines.splitlines():
        if line.strip():
            name, sign, text = line.partition("=")
            if not sign:
                raise InvalidInput(f"«{line.strip()}» must be written name = value.")
            found[name.strip()] = read(name.strip(), text.strip(), zone)
    return found


def _evaluated(name: str, text: str, zone: ZoneInfo) -> Any:
    expression = feel.compile(text.strip())
    if expression.variables:
        names = ", ".join(sorted(expression.variables))
        raise InvalidInput(
            f"The value of «{name}» reads {names}; write it out, it is not evaluated in the instance."
        )
    value = expression.evaluate({}, feel.Environment(zone=zone))
    if feel.kind(value) == "function":
        raise InvalidInput(f"The value of «{name}» is a function, which cannot be kept.")
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _is_json(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_json(each) for each in value.values())
    if isinstance(value, list):
        return all(_is_json(each) for each in value)
    return value is None or isinstance(value, bool | str | Decimal)


def _written(value: Any, depth: int) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        parts = [f"{_quoted(key)}: {_written(each, depth + 1)}" for key, each in value.items()]
        return _laid_out("{", parts, "}", depth)
    if isinstance(value, list):
        return _laid_out("[", [_written(each, depth + 1) for each in value], "]", depth)
    if isinstance(value, Range):
        return _range(value)
    if feel.kind(value) in _FUNCTIONS:
        return f'{_FUNCTIONS[feel.kind(value)]}("{_iso(value)}")'
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """Return a text in quotes, with those escapes only that JSON and FEEL share."""
    return f'"{"".join(_ESCAPES.get(each) or _by_number(each) for each in text)}"'


def _by_number(letter: str) -> str:
    return letter if letter >= " " else f"\\u{ord(letter):04x}"


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_FUNCTIONS = {
    "date and time": "date and time",
    "date": "date",
    "time": "time",
    "days and time duration": "duration",
    "years and months duration": "duration",
}


_OF_PYTHON = (date, datetime, time)


def _iso(value: Any) -> str:
    if type(value) not in _OF_PYTHON:
        text: str = feel.compile("string(it)").evaluate({"it": value}, feel.DEFAULT)
        return text
    zone = getattr(value, "tzinfo", None)
    if isinstance(zone, ZoneInfo):
        return f"{value.replace(tzinfo=None).isoformat()}@{zone.key}"
    iso: str = value.isoformat()
    return iso


def _range(value: Range) -> str:
    if value.operator:
        return f"({value.operator} {_written(value.end if value.end is not None else value.start, 0)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_written(value.start, 0)}..{_written(value.end, 0)}{closing}"


def _laid_out(opening: str, parts: list[str], closing: str, depth: int) -> str:
    short = f"{opening}{', '.join(parts)}{closing}"
    if len(short) <= WIDE and "\n" not in short:
        return short
    indent = " " * (depth + 1)
    inner = ",\n".join(f"{indent}{part}" for part in parts)
    return f"{opening}\n{inner}\n{' ' * depth}{closing}"
