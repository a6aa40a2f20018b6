"""How evaluated decisions went, counted from the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from store.tables import HistoryEvent


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """Evaluations of one version that went alike: how many, and the last of them."""

    outcome: str
    count: int
    last: datetime


def outcomes(connection: Connection, definition_id: UUID) -> tuple[OutcomeRow, ...]:
    """Return the outcomes of all decisions of a version; read from their index alone, however many were evaluated."""
    query = (
        select(
            HistoryEvent.outcome.label("outcome"),
            func.count().label("count"),
            func.max(HistoryEvent.at).label("last"),
        )
        .where(HistoryEvent.definition_id == definition_id)
        .group_by(HistoryEvent.outcome)
        .order_by(HistoryEvent.outcome)
    )
    return tuple(OutcomeRow(**row._asdict()) for row in connection.execute(query))
