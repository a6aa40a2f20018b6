"""Rules that can never be the answer: their box is empty, or lies wholly in the boxes of rules that come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.dmn.axes import Axis
from engine.dmn.sheets import Row, Sheet
from engine.feel.comparing import equal


@dataclass(slots=True)
class Budget:
    """How much work is still allowed."""

    left: int

    @property
    def is_spent(self) -> bool:
        """Whether the work was cut short."""
        return self.left <= 0

    def spend(self, steps: int = 1) -> bool:
        """Count work; false when there is none left."""
        self.left -= steps
        return self.left > 0


def unused(sheet: Sheet, found: list[Axis], budget: Budget) -> Iterator[tuple[Row, str | None]]:
    """Yield the rules that can never be the answer; with the column, when no value passes their test of it."""
    ranks = [_rank(row, sheet) for row in sheet.rows]
    for place, row in enumerate(sheet.rows):
        box = [axis.can[place] & axis.possible for axis in found]
        empty = next((axis.column.label for axis, pieces in zip(found, box, strict=True) if not pieces), None)
        if empty is not None:
            yield row, empty
        elif sheet.policy in ("FIRST", "PRIORITY"):
            first = _before(sheet.policy, place, ranks)
            if first and _is_covered(box, first, found, budget):
                yield row, None
        if budget.is_spent:
            return


def _before(policy: str, place: int, ranks: list[tuple[int, ...] | None]) -> list[int]:
    """Return the rules that win against one wherever both match."""
    if policy == "FIRST":
        return list(range(place))
    own = ranks[place]
    if own is None:
        return []
    return [
        other
        for other, rank in enumerate(ranks)
        if rank is not None and (rank < own or (rank == own and other < place))
    ]


def _rank(row: Row, sheet: Sheet) -> tuple[int, ...] | None:
    rank = []
    for order, result in zip(sheet.ranks, row.results, strict=True):
        if order is None:
            continue
        if result is None:
            return None
        rank.append(next((at for at, value in enumerate(order) if equal(value, result[0])), len(order)))
    return tuple(rank)


def _is_covered(box: list[int], first: list[int], found: list[Axis], budget: Budget) -> bool:
    """Tell whether a box lies in the union of the boxes of the rules ``first``; false when that takes too much work."""
    live, covering = _live(box, first, found)
    if not budget.spend(len(first)):
        return False

    def walk(at: int, rules: int) -> bool:
        if rules & covering[at]:
            return True
        if not rules or at == len(found):
            return False
        axis, groups = found[at], dict[int, int]()
        for pieces, surely, _ in axis.grouped(box[at]):
            if not budget.spend():
                return False
            groups[rules & surely] = groups.get(rules & surely, 0) | pieces
        return all(walk(at + 1, each) for each in groups)

    return walk(0, live)


def _live(box: list[int], first: list[int], found: list[Axis]) -> tuple[int, list[int]]:
    """Return the rules that meet a box, and by column those that hold all of it from there on."""
    live, whole = 0, [0] * len(found)
    for rule in first:
        parts = [axis.sure[rule] & pieces for axis, pieces in zip(found, box, strict=True)]
        if not all(parts):
            continue
        live |= 1 << rule
        for at, (part, pieces) in enumerate(zip(parts, box, strict=True)):
            whole[at] |= (part == pieces) << rule
    covering = [live] * (len(found) + 1)
    for at in range(len(found) - 1, -1, -1):
        covering[at] = covering[at + 1] & whole[at]
    return live, covering
