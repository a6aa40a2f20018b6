"""Incidents: open ones by cause, those of an element, how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from store.queries.scope import Scope, visible_instances
from store.tables import Client, Definition, Incident, Instance, Job


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident; ``trace`` is for the operator's eyes."""

    id: UUID
    instance_id: UUID | None
    definition_id: UUID | None
    job_id: UUID | None
    wait: int | None
    process: str | None
    process_name: str | None
    element: str
    name: str
    client_id: UUID | None
    client_code: str | None
    client_name: str | None
    code: str
    cause: str
    message: str
    trace: str | None
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Open incidents of one cause; ``message`` is that of one of them."""

    cause: str
    count: int
    first_at: datetime
    last_at: datetime
    message: str
    processes: int


def grouped(connection: Connection, scope: Scope, limit: int = 200) -> tuple[CauseRow, ...]:
    """Return the causes of open incidents, the most frequent first."""
    count = func.count().label("incidents")
    query = (
        _joined(
            select(
                Incident.cause,
                count,
                func.min(Incident.opened_at),
                func.max(Incident.opened_at),
                func.min(Incident.message),
                func.count(Incident.process.distinct()),
            )
        )
        .where(_open(), _visible(scope))
        .group_by(Incident.cause)
        .order_by(count.desc(), Incident.cause)
        .limit(limit)
    )
    return tuple(CauseRow(*row) for row in connection.execute(query))


def of_cause(
    connection: Connection, scope: Scope, cause: str, *, limit: int = 500
) -> tuple[IncidentRow, ...]:
    """Return the open incidents of one cause, oldest first."""
    return _rows(connection, _columns().where(_open(), _visible(scope), Incident.cause == cause), limit)


def of_element(
    connection: Connection, scope: Scope, instance_id: UUID, element: str, *, limit: int = 100
) -> tuple[IncidentRow, ...]:
    """Return the open incidents of an instance at one element, oldest first."""
    here = (Incident.instance_id == instance_id, Incident.element == element)
    return _rows(connection, _columns().where(_open(), _visible(scope), *here), limit)


def of_instance(
    connection: Connection, scope: Scope, instance_id: UUID, *, limit: int = 200
) -> tuple[IncidentRow, ...]:
    """Return all incidents of an instance, resolved ones too, oldest first."""
    return _rows(connection, _columns().where(_visible(scope), Incident.instance_id == instance_id), limit)


def count_open(connection: Connection, scope: Scope) -> int:
    """Count the open incidents that the person may see."""
    query = _joined(select(func.count()).select_from(Incident)).where(_open(), _visible(scope))
    return connection.scalar(query) or 0


def _open() -> ColumnElement[bool]:
    return Incident.resolved_at.is_(None)


def _visible(scope: Scope) -> ColumnElement[bool]:
    return or_(Incident.instance_id.is_(None), visible_instances(scope))


def _rows(connection: Connection, query: Select[Any], limit: int) -> tuple[IncidentRow, ...]:
    rows = connection.execute(query.order_by(Incident.opened_at, Incident.id).limit(limit))
    return tuple(IncidentRow(**row._asdict()) for row in rows)


def _joined(query: Any) -> Select[Any]:
    joined: Select[Any] = query.outerjoin(Instance, Instance.id == Incident.instance_id)
    return joined


def _columns() -> Select[Any]:
    special: dict[str, Any] = {
        "definition_id": Definition.id,
        "process_name": Definition.name,
        "client_code": Client.code,
        "client_name": Client.name,
    }
    names = IncidentRow.__dataclass_fields__
    columns = [special[name].label(name) if name in special else getattr(Incident, name) for name in names]
    return (
        _joined(select(*columns))
        .outerjoin(Job, Job.id == Incident.job_id)
        .outerjoin(Definition, Definition.id == func.coalesce(Instance.definition_id, Job.definition_id))
        .outerjoin(Client, Client.id == Incident.client_id)
    )
