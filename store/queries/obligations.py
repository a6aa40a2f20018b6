"""What must happen for clients, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_clients
from store.tables import Client, Obligation


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """Something that must happen for a client."""

    id: UUID
    client_id: UUID
    client_code: str
    client_name: str
    period: str
    code: str
    name: str
    due_on: date
    provisional: bool
    state: str
    instance_id: UUID | None
    done_at: datetime | None


SORTS = {
    "due_on": Obligation.due_on,
    "client": Client.name,
    "period": Obligation.period,
    "name": Obligation.name,
    "state": Obligation.state,
}


def obligations(
    connection: Connection,
    scope: Scope,
    *,
    client_id: UUID | None = None,
    period: str | None = None,
    state: str | None = None,
    due_before: date | None = None,
    paging: Paging | None = None,
) -> Page[ObligationRow]:
    """Return a page of obligations. Sorts: due_on client period name state."""
    joined = {"client_code": Client.code, "client_name": Client.name}
    names = ObligationRow.__dataclass_fields__
    columns: list[Any] = [
        joined[name].label(name) if name in joined else getattr(Obligation, name) for name in names
    ]
    query = select(*columns).join(Client, Client.id == Obligation.client_id)
    equal = {Obligation.client_id: client_id, Obligation.period: period, Obligation.state: state}
    query = query.where(
        visible_clients(scope, Obligation.client_id),
        *(column == value for column, value in equal.items() if value is not None),
    )
    if due_before is not None:
        query = query.where(Obligation.due_on < due_before)
    return page_of(
        connection,
        query,
        paging or Paging(),
        sorts=SORTS,
        make=lambda row: ObligationRow(**row._asdict()),
        last=Obligation.id,
    )
