"""Regular expressions of XPath (as DMN asks), bounded in size and in steps.

The ``regex`` package is quick but goes back and forth without end in patterns such as ``(a+)+$``. So the number
of ways in which it could try a pattern on a text is computed beforehand: few, and it matches; many, and the
machine of our own does, in counted steps. Which of the two it is never depends on the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import regex

from engine.feel.matching.machine import Found, Machine
from engine.feel.matching.translating import translated
from engine.feel.matching.trees import Tree, parse, size, ways
from engine.feel.values import Undefined

MAX_PATTERN = 1_000
MAX_SIZE = 10_000
MAX_RESULT = 2_000_000
FEW = 2_000_000
"""Tries up to which the ``regex`` package may do the work: some hundredths of a second."""
TRIES_PER_STEP = 256
_REMEMBERED = 1_000
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE}
_OPTIONS = frozenset("smixq")
_REPLACED = regex.compile(r"\\(.)|\$(\d)|([\\$])", regex.DOTALL)
Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled regular expression that cannot run away."""

    text: str
    options: int
    tree: Tree
    groups: int
    compiled: regex.Pattern[str]
    known: dict[int, int] = field(default_factory=dict, compare=False)

    def tries(self, length: int) -> int:
        """Return how often a text of that length may be looked at; short lengths are remembered."""
        found = self.known.get(length)
        if found is None:
            found = (length + 1) * ways(self.tree, length) * size(self.tree)
            if length <= _REMEMBERED:
                self.known[length] = found
        return found

    def matches(self, text: str, tick: Tick) -> Iterator[Found]:
        """Yield the matches from left to right; ``tick`` counts the steps they take."""
        tries = self.tries(len(text))
        if tries > FEW:
            yield from _machine(self.tree, self.groups, self.options).search(text, tick)
            return
        tick(1 + tries // TRIES_PER_STEP)
        for match in self.compiled.finditer(text):
            tick(1)
            yield Found(match.start(), match.end(), match.groups())

    def found_in(self, text: str, tick: Tick) -> bool:
        """Tell whether a part of ``text`` fits."""
        tries = self.tries(len(text))
        if tries <= FEW:
            tick(1 + tries // TRIES_PER_STEP)
            return self.compiled.search(text) is not None
        return next(self.matches(text, tick), None) is not None

    def replaced(self, text: str, by: tuple[str | int, ...], tick: Tick) -> str:
        """Return ``text`` with every fitting part replaced by a template."""
        parts: list[str] = []
        length = end = 0
        for match in self.matches(text, tick):
            if match.end == match.start:
                raise Undefined(f"The pattern '{self.text}' fits an empty text, so nothing can be replaced")
            whole = text[match.start : match.end]
            filled = "".join(piece if isinstance(piece, str) else _group(match, piece, whole) for piece in by)
            parts += (text[end : match.start], filled)
            end = match.end
            length += len(filled)
            if length > MAX_RESULT:
                raise Undefined(f"The replacement is longer than {MAX_RESULT} characters")
        return "".join([*parts, text[end:]])

    def split(self, text: str, tick: Tick) -> list[str]:
        """Return the parts of ``text`` between the fitting ones."""
        parts: list[str] = []
        end = 0
        for match in self.matches(text, tick):
            if match.end > match.start:
                parts.append(text[end : match.start])
                end = match.end
        return [*parts, text[end:]]


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
        text = regex.escape(pattern) if "q" in flags else translated(pattern, flags)
        tree, groups = parse(text)
        if size(tree) > MAX_SIZE:
            raise Undefined(f"The pattern '{pattern}' repeats too much (more than {MAX_SIZE} parts)")
        return Pattern(pattern, options, tree, groups, regex.compile(f"(?-f){text}", options))
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


@lru_cache(maxsize=64)
def _machine(tree: Tree, groups: int, options: int) -> Machine:
    return Machine(tree, groups, options)


def _group(match: Found, number: int, whole: str) -> str:
    return whole if not number else (match.groups[number - 1] or "") if number <= len(match.groups) else ""
