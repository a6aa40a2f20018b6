"""Instances in large pieces, the newest first, with some of their variables: for a search that looks at each."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.instances import InstanceFilter, InstanceRow, narrow, select_rows
from store.queries.scope import Scope, visible_instances
from store.tables import Instance, InstanceVariable


def newest(
    connection: Connection,
    scope: Scope,
    filters: InstanceFilter,
    *,
    before: UUID | None = None,
    limit: int,
) -> tuple[InstanceRow, ...]:
    """Return the newest instances, those made before the one called ``before``; ids grow with time."""
    query = select_rows().where(visible_instances(scope), *narrow(filters))
    if before is not None:
        query = query.where(Instance.id < before)
    rows = connection.execute(query.order_by(Instance.id.desc()).limit(limit))
    return tuple(InstanceRow(**row._asdict()) for row in rows)


def root_variables(
    connection: Connection, instance_ids: Iterable[UUID], names: Iterable[str]
) -> dict[UUID, dict[str, str]]:
    """Return the variables of those names in the outermost scope of each instance, as stored; for rows that were read before."""
    query = select(InstanceVariable.instance_id, InstanceVariable.name, InstanceVariable.value).where(
        InstanceVariable.instance_id.in_(list(instance_ids)),
        InstanceVariable.scope == 0,
        InstanceVariable.name.in_(list(names)),
    )
    found: dict[UUID, dict[str, str]] = {}
    for instance_id, name, value in connection.execute(query):
        found.setdefault(instance_id, {})[name] = value
    return found
