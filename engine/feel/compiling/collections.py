"""Lists, contexts, ranges and filters."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import comparing, syntax
from engine.feel.compiling.code import Build, Code, constant, weight
from engine.feel.running import Run, Scope
from engine.feel.values import Range, Undefined, Value, kind

_ITEMS_PER_STEP = 8


def list_of(node: syntax.ListOf, build: Build) -> Code:
    """Build ``[a, b]``."""
    items = [build(item) for item in node.items]
    steps = len(items) // _ITEMS_PER_STEP
    if not steps:
        return lambda scope: [item(scope) for item in items]

    def code(scope: Scope) -> list[Value]:
        scope.run.tick(steps)
        return [item(scope) for item in items]

    return code


def context_of(node: syntax.ContextOf, build: Build) -> Code:
    """Build ``{a: 1, b: a}``: each entry sees those before it."""
    entries = [(name, build(value)) for name, value in node.entries]

    def code(scope: Scope) -> dict[str, Value]:
        made: dict[str, Value] = {}
        inner = Scope(made, scope, scope.run)
        for name, value in entries:
            made[name] = value(inner)
        return made

    return code


def interval(node: syntax.Interval, build: Build) -> Code:
    """Build ``[start..end]``; ends without an order make no range."""
    start, end = build(node.start), build(node.end)
    written = _written(node)
    if written is not None:
        return lambda _scope: written

    def code(scope: Scope) -> Range | None:
        low, high = start(scope), end(scope)
        try:
            if low is not None and high is not None and not comparing.ordered("<=", low, high):
                raise Undefined("A range needs its smaller end first")  # noqa: TRY301
        except Undefined as problem:
            scope.run.warn(f"{problem}.")
            return None
        return Range(low, high, node.start_included, node.end_included)

    return code


def _written(node: syntax.Interval) -> Range | None:
    """Return the range of two numbers that stand in the text, the smaller one first."""
    low, high = constant(node.start), constant(node.end)
    if type(low) is Decimal and type(high) is Decimal and low <= high:
        return Range(low, high, node.start_included, node.end_included)
    return None


def filter_(node: syntax.Filter, build: Build) -> Code:
    """Build ``list[condition]``: by place when the condition is a number, else the items it holds for."""
    source, condition = build(node.source), build(node.condition)
    place, steps = constant(node.condition), weight(node.condition)
    if type(place) is Decimal:
        return lambda scope: _at(_items(source(scope)), place, scope.run)

    def code(scope: Scope) -> Value:
        items = _items(source(scope))
        scope.run.tick(steps * len(items) + 1)
        first = condition(_inside(items[0], scope) if items else Scope({"item": None}, scope, scope.run))
        if type(first) is Decimal:
            return _at(items, first, scope.run)
        kept = [items[0]] if items and first is True else []
        kept.extend(item for item in items[1:] if condition(_inside(item, scope)) is True)
        if first is not None and type(first) is not bool:
            scope.run.warn(f"A filter needs true, false or a number, not a {kind(first)}.")
        return kept

    return code


def _items(value: Value) -> list[Value]:
    return value if type(value) is list else [] if value is None else [value]


def _inside(item: Value, scope: Scope) -> Scope:
    inner = Scope({"item": item}, scope, scope.run)
    return Scope(item, inner, scope.run) if type(item) is dict else inner


def _at(items: list[Value], place: Decimal, run: Run) -> Value:
    index = int(place) if place == place.to_integral_value() else 0
    if index and -len(items) <= index <= len(items):
        return items[index - 1 if index > 0 else index]
    run.warn(f"The list of {len(items)} has no item {place}.")
    return None
