"""Literals and everything in brackets: lists, ranges, contexts, filters and calls."""

from __future__ import annotations

from engine.feel import syntax, temporal
from engine.feel.reading.cursor import Cursor
from engine.feel.syntax import Node
from engine.feel.tokens import unescape
from engine.feel.values import EXACT, Undefined

_WORDS = {"true": True, "false": False, "null": None}
_BEGINNINGS = ("-", "(", "[", "{", "<", "<=", ">", ">=", "=", "!=")
_KEYWORD_BEGINNINGS = ("true", "false", "null", "if", "for", "some", "every", "function")


def literal(cursor: Cursor) -> Node:
    """Read a number, a string or an at-literal."""
    token = cursor.take()
    if token.kind == "string":
        return syntax.Literal(token.start, unescape(token.text[1:-1]))
    try:
        if token.kind == "number":
            return syntax.Literal(token.start, EXACT.create_decimal(token.text))
        return syntax.Literal(token.start, temporal.parse(unescape(token.text[1:].strip()[1:-1])))
    except ArithmeticError as problem:
        message = "The number is too large; its exponent may be 6144 at most"
        raise cursor.error(message, token.start) from problem
    except Undefined as problem:
        raise cursor.error(str(problem), token.start) from problem


def word_literal(cursor: Cursor) -> Node:
    """Read true, false or null."""
    token = cursor.take()
    return syntax.Literal(token.start, _WORDS[token.text])


def parenthesis(cursor: Cursor) -> Node:
    """Read an expression in parentheses or a range that excludes its start."""
    opening = cursor.take().start
    inner = cursor.parse(0)
    if cursor.skip(".."):
        return interval_end(cursor, opening, inner, start_included=False)
    cursor.expect(")", "to close '('")
    return inner


def list_or_interval(cursor: Cursor) -> Node:
    """Read a list or a range that includes its start."""
    opening = cursor.take().start
    if cursor.skip("]"):
        return syntax.ListOf(opening, ())
    items = [cursor.parse(0)]
    if cursor.skip(".."):
        return interval_end(cursor, opening, items[0], start_included=True)
    while cursor.skip(","):
        items.append(cursor.parse(0))
    cursor.expect("]", "to close the list")
    return syntax.ListOf(opening, tuple(items))


def open_interval(cursor: Cursor) -> Node:
    """Read ``]start..end]``."""
    opening = cursor.take().start
    start = cursor.parse(0)
    cursor.expect("..", "in a range that begins with ']'")
    return interval_end(cursor, opening, start, start_included=False)


def interval_end(cursor: Cursor, at: int, start: Node, *, start_included: bool) -> Node:
    """Read the second half of a range, from behind its two dots."""
    end = cursor.parse(0)
    if not cursor.sees("]", ")", "["):
        raise cursor.error(f"Expected ']', ')' or '[' to close the range, found {cursor.seen()}")
    return syntax.Interval(at, start, end, start_included, cursor.take().text == "]")


def closes(cursor: Cursor) -> bool:
    """Tell whether the next token is a ``[`` that closes a range: nothing that could be a filter follows."""
    if not cursor.sees("["):
        return False
    following = cursor.ahead()
    if following.kind in ("punct", "other", "end"):
        return following.text not in _BEGINNINGS
    return following.kind == "word" and not following.is_name and following.text not in _KEYWORD_BEGINNINGS


def filtered(cursor: Cursor, source: Node) -> Node:
    """Read ``[condition]`` behind a list."""
    at = cursor.take().start
    with cursor.filtering():
        inner = cursor.parse(0)
    cursor.expect("]", "to close the filter")
    return syntax.Filter(at, source, inner)


def call(cursor: Cursor, target: Node) -> Node:
    """Read the arguments of a call, by position or by name."""
    at = cursor.take().start
    if cursor.skip(")"):
        return syntax.Call(at, target, ())
    names: list[str] = []
    arguments: list[Node] = []
    while True:
        name = _argument_name(cursor)
        if arguments and bool(name) != bool(names):
            raise cursor.error("Arguments are given all by position or all by name")
        if name:
            names.append(name)
        arguments.append(cursor.parse(0))
        if not cursor.skip(","):
            break
    cursor.expect(")", "after the arguments")
    return syntax.Call(at, target, tuple(arguments), tuple(names))


def context(cursor: Cursor) -> Node:
    """Read ``{name: value, …}``; an entry sees those before it."""
    at = cursor.take().start
    entries: list[tuple[str, Node]] = []
    with cursor.binding() as own:
        while not cursor.skip("}"):
            if entries:
                cursor.expect(",", "between the entries of a context")
            name = _key(cursor)
            if name in own:
                raise cursor.error(f"The context has two entries '{name}'")
            entries.append((name, cursor.parse(0)))
            own.add(name)
            cursor.known.add(name)
    return syntax.ContextOf(at, tuple(entries))


def _key(cursor: Cursor) -> str:
    token = cursor.token
    if token.kind == "string":
        cursor.take()
        name = unescape(token.text[1:-1])
    else:
        while not cursor.sees(":", ",", "}", "{") and cursor.token.kind != "end":
            cursor.take()
        name = " ".join(cursor.text[token.start : cursor.token.start].split())
    if not name and token.kind != "string":
        raise cursor.error(f"Expected the name of a context entry, found {cursor.seen()}")
    cursor.expect(":", f"after the entry name '{name}'")
    return name


def _argument_name(cursor: Cursor) -> str:
    if not cursor.token.is_name and cursor.token.kind != "word":
        return ""
    count = 0
    while cursor.ahead(count).kind in ("word", "number", "other") or cursor.ahead(count).text in (
        "-",
        "+",
        "*",
    ):
        count += 1
    if cursor.ahead(count).text != ":" or cursor.ahead(count).kind != "punct":
        return ""
    start = cursor.token.start
    cursor.position += count
    name = " ".join(cursor.text[start : cursor.token.start].split())
    cursor.take()
    return name
