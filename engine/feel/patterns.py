"""Regular expressions of XPath (as DMN asks) on the ``regex`` package: bounded in size and in time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from engine.feel.values import Undefined

MAX_PATTERN = 1_000
MAX_RESULT = 2_000_000
SECONDS = 0.25
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE}
_OPTIONS = frozenset("smixq")
_NAME_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u2C00-\u2FEF\u3001-\uD7FF"
)
_CLASSES = {
    "i": _NAME_START,
    "c": _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040",
}
_BLOCK = regex.compile(r"\\([pP])\{Is")
_REPLACED = regex.compile(r"\\(.)|\$(\d)|([\\$])", regex.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled regular expression that cannot run away."""

    text: str
    compiled: regex.Pattern[str]

    def found_in(self, text: str) -> bool:
        """Tell whether a part of ``text`` fits."""
        try:
            return self.compiled.search(text, timeout=SECONDS) is not None
        except TimeoutError:
            raise self._slow() from None

    def fits(self, text: str) -> bool:
        """Tell whether all of ``text`` fits."""
        try:
            return self.compiled.fullmatch(text, timeout=SECONDS) is not None
        except TimeoutError:
            raise self._slow() from None

    def replaced(self, text: str, by: tuple[str | int, ...]) -> str:
        """Return ``text`` with every fitting part replaced by a template."""
        parts: list[str] = []
        size = end = 0
        try:
            for match in self.compiled.finditer(text, timeout=SECONDS):
                if match.end() == match.start():
                    raise Undefined(
                        f"The pattern '{self.text}' fits an empty text, so nothing can be replaced"
                    )
                filled = "".join(piece if isinstance(piece, str) else _group(match, piece) for piece in by)
                parts += (text[end : match.start()], filled)
                end = match.end()
                size += len(filled)
                if size > MAX_RESULT:
                    raise Undefined(f"The replacement is longer than {MAX_RESULT} characters")
        except TimeoutError:
            raise self._slow() from None
        return "".join([*parts, text[end:]])

    def split(self, text: str) -> list[str]:
        """Return the parts of ``text`` between the fitting ones."""
        parts: list[str] = []
        end = 0
        try:
            for match in self.compiled.finditer(text, timeout=SECONDS):
                if match.end() > match.start():
                    parts.append(text[end : match.start()])
                    end = match.end()
        except TimeoutError:
            raise self._slow() from None
        return [*parts, text[end:]]

    def _slow(self) -> Undefined:
        return Undefined(f"The pattern '{self.text}' takes too long on this text")


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str, flags: str = "") -> Pattern:
    """Return the compiled pattern; Undefined when it is not one of XPath or too long."""
    if len(pattern) > MAX_PATTERN:
        raise Undefined(f"A pattern has at most {MAX_PATTERN} characters")
    if not _OPTIONS.issuperset(flags):
        raise Undefined(f"'{flags}' are not flags of a pattern (s, m, i, x, q)")
    options = regex.VERSION1
    for flag in flags:
        options |= _FLAGS.get(flag, 0)
    try:
        text = regex.escape(pattern) if "q" in flags else _python(pattern, flags)
        return Pattern(pattern, regex.compile(text, options))
    except (regex.error, RecursionError, OverflowError, ValueError, IndexError) as problem:
        raise Undefined(f"'{pattern}' is not a regular expression: {problem}") from None


def template(replacement: str, flags: str) -> tuple[str | int, ...]:
    """Return the pieces of a replacement: texts and numbers of groups."""
    if "q" in flags:
        return (replacement,)
    pieces: list[str | int] = []
    end = 0
    for match in _REPLACED.finditer(replacement):
        pieces.append(replacement[end : match.start()])
        end = match.end()
        escaped, group, alone = match.groups()
        if alone or (escaped and escaped not in "\\$"):
            raise Undefined(f"The replacement '{replacement}' has a lonely '{alone or escaped}'")
        pieces.append(int(group) if group else escaped)
    return (*pieces, replacement[end:])


def _group(match: regex.Match[str], number: int) -> str:
    groups = match.groups()
    return match.group() if not number else (groups[number - 1] or "") if number <= len(groups) else ""


def _python(pattern: str, flags: str) -> str:
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
