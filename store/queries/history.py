"""The history of an instance; what decisions told is in ``store.queries.decisions``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.scope import Scope, visible_instances
from store.tables import HistoryEvent, Instance, Person

EVALUATED = "decision.evaluated"


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One fact."""

    id: int
    at: datetime
    kind: str
    instance_id: UUID | None
    client_id: UUID | None
    process: str | None
    element: str | None
    name: str
    person_id: UUID | None
    person: str | None
    detail: dict[str, Any]


def of_instance(
    connection: Connection,
    scope: Scope,
    instance_id: UUID,
    *,
    before: int | None = None,
    limit: int = 500,
) -> tuple[HistoryRow, ...]:
    """Return the history of an instance but its decisions, newest first; ``before`` is the id of the last row shown."""
    names = [name for name in HistoryRow.__dataclass_fields__ if name != "person"]
    query = (
        select(*(getattr(HistoryEvent, name) for name in names), Person.name.label("person"))
        .join(Instance, Instance.id == HistoryEvent.instance_id)
        .outerjoin(Person, Person.id == HistoryEvent.person_id)
        .where(HistoryEvent.instance_id == instance_id, visible_instances(scope))
        .where(HistoryEvent.kind != EVALUATED)
    )
    if before is not None:
        query = query.where(HistoryEvent.id < before)
    rows = connection.execute(query.order_by(HistoryEvent.id.desc()).limit(limit))
    return tuple(HistoryRow(**row._asdict()) for row in rows)
