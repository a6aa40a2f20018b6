"""Texts of forms for a client's page: ``{{values}}`` filled in, and the little markdown that forms use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from engine import feel
from engine.errors import ExpressionError
from engine.feel import Environment

_VALUE = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_HEADING = re.compile(r"#{1,6}\s+")
_BULLET = re.compile(r"[-*•]\s+")
CENTS = -2


def filled(text: str, context: Mapping[str, Any], env: Environment) -> str:
    """Return the text with each ``{{FEEL}}`` replaced by its value; one that has none leaves nothing."""
    return _VALUE.sub(lambda found: written(_value(found[1], context, env)), text)


def html(text: str) -> Markup:
    """Return a text with bold words, headings and bullets as HTML; anything else in it is only text."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return Markup("\n").join(_line(line) for line in lines)


def written(value: Any) -> str:
    """Return a value as a client reads it: amounts with thousands, days as 2026-11-30."""
    writer = next((write for kind, write in _WRITERS if isinstance(value, kind)), str)
    return writer(value)


def _value(expression: str, context: Mapping[str, Any], env: Environment) -> Any:
    try:
        return feel.compile(expression.strip(), names=frozenset(context)).evaluate(dict(context), env)
    except ExpressionError:
        return None


def _number(value: Decimal) -> str:
    exponent = value.as_tuple().exponent
    return f"{value:,.2f}" if exponent == CENTS else format(value, "f")


def _line(line: str) -> Markup:
    if not line:
        return Markup('<p class="gap"></p>')
    heading, bullet = _HEADING.match(line), _BULLET.match(line)
    body = line[heading.end() :] if heading else line[bullet.end() :] if bullet else line
    bold = Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(body))))  # noqa: S704 - escaped just before
    frame = '<p class="heading">{}</p>' if heading else '<p class="bullet">{}</p>' if bullet else "<p>{}</p>"
    return Markup(frame).format(bold)  # noqa: S704 - one of three constants


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (type(None), lambda _: ""),
    (bool, lambda value: "✓" if value else "–"),
    (Decimal, _number),
    (datetime, lambda value: f"{value:%Y-%m-%d %H:%M}"),
    (date, date.isoformat),
    (list, lambda value: "、".join(written(each) for each in value)),
    (dict, lambda _: ""),
)
