"""Expressions with their operators, by binding power (DMN 1.5, 10.3.1.2, rules 1 to 25)."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel import syntax
from engine.feel.reading import brackets, loops, type_names
from engine.feel.reading.cursor import Cursor
from engine.feel.syntax import Node

LOOSE, OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE, INSTANCE, POSTFIX = range(10)
MAX_CHAIN = 40
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_FLAT = (OR, AND, ADD, MULTIPLY)

Prefix = Callable[[Cursor], Node]
Infix = Callable[[Cursor, Node], Node]


def expression(cursor: Cursor, power: int = LOOSE) -> Node:
    """Read the longest expression whose operators bind at least as tightly as ``power``."""
    with cursor.deeper():
        start = cursor.token.start
        left = _operand(cursor)
        cursor.mark(left, start)
        chain = 0
        while True:
            binding, read = _INFIX.get(cursor.token.text, _NOTHING)
            if binding < max(power, OR) or brackets.closes(cursor):
                return left
            chain += binding not in _FLAT
            if chain > MAX_CHAIN:
                raise cursor.error(
                    "The chain of operators is too long (limit 'depth'); use a context with names"
                )
            left = read(cursor, left)
            cursor.mark(left, start)


def _operand(cursor: Cursor) -> Node:
    token = cursor.token
    if token.kind in ("number", "string", "at"):
        return brackets.literal(cursor)
    prefix = _PREFIX.get(token.text)
    if prefix is not None and token.kind in ("punct", "word"):
        return prefix(cursor)
    if token.is_name:
        return _name(cursor)
    raise cursor.error(f"Expected a value, found {cursor.seen()}")


def _name(cursor: Cursor) -> Node:
    at = cursor.token.start
    name = cursor.read_name()
    cursor.note_read(name, called=cursor.sees("("))
    return syntax.Name(at, name)


def _negate(cursor: Cursor) -> Node:
    at = cursor.take().start
    return syntax.Negate(at, expression(cursor, NEGATE))


def _half_range(cursor: Cursor) -> Node:
    token = cursor.take()
    return syntax.HalfRange(token.start, token.text, expression(cursor, ADD))


def _arithmetic(power: int) -> Infix:
    def read(cursor: Cursor, left: Node) -> Node:
        token = cursor.take()
        return syntax.Arithmetic(token.start, token.text, left, expression(cursor, power + 1))

    return read


def _logic(power: int) -> Infix:
    def read(cursor: Cursor, left: Node) -> Node:
        token = cursor.take()
        return syntax.Logic(token.start, token.text, left, expression(cursor, power + 1))

    return read


def _comparison(cursor: Cursor, left: Node) -> Node:
    token = cursor.take()
    return syntax.Comparison(token.start, token.text, left, expression(cursor, ADD))


def _between(cursor: Cursor, left: Node) -> Node:
    at = cursor.take().start
    low = expression(cursor, ADD)
    cursor.expect("and", "between the two ends of 'between'")
    return syntax.Between(at, left, low, expression(cursor, ADD))


def _in(cursor: Cursor, left: Node) -> Node:
    at = cursor.take().start
    if not cursor.sees("("):
        return syntax.In(at, left, (expression(cursor, ADD),))
    opening = cursor.take().start
    tests = [expression(cursor)]
    if cursor.skip(".."):
        return syntax.In(at, left, (brackets.interval_end(cursor, opening, tests[0], start_included=False),))
    while cursor.skip(","):
        tests.append(expression(cursor))
    cursor.expect(")", "after the tests of 'in'")
    return syntax.In(at, left, tuple(tests))


def _instance_of(cursor: Cursor, left: Node) -> Node:
    at = cursor.take().start
    cursor.expect("of", "after 'instance'")
    return syntax.InstanceOf(at, left, type_names.read_type(cursor))


def _path(cursor: Cursor, left: Node) -> Node:
    at = cursor.take().start
    if cursor.token.kind != "word":
        raise cursor.error(f"Expected the name of a property after '.', found {cursor.seen()}")
    return syntax.Path(at, left, cursor.read_name(after_dot=True))


_NOTHING: tuple[int, Infix] = (-1, _path)
_INFIX: dict[str, tuple[int, Infix]] = {
    "or": (OR, _logic(OR)),
    "and": (AND, _logic(AND)),
    **dict.fromkeys(COMPARISONS, (COMPARE, _comparison)),
    "between": (COMPARE, _between),
    "in": (COMPARE, _in),
    **dict.fromkeys(("+", "-"), (ADD, _arithmetic(ADD))),
    **dict.fromkeys(("*", "/"), (MULTIPLY, _arithmetic(MULTIPLY))),
    "**": (POWER, _arithmetic(POWER)),
    "instance": (INSTANCE, _instance_of),
    ".": (POSTFIX, _path),
    "[": (POSTFIX, brackets.filtered),
    "(": (POSTFIX, brackets.call),
}
_PREFIX: dict[str, Prefix] = {
    "-": _negate,
    **dict.fromkeys(COMPARISONS, _half_range),
    "(": brackets.parenthesis,
    "[": brackets.list_or_interval,
    "]": brackets.open_interval,
    "{": brackets.context,
    "if": loops.condition,
    "for": loops.for_,
    "some": loops.quantified,
    "every": loops.quantified,
    "function": loops.function,
    **dict.fromkeys(("true", "false", "null"), brackets.word_literal),
}
