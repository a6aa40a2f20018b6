"""The columns of a table as axes of pieces: sets of pieces and sets of rules are numbers, a bit for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.dmn.cell_sets import CellSet, kinds_of
from engine.dmn.index import places
from engine.dmn.lines import Line, line
from engine.dmn.sheets import Column, Sheet

Region = tuple[int, ...]


@dataclass(frozen=True)
class Axis:
    """One column: its pieces are those of its lines one behind the other, then null, then all other values.

    ``occurs``: the pieces that can be expected; ``possible``: all that may ever come. ``sure`` and ``can``, by rule: the
    pieces that its cell surely or perhaps lets through. ``free``: every piece comes together with every one of the other columns;
    ``related``: the column has a variable in common with another one.
    """

    column: Column
    lines: tuple[Line, ...]
    occurs: int
    possible: int
    sure: tuple[int, ...]
    can: tuple[int, ...]
    free: bool
    related: bool

    @property
    def count(self) -> int:
        """The number of pieces."""
        return sum(each.count for each in self.lines) + 2

    @property
    def all(self) -> int:
        """All pieces."""
        return (1 << self.count) - 1

    @cached_property
    def groups(self) -> list[tuple[int, int, int]]:
        """The expected pieces, those together that the same rules let through: pieces, rules surely, rules perhaps."""
        if not self.free:
            sure, can = self.rules(self.sure), self.rules(self.can)
            everywhere, anywhere = sure[0], 0
            for piece in range(self.count):
                everywhere, anywhere = everywhere & sure[piece], anywhere | can[piece]
            return [(self.occurs, everywhere, anywhere)]
        return self.grouped(self.occurs)

    def grouped(self, pieces: int) -> list[tuple[int, int, int]]:
        """Return some pieces, those together that the same rules let through."""
        sure, can = self._sure_rules, self._can_rules
        found: dict[tuple[int, int], int] = {}
        for piece in places(pieces):
            key = (sure[piece], can[piece])
            found[key] = found.get(key, 0) | 1 << piece
        return [(each, *key) for key, each in found.items()]

    @cached_property
    def _sure_rules(self) -> list[int]:
        return self.rules(self.sure)

    @cached_property
    def _can_rules(self) -> list[int]:
        return self.rules(self.can)

    def rules(self, pieces_of: Sequence[int]) -> list[int]:
        """Return the rules of each piece, from the pieces of each rule."""
        changes = [0] * (self.count + 1)
        for rule, pieces in enumerate(pieces_of):
            edges = pieces ^ (pieces << 1)
            for edge in places(edges):
                changes[edge] ^= 1 << rule
        found, rules = [], 0
        for change in changes[:-1]:
            rules ^= change
            found.append(rules)
        return found


def axes(sheet: Sheet) -> list[Axis]:
    """Return the axes of a table, in the order of its columns."""
    return [_axis(sheet, at) for at in range(len(sheet.columns))]


def _axis(sheet: Sheet, at: int) -> Axis:
    column, cells = sheet.columns[at], [row.cells[at] for row in sheet.rows]
    sets = [cell for cell in (*cells, *column.allowed) if cell is not None]
    found = kinds_of([cell for cell in cells if cell is not None]) or kinds_of(column.allowed)
    declared = column.kind is not None and (column.kind in found or not found)
    kinds = sorted(found | ({column.kind} if declared and column.kind else set()), key=str)
    lines = tuple(line(kind, sets, whole=column.whole) for kind in kinds)
    everything = (1 << sum(each.count for each in lines) + 2) - 1
    other = 1 << everything.bit_length() - 1
    related = any(_share(column, other) for place, other in enumerate(sheet.columns) if place != at)
    return Axis(
        column,
        lines,
        _occurs(column, lines, sets, expected=frozenset({column.kind}) if declared else found),
        _possible(column, lines, other=not declared),
        tuple(0 if cell is None else _pieces(cell, lines) & ~(other * cell.asks_lists) for cell in cells),
        tuple(
            everything if cell is None else _pieces(cell, lines) | other * cell.asks_lists for cell in cells
        ),
        column.readable and (column.plain or column.kind is bool or bool(column.allowed)) and not related,
        related,
    )


def _pieces(cell: CellSet, lines: Sequence[Line]) -> int:
    found, offset = 0, 0
    for each in lines:
        for first, last in each.ranges(cell):
            found |= ((1 << (last - first + 1)) - 1) << (first + offset)
        offset += each.count
    return found | cell.on_null() << offset | cell.on_other() << (offset + 1)


def _occurs(
    column: Column, lines: Sequence[Line], sets: Sequence[CellSet], *, expected: frozenset[type | None]
) -> int:
    found, offset = 0, 0
    for each in lines:
        if each.kind in expected:
            for piece, sample in enumerate(each.samples):
                found |= (sample is not None) << (offset + piece)
        offset += each.count
    found |= any(cell.names_null for cell in sets) << offset
    found |= (not lines) << (offset + 1)
    for allowed in column.allowed:
        found &= _pieces(allowed, lines) | 1 << offset
    return found


def _possible(column: Column, lines: Sequence[Line], *, other: bool) -> int:
    found, offset = 0, 0
    for each in lines:
        for piece, sample in enumerate(Line(each.kind, each.points).samples):
            found |= (sample is not None) << (offset + piece)
        offset += each.count
    found |= other << (offset + 1)
    for enforced in column.enforced:
        found &= _pieces(enforced, lines)
    return found | 1 << offset


def _share(one: Column, other: Column) -> bool:
    return any(a[: len(b)] == b or b[: len(a)] == a for a in one.paths for b in other.paths)
