"""The types of FEEL: what ``instance of`` asks, parameters require and item definitions name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.feel.values import Range, Value, kind

SIMPLE = frozenset(
    {
        "Any",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
    }
)
ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "Null": "null",
}
Types = Mapping[str, "Type"]


class Type(Protocol):
    """A type that can look at a value."""

    def conforms(self, value: Value, types: Types) -> bool | None:
        """Tell whether ``value`` is of this type; None when the type is not known among ``types``."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A type that the standard names."""

    name: str

    def conforms(self, value: Value, types: Types) -> bool | None:
        """Compare the kind of the value; everything but null is Any."""
        del types
        found = kind(value)
        return found == self.name or (self.name == "Any" and found != "null")


@dataclass(frozen=True, slots=True)
class Named:
    """A type by the name of an item definition."""

    name: str

    def conforms(self, value: Value, types: Types) -> bool | None:
        """Ask the type of that name."""
        found = types.get(self.name)
        return None if found is None else found.conforms(value, types)


@dataclass(frozen=True, slots=True)
class ListType:
    """``list<item>``."""

    item: Type

    def conforms(self, value: Value, types: Types) -> bool | None:
        """Require a list of items of the type; null fits everywhere inside."""
        return isinstance(value, list) and _all(
            self.item == ANY or item is None or self.item.conforms(item, types) for item in value
        )


@dataclass(frozen=True, slots=True)
class ContextType:
    """``context<name: type, …>``; further entries do not matter."""

    entries: tuple[tuple[str, Type], ...]

    def conforms(self, value: Value, types: Types) -> bool | None:
        """Require every entry to be there, null or of its type."""
        return isinstance(value, dict) and _all(
            name in value and (value[name] is None or type_.conforms(value[name], types))
            for name, type_ in self.entries
        )


@dataclass(frozen=True, slots=True)
class RangeType:
    """``range<item>``."""

    item: Type

    def conforms(self, value: Value, types: Types) -> bool | None:
        """Require a range with ends of the type."""
        return isinstance(value, Range) and _all(
            end is None or self.item.conforms(end, types) for end in (value.start, value.end)
        )


@dataclass(frozen=True, slots=True)
class FunctionType:
    """``function<a, b> -> result``."""

    parameters: tuple[Type, ...]
    result: Type

    def conforms(self, value: Value, types: Types) -> bool | None:
        """Require a function whose declared parameters are as many and as wide, its result as narrow."""
        if kind(value) != "function":
            return False
        declared: FunctionType | None = getattr(value, "type", None)
        if declared is None:
            return True
        return (
            len(declared.parameters) == len(self.parameters)
            and all(
                wider(own, asked, types)
                for own, asked in zip(declared.parameters, self.parameters, strict=True)
            )
            and wider(self.result, declared.result, types)
        )


ANY = Simple("Any")


def wider(wide: Type, narrow: Type, types: Types) -> bool:
    """Tell whether every value of ``narrow`` is one of ``wide`` (as far as the names tell)."""
    wide, narrow = _resolve(wide, types), _resolve(narrow, types)
    if wide in (ANY, narrow):
        return True
    if isinstance(wide, ListType) and isinstance(narrow, ListType):
        return wider(wide.item, narrow.item, types)
    if isinstance(wide, RangeType) and isinstance(narrow, RangeType):
        return wider(wide.item, narrow.item, types)
    if isinstance(wide, ContextType) and isinstance(narrow, ContextType):
        own = dict(narrow.entries)
        return all(name in own and wider(type_, own[name], types) for name, type_ in wide.entries)
    return False


def named(name: str) -> Type:
    """Return the type for a written name."""
    name = ALIASES.get(name, name)
    return Simple(name) if name in SIMPLE or name == "null" else Named(name)


def _resolve(type_: Type, types: Types) -> Type:
    return types.get(type_.name, type_) if isinstance(type_, Named) else type_


def _all(answers: Iterable[bool | None]) -> bool | None:
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True
