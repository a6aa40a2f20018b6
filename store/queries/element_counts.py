"""What happened at the elements of a diagram: how often each was passed, how long people took, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from store.queries.scope import Scope, visible_instances, visible_items
from store.tables import IS_OPEN, HistoryEvent, Incident, Instance, WorkItem

PASSED = ("element.completed", "element.skipped", "element.cancelled", "flow.taken")
MOST = 5000


@dataclass(frozen=True, slots=True)
class Passed:
    """``count`` facts of one ``kind`` at an element or flow."""

    element: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Taken:
    """How long people took at a user task: ``seconds`` on average over ``count`` completed items."""

    element: str
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Late:
    """Open work items at an element whose due time is over."""

    element: str
    count: int


def passed(connection: Connection, scope: Scope, instance_id: UUID) -> tuple[Passed, ...]:
    """Count what an instance passed, by element and kind; nothing when the person may not see it."""
    query = (
        select(HistoryEvent.element, HistoryEvent.kind, func.count().label("count"))
        .join(Instance, Instance.id == HistoryEvent.instance_id)
        .where(
            HistoryEvent.instance_id == instance_id, HistoryEvent.kind.in_(PASSED), visible_instances(scope)
        )
        .group_by(HistoryEvent.element, HistoryEvent.kind)
        .order_by(HistoryEvent.element, HistoryEvent.kind)
        .limit(MOST)
    )
    rows = connection.execute(query)
    return tuple(Passed(element, kind, count) for element, kind, count in rows if element)


def late(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    instance_id: UUID | None = None,
    process: str | None = None,
) -> tuple[Late, ...]:
    """Count the late open work items of an instance or a process, by element."""
    query = select(WorkItem.element, func.count()).where(IS_OPEN, WorkItem.due_at < now, visible_items(scope))
    if instance_id is not None:
        query = query.where(WorkItem.instance_id == instance_id)
    if process is not None:
        query = query.where(WorkItem.process == process)
    rows = connection.execute(query.group_by(WorkItem.element).order_by(WorkItem.element).limit(MOST))
    return tuple(Late(*row) for row in rows)


def taken(connection: Connection, scope: Scope, process: str) -> tuple[Taken, ...]:
    """Return how long people took at each user task of a process, over all versions."""
    if connection.dialect.name == "sqlite":
        seconds = func.avg(
            (func.julianday(WorkItem.completed_at) - func.julianday(WorkItem.opened_at)) * 86400
        )
    else:
        seconds = func.avg(func.extract("epoch", WorkItem.completed_at - WorkItem.opened_at))
    query = (
        select(WorkItem.element, func.count(), seconds)
        .where(WorkItem.process == process, WorkItem.state == "completed", visible_items(scope))
        .group_by(WorkItem.element)
        .order_by(WorkItem.element)
        .limit(MOST)
    )
    return tuple(
        Taken(element, count, float(average or 0)) for element, count, average in connection.execute(query)
    )


def incidents(connection: Connection, scope: Scope, process: str) -> tuple[Passed, ...]:
    """Count the incidents of a process by element: kind 'open' and 'resolved'."""
    kind = case((Incident.resolved_at.is_(None), "open"), else_="resolved").label("kind")
    query = (
        select(Incident.element, kind, func.count())
        .join(Instance, Instance.id == Incident.instance_id)
        .where(Incident.process == process, visible_instances(scope))
        .group_by(Incident.element, kind)
        .order_by(Incident.element, kind)
        .limit(MOST)
    )
    return tuple(Passed(*row) for row in connection.execute(query))
