"""The links that a client was sent: never the token, only when each was made and used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.scope import Scope, visible_clients
from store.tables import PortalLink


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link."""

    id: UUID
    purpose: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


def of_client(connection: Connection, scope: Scope, client_id: UUID, limit: int = 20) -> tuple[LinkRow, ...]:
    """Return the links of a client, newest first; none when the person may not see the client."""
    query = select(*(getattr(PortalLink, name) for name in LinkRow.__dataclass_fields__)).where(
        PortalLink.client_id == client_id, visible_clients(scope, PortalLink.client_id)
    )
    rows = connection.execute(query.order_by(PortalLink.created_at.desc(), PortalLink.id.desc()).limit(limit))
    return tuple(LinkRow(**row._asdict()) for row in rows)


def get(connection: Connection, scope: Scope, client_id: UUID, link_id: UUID) -> LinkRow | None:
    """Return one link of a client; None when it is not theirs, or the person may not see the client."""
    return next((row for row in of_client(connection, scope, client_id, 10_000) if row.id == link_id), None)
