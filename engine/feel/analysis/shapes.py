"""What is known of a value before the expression runs: its possible kinds and, where written, its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Final

from engine.feel.functions import Function
from engine.feel.types import ContextType, FunctionType, ListType, Named, RangeType, Simple, Type, Types
from engine.feel.values import KINDS, Value, kind

UNKNOWN: Final = object()
"""The value of a shape that is not a constant."""
ALL = frozenset((*KINDS.values(), "function"))
NULL_ONLY = frozenset({"null"})


@dataclass(frozen=True, slots=True)
class Shape:
    """All values a part of an expression may have.

    ``item`` is what a list holds or a range ends in (None: not known), ``entries`` those of a context, which
    has no others when it is ``closed``. Unknown parts of ``data`` hold no functions.
    """

    kinds: frozenset[str]
    item: Shape | None = None
    entries: Mapping[str, Shape] = field(default_factory=dict)
    closed: bool = False
    data: bool = False
    value: Value = UNKNOWN
    function: Function | None = None

    @property
    def is_null(self) -> bool:
        """Tell whether the value is certainly null."""
        return self.kinds == NULL_ONLY

    @property
    def is_blamed(self) -> bool:
        """Tell whether the value is null for a reason that has been reported already."""
        return self.kinds == NULL_ONLY and self.value is UNKNOWN

    @property
    def present(self) -> frozenset[str]:
        """The possible kinds besides null."""
        return self.kinds - NULL_ONLY

    @property
    def part(self) -> Shape:
        """What an item or entry may be of which nothing else is known."""
        return DATA if self.data else ANYTHING

    @property
    def items(self) -> Shape:
        """What the items of a list may be."""
        return self.part if self.item is None else self.item

    def or_null(self) -> Shape:
        """Return the same, or null."""
        return self if "null" in self.kinds else replace(self, kinds=self.kinds | NULL_ONLY, value=UNKNOWN)


ANYTHING = Shape(ALL)
DATA = Shape(ALL - {"function"}, data=True)
VARIABLE = Shape(ALL, data=True)
BLAMED = Shape(NULL_ONLY)
NULL = Shape(NULL_ONLY, value=None)
NOTHING = Shape(frozenset())


def of(*kinds: str) -> Shape:
    """Return the shape of some kinds."""
    return Shape(frozenset(kinds))


def union(*shapes: Shape) -> Shape:
    """Return what any of the shapes may be."""
    return reduce(_either, shapes, NOTHING)


def of_value(value: Value) -> Shape:
    """Return the shape of one value."""
    if isinstance(value, Function):
        return Shape(frozenset({"function"}), value=value, function=value)
    if type(value) is list:
        items = union(*(of_value(item) for item in value))
        return Shape(frozenset({"list"}), item=items, data=True, value=value)
    if type(value) is dict:
        entries = {name: of_value(item) for name, item in value.items()}
        return Shape(frozenset({"context"}), entries=entries, closed=True, value=value)
    return Shape(frozenset({kind(value)}), data=True, value=value)


def of_type(type_: Type, definitions: Types) -> Shape:
    """Return what a variable of a declared type may hold; null is always possible."""
    if isinstance(type_, Named) and type_.name in definitions:
        others = {name: known for name, known in definitions.items() if name != type_.name}
        return of_type(definitions[type_.name], others)
    read = _TYPES.get(type(type_))
    return read(type_, definitions).or_null() if read else VARIABLE


def _either(left: Shape, right: Shape) -> Shape:
    if not left.kinds or left is right:
        return right
    if not right.kinds:
        return left
    kinds = left.kinds | right.kinds
    entries, closed = _entries(left, right)
    return Shape(kinds, _item(left, right), entries, closed, data=left.data and right.data)


def _item(left: Shape, right: Shape) -> Shape | None:
    holding = [shape for shape in (left, right) if shape.kinds & {"list", "range"}]
    if not {"list", "range"} <= left.kinds | right.kinds and all(shape.item is not None for shape in holding):
        return union(*(shape.items for shape in holding)) if holding else None
    return None


def _entries(left: Shape, right: Shape) -> tuple[Mapping[str, Shape], bool]:
    if "context" not in right.kinds:
        return left.entries, left.closed
    if "context" not in left.kinds:
        return right.entries, right.closed
    names = left.entries.keys() | right.entries.keys()
    return {name: _either(_entry(left, name), _entry(right, name)) for name in names}, (
        left.closed and right.closed
    )


def _entry(shape: Shape, name: str) -> Shape:
    if name in shape.entries:
        return shape.entries[name]
    return NULL if shape.closed else shape.part.or_null()


def _simple(type_: Simple, _: Types) -> Shape:
    if type_.name == "Any" or type_.name not in ALL:
        return VARIABLE
    return Shape(frozenset({type_.name}), data=True)


def _context(type_: ContextType, definitions: Types) -> Shape:
    entries = {name: of_type(entry, definitions) for name, entry in type_.entries}
    return Shape(frozenset({"context"}), entries=entries, data=True)


_TYPES: dict[type, Callable[[Any, Types], Shape]] = {
    Simple: _simple,
    ListType: lambda type_, known: Shape(frozenset({"list"}), item=of_type(type_.item, known), data=True),
    RangeType: lambda type_, known: Shape(frozenset({"range"}), item=of_type(type_.item, known), data=True),
    ContextType: _context,
    FunctionType: lambda _, __: of("function"),
}
