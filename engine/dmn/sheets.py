"""Decision tables as the checks see them: columns with the values that can come, rules as sets, constant results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.dmn.cell_sets import CellSet
from engine.dmn.item_types import WHOLE_NUMBERS, ItemTypes
from engine.errors import ExpressionError
from engine.feel import DEFAULT, YearsMonths, syntax
from engine.feel.reading.texts import parse_expression
from engine.feel.types import ContextType, ListType, Named, Simple, Type

Path = tuple[str, ...]
_KINDS: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "date and time": datetime,
    "time": time,
    "days and time duration": timedelta,
    "years and months duration": YearsMonths,
}


@dataclass(frozen=True, slots=True)
class Column:
    """What is tested in a column. ``kind`` None: any kind may come.

    ``allowed`` are the declared values, in ``enforced`` those without which evaluation refuses; ``readable`` is false when a
    declaration depends on more than the value. ``paths`` are the variables it reads; ``plain``: it is one of them, and
    nothing is computed.
    """

    label: str
    kind: type | None
    whole: bool
    allowed: tuple[CellSet, ...]
    enforced: tuple[CellSet, ...]
    readable: bool
    paths: frozenset[Path]
    plain: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: the set of each cell (None: it depends on more), each result if it is constant, all as written.

    ``misfits`` say which constant results are refused at evaluation.
    """

    number: int
    line: int
    cells: tuple[CellSet | None, ...]
    results: tuple[list[Any] | None, ...]
    written: tuple[str, ...]
    misfits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; ``ranks`` are the declared output values in order, by output (None: not declared)."""

    element: str
    line: int
    policy: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    has_default: bool
    ranks: tuple[list[Any] | None, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What the file says of an input: its expression, declared type and allowed values (None: not declared)."""

    label: str
    text: str
    type_ref: str | None
    allowed: list[CellSet | None] | None


def column(source: Source, names: frozenset[str], types: ItemTypes, given: dict[str, str]) -> Column:
    """Return a column; ``given`` are the declared types of variables by name, for those that the column itself has none of."""
    paths, plain = read_paths(source.text, names)
    path = next(iter(paths)) if plain and not source.type_ref else None
    type_ = _type_of(path, types, given) if path else types.reference(source.type_ref)
    limits: list[CellSet | None] = list(source.allowed or ())
    seen = set()
    while isinstance(type_, Named) and type_.name not in seen:
        seen.add(type_.name)
        limits += [one.values if not one.whole else None for one in types.constraints.get(type_.name, ())]
        type_ = types.types.get(type_.name, type_)
    kind = _KINDS.get(type_.name) if isinstance(type_, Simple) else None
    return Column(
        source.label,
        kind,
        (source.type_ref or "").rpartition(":")[2] in WHOLE_NUMBERS,
        tuple(limit for limit in limits if limit is not None),
        tuple(limit for limit in source.allowed or () if limit is not None),
        None not in limits and not isinstance(type_, ListType | ContextType),
        paths,
        plain,
    )


def date_column(label: str, names: frozenset[str], *, limits: Sequence[CellSet]) -> Column:
    """Return the column of the date of the facts."""
    paths, _ = read_paths(label, names)
    return Column(
        label, date, whole=False, allowed=tuple(limits), enforced=(), readable=True, paths=paths, plain=True
    )


@lru_cache(maxsize=2048)
def read_paths(text: str, names: frozenset[str]) -> tuple[frozenset[Path], bool]:
    """Return the paths of variables that an expression reads, and whether it is nothing but one."""
    try:
        root = parse_expression(text, names, depth=DEFAULT.limits.depth).root
    except ExpressionError:
        return frozenset(), False
    return frozenset(_paths(root)), _path(root) is not None


def _type_of(path: Path, types: ItemTypes, given: dict[str, str]) -> Type:
    """Return the declared type of a variable or of a part of it."""
    first, *deeper = path
    type_: Type = types.reference(given.get(first))
    for name in deeper:
        while isinstance(type_, Named) and type_.name in types.types:
            type_ = types.types[type_.name]
        type_ = dict(type_.entries).get(name, _ANY) if isinstance(type_, ContextType) else _ANY
    return type_


_ANY = Simple("Any")


def _path(node: Any) -> Path | None:
    if isinstance(node, syntax.Name):
        return tuple(node.name.split("."))
    if isinstance(node, syntax.Path):
        source = _path(node.source)
        return None if source is None else (*source, node.name)
    return None


def _paths(node: Any) -> Iterator[Path]:
    path = _path(node)
    if path is not None:
        yield path
    elif isinstance(node, tuple | list):
        for part in node:
            yield from _paths(part)
    elif isinstance(node, syntax.Node):
        for each in fields(node):
            yield from _paths(getattr(node, each.name))
