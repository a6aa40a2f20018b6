"""Instances: lists, one of them, its tokens, variables and children."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select, union_all

from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_instances
from store.tables import (
    Client,
    Definition,
    Incident,
    Instance,
    InstanceVariable,
    Job,
    Person,
    Subscription,
    WorkItem,
)

RUNNING = ("running", "suspended")


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Narrows a list of instances; None narrows nothing. ``state`` 'open' means running or suspended."""

    process: str | None = None
    definition_id: UUID | None = None
    state: str | None = None
    client_id: UUID | None = None
    period: str | None = None
    business_key: str | None = None
    with_incident: bool = False
    started_after: datetime | None = None
    started_before: datetime | None = None
    text: str | None = None
    roots_only: bool = False


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance with its definition, client and open incidents."""

    id: UUID
    process: str
    process_name: str
    process_version: int
    definition_id: UUID
    definition_digest: str
    state: str
    business_key: str | None
    client_id: UUID | None
    client_code: str | None
    client_name: str | None
    period: str | None
    parent_id: UUID | None
    parent_wait: int | None
    root_id: UUID
    started_at: datetime
    started_by: UUID | None
    starter_name: str | None
    ended_at: datetime | None
    version: int
    incidents: int


@dataclass(frozen=True, slots=True)
class Token:
    """``count`` waits of one kind at an element: work_item, service, timer, message, signal, child, incident."""

    element: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait of an instance. ``due_at`` of jobs and work items, ``event`` the topic, message, signal or called process."""

    wait: int
    element: str
    kind: str
    event: str | None
    due_at: datetime | None
    row_id: UUID


@dataclass(frozen=True, slots=True)
class VariableRow:
    """One variable; ``value`` is FEEL-tagged JSON text (``engine.feel.from_json``)."""

    scope: int
    name: str
    value: str


SORTS = {
    "started_at": Instance.started_at,
    "ended_at": Instance.ended_at,
    "process": Definition.name,
    "client": Client.name,
    "period": Instance.period,
    "state": Instance.state,
    "business_key": Instance.business_key,
}


def list_(
    connection: Connection,
    scope: Scope,
    filters: InstanceFilter | None = None,
    *,
    paging: Paging | None = None,
) -> Page[InstanceRow]:
    """Return a page of instances. Sorts: started_at ended_at process client period state business_key."""
    query = select_rows().where(visible_instances(scope), *narrow(filters or InstanceFilter()))
    return page_of(
        connection,
        query,
        paging or Paging(sort="-started_at"),
        sorts=SORTS,
        make=lambda row: InstanceRow(**row._asdict()),
        last=Instance.id,
    )


def get(connection: Connection, scope: Scope, instance_id: UUID) -> InstanceRow | None:
    """Return one instance; None when there is none or the person may not see it."""
    row = connection.execute(
        select_rows().where(Instance.id == instance_id, visible_instances(scope))
    ).one_or_none()
    return None if row is None else InstanceRow(**row._asdict())


def children(
    connection: Connection, scope: Scope, instance_id: UUID, limit: int = 500
) -> tuple[InstanceRow, ...]:
    """Return the called instances of an instance, oldest first."""
    query = select_rows().where(Instance.parent_id == instance_id, visible_instances(scope))
    rows = connection.execute(query.order_by(Instance.started_at, Instance.id).limit(limit))
    return tuple(InstanceRow(**row._asdict()) for row in rows)


def variables(connection: Connection, scope: Scope, instance_id: UUID) -> tuple[VariableRow, ...]:
    """Return the variables of an instance by scope and name; none when the person may not see it."""
    query = (
        select(InstanceVariable.scope, InstanceVariable.name, InstanceVariable.value)
        .join(Instance, Instance.id == InstanceVariable.instance_id)
        .where(Instance.id == instance_id, visible_instances(scope))
        .order_by(InstanceVariable.scope, InstanceVariable.name)
    )
    return tuple(VariableRow(**row._asdict()) for row in connection.execute(query))


def waits(connection: Connection, scope: Scope, instance_id: UUID) -> tuple[Wait, ...]:
    """Return all that an instance waits for, by wait number; none when the person may not see it."""
    if get(connection, scope, instance_id) is None:
        return ()
    everything = _waits().subquery()
    columns = everything.c
    query = select(columns.wait, columns.element, columns.kind, columns.event, columns.due_at, columns.row_id)
    rows = connection.execute(
        query.where(columns.instance_id == instance_id).order_by(columns.wait, columns.kind)
    )
    return tuple(Wait(**row._asdict()) for row in rows)


def tokens(
    connection: Connection,
    scope: Scope,
    *,
    instance_id: UUID | None = None,
    definition_id: UUID | None = None,
    process: str | None = None,
) -> tuple[Token, ...]:
    """Count the waits at each element of one instance, one definition or all versions of a process."""
    everything = _waits().subquery()
    counted = func.count().label("count")
    query = (
        select(everything.c.element, everything.c.kind, counted)
        .join(Instance, Instance.id == everything.c.instance_id)
        .where(visible_instances(scope), Instance.state.in_(RUNNING))
        .group_by(everything.c.element, everything.c.kind)
        .order_by(everything.c.element, everything.c.kind)
    )
    chosen = {Instance.id: instance_id, Instance.definition_id: definition_id, Instance.process: process}
    query = query.where(*(column == value for column, value in chosen.items() if value is not None))
    return tuple(Token(*row) for row in connection.execute(query))


def _waits() -> Any:
    item = [WorkItem.instance_id, WorkItem.wait, WorkItem.element, literal("work_item"), WorkItem.lane]
    job = [Job.instance_id, Job.wait, Job.element, Job.kind, Job.topic]
    awaited = [getattr(Subscription, name) for name in ("instance_id", "wait", "element", "kind", "event")]
    caller = func.coalesce(Instance.parent_element, Instance.process)
    child = [Instance.parent_id, Instance.parent_wait, caller, literal("child"), Instance.process]
    trouble = [
        Incident.instance_id, Incident.wait, Incident.element, literal("incident"), Incident.code,
    ]  # fmt: skip
    return union_all(
        _part(item, WorkItem.due_at, WorkItem.id).where(WorkItem.state == "open"),
        _part(job, Job.due_at, Job.id).where(Job.instance_id.is_not(None)),
        _part(awaited, literal(None), Subscription.id).where(Subscription.instance_id.is_not(None)),
        _part(child, literal(None), Instance.id).where(
            Instance.parent_id.is_not(None), Instance.state.in_(RUNNING)
        ),
        _part(trouble, literal(None), Incident.id).where(
            Incident.resolved_at.is_(None), Incident.instance_id.is_not(None)
        ),
    )


def _part(columns: list[Any], due_at: Any, row_id: Any) -> Select[Any]:
    names = ("instance_id", "wait", "element", "kind", "event", "due_at", "row_id")
    return select(
        *(column.label(name) for column, name in zip((*columns, due_at, row_id), names, strict=True))
    )


def narrow(filters: InstanceFilter) -> Iterable[ColumnElement[bool]]:
    """Give the conditions that a filter stands for."""
    equal = {
        Instance.process: filters.process,
        Instance.definition_id: filters.definition_id,
        Instance.client_id: filters.client_id,
        Instance.period: filters.period,
        Instance.business_key: filters.business_key,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if filters.state == "open":
        yield Instance.state.in_(RUNNING)
    elif filters.state is not None:
        yield Instance.state == filters.state
    if filters.with_incident:
        yield _incidents() > 0
    if filters.started_after is not None:
        yield Instance.started_at >= filters.started_after
    if filters.started_before is not None:
        yield Instance.started_at < filters.started_before
    if filters.roots_only:
        yield Instance.parent_id.is_(None)
    if filters.text:
        texts = (Definition.name, Instance.business_key, Client.name, Client.code)
        yield or_(*(text.icontains(filters.text, autoescape=True) for text in texts))


def _incidents() -> Any:
    return (
        select(func.count())
        .select_from(Incident)
        .where(Incident.instance_id == Instance.id, Incident.resolved_at.is_(None))
        .correlate(Instance)
        .scalar_subquery()
    )


_JOINED: dict[str, Any] = {
    "process_name": Definition.name,
    "process_version": Definition.version,
    "definition_digest": Definition.digest,
    "client_code": Client.code,
    "client_name": Client.name,
    "starter_name": Person.name,
}


def select_rows() -> Select[Any]:
    """Select what a row is made of."""
    joined = {**_JOINED, "incidents": _incidents()}
    names = InstanceRow.__dataclass_fields__
    columns = [joined[name].label(name) if name in joined else getattr(Instance, name) for name in names]
    return (
        select(*columns)
        .join(Definition, Definition.id == Instance.definition_id)
        .outerjoin(Client, Client.id == Instance.client_id)
        .outerjoin(Person, Person.id == Instance.started_by)
    )
