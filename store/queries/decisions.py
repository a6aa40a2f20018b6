"""How evaluated decisions went, from the history: counted by version, and those of one instance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from store.queries.history import EVALUATED
from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_instances
from store.tables import HistoryEvent, Instance

MOST_ALIKE = 500


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """Evaluations of one version that went alike: how many, and the last of them."""

    definition_id: UUID
    outcome: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """An evaluation; ``count`` tells how many of its moment and element went alike, of which this is the last."""

    id: int
    at: datetime
    element: str
    detail: dict[str, Any]
    count: int = 1


def outcomes(connection: Connection, definition_ids: Collection[UUID]) -> tuple[OutcomeRow, ...]:
    """Return the outcomes of all decisions of versions; read from their index alone, however many were evaluated."""
    query = (
        select(
            HistoryEvent.definition_id.label("definition_id"),
            HistoryEvent.outcome.label("outcome"),
            func.count().label("count"),
            func.max(HistoryEvent.at).label("last"),
        )
        .where(HistoryEvent.definition_id.in_(definition_ids))
        .group_by(HistoryEvent.definition_id, HistoryEvent.outcome)
        .order_by(HistoryEvent.definition_id, HistoryEvent.outcome)
    )
    return tuple(OutcomeRow(**row._asdict()) for row in connection.execute(query))


def of_instance(
    connection: Connection, scope: Scope, instance_id: UUID, limit: int = MOST_ALIKE
) -> tuple[EvaluationRow, ...]:
    """Return what was decided in an instance, newest first: a handler's hundreds of questions are few rows."""
    alike = (
        select(func.max(HistoryEvent.id).label("id"), func.count().label("count"))
        .where(HistoryEvent.instance_id == instance_id, HistoryEvent.kind == EVALUATED)
        .group_by(HistoryEvent.at, HistoryEvent.element, HistoryEvent.definition_id, HistoryEvent.outcome)
        .order_by(func.max(HistoryEvent.id).desc())
        .limit(limit)
        .subquery()
    )
    query = (
        select(*_columns(), alike.c.count.label("count"))
        .join(alike, alike.c.id == HistoryEvent.id)
        .join(Instance, Instance.id == HistoryEvent.instance_id)
        .where(visible_instances(scope))
        .order_by(HistoryEvent.id.desc())
    )
    return tuple(EvaluationRow(**row._asdict()) for row in connection.execute(query))


def each_of_instance(
    connection: Connection, scope: Scope, instance_id: UUID, element: str | None, *, paging: Paging
) -> Page[EvaluationRow]:
    """Return every evaluation of an instance (at one of its elements), newest first."""
    query = (
        select(*_columns())
        .join(Instance, Instance.id == HistoryEvent.instance_id)
        .where(HistoryEvent.instance_id == instance_id, HistoryEvent.kind == EVALUATED)
        .where(visible_instances(scope), *([HistoryEvent.element == element] if element else []))
    )
    return page_of(
        connection,
        query,
        paging,
        sorts={"id": HistoryEvent.id},
        make=lambda row: EvaluationRow(**row._asdict()),
        last=HistoryEvent.id,
    )


def _columns() -> list[Any]:
    return [getattr(HistoryEvent, name) for name in ("id", "at", "element", "detail")]
