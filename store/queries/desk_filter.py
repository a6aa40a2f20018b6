"""What narrows the desk: by client, process, step, role, person, period, due time, and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from store.queries.open_pages import Branch, Part, along
from store.queries.scope import for_roles
from store.tables import IS_OPEN, Client, Definition, Person, WorkItem

FEW = 200
"""Clients that are named one by one in a question; more are found by their names again."""
SOME = 1_000
"""Clients that are found by their names before the items are; of more, the name is looked at item by item."""


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


def narrow(connection: Connection, filters: DeskFilter) -> Iterator[Part]:
    """Yield the parts of a filter; small tables are asked first, so that the large one is asked for ids."""
    if filters.client_id is not None:
        yield _part("client_id", WorkItem.client_id == filters.client_id)
    if filters.element is not None:
        yield Part(WorkItem.element == filters.element)
    if filters.period is not None:
        yield _part("period", WorkItem.period == filters.period)
    if filters.process is not None:
        versions = select(Definition.id).where(
            Definition.kind == "process", Definition.key == filters.process
        )
        yield _part("definition_id", WorkItem.definition_id.in_(connection.scalars(versions).all()))
    if filters.assignee is not None:
        person = select(Person.id).where(Person.login == filters.assignee)
        yield _part("assignee_id", WorkItem.assignee_id.in_(connection.scalars(person).all()))
    if filters.due_before is not None:
        yield Part(WorkItem.due_at < filters.due_before)
    if filters.role is not None:
        yield Part(for_roles([filters.role]))
    if filters.text:
        yield _in_words(connection, filters.text)


def _part(index: str, condition: ColumnElement[bool]) -> Part:
    return Part(condition, (Branch(index, condition),))


def _in_words(connection: Connection, text: str) -> Part:
    """Return what finds a text in the names of steps, processes and clients, or in codes of clients."""
    by_name = names_with(connection, text)
    conditions, steps = [*by_name.conditions], _steps_with(connection, text)
    way = by_name.branches
    if steps:
        in_steps = WorkItem.name.in_({name for _definition, name in steps})
        theirs = WorkItem.definition_id.in_({definition for definition, _name in steps})
        conditions.append(in_steps)
        way = (*way, Branch("definition_id", and_(theirs, in_steps)))
    if not conditions:
        return _part("client_id", WorkItem.client_id.in_(()))
    return Part(or_(*conditions), () if by_name.many else way, apart=False, dear=by_name.many)


@dataclass(frozen=True, slots=True)
class Named:
    """What has a text in its name, by index; ``many``: so many clients that no way leads to them one by one."""

    branches: tuple[Branch, ...]
    many: bool

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions of the branches."""
        return tuple(branch.condition for branch in self.branches)


def names_with(connection: Connection, text: str) -> Named:
    """Return the processes that have a text in their names, and the clients in their names or codes."""
    definitions = connection.scalars(select(Definition.id).where(_holds(text, Definition.name))).all()
    clients = select(Client.id).where(_holds(text, Client.name, Client.code))
    few = connection.scalars(clients.limit(FEW + 1)).all()
    found: list[Branch] = []
    if definitions:
        found.append(Branch("definition_id", WorkItem.definition_id.in_(definitions)))
    if len(few) > FEW:
        found.append(Branch("client_id", _of_many(connection, clients)))
    elif few:
        found.append(Branch("client_id", WorkItem.client_id.in_(few)))
    return Named(tuple(found), len(few) > FEW)


def _of_many(connection: Connection, clients: Select[UUID]) -> ColumnElement[bool]:
    """Return the condition that an item is of one of the clients: found all at once, or looked up when they are most."""
    some = clients.limit(SOME + 1).subquery()
    if (connection.scalar(select(func.count()).select_from(some)) or 0) <= SOME:
        return WorkItem.client_id.in_(clients)
    return clients.where(Client.id == WorkItem.client_id).correlate(WorkItem).exists()


def _holds(text: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _steps_with(connection: Connection, text: str) -> list[tuple[UUID, str]]:
    """Return definition and name of the open items whose name holds a text."""
    pairs = connection.execute(_STEPS)
    return [(definition, name) for definition, name in pairs if text.casefold() in name.casefold()]


def _steps() -> Select[UUID, str]:
    """Select definition and name of all open items: one look into the index for each pair."""
    lowest = along(select(func.min(WorkItem.name)), "definition_id").where(IS_OPEN)
    first = lowest.where(WorkItem.definition_id == Definition.id).scalar_subquery()
    processes = select(Definition.id.label("id"), first.label("name")).where(Definition.kind == "process")
    steps = processes.cte("steps", recursive=True)
    following = lowest.where(WorkItem.definition_id == steps.c.id, WorkItem.name > steps.c.name)
    more = select(steps.c.id, following.scalar_subquery()).where(steps.c.name.is_not(None))
    every = steps.union_all(more)
    return select(every.c.id, every.c.name).where(every.c.name.is_not(None))


_STEPS = _steps()
