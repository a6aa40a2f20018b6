"""What a script of our pages sends as JSON: an object with texts and numbers. Anything else is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from engine.errors import InvalidInput


def sent() -> Mapping[str, Any]:
    """Return the object that was sent; a request without JSON is a bad one."""
    given = request.get_json()
    if not isinstance(given, dict):
        message = "A JSON object was expected."
        raise InvalidInput(message)
    return given


def text(given: Mapping[str, Any], name: str, default: str | None = "") -> str:
    """Return a text; without a ``default`` it must be there."""
    value = given.get(name, default)
    if not isinstance(value, str):
        raise InvalidInput(f"«{name}» must be a text.")
    return value


def number(given: Mapping[str, Any], name: str) -> int:
    """Return a whole number, 0 when there is none."""
    value = given.get(name) or 0
    try:
        return int(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidInput(f"«{name}» must be a whole number.") from error
