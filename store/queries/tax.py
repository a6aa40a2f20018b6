"""Tax returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_clients
from store.tables import Client, Obligation, Person, TaxReturn


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One tax return; ``name`` is that of its obligation."""

    id: UUID
    client_id: UUID
    client_code: str
    client_name: str
    period: str
    code: str
    name: str | None
    version: int
    state: str
    amount: Decimal
    computation: dict[str, Any]
    due_on: date
    filed_at: datetime | None
    filer: str | None
    receipt: str | None
    document_id: UUID | None
    paid_at: datetime | None
    corrects_id: UUID | None
    at: datetime


SORTS = {
    "due_on": TaxReturn.due_on,
    "period": TaxReturn.period,
    "code": TaxReturn.code,
    "state": TaxReturn.state,
    "amount": TaxReturn.amount,
    "client": Client.name,
}

_JOINED: dict[str, Any] = {
    "client_code": Client.code,
    "client_name": Client.name,
    "name": Obligation.name,
    "filer": Person.name,
}


def returns(
    connection: Connection,
    scope: Scope,
    *,
    client_id: UUID | None = None,
    period: str | None = None,
    state: str | None = None,
    paging: Paging | None = None,
) -> Page[ReturnRow]:
    """Return a page of tax returns, the latest due first. Sorts: due_on period code state amount client."""
    names = ReturnRow.__dataclass_fields__
    columns = [_JOINED[name].label(name) if name in _JOINED else getattr(TaxReturn, name) for name in names]
    same = (
        (Obligation.client_id == TaxReturn.client_id)
        & (Obligation.period == TaxReturn.period)
        & (Obligation.code == TaxReturn.code)
    )
    equal = {TaxReturn.client_id: client_id, TaxReturn.period: period, TaxReturn.state: state}
    query = (
        select(*columns)
        .join(Client, Client.id == TaxReturn.client_id)
        .outerjoin(Obligation, same)
        .outerjoin(Person, Person.id == TaxReturn.filed_by)
        .where(
            visible_clients(scope, TaxReturn.client_id),
            *(column == value for column, value in equal.items() if value is not None),
        )
    )
    return page_of(
        connection,
        query,
        paging or Paging(sort="-due_on"),
        sorts=SORTS,
        make=lambda row: ReturnRow(**row._asdict()),
        last=TaxReturn.id,
    )
