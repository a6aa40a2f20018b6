"""What the history of an instance tells of a past moment: where it was, and the variables of its root scope then.

One Step writes its lines of history first and all variables that it changed afterwards, once each. So what a variable held
between two lines of one Step is known only when nothing in the rest of that Step can have written it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.bpmn.model import ElementModel, ProcessModel
from engine.bpmn.places import label
from store.tables import HistoryEvent
from store.unit_of_work import UnitOfWork

LEAVING = frozenset({"element.completed", "element.skipped", "element.cancelled"})
DIGEST = {"sha256", "length"}


@dataclass(frozen=True, slots=True)
class Digest:
    """A value that was too long for the history, which keeps what proves it."""

    sha256: str
    length: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One time that a token came to an element; ``event`` is the number of its line in the history.

    ``unknown``: why the variables at that moment cannot be told; empty when they can.
    """

    event: int
    at: datetime
    element: str
    name: str
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """The history of one instance, oldest line first."""

    process: ProcessModel
    rows: Sequence[Any]

    def visits(self) -> Iterator[Visit]:
        """Return every time that a token came to an element, in order."""
        ends = self._ends()
        for index, row in enumerate(self.rows):
            element = self.process.elements.get(row.element or "")
            if row.kind == "element.entered" and element is not None:
                yield Visit(row.id, row.at, element.id, label(element), self._unknown(index, ends[index]))

    def variables(self, event: int) -> dict[str, Any]:
        """Return the JSON values of the root scope when the token came there; a ``Digest`` for one that is not kept."""
        index = next(index for index, row in enumerate(self.rows) if row.id == event)
        end = self._ends()[index]
        found: dict[str, Any] = {}
        for number, row in enumerate(self.rows):
            if row.kind != "variables.set" or row.detail["scope"] != 0:
                continue
            if number < index or end <= number < self._group_end(end):
                found.update(row.detail["values"])
        return {name: _digest(value) or value for name, value in found.items()}

    def _ends(self) -> list[int]:
        """Return for each row where the variables begin that its Step wrote; the row itself when it wrote none."""
        ends = list(range(len(self.rows)))
        for index, row in enumerate(self.rows):
            if row.kind == "variables.set" and not (index and self.rows[index - 1].kind == "variables.set"):
                for line in range(index - row.detail.get("lines", 0), index):
                    ends[line] = index
        return ends

    def _group_end(self, begin: int) -> int:
        end = begin
        while end < len(self.rows) and self.rows[end].kind == "variables.set":
            end += 1
        return end

    def _writer(self, index: int, end: int) -> ElementModel | None:
        """Return an element that was left in the same Step after a token had come here, and can have set variables."""
        if end == index:
            return None
        rest = self.rows[index + 1 : end]
        here = self.rows[index].element
        if not any(row.kind in LEAVING and row.element == here for row in rest):
            return None  # it came to rest here: what the Step wrote is what the token found
        for row in rest:
            element = self.process.elements.get(row.element or "")
            if row.kind == "element.completed" and element is not None and _writes(element):
                return element
        return None

    def _unknown(self, index: int, end: int) -> str:
        if any(row.kind == "variables.set" and "lines" not in row.detail for row in self.rows):
            return "What the variables were is not known: this history was written by an older release."
        element, writer = self.process.elements[self.rows[index].element], self._writer(index, end)
        if writer is None:
            return ""
        if element is writer:
            return (
                f"What the variables were before «{label(element)}» is not known, because it wrote some in the same moment;"
                " choose a step before it at which the instance waited."
            )
        return (
            f"What the variables were at «{label(element)}» is not known, because «{label(writer)}» wrote some in the same"
            " moment; choose a step at which the instance waited."
        )


def read(uow: UnitOfWork, instance_id: UUID, process: ProcessModel) -> Past:
    """Return the past of an instance."""
    columns = (HistoryEvent.id, HistoryEvent.at, HistoryEvent.kind, HistoryEvent.element, HistoryEvent.detail)
    query = select(*columns).where(HistoryEvent.instance_id == instance_id).order_by(HistoryEvent.id)
    return Past(process, uow.connection.execute(query).all())


def _writes(element: ElementModel) -> bool:
    return bool(
        element.outputs
        or element.result_variable
        or element.kind == "callActivity"
        or (element.loop is not None and element.loop.output_collection)
    )


def _digest(value: Any) -> Digest | None:
    if isinstance(value, dict) and value.keys() == DIGEST and isinstance(value["length"], int):
        return Digest(str(value["sha256"]), value["length"])
    return None
