"""Which deployed definition each instance runs, so that what happened in it can be told by its drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.scope import Scope, visible_instances
from store.tables import Instance


def of(connection: Connection, scope: Scope, instance_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Return instance → definition for those of the named instances that the person may see."""
    ids = list(instance_ids)
    if not ids:
        return {}
    query = select(Instance.id, Instance.definition_id).where(Instance.id.in_(ids), visible_instances(scope))
    return {instance: definition for instance, definition in connection.execute(query.order_by(Instance.id))}  # noqa: C416 - typed rows
