"""Regular expressions of XPath in the words of the ``regex`` package."""

from __future__ import annotations

import regex

_NAME_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u2C00-\u2FEF\u3001-\uD7FF"
)
_CLASSES = {
    "i": _NAME_START,
    "c": _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040",
}
_BLOCK = regex.compile(r"\\([pP])\{Is")


def translated(pattern: str, flags: str) -> str:
    """Return the pattern in the words of Python: class subtraction, anchors, name classes, free spacing."""
    if "x" in flags:
        pattern = _without_space(pattern)
    pattern = _BLOCK.sub(r"\\\1{In", pattern)
    out: list[str] = []
    depth = place = 0
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            out.append(_escape(pattern, place, inside=depth > 0))
            place += 2
            continue
        if depth:
            depth += _in_class(char, out)
        elif char == "[":
            depth = 1
            out.append(char)
        else:
            out.append(_plain(pattern, place, flags))
        place += 1
    return "".join(out)


def _in_class(char: str, out: list[str]) -> int:
    """Append a character of a class and return how much deeper the classes go."""
    if char == "[":
        subtracted = out[-1] == "-"
        if subtracted:
            out.pop()
        out.append("--[" if subtracted else r"\[")
        return int(subtracted)
    out.append(f"\\{char}" if char in "&|~" else char)
    return -1 if char == "]" and out[-2:-1] not in (["["], ["^"]) else 0


def _plain(pattern: str, place: int, flags: str) -> str:
    char = pattern[place]
    if char == "(" and pattern.startswith("(?", place) and not pattern.startswith("(?:", place):
        message = "groups begin with ( or (?:"
        raise ValueError(message)
    if char == "$" and "m" not in flags:
        return r"\Z"
    return r"[^\n\r]" if char == "." and "s" not in flags else char


def _without_space(pattern: str) -> str:
    kept: list[str] = []
    depth = 0
    for place, char in enumerate(pattern):
        escaped = pattern[place - 1 : place] == "\\"
        depth += 0 if escaped else (char == "[") - (char == "]" and depth > 0)
        if depth or not char.isspace():
            kept.append(char)
    return "".join(kept)


def _escape(pattern: str, place: int, *, inside: bool) -> str:
    following = pattern[place + 1]
    lower = following.lower()
    if lower in _CLASSES:
        chars = _CLASSES[lower]
        if inside:
            return chars if following == lower else rf"[^{chars}]"
        return f"[{chars}]" if following == lower else f"[^{chars}]"
    if following not in "nrtsSdDwWpP" and (following.isalpha() or (inside and following.isdigit())):
        raise ValueError(rf"\{following} is not an escape here")
    return pattern[place : place + 2]
