"""The stored state of an instance, for pages that show where its variables live."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.scope import Scope, visible_instances
from store.tables import Instance


def body(connection: Connection, scope: Scope, instance_id: UUID) -> bytes | None:
    """Return the state that the engine stored; None when there is no instance or the person may not see it."""
    query = select(Instance.state_body).where(Instance.id == instance_id, visible_instances(scope))
    return connection.scalar(query)
