"""``if``, loops and function definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from engine.feel import syntax
from engine.feel.compiling.code import Build, Code, mentions, undefined, weight
from engine.feel.functions import Function, Parameter, Variant
from engine.feel.running import Run, Scope
from engine.feel.values import Range, Undefined, Value, kind

_DAY = timedelta(days=1)
_CALL = 3
"""Steps that going into a function counts as."""
_FARTHEST = Decimal(10) ** 15
Visit = Callable[[Scope], Iterator[Scope]]


def if_(node: syntax.If, build: Build) -> Code:
    """Build ``if``; whatever is not true takes the other branch."""
    condition, yes, no = build(node.condition), build(node.yes), build(node.no)

    def code(scope: Scope) -> Value:
        answer = condition(scope)
        if answer is not None and type(answer) is not bool:
            scope.run.warn(f"'if' needs true or false, not a {kind(answer)}.")
        return yes(scope) if answer is True else no(scope)

    return code


def for_(node: syntax.For, build: Build) -> Code:
    """Build ``for``; ``partial`` holds the results so far."""
    visit, result = _visits(node.iterators, build, weight(node.result)), build(node.result)
    uses_partial = mentions(node.result, "partial")

    def code(scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for inner in visit(scope):
                if uses_partial:
                    scope.run.tick(len(results))
                    results.append(result(Scope({"partial": results.copy()}, inner, scope.run)))
                else:
                    results.append(result(inner))
                scope.run.size(len(results))
        except Undefined as problem:
            return undefined(scope.run, problem)
        return results

    return code


def quantified(node: syntax.Quantified, build: Build) -> Code:
    """Build ``some`` and ``every``: three-valued like ``or`` and ``and``."""
    visit = _visits(node.iterators, build, weight(node.condition))
    condition = build(node.condition)
    sure = node.quantifier == "some"

    def code(scope: Scope) -> bool | None:
        answer: bool | None = not sure
        try:
            for inner in visit(scope):
                value = condition(inner)
                if value is sure:
                    return bool(sure)
                if value is not answer:
                    answer = None
        except Undefined as problem:
            scope.run.warn(f"{problem}.")
            return None
        return answer

    return code


def function_of(node: syntax.FunctionOf, build: Build) -> Code:
    """Build a function that sees the scope it is written in."""
    parameters = tuple(Parameter(name, type=type_) for name, type_ in node.parameters)
    names = tuple(name for name, _ in node.parameters)
    body = build(node.body) if node.body else None
    steps = _CALL + (weight(node.body) if node.body else 0)

    def code(scope: Scope) -> Function | None:
        if body is None:
            scope.run.warn("An external function cannot be called.")
            return None

        def call(run: Run, *arguments: Value) -> Value:
            run.enter()
            run.tick(steps)
            try:
                return body(Scope(dict(zip(names, arguments, strict=True)), scope, run))
            finally:
                run.leave()

        return Function("function", (Variant(parameters, call, wants_run=True),))

    return code


def _visits(iterators: tuple[syntax.Iterator, ...], build: Build, steps: int) -> Visit:
    """Build the visit of all combinations; each round counts as ``steps`` and those of the lists inside."""
    counts = []
    for iterator in reversed(iterators):
        counts.append(steps)
        steps += weight(*(part for part in (iterator.source, iterator.end) if part)) - 1
    visit: Visit = _once
    for iterator, count in zip(iterators, reversed(counts), strict=True):
        visit = _nested(visit, iterator.name, _items(iterator, build), count)
    return visit


def _once(scope: Scope) -> Iterator[Scope]:
    yield scope


def _nested(outer: Visit, name: str, items: Callable[[Scope], Iterable[Value]], steps: int) -> Visit:
    def visit(scope: Scope) -> Iterator[Scope]:
        for around in outer(scope):
            for item in items(around):
                scope.run.tick(steps)
                yield Scope({name: item}, around, scope.run)

    return visit


def _items(iterator: syntax.Iterator, build: Build) -> Callable[[Scope], Iterable[Value]]:
    source = build(iterator.source)
    end = build(iterator.end) if iterator.end else None

    def items(scope: Scope) -> Iterable[Value]:
        value = source(scope)
        if end is not None:
            return _counted(value, end(scope))
        if type(value) is Range:
            return _inside(value)
        if value is None:
            raise Undefined(f"The list of '{iterator.name}' is null")
        return value if type(value) is list else [value]

    return items


def _inside(interval: Range) -> Iterator[Value]:
    items = _counted(interval.start, interval.end)
    for item in items:
        if (interval.start_included or item != interval.start) and (
            interval.end_included or item != interval.end
        ):
            yield item


def _counted(start: Value, end: Value) -> Iterator[Value]:
    if type(start) is Decimal and type(end) is Decimal:
        if start != start.to_integral_value() or end != end.to_integral_value():
            message = "A loop over a range needs whole numbers"
            raise Undefined(message)
        if max(abs(start), abs(end)) > _FARTHEST:
            raise Undefined(f"A loop over a range cannot go beyond {_FARTHEST:e}")
        step = 1 if end >= start else -1
        return (Decimal(number) for number in range(int(start), int(end) + step, step))
    if type(start) is date and type(end) is date:
        days = (end - start).days
        back = -1 if days < 0 else 1
        first = start
        return (first + _DAY * (back * count) for count in range(abs(days) + 1))
    raise Undefined(f"A loop cannot go from a {kind(start)} to a {kind(end)}")
