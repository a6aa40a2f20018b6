"""Which instances of a process an act upon many is for, and how far such acts are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from store.queries.scope import Scope, visible_instances
from store.tables import Client, Definition, HistoryEvent, Instance, Job, Person

TOPIC = "zhangfang.batch"
"""Topic of the job that carries a batch out; no handler has it, and it belongs to no instance."""
FINISHED = "batch.finished"


@dataclass(frozen=True, slots=True)
class Many:
    """Open instances of a process: of one ``version``, or of all but ``except_version``; in one state or in any.

    ``client`` (its code) and ``period`` narrow them further; None narrows nothing.
    """

    process: str
    version: int | None = None
    except_version: int | None = None
    state: str | None = None
    client: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """An act upon many instances: how far it is, and what it could not do."""

    id: UUID
    act: str
    process: str
    wanted: Mapping[str, Any]
    reason: str
    total: int
    done: int
    refused: tuple[Mapping[str, Any], ...]
    refused_count: int
    begun_at: datetime
    begun_by: str | None
    finished_at: datetime | None = None
    error: str | None = None

    @property
    def tried(self) -> int:
        """How many have been tried so far."""
        return self.done + self.refused_count


def count(connection: Connection, scope: Scope, many: Many) -> int:
    """Return how many instances the person may see there are."""
    query = (
        select(func.count()).select_from(Instance).join(Definition, Definition.id == Instance.definition_id)
    )
    return int(connection.scalar(query.where(*_of(scope, many))) or 0)


def ids(
    connection: Connection, scope: Scope, many: Many, *, after: UUID | None = None, limit: int = 1_000
) -> tuple[UUID, ...]:
    """Return the ids of the instances behind ``after``, oldest first."""
    query = select(Instance.id).join(Definition, Definition.id == Instance.definition_id)
    query = query.where(*_of(scope, many))
    if after is not None:
        query = query.where(Instance.id > after)
    return tuple(connection.scalars(query.order_by(Instance.id).limit(limit)))


def by_version(connection: Connection, scope: Scope, process: str) -> dict[tuple[int, str], int]:
    """Return how many open instances there are by version and state."""
    query = (
        select(Definition.version, Instance.state, func.count())
        .join(Definition, Definition.id == Instance.definition_id)
        .where(*_of(scope, Many(process)))
        .group_by(Definition.version, Instance.state)
    )
    return {(version, state): number for version, state, number in connection.execute(query)}


def get(connection: Connection, batch_id: UUID) -> Batch | None:
    """Return a batch that runs or has ended; None when there never was one."""
    job = connection.execute(
        select(Job.id, Job.headers, Job.progress, Job.error, Job.held).where(
            Job.id == batch_id, Job.topic == TOPIC
        )
    ).one_or_none()
    if job is not None:
        return _batch(connection, batch_id, {**job.headers, **(job.progress or {})}, job.error)
    query = select(HistoryEvent.detail, HistoryEvent.at).where(
        HistoryEvent.chain == "firm", HistoryEvent.kind == FINISHED, HistoryEvent.element == str(batch_id)
    )
    row = connection.execute(query).first()
    return None if row is None else _batch(connection, batch_id, {**row.detail, "finished_at": row.at}, None)


def recent(connection: Connection, process: str, limit: int = 5) -> tuple[Batch, ...]:
    """Return the acts upon instances of a process that run, then the last that have ended."""
    running = connection.execute(
        select(Job.id, Job.headers).where(Job.topic == TOPIC).order_by(Job.id.desc())
    )
    ended = select(HistoryEvent.element).where(
        HistoryEvent.chain == "firm", HistoryEvent.kind == FINISHED, HistoryEvent.process == process
    )
    ids = [row.id for row in running if row.headers["process"] == process]
    ids += [
        UUID(each) for each in connection.scalars(ended.order_by(HistoryEvent.id.desc()).limit(limit)) if each
    ]
    found = (get(connection, each) for each in ids)
    return tuple(each for each in found if each is not None)


def _batch(connection: Connection, batch_id: UUID, found: Mapping[str, Any], error: str | None) -> Batch:
    person = found.get("person")
    name = None if person is None else connection.scalar(select(Person.name).where(Person.id == UUID(person)))
    return Batch(
        batch_id,
        found["act"],
        found["process"],
        found["wanted"],
        found["reason"],
        found["total"],
        found["done"],
        tuple(found["refused"]),
        found["refused_count"],
        datetime.fromisoformat(found["begun_at"]),
        name,
        found.get("finished_at"),
        error,
    )


def _of(scope: Scope, many: Many) -> list[ColumnElement[bool]]:
    states = ("running", "suspended") if many.state is None else (many.state,)
    wanted = [Instance.process == many.process, Instance.state.in_(states), visible_instances(scope)]
    if many.version is not None:
        wanted.append(Definition.version == many.version)
    if many.except_version is not None:
        wanted.append(Definition.version != many.except_version)
    if many.client is not None:
        theirs = select(Client.id).where(Client.code == many.client)
        wanted.append(Instance.client_id == theirs.scalar_subquery())
    if many.period is not None:
        wanted.append(Instance.period == many.period)
    return wanted
