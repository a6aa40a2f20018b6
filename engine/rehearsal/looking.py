"""What can be seen of a played instance, and how it differs from what a scenario expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, func, select

from engine import feel
from engine.commands import _running
from engine.rehearsal.stubs import values
from store.tables import Candidate, HistoryEvent, Incident, Job, Person, Subscription, WorkItem
from store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Item:
    """An open work item; ``candidates`` as (kind, name)."""

    id: UUID
    element: str
    wait: int
    assignee: str | None
    candidates: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class View:
    """The instance as it stands. ``waiting`` leaves boundary events out; ``trouble`` is an open incident, if any.

    ``escalated`` are codes, ``sent`` names of messages that it has thrown.
    """

    ended: bool
    waiting: tuple[str, ...]
    items: tuple[Item, ...]
    variables: Mapping[str, Any]
    visited: Mapping[str, int]
    escalated: tuple[str, ...]
    sent: tuple[str, ...]
    trouble: str


def view(uow: UnitOfWork, instance_id: UUID) -> View:
    """Return what can be seen of an instance."""
    running = _running.lock(uow, instance_id)
    _running.keep(uow, running)
    elements = _elements(running)
    history = list(_history(uow.connection, instance_id))
    return View(
        ended=running.case.completed,
        waiting=tuple(
            sorted(
                wait.element
                for wait in running.case.waits.values()
                if elements[wait.element] != "boundaryEvent"
            )
        ),
        items=tuple(_items(uow.connection, instance_id)),
        variables=dict(running.case.root_scope.values),
        visited=Counter(element for kind, element, _ in history if kind == "element.entered"),
        escalated=tuple(
            str(detail.get("code")) for kind, _, detail in history if kind == "escalation.thrown"
        ),
        sent=tuple(str(detail.get("message")) for kind, _, detail in history if kind == "message.thrown"),
        trouble=_trouble(uow.connection),
    )


def is_awaited(connection: Connection, event: str) -> bool:
    """Tell whether some instance or start event waits for a message."""
    waits = exists().where(Subscription.kind == "message", Subscription.event == event)
    return bool(connection.scalar(select(waits)))


def next_due(connection: Connection) -> datetime | None:
    """Return when the next job of an instance is due."""
    query = select(func.min(Job.due_at)).where(Job.held.is_(False), Job.instance_id.is_not(None))
    return connection.scalar(query)


def at_path(values_seen: Any, path: str) -> Any:
    """Return what lies under a dotted path; None when nothing does."""
    for name in path.split("."):
        if not isinstance(values_seen, Mapping):
            return None
        values_seen = values_seen.get(name)
    return values_seen


def differences(seen: View, expected: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each thing that is not as expected."""
    return [sentence for name, wanted in expected.items() for sentence in _CHECKS[name](seen, wanted)]


def _at(seen: View, wanted: Any) -> Iterator[str]:
    for element in wanted:
        if element not in seen.waiting:
            yield f"{element} does not wait; {', '.join(seen.waiting) or 'nothing'} does."


def _not_at(seen: View, wanted: Any) -> Iterator[str]:
    yield from (f"{element} waits and should not." for element in wanted if element in seen.waiting)


def _ended(seen: View, wanted: Any) -> Iterator[str]:
    if seen.ended != bool(wanted):
        yield (
            "It has ended and should not."
            if seen.ended
            else f"It has not ended; {', '.join(seen.waiting)} waits."
        )


def _variables(seen: View, wanted: Any) -> Iterator[str]:
    for path, want in values(wanted).items():
        found = at_path(seen.variables, path)
        if found != want:
            yield f"{path} is {feel.to_json(found)!r}, not {feel.to_json(want)!r}."


def _visited(seen: View, wanted: Any) -> Iterator[str]:
    yield from (f"{element} was not reached." for element in wanted if not seen.visited.get(element))


def _not_visited(seen: View, wanted: Any) -> Iterator[str]:
    yield from (
        f"{element} was reached and should not be." for element in wanted if seen.visited.get(element)
    )


def _escalated(seen: View, wanted: Any) -> Iterator[str]:
    yield from (f"{code} was not escalated." for code in wanted if code not in seen.escalated)


def _times(seen: View, wanted: Any) -> Iterator[str]:
    for element, times in wanted.items():
        if seen.visited.get(element, 0) != times:
            yield f"{element} was reached {seen.visited.get(element, 0)} times, not {times}."


_CHECKS = {
    "at": _at,
    "not_at": _not_at,
    "ended": _ended,
    "variables": _variables,
    "visited": _visited,
    "not_visited": _not_visited,
    "escalated": _escalated,
    "times": _times,
}


def _elements(running: _running.Running) -> dict[str, str]:
    return {key: element.kind for key, element in running.case.definition.process.elements.items()}


def _items(connection: Connection, instance_id: UUID) -> Iterator[Item]:
    query = (
        select(WorkItem.id, WorkItem.element, WorkItem.wait, Person.login)
        .outerjoin(Person, Person.id == WorkItem.assignee_id)
        .where(WorkItem.instance_id == instance_id, WorkItem.state == "open")
    )
    for item_id, element, wait, login in connection.execute(query.order_by(WorkItem.wait)).all():
        rows = connection.execute(
            select(Candidate.kind, Candidate.name).where(Candidate.work_item_id == item_id)
        )
        yield Item(item_id, element, wait, login, frozenset((kind, name) for kind, name in rows))


def _history(connection: Connection, instance_id: UUID) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    query = select(HistoryEvent.kind, HistoryEvent.element, HistoryEvent.detail)
    for kind, element, detail in connection.execute(query.where(HistoryEvent.instance_id == instance_id)):
        yield kind, element or "", detail


def _trouble(connection: Connection) -> str:
    incident = select(Incident.element, Incident.message).where(Incident.resolved_at.is_(None))
    failing = select(Job.element, Job.error).where(Job.error.is_not(None))
    for query in (incident, failing):
        for element, message in connection.execute(query.order_by(query.selected_columns[0])):
            return f"Incident at {element}: {message}"
    return ""
