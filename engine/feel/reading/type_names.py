"""Types as an expression writes them: ``list<number>``, ``function<string> -> Any``, item definitions."""

from __future__ import annotations

from engine.feel.reading.cursor import Cursor
from engine.feel.reading.names import KnownNames, touching_words
from engine.feel.types import (
    SIMPLE,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
    named,
)

_TYPE_NAMES = KnownNames(SIMPLE)


def read_type(cursor: Cursor) -> Type:
    """Read one type."""
    if cursor.token.kind != "word":
        raise cursor.error(f"Expected the name of a type, found {cursor.seen()}")
    with cursor.deeper():
        name = _name(cursor)
        if name in _PARTS and cursor.skip("<"):
            return _PARTS[name](cursor)
        return named(name)


def _name(cursor: Cursor) -> str:
    found = _TYPE_NAMES.match(cursor.tokens, cursor.position) or cursor.known.match(
        cursor.tokens, cursor.position
    )
    name, count = found or touching_words(cursor.tokens, cursor.position)
    if cursor.ahead(count).is_name:
        name, count = touching_words(cursor.tokens, cursor.position)
    cursor.position += count
    while cursor.sees(".") and cursor.ahead().kind == "word":
        cursor.take()
        name = f"{name}.{cursor.read_name(after_dot=True)}"
    return name


def _list(cursor: Cursor) -> Type:
    item = read_type(cursor)
    cursor.expect(">", "after the type of the list items")
    return ListType(item)


def _range(cursor: Cursor) -> Type:
    item = read_type(cursor)
    cursor.expect(">", "after the type of the range ends")
    return RangeType(item)


def _context(cursor: Cursor) -> Type:
    entries: list[tuple[str, Type]] = []
    while not cursor.skip(">"):
        if entries:
            cursor.expect(",", "between the entries of a context type")
        name = cursor.read_name() if cursor.token.kind == "word" else ""
        cursor.expect(":", "after the name of a context entry")
        entries.append((name, read_type(cursor)))
    return ContextType(tuple(entries))


def _function(cursor: Cursor) -> Type:
    parameters: list[Type] = []
    while not cursor.skip(">"):
        if parameters:
            cursor.expect(",", "between the parameter types")
        parameters.append(read_type(cursor))
    cursor.expect("->", "before the result type of a function")
    return FunctionType(tuple(parameters), read_type(cursor))


_PARTS = {"list": _list, "range": _range, "context": _context, "function": _function}
