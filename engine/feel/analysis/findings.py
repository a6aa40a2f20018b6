"""What an analysis tells, with places as an editor counts them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ERROR, WARNING = "error", "warning"
NOT_READ = frozenset({"unreadable", "unknown-function"})
"""Rules that whoever compiles the expression and knows all functions has told already."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A part of the text: lines and columns from 1; the end is the column behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is certainly wrong, in a sentence.

    An ``error`` cannot be read, or is why the whole expression is null whatever its variables hold. A
    ``warning`` spoils only its own part: that is null, or a test that never holds. ``rule`` names the kind of
    the problem for translations; ``details`` are the names and kinds its sentence speaks of.
    """

    severity: str
    rule: str
    place: Place
    sentence: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was found, in the order of the text.

    ``variables`` are read from outside; those in ``maybe_variables`` stand in a filter and may be entries of
    its items. ``functions`` are called by name, built in or not; ``unknown_functions`` are neither built in nor
    declared. Each name comes with all its places.
    """

    variables: Mapping[str, Sequence[Place]]
    maybe_variables: Mapping[str, Sequence[Place]]
    functions: Mapping[str, Sequence[Place]]
    unknown_functions: Mapping[str, Sequence[Place]]
    findings: Sequence[Finding]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that leave the expression without any value."""
        return tuple(finding for finding in self.findings if finding.severity == ERROR)


class Lines:
    """Turns offsets of a text into lines and columns."""

    def __init__(self, text: str) -> None:
        """Find the beginnings of the lines."""
        self._starts = [0, *(place + 1 for place, char in enumerate(text) if char == "\n")]

    def place(self, start: int, end: int) -> Place:
        """Return the place of the characters from ``start`` to before ``end``."""
        return Place(*self._at(start), *self._at(max(start, end)))

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
