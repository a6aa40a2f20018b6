"""What a person has done: their completed work items, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, literal_column, or_, select

from store.queries.desk_filter import names_with
from store.queries.paging import Page, Paging, Sort, page_of_many
from store.queries.scope import Scope
from store.tables import Client, Definition, Person, WorkItem


@dataclass(frozen=True, slots=True)
class CompletedRow:
    """One completed work item; the fields that a list shows carry the names of ``DeskRow``."""

    id: UUID
    name: str
    process: str
    process_name: str
    element: str
    definition_id: UUID
    client_code: str | None
    client_name: str | None
    period: str | None
    priority: int
    due_at: datetime | None
    completed_at: datetime | None
    assignee_name: str | None
    waits_for_client: bool


_JOINED = {
    "process_name": Definition.name,
    "client_code": Client.code,
    "client_name": Client.name,
    "assignee_name": Person.name,
}


def mine(
    connection: Connection, scope: Scope, *, text: str = "", paging: Paging | None = None
) -> Page[CompletedRow]:
    """Return a page of the work items that the person completed, newest first."""
    names = CompletedRow.__dataclass_fields__
    columns = [_JOINED[name].label(name) if name in _JOINED else getattr(WorkItem, name) for name in names]
    shown = (
        select(*columns)
        .join(Definition, Definition.id == WorkItem.definition_id)
        .outerjoin(Client, Client.id == WorkItem.client_id)
        .outerjoin(Person, Person.id == WorkItem.completed_by)
    )
    ids = select(WorkItem.id).where(
        WorkItem.state == literal_column("'completed'"), WorkItem.completed_by == scope.person_id
    )
    if text:
        by_name = names_with(connection, text).conditions
        ids = ids.where(or_(*by_name, WorkItem.name.icontains(text, autoescape=True)))
    asked = paging or Paging()
    newest_first = Paging(asked.number, asked.size, "-completed_at")
    sorts = {"completed_at": Sort(WorkItem.completed_at, along=((WorkItem, "ix_work_items_completed_by"),))}
    return page_of_many(
        connection, ids, shown, newest_first, sorts=sorts, make=lambda row: CompletedRow(**row._asdict())
    )
