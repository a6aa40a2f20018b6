"""Clients: lists, one client's page, its timeline, obligations and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from store.queries.obligations import ObligationRow, obligations
from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_clients
from store.tables import (
    IS_OPEN,
    Client,
    ClientContact,
    ClientStaff,
    Contact,
    HistoryEvent,
    Instance,
    Obligation,
    Person,
    Team,
    WorkItem,
)

__all__ = [
    "SORTS", "ClientFilter", "ClientRow", "ContactRow", "ConversationRow", "ObligationRow", "StaffRow", "TimelineRow",
    "by_code", "contacts", "conversations", "get", "list_", "obligations", "staff", "timeline",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """Narrows a list of clients; None narrows nothing."""

    status: str | None = None
    klass: str | None = None
    taxpayer_type: str | None = None
    team_id: UUID | None = None
    staff_login: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client with what is open for it."""

    id: UUID
    code: str
    name: str
    short_name: str
    credit_code: str | None
    klass: str
    taxpayer_type: str
    status: str
    team_id: UUID | None
    team_name: str | None
    profile: dict[str, Any]
    notes: str
    created_at: datetime
    version: int
    open_items: int
    open_instances: int
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person at the client."""

    id: UUID
    name: str
    position: str
    phone: str
    email: str
    main: bool


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Who works for the client in which role."""

    role_key: str
    person_id: UUID
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One line of the contact log."""

    id: UUID
    at: datetime
    channel: str
    direction: str
    subject: str
    text: str
    author: str | None
    instance_id: UUID | None


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One fact of a client's history."""

    id: int
    at: datetime
    kind: str
    instance_id: UUID | None
    process: str | None
    element: str | None
    name: str
    person: str | None
    detail: dict[str, Any]


SORTS = {
    "code": Client.code,
    "name": Client.name,
    "class": Client.klass,
    "status": Client.status,
    "taxpayer_type": Client.taxpayer_type,
    "created_at": Client.created_at,
}


def list_(
    connection: Connection, scope: Scope, filters: ClientFilter | None = None, *, paging: Paging | None = None
) -> Page[ClientRow]:
    """Return a page of visible clients. Sorts: code name class status taxpayer_type created_at."""
    query = _columns().where(visible_clients(scope, Client.id), *_narrow(filters or ClientFilter()))
    return page_of(
        connection,
        query,
        paging or Paging(),
        sorts=SORTS,
        make=lambda row: ClientRow(**row._asdict()),
        last=Client.id,
    )


def get(connection: Connection, scope: Scope, client_id: UUID) -> ClientRow | None:
    """Return one client; None when there is none or the person may not see it."""
    row = connection.execute(
        _columns().where(Client.id == client_id, visible_clients(scope, Client.id))
    ).one_or_none()
    return None if row is None else ClientRow(**row._asdict())


def by_code(connection: Connection, scope: Scope, code: str) -> ClientRow | None:
    """Return the client with a code; None when there is none or the person may not see it."""
    row = connection.execute(
        _columns().where(Client.code == code, visible_clients(scope, Client.id))
    ).one_or_none()
    return None if row is None else ClientRow(**row._asdict())


def contacts(connection: Connection, scope: Scope, client_id: UUID) -> tuple[ContactRow, ...]:
    """Return the people at a client, the main one first."""
    query = select(*(getattr(ClientContact, name) for name in ContactRow.__dataclass_fields__)).where(
        ClientContact.client_id == client_id, visible_clients(scope, ClientContact.client_id)
    )
    rows = connection.execute(query.order_by(ClientContact.main.desc(), ClientContact.name, ClientContact.id))
    return tuple(ContactRow(**row._asdict()) for row in rows)


def staff(connection: Connection, scope: Scope, client_id: UUID) -> tuple[StaffRow, ...]:
    """Return who works for a client, by role."""
    query = (
        select(ClientStaff.role_key, ClientStaff.person_id, Person.login, Person.name)
        .join(Person, Person.id == ClientStaff.person_id)
        .where(ClientStaff.client_id == client_id, visible_clients(scope, ClientStaff.client_id))
        .order_by(ClientStaff.role_key, Person.login)
    )
    return tuple(StaffRow(**row._asdict()) for row in connection.execute(query))


def conversations(
    connection: Connection, scope: Scope, client_id: UUID, limit: int = 200
) -> tuple[ConversationRow, ...]:
    """Return the contact log of a client, newest first."""
    names = [name for name in ConversationRow.__dataclass_fields__ if name != "author"]
    query = (
        select(*(getattr(Contact, name) for name in names), Person.name.label("author"))
        .outerjoin(Person, Person.id == Contact.by)
        .where(Contact.client_id == client_id, visible_clients(scope, Contact.client_id))
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(limit)
    )
    return tuple(ConversationRow(**row._asdict()) for row in connection.execute(query))


def timeline(
    connection: Connection,
    scope: Scope,
    client_id: UUID,
    *,
    before: int | None = None,
    kinds: tuple[str, ...] = (),
    limit: int = 100,
) -> tuple[TimelineRow, ...]:
    """Return a client's history, newest first; ``before`` is the id of the last row shown, ``kinds`` are prefixes."""
    if get(connection, scope, client_id) is None:
        return ()
    columns = [getattr(HistoryEvent, name) for name in TimelineRow.__dataclass_fields__ if name != "person"]
    query = select(*columns, Person.name.label("person")).outerjoin(
        Person, Person.id == HistoryEvent.person_id
    )
    query = query.where(HistoryEvent.client_id == client_id)
    if before is not None:
        query = query.where(HistoryEvent.id < before)
    if kinds:
        query = query.where(or_(*(HistoryEvent.kind.startswith(kind, autoescape=True) for kind in kinds)))
    rows = connection.execute(query.order_by(HistoryEvent.id.desc()).limit(limit))
    return tuple(TimelineRow(**row._asdict()) for row in rows)


def _narrow(filters: ClientFilter) -> Iterable[ColumnElement[bool]]:
    equal = {
        Client.status: filters.status,
        Client.klass: filters.klass,
        Client.taxpayer_type: filters.taxpayer_type,
        Client.team_id: filters.team_id,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if filters.staff_login is not None:
        theirs = select(ClientStaff.client_id).join(Person, Person.id == ClientStaff.person_id)
        yield Client.id.in_(theirs.where(Person.login == filters.staff_login))
    if filters.text:
        texts = (Client.name, Client.short_name, Client.code, Client.credit_code)
        yield or_(*(text.icontains(filters.text, autoescape=True) for text in texts))


def _columns() -> Select[Any]:
    items = select(func.count()).select_from(WorkItem).where(WorkItem.client_id == Client.id, IS_OPEN)
    instances = (
        select(func.count())
        .select_from(Instance)
        .where(Instance.client_id == Client.id, Instance.state.in_(("running", "suspended")))
    )
    due = select(func.min(Obligation.due_on)).where(
        Obligation.client_id == Client.id, Obligation.state == "open"
    )
    special: dict[str, Any] = {
        "team_name": Team.name,
        "open_items": items.correlate(Client).scalar_subquery(),
        "open_instances": instances.correlate(Client).scalar_subquery(),
        "next_due_on": due.correlate(Client).scalar_subquery(),
    }
    names = ClientRow.__dataclass_fields__
    columns = [(special[name] if name in special else getattr(Client, name)).label(name) for name in names]
    return select(*columns).outerjoin(Team, Team.id == Client.team_id)
