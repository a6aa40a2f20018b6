"""What a regular expression consists of, how large it is and in how many ways it may be tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

MAX_COUNT = 1_000
MOST = 10**15
_COUNT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_SHORT = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Atom:
    """One character, in the words of the ``regex`` package."""

    text: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place: the beginning (``^``), the end of a line (``$``) or of the text (``Z`` behind a backslash)."""

    text: str


@dataclass(frozen=True, slots=True)
class Back:
    """The text that an earlier group has matched."""

    number: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one behind the other."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, the first that leads on."""

    options: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose text is remembered under a number."""

    inner: Tree
    number: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part again and again, at least ``low`` and at most ``high`` times (None: without end)."""

    inner: Tree
    low: int
    high: int | None
    lazy: bool


Tree: TypeAlias = Atom | Anchor | Back | Sequence | Choice | Group | Repeat


def parse(pattern: str) -> tuple[Tree, int]:
    """Return the tree of a translated pattern and its number of groups; ValueError when it has none."""
    reader = _Reader(pattern)
    tree = reader.choice()
    if reader.place < len(pattern):
        message = "unbalanced parenthesis"
        raise ValueError(message)
    return tree, reader.groups


def size(tree: Tree) -> int:
    """Return how many instructions the tree is when its counts are written out."""
    return min(_SIZES[type(tree)](tree), MOST)


def ways(tree: Tree, length: int) -> int:
    """Return an upper bound of the ways in which a text of that length is tried from one place."""
    return min(_WAYS[type(tree)](tree, length), MOST)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.place, self.groups = text, 0, 0

    def choice(self) -> Tree:
        options = [self._sequence()]
        while self._skip("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            parts.append(self._repeated(self._part()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self) -> Tree:
        char = self.text[self.place]
        if char in "*+?{":
            message = f"nothing to repeat before '{char}'"
            raise ValueError(message)
        if char == "[":
            return Atom(self._class())
        if char == "(":
            return self._group()
        if char == "\\":
            return self._escape()
        self.place += 1
        return Anchor(char) if char in "^$" else Atom(char)

    def _group(self) -> Tree:
        self.place += 1
        number = 0
        if not self._skip("?:"):
            self.groups += 1
            number = self.groups
        inner = self.choice()
        if not self._skip(")"):
            message = "missing )"
            raise ValueError(message)
        return Group(inner, number) if number else inner

    def _escape(self) -> Tree:
        if self.text.startswith(r"\Z", self.place):
            self.place += 2
            return Anchor(r"\Z")
        named = _PROPERTY.match(self.text, self.place)
        following = self.text[self.place + 1]
        if following.isdigit():
            return self._back()
        text = named.group() if named else self.text[self.place : self.place + 2]
        self.place += len(text)
        return Atom(text)

    def _back(self) -> Tree:
        number = int(self.text[self.place + 1])
        self.place += 2
        while self.text[self.place : self.place + 1].isdigit():
            longer = number * 10 + int(self.text[self.place])
            if longer > self.groups:
                break
            number, self.place = longer, self.place + 1
        if not 1 <= number <= self.groups:
            message = f"there is no group {number} yet"
            raise ValueError(message)
        return Back(number)

    def _class(self) -> str:
        start, depth = self.place, 0
        while self.place < len(self.text):
            char = self.text[self.place]
            self.place += 2 if char == "\\" else 1
            if char == "[":
                depth += 1
                self._skip("^")
                self._skip("]")
            elif char == "]":
                depth -= 1
                if not depth:
                    return self.text[start : self.place]
        message = "missing ]"
        raise ValueError(message)

    def _repeated(self, part: Tree) -> Tree:
        found = self._count()
        if found is None:
            return part
        low, high = found
        if isinstance(part, Anchor):
            low, high = min(low, 1), 1
        if max(low, high or 0) > MAX_COUNT:
            message = f"a part is repeated {MAX_COUNT} times at most"
            raise ValueError(message)
        if high is not None and low > high:
            message = f"{low} is more than {high}"
            raise ValueError(message)
        return Repeat(part, low, high, lazy=self._skip("?"))

    def _count(self) -> tuple[int, int | None] | None:
        char = self.text[self.place : self.place + 1]
        if char in _SHORT and char:
            self.place += 1
            return _SHORT[char]
        if char != "{":
            return None
        match = _COUNT.match(self.text, self.place)
        if match is None or len(match.group()) > 20:  # noqa: PLR2004
            message = "{ begins a count such as {2,3}"
            raise ValueError(message)
        self.place = match.end()
        low, comma, high = match.groups()
        return int(low), int(high) if high else None if comma else int(low)

    def _skip(self, text: str) -> bool:
        if self.text.startswith(text, self.place):
            self.place += len(text)
            return True
        return False


def _ways_of_repeat(tree: Repeat, length: int) -> int:
    inner = ways(tree.inner, length)
    most = length + tree.low if tree.high is None else min(tree.high, length + tree.low)
    if inner == 1:
        return most - tree.low + 1
    total = power = 1
    for _ in range(most):
        power = min(power * inner, MOST)
        total += power
        if total >= MOST:
            return MOST
    return total


def _product(tree: Sequence, length: int) -> int:
    found = 1
    for part in tree.parts:
        found = min(found * ways(part, length), MOST)
    return found


_ONE: Callable[..., int] = lambda *_: 1  # noqa: E731
_SIZES: dict[type, Callable[[Any], int]] = {
    Atom: _ONE,
    Anchor: _ONE,
    Back: _ONE,
    Sequence: lambda tree: sum(map(size, tree.parts)) + 1,
    Choice: lambda tree: sum(size(option) + 2 for option in tree.options),
    Group: lambda tree: size(tree.inner) + 2,
    Repeat: lambda tree: (size(tree.inner) + 2) * max(tree.low + (tree.high is None), tree.high or 1, 1),
}
_WAYS: dict[type, Callable[[Any, int], int]] = {
    Atom: _ONE,
    Anchor: _ONE,
    Back: _ONE,
    Sequence: _product,
    Choice: lambda tree, length: sum(ways(option, length) for option in tree.options),
    Group: lambda tree, length: ways(tree.inner, length),
    Repeat: _ways_of_repeat,
}
