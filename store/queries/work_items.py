"""The desk: work items as people see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, case, func, not_, select

from store.queries.desk_filter import DeskFilter
from store.queries.desk_views import SORTS, View, ask, awake, unassigned
from store.queries.open_pages import along, counted, find
from store.queries.paging import Page, Paging, asked, in_order, page_of_rows
from store.queries.scope import Scope, takeable_items, visible_items
from store.tables import IS_OPEN, Candidate, Client, Definition, Instance, Person, SavedFilter, WorkItem


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One open work item."""

    id: UUID
    name: str
    process: str
    process_name: str
    element: str
    lane: str | None
    instance_id: UUID
    definition_id: UUID
    client_id: UUID | None
    client_code: str | None
    client_name: str | None
    period: str | None
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    opened_at: datetime
    claimed_at: datetime | None
    assignee_id: UUID | None
    assignee_login: str | None
    assignee_name: str | None
    waits_for_client: bool
    has_draft: bool
    suspended: bool
    version: int
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkItemRow:
    """One work item with all that its page shows; ``candidates`` are (kind 'role'|'person', name)."""

    id: UUID
    name: str
    state: str
    process: str
    process_name: str
    process_version: int
    definition_id: UUID
    definition_digest: str
    element: str
    lane: str | None
    instance_id: UUID
    instance_state: str
    business_key: str | None
    wait: int
    scope: int
    client_id: UUID | None
    client_code: str | None
    client_name: str | None
    period: str | None
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    opened_at: datetime
    claimed_at: datetime | None
    completed_at: datetime | None
    completed_by: UUID | None
    assignee_id: UUID | None
    assignee_login: str | None
    assignee_name: str | None
    waits_for_client: bool
    separate_from: tuple[str, ...]
    form_key: str | None
    form_digest: str | None
    draft: dict[str, Any] | None
    answers: dict[str, Any] | None
    version: int
    candidates: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open work items a person has in each view."""

    mine: int
    unassigned: int
    overdue: int
    due_today: int
    postponed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A saved filter of the desk."""

    id: UUID
    name: str
    query: dict[str, Any]


def desk(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    view: View = "mine",
    filters: DeskFilter | None = None,
    paging: Paging | None = None,
) -> Page[DeskRow]:
    """Return a page of open work items of a view. Sorts: due_at priority opened_at name client process period."""
    wanted = paging or Paging()
    sort, downwards = asked(wanted, SORTS)
    question = ask(connection, scope, now, view, filters=filters or DeskFilter())
    found = find(connection, question, wanted, sort, downwards=downwards)
    shown = in_order(connection, _DESK, found.ids)
    roles = _roles(connection, [row.id for row in shown if row.sole_role is None])
    return page_of_rows((_desk_row(row, roles) for row in shown), found.total, wanted)


def get(connection: Connection, scope: Scope, item_id: UUID) -> WorkItemRow | None:
    """Return one work item; None when there is none or the person may not see it."""
    query = _columns(WorkItemRow).where(WorkItem.id == item_id, visible_items(scope))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    candidates = select(Candidate.kind, Candidate.name).where(Candidate.work_item_id == item_id)
    found = connection.execute(candidates.order_by(Candidate.kind, Candidate.name))
    values = row._asdict()
    values["separate_from"] = tuple(values["separate_from"])
    return WorkItemRow(**values, candidates=tuple((kind, name) for kind, name in found))


def may_take(connection: Connection, scope: Scope, item_id: UUID) -> bool:
    """Tell whether the person may claim an open work item (duty separation is checked when they do)."""
    query = select(WorkItem.id).where(WorkItem.id == item_id, WorkItem.state == "open", takeable_items(scope))
    return connection.execute(query).first() is not None


def of_instance(
    connection: Connection, scope: Scope, instance_id: UUID, limit: int = 500
) -> tuple[WorkItemRow, ...]:
    """Return all work items of an instance, oldest first, without their candidates."""
    query = _columns(WorkItemRow).where(WorkItem.instance_id == instance_id, visible_items(scope))
    rows = connection.execute(query.order_by(WorkItem.opened_at, WorkItem.id).limit(limit))
    return tuple(WorkItemRow(**{**row._asdict(), "separate_from": tuple(row.separate_from)}) for row in rows)


def counts(connection: Connection, scope: Scope, now: datetime) -> Counts:
    """Count what a person has to do, in one statement. ``due_today`` counts to the end of the next 24 hours."""
    mine, present = WorkItem.assignee_id == scope.person_id, awake(now)
    parts = {
        "mine": present,
        "overdue": WorkItem.due_at < now,
        "due_today": and_(WorkItem.due_at >= now, WorkItem.due_at < now + timedelta(days=1)),
        "postponed": not_(present),
        "waiting": WorkItem.waits_for_client,
    }
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0).label(name) for name, part in parts.items()]
    columns = (*sums, counted(unassigned(scope).way, present).label("unassigned"))
    row = connection.execute(along(select(*columns), "assignee_id").where(IS_OPEN, mine)).one()
    return Counts(**{name: int(value) for name, value in row._asdict().items()})


def saved_filters(connection: Connection, person_id: UUID) -> tuple[FilterRow, ...]:
    """Return the filters that a person keeps, by name."""
    query = select(SavedFilter.id, SavedFilter.name, SavedFilter.query).where(
        SavedFilter.person_id == person_id
    )
    rows = connection.execute(query.order_by(SavedFilter.name, SavedFilter.id).limit(100))
    return tuple(FilterRow(**row._asdict()) for row in rows)


def _desk_row(row: Row[Any], roles: dict[UUID, tuple[str, ...]]) -> DeskRow:
    values: list[Any] = [*row]
    values[-1] = (row.sole_role,) if row.sole_role else roles.get(row.id, ())
    return DeskRow(*values)


def _roles(connection: Connection, ids: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    query = select(Candidate.work_item_id, Candidate.name).where(
        Candidate.work_item_id.in_(ids), Candidate.kind == "role"
    )
    for item_id, name in connection.execute(query.order_by(Candidate.name)) if ids else ():
        found[item_id] = (*found.get(item_id, ()), name)
    return found


_JOINED: dict[str, Any] = {
    "process_name": Definition.name,
    "process_version": Definition.version,
    "definition_digest": Definition.digest,
    "client_code": Client.code,
    "client_name": Client.name,
    "assignee_login": Person.login,
    "assignee_name": Person.name,
    "instance_state": Instance.state,
    "business_key": Instance.business_key,
    "suspended": Instance.state == "suspended",
    "has_draft": WorkItem.draft.is_not(None),
}


def _columns(row: type[Any], leave_out: frozenset[str] = frozenset({"candidates"})) -> Select[Any]:
    names = [name for name in row.__dataclass_fields__ if name not in leave_out]
    columns = [_JOINED[name].label(name) if name in _JOINED else getattr(WorkItem, name) for name in names]
    return (
        select(*columns)
        .join(Instance, Instance.id == WorkItem.instance_id)
        .join(Definition, Definition.id == WorkItem.definition_id)
        .outerjoin(Client, Client.id == WorkItem.client_id)
        .outerjoin(Person, Person.id == WorkItem.assignee_id)
    )


_DESK = _columns(DeskRow, leave_out=frozenset({"roles"})).add_columns(WorkItem.sole_role)
