"""``if``, ``for``, ``some``, ``every`` and function definitions."""

from __future__ import annotations

from engine.feel import syntax
from engine.feel.reading import type_names
from engine.feel.reading.cursor import Cursor
from engine.feel.syntax import Node
from engine.feel.types import ANY, Type


def condition(cursor: Cursor) -> Node:
    """Read ``if … then … else …``."""
    at = cursor.take().start
    test = cursor.parse(0)
    cursor.expect("then", "after the condition of 'if'")
    yes = cursor.parse(0)
    cursor.expect("else", "after the first branch of 'if'")
    return syntax.If(at, test, yes, cursor.parse(0))


def for_(cursor: Cursor) -> Node:
    """Read ``for name in list, … return result``."""
    at = cursor.take().start
    with cursor.binding("partial") as own:
        iterators = _iterators(cursor, own, "return")
        return syntax.For(at, iterators, cursor.parse(0))


def quantified(cursor: Cursor) -> Node:
    """Read ``some name in list satisfies condition``."""
    token = cursor.take()
    with cursor.binding() as own:
        iterators = _iterators(cursor, own, "satisfies")
        return syntax.Quantified(token.start, token.text, iterators, cursor.parse(0))


def function(cursor: Cursor) -> Node:
    """Read a function definition."""
    at = cursor.take().start
    cursor.expect("(", "after 'function'")
    parameters: list[tuple[str, Type]] = []
    while not cursor.skip(")"):
        if parameters:
            cursor.expect(",", "between the parameters of a function")
        name = _own_name(cursor, "a parameter")
        parameters.append((name, type_names.read_type(cursor) if cursor.skip(":") else ANY))
    with cursor.binding(*(name for name, _ in parameters)):
        external = cursor.skip("external")
        body = cursor.parse(0)
    return syntax.FunctionOf(at, tuple(parameters), None if external else body)


def _iterators(cursor: Cursor, own: set[str], closing: str) -> tuple[syntax.Iterator, ...]:
    found: list[syntax.Iterator] = []
    while not found or cursor.skip(","):
        at = cursor.token.start
        name = _own_name(cursor, "a loop variable")
        cursor.expect("in", f"after the loop variable '{name}'")
        source = cursor.parse(0)
        end = cursor.parse(0) if cursor.skip("..") else None
        found.append(syntax.Iterator(at, name, source, end))
        own.add(name)
        cursor.known.add(name)
    cursor.expect(closing, "after the lists of a loop")
    return tuple(found)


def _own_name(cursor: Cursor, what: str) -> str:
    if not cursor.token.is_name:
        raise cursor.error(f"Expected the name of {what}, found {cursor.seen()}")
    start = cursor.token.start
    while not cursor.sees("in", ":", ",", ")") and cursor.token.kind != "end":
        cursor.take()
    return " ".join(cursor.text[start : cursor.token.start].split())
