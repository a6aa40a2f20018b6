"""Satisfaction surveys of a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.scope import Scope, visible_clients
from store.tables import Survey


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One survey; ``score`` from 0 to 100 once answered."""

    id: UUID
    period: str | None
    instance_id: UUID | None
    sent_at: datetime
    answered_at: datetime | None
    score: int | None
    answers: dict[str, Any] | None


def of_client(
    connection: Connection, scope: Scope, client_id: UUID, limit: int = 200
) -> tuple[SurveyRow, ...]:
    """Return the surveys of a client, newest first; none when the person may not see the client."""
    query = select(*(getattr(Survey, name) for name in SurveyRow.__dataclass_fields__)).where(
        Survey.client_id == client_id, visible_clients(scope, Survey.client_id)
    )
    rows = connection.execute(query.order_by(Survey.sent_at.desc(), Survey.id.desc()).limit(limit))
    return tuple(SurveyRow(**row._asdict()) for row in rows)
