"""Contracts of a client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, select

from store.queries.scope import Scope, visible_clients
from store.tables import Contract, ScopeItem


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract with the names of the services it covers."""

    id: UUID
    number: str
    state: str
    starts_on: date
    ends_on: date
    monthly_fee: Decimal
    document_id: UUID | None
    signed_on: date | None
    scope: tuple[str, ...] = ()


def of_client(
    connection: Connection, scope: Scope, client_id: UUID, limit: int = 100
) -> tuple[ContractRow, ...]:
    """Return the contracts of a client, the latest first; none when the person may not see the client."""
    names = [name for name in ContractRow.__dataclass_fields__ if name != "scope"]
    query = select(*(getattr(Contract, name) for name in names)).where(
        Contract.client_id == client_id, visible_clients(scope, Contract.client_id)
    )
    rows = connection.execute(query.order_by(Contract.starts_on.desc(), Contract.id.desc()).limit(limit))
    found = [ContractRow(**row._asdict()) for row in rows]
    services = _services(connection, [row.id for row in found])
    return tuple(replace(row, scope=services.get(row.id, ())) for row in found)


def _services(connection: Connection, ids: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    query = select(ScopeItem.contract_id, ScopeItem.name).where(
        ScopeItem.contract_id.in_(ids), ScopeItem.active.is_(True)
    )
    for contract_id, name in connection.execute(query.order_by(ScopeItem.code)) if ids else ():
        found[contract_id] = (*found.get(contract_id, ()), name)
    return found
