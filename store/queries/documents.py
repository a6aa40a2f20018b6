"""Documents as people see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_documents
from store.tables import Client, Document, Person


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Narrows a list of documents; None narrows nothing."""

    client_id: UUID | None = None
    period: str | None = None
    kind: str | None = None
    state: str | None = None
    instance_id: UUID | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One paper; its bytes are in the document store under ``digest``."""

    id: UUID
    client_id: UUID | None
    client_code: str | None
    client_name: str | None
    period: str | None
    kind: str
    filename: str
    media_type: str
    digest: str
    size: int
    state: str
    reason: str
    at: datetime
    by: UUID | None
    author: str | None
    from_portal: bool
    instance_id: UUID | None
    facts: dict[str, Any]


SORTS = {
    "at": Document.at,
    "filename": Document.filename,
    "kind": Document.kind,
    "period": Document.period,
    "state": Document.state,
    "client": Client.name,
    "size": Document.size,
}


def list_(
    connection: Connection,
    scope: Scope,
    filters: DocumentFilter | None = None,
    *,
    paging: Paging | None = None,
) -> Page[DocumentRow]:
    """Return a page of documents. Sorts: at filename kind period state client size."""
    query = _columns().where(visible_documents(scope), *_narrow(filters or DocumentFilter()))
    return page_of(
        connection,
        query,
        paging or Paging(sort="-at"),
        sorts=SORTS,
        make=lambda row: DocumentRow(**row._asdict()),
        last=Document.id,
    )


def get(connection: Connection, scope: Scope, document_id: UUID) -> DocumentRow | None:
    """Return one document; None when there is none or the person may not see it."""
    row = connection.execute(
        _columns().where(Document.id == document_id, visible_documents(scope))
    ).one_or_none()
    return None if row is None else DocumentRow(**row._asdict())


def _narrow(filters: DocumentFilter) -> list[ColumnElement[bool]]:
    equal = {
        Document.client_id: filters.client_id,
        Document.period: filters.period,
        Document.kind: filters.kind,
        Document.state: filters.state,
        Document.instance_id: filters.instance_id,
    }
    found: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if filters.text:
        texts = (Document.filename, Client.name, Client.code)
        found.append(or_(*(text.icontains(filters.text, autoescape=True) for text in texts)))
    return found


def _columns() -> Select[Any]:
    special: dict[str, Any] = {
        "client_code": Client.code,
        "client_name": Client.name,
        "author": Person.name,
    }
    names = DocumentRow.__dataclass_fields__
    columns = [special[name].label(name) if name in special else getattr(Document, name) for name in names]
    return (
        select(*columns)
        .outerjoin(Client, Client.id == Document.client_id)
        .outerjoin(Person, Person.id == Document.by)
    )
