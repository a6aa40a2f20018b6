"""The walk through lists, contexts, ranges, filters and loops."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import comparing, syntax
from engine.feel.analysis import rules
from engine.feel.analysis.notes import Names
from engine.feel.analysis.shapes import ANYTHING, BLAMED, UNKNOWN, Shape, of, of_value, union
from engine.feel.analysis.tests_of_values import Walker
from engine.feel.syntax import Node
from engine.feel.values import Range, Undefined, Value


def _list(walk: Walker, node: syntax.ListOf, names: Names) -> Shape:
    items = [walk.visit(item, names) for item in node.items]
    if all(item.value is not UNKNOWN and item.function is None for item in items):
        return of_value([item.value for item in items])
    return Shape(frozenset({"list"}), item=union(*items))


def _context(walk: Walker, node: syntax.ContextOf, names: Names) -> Shape:
    entries: dict[str, Shape] = {}
    inner = Names(entries, names)
    for name, value in node.entries:
        entries[name] = walk.visit(value, inner)
    return Shape(frozenset({"context"}), entries=entries, closed=True)


def _interval(walk: Walker, node: syntax.Interval, names: Names) -> Shape:
    start, end = walk.visit(node.start, names), walk.visit(node.end, names)
    if start.is_blamed or end.is_blamed:
        return of("range", "null")
    kinds = rules.comparison("<=", start, end)
    if "boolean" not in kinds and "null" not in start.kinds | end.kinds:
        a, b = (" or ".join(sorted(side.kinds)) for side in (start, end))
        return walk.notes.blame(node, "range-kinds", f"No range goes from a {a} to a {b}.", a, b)
    if UNKNOWN not in (start.value, end.value):
        return _written_interval(walk, node, start.value, end.value)
    return Shape(frozenset({"range", "null"}), item=union(start, end), data=True)


def _written_interval(walk: Walker, node: syntax.Interval, start: Value, end: Value) -> Shape:
    item = union(of_value(start), of_value(end))
    try:
        if start is not None and end is not None and not comparing.ordered("<=", start, end):
            return walk.notes.blame(node, "range-order", "A range needs its smaller end first.")
    except Undefined as problem:
        return walk.notes.blame(node, "range-kinds", f"{problem}.")
    interval = Range(start, end, node.start_included, node.end_included)
    return Shape(frozenset({"range"}), item=item, data=True, value=interval)


def _half_range(walk: Walker, node: syntax.HalfRange, names: Names) -> Shape:
    end = walk.visit(node.end, names)
    return Shape(frozenset({"range"}), item=end.or_null())


def _filter(walk: Walker, node: syntax.Filter, names: Names) -> Shape:
    source = walk.visit(node.source, names)
    item = items_of(source)
    condition = walk.visit(node.condition, Names({"item": item}, names, item=item))
    found: list[Shape] = []
    if "number" in condition.kinds:
        found.append(item.or_null())
    if type(condition.value) is not Decimal:
        found.append(Shape(frozenset({"list"}), item=item, data=source.data))
    if condition.present and not condition.kinds & {"number", "boolean"}:
        kinds = " or ".join(sorted(condition.present))
        sentence = f"A filter needs true, false or a number, not {kinds}; nothing passes it."
        walk.notes.blame(node.condition, "no-condition", sentence, "[", kinds)
    return union(*found)


def items_of(source: Shape) -> Shape:
    """Return what a filter or loop sees of a value: the items of a list, anything else as one item."""
    others = source.kinds - {"list", "null"}
    found = [source.items] if "list" in source.kinds else []
    if others:
        found.append(
            Shape(
                others,
                source.item if "list" not in source.kinds else None,
                source.entries,
                source.closed,
                source.data,
            )
        )
    return union(*found) if found else ANYTHING


def _for(walk: Walker, node: syntax.For, names: Names) -> Shape:
    inner, sure = _loop(walk, node.iterators, names)
    result = walk.visit(node.result, Names({"partial": of("list")}, inner))
    return BLAMED if sure else Shape(frozenset({"list", "null"}), item=result)


def _quantified(walk: Walker, node: syntax.Quantified, names: Names) -> Shape:
    inner, sure = _loop(walk, node.iterators, names)
    condition = walk.visit(node.condition, inner)
    if "boolean" not in condition.kinds and condition.present:
        kinds = " or ".join(sorted(condition.present))
        sentence = f"'{node.quantifier}' needs true or false, not {kinds}."
        walk.notes.blame(node.condition, "no-condition", sentence, node.quantifier, kinds)
    return BLAMED if sure else of("boolean", "null")


def _loop(walk: Walker, iterators: tuple[syntax.Iterator, ...], names: Names) -> tuple[Names, bool]:
    """Return the names inside a loop, and whether its first list is certainly none."""
    fails = False
    for place, iterator in enumerate(iterators):
        source = walk.visit(iterator.source, names)
        end = walk.visit(iterator.end, names) if iterator.end is not None else None
        item = _counted(walk, iterator, source, end) if end else _iterated(walk, iterator, source)
        fails = fails or (item is None and not place)
        names = Names({iterator.name: item or ANYTHING}, names)
    return names, fails


def _counted(walk: Walker, iterator: syntax.Iterator, start: Shape, end: Shape) -> Shape | None:
    kinds = start.kinds & end.kinds & rules.COUNTED
    if kinds:
        return Shape(kinds, data=True)
    if not (start.is_blamed or end.is_blamed):
        a, b = (" or ".join(sorted(side.present or side.kinds)) for side in (start, end))
        walk.notes.blame(iterator.source, "loop-kinds", f"A loop cannot go from a {a} to a {b}.", a, b)
    return None


def _iterated(walk: Walker, iterator: syntax.Iterator, source: Shape) -> Shape | None:
    if source.is_null:
        if not source.is_blamed:
            sentence = f"The list of '{iterator.name}' is null."
            walk.notes.blame(iterator.source, "loop-null", sentence, iterator.name)
        return None
    if "range" in source.kinds:
        ends = (
            source.item.kinds & rules.COUNTED
            if source.item is not None and "list" not in source.kinds
            else None
        )
        if ends is not None and not ends and source.kinds == {"range"}:
            walk.notes.blame(iterator.source, "loop-kinds", "A loop cannot go through this range.")
            return None
        others = items_of(
            Shape(source.kinds - {"range"}, source.item, source.entries, source.closed, source.data)
        )
        counted = Shape(frozenset(rules.COUNTED), data=True)
        return union(counted, others) if source.present != {"range"} else counted
    return items_of(source)


VISITS: dict[type[Node], Callable[[Any, Any, Names], Shape]] = {
    syntax.ListOf: _list,
    syntax.ContextOf: _context,
    syntax.Interval: _interval,
    syntax.HalfRange: _half_range,
    syntax.Filter: _filter,
    syntax.For: _for,
    syntax.Quantified: _quantified,
}
