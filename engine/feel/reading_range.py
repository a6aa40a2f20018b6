"""The text of a range whose ends are written values: ``[1..5)``, ``["a".."z"]``, ``[@"2026-01-01"..]``."""

from __future__ import annotations

import re

from engine.feel import temporal
from engine.feel.comparing import ordered
from engine.feel.tokens import tokenize, unescape
from engine.feel.values import EXACT, Range, Undefined, Value

_RANGE = re.compile(r"\s*([\[\](])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)
_TEMPORAL_CALL = re.compile(r'(?:date and time|date|time|duration)\s*\(\s*"([^"\\]*)"\s*\)')


def read_range(text: str) -> Range:
    """Return the range of ``text``; Undefined when it is none."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise Undefined(f"'{text}' is not a range such as [1..5]")
    opening, first, last, closing = match.groups()
    start, end = _end(first.strip()), _end(last.strip())
    if start is None and end is None:
        raise Undefined(f"The range '{text}' has no end")
    if start is not None and end is not None and not ordered("<=", start, end):
        raise Undefined(f"The range '{text}' begins behind its end")
    if (start is None and opening == "[") or (end is None and closing == "]"):
        raise Undefined(f"The range '{text}' cannot include an end it does not have")
    return Range(start, end, opening == "[", closing == "]")


def _end(text: str) -> Value:
    call = _TEMPORAL_CALL.fullmatch(text)
    if call:
        return temporal.parse(call.group(1))
    tokens = tokenize(text)
    sign = len(tokens) == 3 and tokens[0].text == "-"  # noqa: PLR2004
    token = tokens[1 if sign else 0]
    if token.kind == "end":
        return None
    if len(tokens) > (3 if sign else 2) or token.kind not in ("number", "string", "at"):
        raise Undefined(f"'{text}' cannot be the end of a range")
    if token.kind == "number":
        number = EXACT.create_decimal(token.text)
        return EXACT.minus(number) if sign else number
    return (
        temporal.parse(unescape(token.text[1:].strip()[1:-1]))
        if token.kind == "at"
        else unescape(token.text[1:-1])
    )
