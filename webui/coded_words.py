"""Codes in a form shown as words: ``words`` of a text or of a table's column say for each code what a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]
Component = dict[str, Any]


def in_texts(schema: Component, values: Row) -> None:
    """Put the words of a code where a text of the form names its variable: ``{{risk.level}}`` becomes 高."""
    for part in _parts(schema, "text"):
        for name, words in (part.get("words") or {}).items():
            word = words.get(str(_at(values, name)))
            if word is not None:
                part["text"] = str(part.get("text", "")).replace("{{" + name + "}}", word)


def in_tables(schema: Component, answers: dict[str, Any]) -> None:
    """Let the tables of a form that the browser draws show words: they get rows of their own among the answers.

    The variable itself stays as it is, for the conditions and choices that ask for its codes.
    """
    for table in _parts(schema, "table"):
        columns = table.get("columns", ())
        rows = answers.get(str(table.get("dataSource", "")).removeprefix("="))
        if isinstance(rows, list) and any(column.get("words") for column in columns):
            own = f"zf_rows_of_{table['id']}"
            answers[own] = worded(rows, columns)
            table["dataSource"] = f"={own}"


def worded(rows: Iterable[Any], columns: Iterable[Row]) -> list[Any]:
    """Return the rows of a table with words in place of codes; what no column has a word for stays as it is."""
    words = {str(column["key"]): column["words"] for column in columns if column.get("words")}
    return [_in_words(row, words) if words and isinstance(row, Mapping) else row for row in rows]


def _in_words(row: Row, words: Mapping[str, Row]) -> dict[str, Any]:
    return {key: words.get(key, {}).get(str(value), value) for key, value in row.items()}


def _at(values: Row, path: str) -> Any:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _parts(schema: Row, kind: str) -> Iterator[Component]:
    for part in schema.get("components", ()):
        if part.get("type") == kind:
            yield part
        yield from _parts(part, kind)
