"""The tree of variable scopes of a case: reads walk up, writes go to the nearest scope that declares the name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

HIDDEN = "#"
"""Variables whose names begin with this belong to the engine (items and results of a running multi-instance)."""


class Scope:
    """One scope: its variables, read-only ``counters`` of a multi-instance body, and what is the engine's own there."""

    __slots__ = ("counters", "hidden", "id", "parent", "values")

    def __init__(self, number: int, parent: Scope | None) -> None:
        """Begin empty inside ``parent``."""
        self.id, self.parent = number, parent
        self.values: dict[str, Any] = {}
        self.counters: dict[str, Any] = {}
        self.hidden: dict[str, Any] = {}

    def put(self, name: str, value: Any) -> None:
        """Set a variable of just this scope."""
        (self.hidden if name.startswith(HIDDEN) else self.values)[name] = value

    def lookup(self, name: str) -> tuple[bool, Any]:
        """Find the name here or further out."""
        for scope in self.outwards():
            if name in scope.values:
                return True, scope.values[name]
            if name in scope.counters:
                return True, scope.counters[name]
        return False, None

    def declaring(self, name: str) -> Scope:
        """Return the nearest scope that has the name, else the root."""
        scope = self
        while True:
            if name in scope.values or scope.parent is None:
                return scope
            scope = scope.parent

    def outwards(self) -> Iterator[Scope]:
        """Go from this scope to the root."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def visible(self) -> dict[str, Any]:
        """Return every variable that can be read here, the nearest of each name."""
        found: dict[str, Any] = {}
        for scope in reversed(list(self.outwards())):
            found.update(scope.counters)
            found.update(scope.values)
        return found
