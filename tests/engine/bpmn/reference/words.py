"""The few expressions that the random processes use, evaluated by hand: names, whole numbers, lists, logic, sums."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

TOKENS = re.compile(r'\s*(<=|>=|!=|[-+<>=()\[\],]|\d+|"[^"]*"|\w+)')
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
WORDS = {"true": True, "false": False, "null": None}


class Unreadable(Exception):
    """Something that these words do not cover: a mistake in a test."""


def value(text: str, visible: dict[str, Any]) -> Any:
    """Return what a text means: itself, or after ``=`` the value of the expression; an unknown name is null."""
    if not text.lstrip().startswith("="):
        return text
    words = TOKENS.findall(text.strip()[1:])
    return Reading(words, visible).either()


class Reading:
    """One expression on its way from left to right."""

    def __init__(self, words: list[str], visible: dict[str, Any]) -> None:
        self.words, self.visible = words, visible

    def next_is(self, *expected: str) -> bool:
        if self.words and self.words[0] in expected:
            self.words.pop(0)
            return True
        return False

    def either(self) -> Any:
        found = self.both()
        while self.next_is("or"):
            found = three_valued(found, self.both(), decides=True)
        return found

    def both(self) -> Any:
        found = self.compared()
        while self.next_is("and"):
            found = three_valued(found, self.compared(), decides=False)
        return found

    def compared(self) -> Any:
        found = self.sum()
        if self.words and self.words[0] in COMPARISONS:
            compare = COMPARISONS[self.words.pop(0)]
            other = self.sum()
            if compare is not COMPARISONS["="] and (found is None or other is None):
                return None
            return compare(found, other)
        return found

    def sum(self) -> Any:
        found = self.one()
        while self.words and self.words[0] in ("+", "-"):
            sign = self.words.pop(0)
            other = self.one()
            found = None if found is None or other is None else found + (other if sign == "+" else -other)
        return found

    def one(self) -> Any:
        word = self.words.pop(0)
        if word == "(":
            found = self.either()
            self.must(")")
            return found
        if word == "[":
            items: list[Any] = []
            while not self.next_is("]"):
                items.append(self.either())
                self.next_is(",")
            return items
        if word == "not":
            self.must("(")
            found = self.either()
            self.must(")")
            return None if found is None else not found
        if word.isdigit():
            return int(word)
        if word.startswith('"'):
            return word[1:-1]
        return WORDS[word] if word in WORDS else self.visible.get(word)

    def must(self, word: str) -> None:
        if not self.next_is(word):
            raise Unreadable(word)


def three_valued(one: Any, other: Any, *, decides: bool) -> bool | None:
    """Join two truths of which either may be unknown; ``decides``: the value that settles it alone."""
    if decides in (one, other):
        return decides
    return None if None in (one, other) else not decides
