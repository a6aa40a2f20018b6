"""Decisions, what they require, and the order in which they are evaluated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.dmn.session import Logic


@dataclass(frozen=True, slots=True)
class InputItem:
    """Something a decision is given: its variable and the type of it."""

    id: str
    name: str
    type_ref: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model or decision service: logic that gives a function."""

    id: str
    name: str
    logic: Logic
    requires: tuple[str, ...]
    place: str

    @property
    def read_as(self) -> str:
        """The name by which others read it."""
        return self.name


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic and the ids of the decisions, inputs and knowledge it requires."""

    id: str
    name: str
    variable: str
    type_ref: str | None
    logic: Logic
    requires: tuple[str, ...]
    line: int
    place: str
    is_table: bool

    @property
    def read_as(self) -> str:
        """The name by which others read it."""
        return self.variable


@dataclass(frozen=True, slots=True)
class Imported:
    """A node of another file: the name of the import and its own, the node, and the decisions it is one of."""

    id: str
    source: str
    name: str
    node: Decision | Knowledge | InputItem
    decisions: Any


Node = Decision | Knowledge | InputItem | Imported


def order(wanted: Iterable[str], nodes: Mapping[str, Node], *, done: Collection[str] = ()) -> list[str]:
    """Return the ids that ``wanted`` need beside those ``done``, each behind those it requires.

    A cycle is cut where it closes.
    """
    found: list[str] = []
    visited = set(done)
    waiting = [(node_id, False) for node_id in wanted]
    while waiting:
        node_id, seen = waiting.pop()
        if seen:
            found.append(node_id)
        elif node_id not in visited:
            visited.add(node_id)
            waiting.append((node_id, True))
            waiting.extend((needed, False) for needed in requires(nodes.get(node_id)))
    return found


def cycle(nodes: Mapping[str, Node]) -> list[str]:
    """Return the ids of decisions that require themselves in a round, or nothing."""
    remaining = {node_id: set(requires(node)) & nodes.keys() for node_id, node in nodes.items()}
    while free := [node_id for node_id, needed in remaining.items() if not needed]:
        for node_id in free:
            del remaining[node_id]
        for needed in remaining.values():
            needed.difference_update(free)
    return sorted(remaining)


def requires(node: Node | None) -> tuple[str, ...]:
    """Return the ids a node requires."""
    return () if node is None or isinstance(node, InputItem | Imported) else node.requires
