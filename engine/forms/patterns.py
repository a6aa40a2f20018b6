"""Regular expressions of form fields: refused when they could run away, bounded in time all the same."""

from __future__ import annotations

from dataclasses import dataclass

import regex

MAX_PATTERN = 500
MAX_TEXT = 5_000
SECONDS = 0.1
_REPEATS = "*+{"
_FIXED = regex.compile(r"\{\d+\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; it fits when a part of the text fits, as in the browser."""

    text: str
    compiled: regex.Pattern[str]

    def fits(self, text: str) -> bool:
        """Tell whether ``text`` fits; a text that is too long or takes too long does not."""
        try:
            return len(text) <= MAX_TEXT and self.compiled.search(text, timeout=SECONDS) is not None
        except TimeoutError:
            return False


def compile_pattern(text: str) -> Pattern:
    """Return the compiled pattern; ValueError with a sentence when it cannot be used."""
    if len(text) > MAX_PATTERN:
        message = f"the pattern has more than {MAX_PATTERN} characters"
        raise ValueError(message)
    if nests_repeats(text):
        message = f"the pattern '{text}' repeats a group that repeats inside; it could take for ever"
        raise ValueError(message)
    try:
        return Pattern(text, regex.compile(_without_line_end(text), regex.ASCII))
    except (regex.error, RecursionError, OverflowError) as problem:
        message = f"'{text}' is not a regular expression: {problem}"
        raise ValueError(message) from problem


def nests_repeats(text: str) -> bool:
    """Tell whether a repeated group holds a repeat of open length, such as ``(a+)+`` or ``(a{2,}b)*``."""
    open_groups: list[bool] = []
    place = 0
    while place < len(text):
        char = text[place]
        if char == "\\":
            place += 1
        elif char == "[":
            place = _class_end(text, place)
        elif char == "(":
            open_groups.append(False)
        elif char == ")" and open_groups:
            risky = open_groups.pop()
            if risky and text[place + 1 : place + 2] and text[place + 1] in _REPEATS:
                return True
            if open_groups:
                open_groups[-1] = open_groups[-1] or risky
        elif char in _REPEATS and open_groups and not _FIXED.match(text, place):
            open_groups[-1] = True
        place += 1
    return False


def _class_end(text: str, start: int) -> int:
    place = start + 1
    while place < len(text) and (text[place] != "]" or place == start + 1):
        place += 2 if text[place] == "\\" else 1
    return place


def _without_line_end(text: str) -> str:
    """Return the pattern with every ``$`` at the very end only, as in JavaScript."""
    out: list[str] = []
    place = 0
    while place < len(text):
        end = place + 1
        if text[place] == "\\":
            end = place + 2
        elif text[place] == "[":
            end = _class_end(text, place) + 1
        out.append(r"\Z" if text[place] == "$" else text[place:end])
        place = end
    return "".join(out)
