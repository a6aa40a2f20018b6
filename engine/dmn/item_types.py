"""Item definitions as FEEL types, and values made to fit them (DMN 1.5, 7.3.2 and 10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.dmn.cell_sets import CellSet
from engine.dmn.cells import Cells, Test
from engine.dmn.session import Session
from engine.dmn.source import Element, child, children, local
from engine.errors import DecisionError
from engine.feel import Value
from engine.feel.functions import MISFIT, fitted
from engine.feel.types import ANY, ContextType, FunctionType, ListType, Named, Simple, Type, named

WHOLE_NUMBERS = frozenset({"integer", "long", "int"})
_VENDOR_NUMBERS = WHOLE_NUMBERS | {"double", "float", "decimal"}
_NUMBER = named("number")


@dataclass(frozen=True, slots=True)
class Constraint:
    """What an item definition allows: a test of each value, or (``whole``) of the collection as one value."""

    test: Test
    values: CellSet | None
    whole: bool


@dataclass(slots=True)
class ItemTypes:
    """The item definitions of a file by name, with the values they allow; a component's own is ``type/component``."""

    types: dict[str, Type] = field(default_factory=dict)
    constraints: dict[str, tuple[Constraint, ...]] = field(default_factory=dict)

    def reference(self, written: str | None) -> Type:
        """Return the type a ``typeRef`` names; Any for none."""
        if not written:
            return ANY
        name = written.strip().rpartition(":")[2]
        if name in _VENDOR_NUMBERS and name not in self.types:
            return _NUMBER
        return named(name)

    def fit(self, value: Value, written: str | None, session: Session, place: str) -> Value:
        """Return ``value`` as its ``typeRef`` takes it; else DecisionError, or null when not strict."""
        if not written:
            return value
        return self.fit_type(value, self.reference(written), session, place=place, written=written)

    def result(self, written: str | None) -> Type:
        """Return what a function gives: its ``typeRef`` names that, or the type of the function as a whole."""
        type_ = self.reference(written)
        known = self.types.get(type_.name) if isinstance(type_, Named) else None
        return known.result if isinstance(known, FunctionType) else type_

    def fit_type(
        self, value: Value, type_: Type, session: Session, *, place: str, written: str | None = None
    ) -> Value:
        """Return ``value`` as a type takes it, as ``fit`` does."""
        if value is None or type_ == ANY:
            return value
        found = fitted(value, type_, self.types)
        if found is MISFIT or not self._allows(found, type_, session):
            shown = written or (type_.name if isinstance(type_, Named | Simple) else type_)
            if session.strict:
                raise DecisionError(f"{place}: the value {value!r} is not of the type '{shown}'.")
            session.warn(place, (f"The value is not of the type '{shown}'.",))
            return None
        return found

    def undefined(self, written: str | None) -> bool:
        """Tell whether a ``typeRef`` names a type that is nowhere defined."""
        return any(name not in self.types for name in _names(self.reference(written)))

    def _allows(self, value: Value, type_: Type, session: Session) -> bool:
        if value is None:
            return True
        if isinstance(type_, Named):
            if any(not _holds(one, value, session) for one in self.constraints.get(type_.name, ())):
                return False
            inner = self.types.get(type_.name)
            return inner is None or self._allows(value, inner, session)
        if isinstance(type_, ListType) and isinstance(value, list):
            return all(self._allows(item, type_.item, session) for item in value)
        if isinstance(type_, ContextType) and isinstance(value, dict):
            return all(self._allows(value.get(name), part, session) for name, part in type_.entries)
        return True


def read_item_types(root: Element, cells: Cells, found: ItemTypes) -> None:
    """Add the types of all item definitions under ``root`` to those that are known."""
    definitions = list(children(root, "itemDefinition"))
    for definition in definitions:
        name = definition.get("name", "")
        cells.element = f"type '{name}'"
        if name in found.types:
            cells.problem(definition, f"The type '{name}' is defined twice.")
        found.types[name] = _type(definition, found, cells, name)
    _refuse_circles(definitions, found, cells)


def component_names(root: Element) -> set[str]:
    """Return the names of all components of all item definitions."""
    return {str(element.get("name", "")) for element in root.iter("{*}itemComponent")}


def _type(definition: Element, types: ItemTypes, cells: Cells, name: str) -> Type:
    components = list(children(definition, "itemComponent"))
    function = child(definition, "functionItem")
    reference = child(definition, "typeRef")
    item: Type
    if components:
        item = ContextType(
            tuple((part.get("name", ""), _component(part, types, cells, name)) for part in components)
        )
    elif function is not None:
        parameters = tuple(types.reference(p.get("typeRef")) for p in children(function, "parameters"))
        item = FunctionType(parameters, types.reference(function.get("outputTypeRef")))
    else:
        item = types.reference(reference.text if reference is not None else None)
    constraints = tuple(_constraints(definition, cells))
    if constraints:
        types.constraints[name] = constraints
    return ListType(item) if definition.get("isCollection") == "true" else item


def _component(part: Element, types: ItemTypes, cells: Cells, owner: str) -> Type:
    """Return the type of a component; one that allows only some values becomes a type of its own."""
    name = f"{owner}/{part.get('name', '')}"
    found = _type(part, types, cells, name)
    if name not in types.constraints:
        return found
    types.types[name] = found
    return Named(name)


def _constraints(definition: Element, cells: Cells) -> Iterator[Constraint]:
    for part in children(definition, "allowedValues", "typeConstraint"):
        whole = local(part) == "typeConstraint" and definition.get("isCollection") == "true"
        yield Constraint(cells.tests(part, "allowed values"), cells.set_of(part), whole)


def _holds(constraint: Constraint, value: Value, session: Session) -> bool:
    items = value if isinstance(value, list) and not constraint.whole else [value]
    return all(item is None or constraint.test(item, {}, session) is True for item in items)


def _names(type_: Type) -> Iterator[str]:
    if isinstance(type_, Named):
        yield type_.name
    elif isinstance(type_, ListType):
        yield from _names(type_.item)
    elif isinstance(type_, ContextType):
        for _, part in type_.entries:
            yield from _names(part)
    elif isinstance(type_, FunctionType):
        for part in (*type_.parameters, type_.result):
            yield from _names(part)


def _refuse_circles(definitions: list[Element], types: ItemTypes, cells: Cells) -> None:
    """Report types that are defined by themselves alone, which no value could ever fit."""
    for definition in definitions:
        name, seen = definition.get("name", ""), set[str]()
        type_ = types.types.get(name)
        while isinstance(type_, Named) and type_.name not in seen:
            seen.add(type_.name)
            type_ = types.types.get(type_.name)
        if name in seen:
            cells.element = f"type '{name}'"
            cells.problem(definition, f"The type '{name}' is defined by itself.")
            types.types[name] = ANY
