"""Which rules of a table may fire for given values, looked up and not tried one by one.

Every column knows the rules of each piece of its values as one number, a bit for each rule; a lookup is a search and an
"and" for each column. What a cell computes from other variables is tried for the rules that are left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from engine.dmn.cell_sets import KINDS, CellSet, kinds_of
from engine.dmn.lines import Line, line
from engine.feel import Value


@dataclass(frozen=True, slots=True)
class ColumnIndex:
    """The rules that a value lets through in one column; ``unsure`` are those whose cell must be tried."""

    rules: dict[type, tuple[tuple[Any, ...], list[int]]]
    on_null: int
    on_other: int
    unsure: int
    all: int

    def find(self, value: Value) -> tuple[int, int]:
        """Return the rules that may fire for a value, and those of them whose cell must be tried."""
        if value is None:
            return self.on_null, self.unsure
        kind = type(value)
        if kind not in KINDS or (isinstance(value, datetime | time) and value.tzinfo is not None):
            return self.all, self.all
        known = self.rules.get(kind)
        if known is None:
            return self.on_other, self.unsure
        points, masks = known
        place = bisect_left(points, value)
        return masks[2 * place + (place < len(points) and points[place] == value)], self.unsure


def column_index(cells: Sequence[CellSet | None]) -> ColumnIndex:
    """Return the index of a column; a cell that is None must be tried."""
    known = [(1 << number, cell) for number, cell in enumerate(cells) if cell is not None]
    unsure = sum(1 << number for number, cell in enumerate(cells) if cell is None)
    sets = [cell for _, cell in known]
    lines = [line(kind, sets) for kind in kinds_of(sets)]
    return ColumnIndex(
        {each.kind: (each.points, _masks(each, known, unsure)) for each in lines},
        unsure | sum(bit for bit, cell in known if cell.on_null()),
        unsure | sum(bit for bit, cell in known if cell.on_other()),
        unsure,
        (1 << len(cells)) - 1,
    )


def _masks(pieces: Line, cells: Sequence[tuple[int, CellSet]], unsure: int) -> list[int]:
    changes = [0] * (pieces.count + 1)
    for bit, cell in cells:
        for first, last in pieces.ranges(cell):
            changes[first] ^= bit
            changes[last + 1] ^= bit
    masks, mask = [], 0
    for change in changes[:-1]:
        mask ^= change
        masks.append(mask | unsure)
    return masks


def places(mask: int) -> Iterator[int]:
    """Yield the places of the bits of a number, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
