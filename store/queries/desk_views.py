"""What each view of the desk asks for, in conditions and in ways to the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, false, func, not_, or_, select

from store.errors import BadQuery
from store.queries.desk_filter import DeskFilter, narrow
from store.queries.open_pages import Branch, Part, Question
from store.queries.paging import Sort
from store.queries.scope import Scope, for_roles, takeable_kinds, visible_clients, visible_items
from store.tables import Candidate, Client, Definition, WorkItem

View = Literal["mine", "unassigned", "team", "postponed", "waiting", "overdue", "all"]
VIEWS: tuple[View, ...] = ("mine", "unassigned", "team", "postponed", "waiting", "overdue", "all")
INDEX = "ix_work_items_open_"
SORTS = {
    "due_at": Sort(
        WorkItem.due_at,
        WorkItem.due_at.is_not(None),
        WorkItem.due_at.is_(None),
        along=((WorkItem, f"{INDEX}due_at"),),
        lacking=f"{INDEX}due_at",
    ),
    "priority": Sort(WorkItem.priority, along=((WorkItem, f"{INDEX}priority"),)),
    "opened_at": Sort(WorkItem.opened_at, along=((WorkItem, f"{INDEX}opened_at"),)),
    "name": Sort(WorkItem.name),
    "client": Sort(
        Client.name,
        Client.id == WorkItem.client_id,
        WorkItem.client_id.is_(None),
        table=Client,
        key=WorkItem.client_id,
        along=((Client, "ix_clients_name"), (WorkItem, f"{INDEX}client_id")),
        lacking=f"{INDEX}client_id",
    ),
    "process": Sort(
        Definition.name,
        Definition.id == WorkItem.definition_id,
        table=Definition,
        key=WorkItem.definition_id,
        along=((Definition, "ix_definitions_name"), (WorkItem, f"{INDEX}definition_id")),
    ),
    "period": Sort(
        WorkItem.period,
        WorkItem.period.is_not(None),
        WorkItem.period.is_(None),
        along=((WorkItem, f"{INDEX}period"),),
    ),
}
"""What the desk can be sorted by, the first when nothing else is asked for."""
PEOPLE = 500
"""People whose conditions are kept: to make them takes longer than to answer them."""
SEEN_ANYWAY = frozenset({"mine", "unassigned", "postponed"})
"""Views of what a person has or may take, which they see by that."""


def ask(connection: Connection, scope: Scope, now: datetime, view: View, *, filters: DeskFilter) -> Question:
    """Return the question for a view that is narrowed by filters; raises BadQuery for a view that there is not."""
    if view not in VIEWS:
        raise BadQuery(f"The desk has no view «{view}»; it has {', '.join(VIEWS)}.")
    parts = [*_parts(scope, now, view), *narrow(connection, filters)]
    usual = unassigned(scope) if view == "unassigned" else None
    if view not in SEEN_ANYWAY and not scope.all_clients:
        usual = _visible(scope)
    return Question(parts, usual)


def awake(now: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody has put an item off, or that its time has come."""
    return or_(WorkItem.follow_up_at.is_(None), WorkItem.follow_up_at <= now)


@lru_cache(maxsize=PEOPLE)
def unassigned(scope: Scope) -> Part:
    """Return what nobody has taken and the person may take; no two branches find the same row."""
    kinds = [and_(WorkItem.assignee_id.is_(None), kind) for kind in takeable_kinds(scope)]
    return Part(or_(*kinds), tuple(Branch("assignee_id", kind) for kind in kinds))


def _parts(scope: Scope, now: datetime, view: View) -> Iterator[Part]:
    mine = WorkItem.assignee_id == scope.person_id
    waits = WorkItem.waits_for_client.is_(True)
    match view:
        case "mine":
            yield Part(mine, (Branch("assignee_id", mine),))
            yield Part(awake(now))
        case "postponed":
            yield Part(mine, (Branch("assignee_id", mine),))
            yield Part(not_(awake(now)))
        case "team":
            yield Part(WorkItem.assignee_id.is_not(None))
            yield Part(WorkItem.assignee_id != scope.person_id)
        case "waiting":
            yield Part(waits, (Branch("waits_for_client", waits),))
        case "overdue":
            yield Part(WorkItem.due_at < now)
        case "unassigned":
            yield Part(awake(now))
        case "all":
            pass


@lru_cache(maxsize=PEOPLE)
def _visible(scope: Scope) -> Part:
    """Return what a person sees who does not see all, in branches that no item is in twice."""
    of_clients = visible_clients(scope, WorkItem.client_id)
    of_roles = and_(WorkItem.client_id.is_(None), for_roles(scope.roles))
    otherwise = not_(func.coalesce(or_(of_clients, of_roles), false()))
    names_them = select(Candidate.work_item_id).where(
        Candidate.kind == "person", Candidate.name == scope.login
    )
    mine = WorkItem.assignee_id == scope.person_id
    named = and_(
        WorkItem.id.in_(names_them), WorkItem.sole_role.is_(None), not_(func.coalesce(mine, false()))
    )
    way = [
        Branch("client_id", of_clients),
        Branch("assignee_id", and_(mine, otherwise)),
        Branch("", and_(named, otherwise)),
    ]
    if scope.roles:
        way.append(Branch("client_id", of_roles))
    return Part(visible_items(scope), tuple(way))
