"""Whole texts: an expression, or the unary tests of a decision table cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from engine.feel.reading.cursor import BUILTINS_WITH_KEYWORDS, Cursor
from engine.feel.reading.expressions import expression
from engine.feel.reading.names import KnownNames
from engine.feel.syntax import Node, Parsed, Tests
from engine.feel.tokens import problem, tokenize


def parse_expression(text: str, names: Iterable[str], *, depth: int) -> Parsed:
    """Return the tree of an expression; ``names`` are those that may hold signs or keywords."""
    return _parse(text, names, depth, lambda cursor: cursor.parse(0))


def parse_tests(text: str, names: Iterable[str], *, depth: int) -> Parsed:
    """Return the tree of unary tests (rules 14 to 17)."""
    return _parse(text, names, depth, _tests)


def _parse(text: str, names: Iterable[str], depth: int, read: Callable[[Cursor], Node]) -> Parsed:
    tokens = tokenize(text)
    if len(tokens) == 1:
        message = "The expression is empty."
        raise problem(message, text, 0)
    given = frozenset(names)
    cursor = Cursor(text, tokens, KnownNames([*BUILTINS_WITH_KEYWORDS, *given]), depth)
    cursor.parse = partial(expression, cursor)
    try:
        root = read(cursor)
    except RecursionError:
        message = "The expression is nested too deep (limit 'depth'); split it into smaller ones."
        raise problem(message, text, 0) from None
    if cursor.token.kind != "end":
        raise cursor.error(f"Expected an operator or the end, found {cursor.seen()}")
    return Parsed(
        root,
        frozenset(cursor.variables | (cursor.maybe & given)),
        frozenset(cursor.maybe - given - cursor.variables),
        frozenset(cursor.functions),
        cursor.spans,
    )


def _tests(cursor: Cursor) -> Node:
    if cursor.sees("-") and cursor.ahead().kind == "end":
        cursor.take()
        return Tests(0, (), negated=False)
    with cursor.binding("?"):
        if cursor.token.text == "not" and cursor.ahead().text == "(":
            start = cursor.position
            cursor.position += 2
            inner = _list(cursor)
            if cursor.skip(")") and cursor.token.kind == "end":
                return Tests(0, inner, negated=True)
            cursor.position = start
        return Tests(0, _list(cursor), negated=False)


def _list(cursor: Cursor) -> tuple[Node, ...]:
    tests = [cursor.parse(0)]
    while cursor.skip(","):
        tests.append(cursor.parse(0))
    return tuple(tests)
