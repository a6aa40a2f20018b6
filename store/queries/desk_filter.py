"""What narrows the desk: by client, process, step, role, person, period, due time, and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, false, func, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from store.queries.scope import for_roles
from store.tables import Client, Definition, Person, WorkItem

FEW = 200
"""Clients that are named one by one in a question; more are found by their names again."""

IS_OPEN = WorkItem.state == literal_column("'open'")
"""Said literally, so that both databases know the indexes of open items to hold all that is asked for."""


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Narrows the desk; None narrows nothing. ``text`` looks in the names of step, client and process."""

    client_id: UUID | None = None
    process: str | None = None
    element: str | None = None
    role: str | None = None
    assignee: str | None = None
    period: str | None = None
    due_before: datetime | None = None
    text: str | None = None


def narrow(connection: Connection, filters: DeskFilter) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of a filter; small tables are asked first, so that the large one is asked for ids."""
    equal = {
        WorkItem.client_id: filters.client_id,
        WorkItem.element: filters.element,
        WorkItem.period: filters.period,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if filters.process is not None:
        versions = select(Definition.id).where(
            Definition.kind == "process", Definition.key == filters.process
        )
        yield WorkItem.definition_id.in_(connection.scalars(versions).all())
    if filters.assignee is not None:
        person = select(Person.id).where(Person.login == filters.assignee)
        yield WorkItem.assignee_id.in_(connection.scalars(person).all())
    if filters.due_before is not None:
        yield WorkItem.due_at < filters.due_before
    if filters.role is not None:
        yield for_roles([filters.role])
    if filters.text:
        yield with_words(connection, filters.text, _in_names(connection, filters.text))


def with_words(connection: Connection, text: str, steps: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that the text is in the name of client or process, in the client's code, or that ``steps`` holds."""
    clients = select(Client.id).where(_holds(text, Client.name, Client.code))
    few = connection.scalars(clients.limit(FEW + 1)).all()
    definitions = connection.scalars(select(Definition.id).where(_holds(text, Definition.name))).all()
    parts = [steps]
    if few:
        parts.append(WorkItem.client_id.in_(few if len(few) <= FEW else clients))
    if definitions:
        parts.append(WorkItem.definition_id.in_(definitions))
    return or_(*parts)


def _in_names(connection: Connection, text: str) -> ColumnElement[bool]:
    names = [name for name in _names(connection) if text.casefold() in name.casefold()]
    return WorkItem.name.in_(names) if names else false()


def _holds(text: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _names(connection: Connection) -> list[str]:
    """Return the different names of open items: one look into the index for each, not one for each item."""
    first = select(func.min(WorkItem.name).label("name")).where(IS_OPEN).cte("names", recursive=True)
    following = select(func.min(WorkItem.name)).where(IS_OPEN, WorkItem.name > first.c.name).scalar_subquery()
    every = first.union_all(select(following).where(first.c.name.is_not(None)))
    return list(connection.scalars(select(every.c.name).where(every.c.name.is_not(None))))
