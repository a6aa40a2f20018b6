"""Jobs: what is due when, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_instances
from store.tables import Client, Definition, Instance, Job


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Narrows a list of jobs. ``kind`` 'service', 'timer' (timer starts too) or 'start'; None narrows nothing."""

    kind: str | None = None
    topic: str | None = None
    held: bool | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job that is still to come."""

    id: UUID
    kind: str
    instance_id: UUID | None
    definition_id: UUID | None
    process: str | None
    process_name: str | None
    client_id: UUID | None
    client_code: str | None
    client_name: str | None
    wait: int | None
    element: str
    topic: str | None
    due_at: datetime
    held: bool
    worker: str | None
    attempts: int
    retries: int
    error: str | None
    opened_at: datetime


SORTS = {
    "due_at": Job.due_at,
    "attempts": Job.attempts,
    "opened_at": Job.opened_at,
    "topic": Job.topic,
    "process": Definition.name,
    "client": Client.name,
}
TIMERS = ("timer", "start")


def list_(
    connection: Connection, scope: Scope, filters: JobFilter | None = None, *, paging: Paging | None = None
) -> Page[JobRow]:
    """Return a page of jobs. Sorts: due_at attempts opened_at topic process client."""
    special: dict[str, Any] = {
        "definition_id": Definition.id,
        "process": Definition.key,
        "process_name": Definition.name,
        "client_id": Client.id,
        "client_code": Client.code,
        "client_name": Client.name,
    }
    names = JobRow.__dataclass_fields__
    columns = [special[name].label(name) if name in special else getattr(Job, name) for name in names]
    query = (
        select(*columns)
        .outerjoin(Instance, Instance.id == Job.instance_id)
        .outerjoin(Definition, Definition.id == func.coalesce(Instance.definition_id, Job.definition_id))
        .outerjoin(Client, Client.id == Instance.client_id)
        .where(or_(Job.instance_id.is_(None), visible_instances(scope)), *_narrow(filters or JobFilter()))
    )
    return page_of(
        connection,
        query,
        paging or Paging(),
        sorts=SORTS,
        make=lambda row: JobRow(**row._asdict()),
        last=Job.id,
    )


def _narrow(filters: JobFilter) -> list[Any]:
    found: list[Any] = []
    if filters.kind is not None:
        found.append(Job.kind.in_(TIMERS) if filters.kind == "timer" else Job.kind == filters.kind)
    if filters.topic is not None:
        found.append(Job.topic == filters.topic)
    if filters.held is not None:
        found.append(Job.held.is_(filters.held))
    if filters.due_before is not None:
        found.append(Job.due_at < filters.due_before)
    return found
