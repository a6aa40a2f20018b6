"""Item definitions as FEEL types, and values made to fit them (DMN 1.5, 7.3.2 and 10.3.2.9.4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.dmn.cells import Cells, Test
from engine.dmn.session import Session
from engine.dmn.source import Element, child, children
from engine.errors import DecisionError
from engine.feel import Value
from engine.feel.functions import MISFIT, fitted
from engine.feel.types import ANY, ContextType, FunctionType, ListType, Type, named

_VENDOR_NUMBERS = frozenset({"integer", "long", "double", "int", "float", "decimal"})


@dataclass(slots=True)
class ItemTypes:
    """The item definitions of a file by name, with the values they allow."""

    types: dict[str, Type] = field(default_factory=dict)
    allowed: dict[str, Test] = field(default_factory=dict)

    def reference(self, written: str | None) -> Type:
        """Return the type a ``typeRef`` names; Any for none."""
        if not written:
            return ANY
        name = written.rpartition(":")[2]
        if name in _VENDOR_NUMBERS and name not in self.types:
            return named("number")
        return named(name)

    def fit(self, value: Value, written: str | None, session: Session, place: str) -> Value:
        """Return ``value`` as its ``typeRef`` takes it; else DecisionError, or null when not strict."""
        if value is None or not written:
            return value
        type_ = self.reference(written)
        found = fitted(value, type_, self.types)
        if found is MISFIT or not self._allows(found, written, session):
            if session.strict:
                raise DecisionError(f"{place}: the value {value!r} is not of the type '{written}'.")
            session.warn(place, (f"The value is not of the type '{written}'.",))
            return None
        return found

    def _allows(self, value: Value, written: str, session: Session) -> bool:
        test = self.allowed.get(written.rpartition(":")[2])
        if test is None:
            return True
        items = value if isinstance(value, list) else [value]
        return all(item is None or test(item, {}, session) is True for item in items)


def read_item_types(root: Element, cells: Cells) -> ItemTypes:
    """Return the types of all item definitions under ``root``."""
    found = ItemTypes()
    for definition in children(root, "itemDefinition"):
        name = definition.get("name", "")
        cells.element = f"type '{name}'"
        found.types[name] = _type(definition, found)
        constraint = child(definition, "allowedValues", "typeConstraint")
        if constraint is not None:
            found.allowed[name] = cells.tests(constraint, "allowed values")
    return found


def component_names(root: Element) -> set[str]:
    """Return the names of all components of all item definitions."""
    return {str(element.get("name", "")) for element in root.iter("{*}itemComponent")}


def _type(definition: Element, types: ItemTypes) -> Type:
    components = list(children(definition, "itemComponent"))
    function = child(definition, "functionItem")
    reference = child(definition, "typeRef")
    item: Type
    if components:
        item = ContextType(tuple((part.get("name", ""), _type(part, types)) for part in components))
    elif function is not None:
        parameters = tuple(types.reference(p.get("typeRef")) for p in children(function, "parameters"))
        item = FunctionType(parameters, types.reference(function.get("outputTypeRef")))
    else:
        item = types.reference(reference.text if reference is not None else None)
    return ListType(item) if definition.get("isCollection") == "true" else item
