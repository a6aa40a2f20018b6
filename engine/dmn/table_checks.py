"""Gaps, overlaps and unreachable rules of a decision table: only what is certain is told.

The sets of the cells cut every column into pieces (``axes``); a rule is a box of pieces. A cell that depends on more than its
value surely lets nothing through, and perhaps everything. The work is bounded; a table that is cut short says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from engine.dmn.axes import Axis, Region, axes
from engine.dmn.problem import Level
from engine.dmn.region_words import ANYTHING, words
from engine.dmn.sheets import Row, Sheet
from engine.dmn.unreachable import Budget, unused
from engine.feel.comparing import equal

SHOWN = 5
MOST_PAIRS = 600_000
MOST_STEPS = 200_000
_FOR_GAPS = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What is certain of a table, with the line it is told at."""

    line: int
    message: str
    level: Level = "warning"


@dataclass(frozen=True)
class Looked:
    """One table of a file, looked through when it is first asked for."""

    make: Callable[[], Sheet]

    @cached_property
    def sheet(self) -> Sheet:
        """The table as the checks see it."""
        return self.make()

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """All that is certain of it."""
        return tuple(claims(self.sheet))


def claims(sheet: Sheet) -> Iterator[Claim]:
    """Yield all that is certain of a table."""
    if not sheet.rows:
        yield Claim(sheet.line, "The decision table has no rules; it never gives a result.")
        return
    for row in sheet.rows:
        for misfit in row.misfits:
            message = (
                f"Rule {row.number}: the result {misfit} is not among the values that its column allows."
            )
            yield Claim(row.line, message, "error")
    found = axes(sheet)
    if sheet.policy in ("UNIQUE", "ANY"):
        yield from _told_overlaps(sheet, found)
    yield from _told_unused(sheet, found)
    if sheet.policy in _FOR_GAPS and sheet.columns and not sheet.has_default:
        yield from _told_gaps(sheet, found)


def gaps(found: list[Axis], budget: Budget) -> list[Region]:
    """Return the regions for which no rule matches, as few and large as is easily done."""
    boxes: list[Region] = []
    rules = (1 << len(found[0].sure)) - 1 if found else 0
    covering = [rules] * (len(found) + 1)
    for place in range(len(found) - 1, -1, -1):
        covering[place] = covering[place + 1]
        for _, sure, _ in found[place].groups:
            covering[place] &= sure

    def walk(place: int, sure: int, can: int, path: Region) -> None:
        if not can:
            boxes.append((*path, *(axis.occurs for axis in found[place:])))
            return
        if place == len(found) or sure & covering[place]:
            return
        merged: dict[tuple[int, int], int] = {}
        for pieces, surely, perhaps in found[place].groups:
            if not budget.spend():
                return
            key = (sure & surely, can & perhaps)
            merged[key] = merged.get(key, 0) | pieces
        for (surely, perhaps), pieces in merged.items():
            walk(place + 1, surely, perhaps, (*path, pieces))

    if all(axis.occurs for axis in found):
        walk(0, rules, rules, ())
    return _joined(boxes) if len(boxes) <= MOST_STEPS // 1000 else boxes


def overlaps(sheet: Sheet, found: list[Axis], budget: Budget) -> Iterator[tuple[Row, Row, Region, Level]]:
    """Yield each pair of rules that surely match together where the hit policy forbids it, and the whole region."""
    for (one, first), (other, second) in combinations(enumerate(sheet.rows), 2):
        if not budget.spend():
            return
        if sheet.policy == "ANY" and not _differ(first, second):
            continue
        region: list[int] = []
        level: Level = "error"
        for axis in found:
            common = axis.sure[one] & axis.sure[other]
            pieces = common & axis.occurs
            whole = common == axis.all
            if not pieces or (not whole and (axis.related or not axis.column.readable)):
                break
            if not whole and not axis.free:
                level = "warning"
            region.append(axis.occurs if whole else pieces)
        else:
            yield first, second, tuple(region), level


def _told_gaps(sheet: Sheet, found: list[Axis]) -> Iterator[Claim]:
    budget = Budget(MOST_STEPS)
    boxes = gaps(found, budget)
    for region in boxes[:SHOWN]:
        yield Claim(sheet.line, f"No rule for: {words(region, found)}.")
    if len(boxes) > SHOWN:
        yield Claim(sheet.line, f"No rule for {len(boxes) - SHOWN} more regions.")
    if budget.is_spent:
        yield _cut(sheet, "gaps")


def _told_overlaps(sheet: Sheet, found: list[Axis]) -> Iterator[Claim]:
    budget, count = Budget(MOST_PAIRS), 0
    worst: Level = "warning"
    for one, other, region, level in overlaps(sheet, found, budget):
        count += 1
        worst = "error" if "error" in (worst, level) else "warning"
        if count <= SHOWN:
            how = "with different results " if sheet.policy == "ANY" else ""
            where = words(region, found)
            when = "whatever the inputs" if where == ANYTHING else f"when {where}"
            yield Claim(
                other.line,
                f"Rules {one.number} and {other.number} both match {how}{when};"
                f" the hit policy is {sheet.policy}.",
                level,
            )
    if count > SHOWN:
        yield Claim(sheet.line, f"{count - SHOWN} more pairs of rules match together.", worst)
    if budget.is_spent:
        yield _cut(sheet, "overlaps")


def _told_unused(sheet: Sheet, found: list[Axis]) -> Iterator[Claim]:
    budget = Budget(MOST_PAIRS)
    for row, column in unused(sheet, found, budget):
        reason = (
            f"Rule {row.number} can never match: no value passes its test of «{column}»."
            if column is not None
            else f"Rule {row.number} is never used: other rules come first wherever it matches."
        )
        yield Claim(row.line, reason)
    if budget.is_spent:
        yield _cut(sheet, "unreachable rules")


def _cut(sheet: Sheet, what: str) -> Claim:
    return Claim(
        sheet.line, f"The table is too large to be looked through wholly for {what}; there may be more."
    )


def _differ(one: Row, other: Row) -> bool:
    """Tell whether two rules surely give different results."""
    return any(
        a is not None and b is not None and not equal(a[0], b[0])
        for a, b in zip(one.results, other.results, strict=True)
    )


def _joined(boxes: list[Region]) -> list[Region]:
    """Join boxes that differ in one column only, until there are none."""
    joined = True
    while joined:
        joined = False
        for one, other in combinations(boxes, 2):
            differing = [at for at in range(len(one)) if one[at] != other[at]]
            if len(differing) == 1:
                at = differing[0]
                boxes = [box for box in boxes if box not in (one, other)]
                boxes.append((*one[:at], one[at] | other[at], *one[at + 1 :]))
                joined = True
                break
    return boxes
