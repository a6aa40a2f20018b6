"""A matcher in counted steps: it never looks twice from one place of the pattern at one place of the text.

So its steps grow with the length of the pattern times that of the text, whatever the pattern is; only a
pattern with back references may need more, and is stopped by the budget of the evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import regex

from engine.feel.matching.trees import Anchor, Atom, Back, Choice, Group, Repeat, Sequence, Tree

ATOM, SPLIT, JUMP, SAVE, PLACE, BACK, DONE = range(7)
Instruction: TypeAlias = tuple[int, Any, Any]
Groups: TypeAlias = tuple[int, ...]
_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Found:
    """One match: from ``start`` to ``end``; the text of each group, None for one that took no part."""

    start: int
    end: int
    groups: tuple[str | None, ...]


class Machine:
    """The program of one pattern."""

    def __init__(self, tree: Tree, groups: int, options: int) -> None:
        """Write ``tree`` out as instructions; ``options`` are the flags of the ``regex`` package."""
        self._program: list[Instruction] = []
        self._options, self._groups = options, groups
        self._atoms: dict[str, Callable[[str], bool]] = {}
        self._backwards = False
        self._write(tree)
        self._program.append((DONE, None, None))

    def search(self, text: str, tick: Callable[[int], None]) -> Iterator[Found]:
        """Yield the matches from left to right; ``tick`` counts the steps.

        Behind an empty match the next is looked for at the same place, and may not be empty again.
        """
        visited: set[Any] = set()
        start, empty_at = 0, -1
        while start <= len(text):
            found = self._from(text, start, visited, tick=tick, empty=empty_at != start)
            if found is None:
                start += 1
                continue
            yield self._told(text, start, found)
            empty_at = start if found[0] == start else -1
            start, visited = found[0], set()

    def _told(self, text: str, start: int, found: Groups) -> Found:
        saved = found[1:]
        pairs = [(saved[2 * number], saved[2 * number + 1]) for number in range(self._groups)]
        return Found(start, found[0], tuple(text[a:b] if min(a, b) >= 0 else None for a, b in pairs))

    def _from(  # noqa: C901
        self, text: str, start: int, visited: set[Any], *, tick: Callable[[int], None], empty: bool
    ) -> Groups | None:
        """Return the end and the groups of the match that begins at ``start``; may it be ``empty``."""
        program, steps, end = self._program, 0, len(text)
        waiting: list[tuple[int, int, Groups]] = [(0, start, (-1,) * (2 * self._groups))]
        while waiting:
            at, place, groups = waiting.pop()
            while True:
                steps += 1
                if steps >= _CHUNK:
                    tick(steps)
                    steps = 0
                kind, what, other = program[at]
                if kind == ATOM:
                    if place == end or not what(text[place]):
                        break
                    at, place = at + 1, place + 1
                elif kind == SPLIT:
                    key = (at, place, groups) if self._backwards else (at, place)
                    if key in visited:
                        break
                    visited.add(key)
                    waiting.append((other, place, groups))
                    at = what
                elif kind == JUMP:
                    at = what
                elif kind == DONE:
                    if place == start and not empty:
                        break
                    tick(steps)
                    return (place, *groups)
                else:
                    moved = self._other(kind, what, text, place, groups)
                    if moved is None:
                        break
                    at, (place, groups) = at + 1, moved
        tick(steps)
        return None

    def _other(self, kind: int, what: Any, text: str, *state: Any) -> tuple[int, Groups] | None:
        place, groups = state
        if kind == SAVE:
            return place, (*groups[:what], place, *groups[what + 1 :])
        if kind == PLACE:
            return (place, groups) if self._is_at(what, text, place) else None
        start, end = groups[2 * what - 2 : 2 * what]
        wanted = text[start:end]
        given = text[place : place + len(wanted)]
        if regex.IGNORECASE & self._options:
            wanted, given = wanted.lower(), given.lower()
        return (place + end - start, groups) if end >= start >= 0 and given == wanted else None

    def _is_at(self, anchor: str, text: str, place: int) -> bool:
        lines = bool(self._options & regex.MULTILINE)
        if anchor == "^":
            return place == 0 or (lines and text[place - 1] == "\n")
        return place == len(text) or (lines and anchor == "$" and text[place] == "\n")

    def _write(self, tree: Tree) -> None:
        _WRITERS[type(tree)](self, tree)

    def _add(self, kind: int, what: Any = None, other: Any = None) -> int:
        self._program.append((kind, what, other))
        return len(self._program) - 1

    def atom(self, tree: Atom) -> None:
        """Write one character."""
        if tree.text not in self._atoms:
            fits = regex.compile(f"(?-f){tree.text}", self._options).match
            known: dict[str, bool] = {}

            def test(char: str) -> bool:
                if char not in known:
                    known[char] = fits(char) is not None
                return known[char]

            self._atoms[tree.text] = test
        self._add(ATOM, self._atoms[tree.text])

    def anchor(self, tree: Anchor) -> None:
        """Write a place."""
        self._add(PLACE, tree.text)

    def back(self, tree: Back) -> None:
        """Write a back reference."""
        self._backwards = True
        self._add(BACK, tree.number)

    def sequence(self, tree: Sequence) -> None:
        """Write parts one behind the other."""
        for part in tree.parts:
            self._write(part)

    def choice(self, tree: Choice) -> None:
        """Write the options; each but the last jumps to the end."""
        jumps = []
        for option in tree.options[:-1]:
            split = self._add(SPLIT)
            self._write(option)
            jumps.append(self._add(JUMP))
            self._program[split] = (SPLIT, split + 1, len(self._program))
        self._write(tree.options[-1])
        for jump in jumps:
            self._program[jump] = (JUMP, len(self._program), None)

    def group(self, tree: Group) -> None:
        """Write a part with its beginning and end remembered."""
        self._add(SAVE, 2 * tree.number - 2)
        self._write(tree.inner)
        self._add(SAVE, 2 * tree.number - 1)

    def repeat(self, tree: Repeat) -> None:
        """Write the part as often as it must stand, then as often as it may."""
        for _ in range(tree.low):
            self._write(tree.inner)
        splits = []
        for _ in range(1 if tree.high is None else tree.high - tree.low):
            splits.append(self._add(SPLIT))
            self._write(tree.inner)
        if tree.high is None:
            self._add(JUMP, splits[0])
        for split in splits:
            inside, outside = split + 1, len(self._program)
            self._program[split] = (SPLIT, outside, inside) if tree.lazy else (SPLIT, inside, outside)


_WRITERS: dict[type, Callable[[Machine, Any], None]] = {
    Atom: Machine.atom,
    Anchor: Machine.anchor,
    Back: Machine.back,
    Sequence: Machine.sequence,
    Choice: Machine.choice,
    Group: Machine.group,
    Repeat: Machine.repeat,
}
