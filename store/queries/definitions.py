"""Deployed definitions and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, select
from sqlalchemy.orm import aliased

from store.tables import Definition, Deployment, Draft, Incident, Instance, Person, Resource


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One version of a process, decision file, form or scenario; ``running`` counts its open instances."""

    id: UUID
    kind: str
    key: str
    version: int
    version_tag: str | None
    name: str
    path: str
    digest: str
    deployment_id: UUID
    state: str
    owner_role: str | None
    at: datetime
    deployed_by: str | None
    note: str
    running: int
    incidents: int


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft without its bytes."""

    path: str
    kind: str
    key: str
    based_on: UUID | None
    by: UUID | None
    author: str | None
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class DraftBody:
    """A draft with its bytes."""

    path: str
    kind: str
    key: str
    body: bytes
    based_on: UUID | None
    at: datetime
    version: int


def list_(connection: Connection, kind: str = "process", limit: int = 1000) -> tuple[DefinitionRow, ...]:
    """Return the newest version of every definition of a kind, by key; ``running`` counts all versions together."""
    query = _columns(all_versions=True).where(Definition.kind == kind, _newest())
    rows = connection.execute(query.order_by(Definition.key, Definition.id).limit(limit))
    return tuple(DefinitionRow(**row._asdict()) for row in rows)


def get(connection: Connection, definition_id: UUID) -> DefinitionRow | None:
    """Return one version by its id; None when there is none."""
    return _one(connection, _columns().where(Definition.id == definition_id))


def newest(connection: Connection, kind: str, key: str) -> DefinitionRow | None:
    """Return the newest version of a definition; None when it was never deployed."""
    return _one(connection, _columns().where(Definition.kind == kind, Definition.key == key, _newest()))


def versions(connection: Connection, kind: str, key: str, limit: int = 1000) -> tuple[DefinitionRow, ...]:
    """Return all versions of a definition, newest first."""
    query = _columns().where(Definition.kind == kind, Definition.key == key)
    rows = connection.execute(query.order_by(Definition.version.desc()).limit(limit))
    return tuple(DefinitionRow(**row._asdict()) for row in rows)


def body(connection: Connection, digest: str) -> bytes | None:
    """Return the bytes of a deployed file; None when the digest is unknown."""
    return connection.scalar(select(Resource.body).where(Resource.digest == digest))


def drafts(connection: Connection, limit: int = 1000) -> tuple[DraftRow, ...]:
    """Return all drafts by path, without their bytes."""
    columns = [getattr(Draft, name) for name in DraftRow.__dataclass_fields__ if name != "author"]
    query = select(*columns, Person.name.label("author")).outerjoin(Person, Person.id == Draft.by)
    return tuple(
        DraftRow(**row._asdict()) for row in connection.execute(query.order_by(Draft.path).limit(limit))
    )


def draft(connection: Connection, path: str) -> DraftBody | None:
    """Return a draft with its bytes; None when there is none."""
    query = select(*(getattr(Draft, name) for name in DraftBody.__dataclass_fields__)).where(
        Draft.path == path
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else DraftBody(**row._asdict())


def _newest() -> Any:
    other = aliased(Definition)
    newest_version = (
        select(func.max(other.version))
        .where(other.kind == Definition.kind, other.key == Definition.key)
        .correlate(Definition)
        .scalar_subquery()
    )
    return Definition.version == newest_version


def _one(connection: Connection, query: Select[Any]) -> DefinitionRow | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else DefinitionRow(**row._asdict())


def _columns(*, all_versions: bool = False) -> Select[Any]:
    same = Instance.process == Definition.key
    if not all_versions:
        same &= Instance.definition_id == Definition.id
    is_process = Definition.kind == "process"
    running = (
        select(func.count())
        .select_from(Instance)
        .where(same, is_process, Instance.state.in_(("running", "suspended")))
    )
    incidents = (
        select(func.count())
        .select_from(Incident)
        .join(Instance, Instance.id == Incident.instance_id)
        .where(and_(same, is_process, Incident.resolved_at.is_(None)))
    )
    special = {
        "deployed_by": Person.name,
        "note": Deployment.note,
        "running": running.correlate(Definition).scalar_subquery(),
        "incidents": incidents.correlate(Definition).scalar_subquery(),
    }
    names = DefinitionRow.__dataclass_fields__
    columns: list[Any] = [
        special[name].label(name) if name in special else getattr(Definition, name) for name in names
    ]
    return (
        select(*columns)
        .join(Deployment, Deployment.id == Definition.deployment_id)
        .outerjoin(Person, Person.id == Deployment.by)
    )
