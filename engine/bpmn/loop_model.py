"""How often an activity runs, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.bpmn.model import EventModel


@dataclass(frozen=True, slots=True)
class Thrown:
    """An event thrown when an instance is done: at each of them, at the ``first`` only, or when ``condition`` holds."""

    event: EventModel
    first: bool = False
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class LoopModel:
    """A multi-instance activity: once for every item of ``collection``, or ``cardinality`` times.

    ``collection_variable`` and ``output_variable`` name variables where BPMN refers to data instead of writing FEEL.
    ``standard``: a standard loop instead, again while ``condition`` holds, at most ``maximum`` times.
    """

    sequential: bool
    collection: str | None = None
    item: str | None = None
    output_collection: str | None = None
    output_item: str | None = None
    completion: str | None = None
    cardinality: str | None = None
    line: int = 0
    standard: bool = False
    condition: str | None = None
    test_before: bool = False
    collection_variable: str | None = None
    output_variable: str | None = None
    maximum: int | None = None
    throws: tuple[Thrown, ...] = ()
