"""What a client sees through a link: steps that wait for them, papers asked for, papers delivered, where the work stands.

A link belongs to one client; every query here is given that client's id by the link and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, and_, exists, func, or_, select, type_coerce

from store.tables import IS_OPEN, Candidate, Client, Definition, Document, DocumentRequest, Instance, WorkItem

CLIENT_ROLE = "client_contact"
OPEN = ("running", "suspended")
MOST = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A step that waits for the client."""

    id: UUID
    name: str
    element: str
    process: str
    definition_id: UUID
    instance_id: UUID
    scope: int
    period: str | None
    due_at: datetime | None
    opened_at: datetime
    form_key: str | None
    form_digest: str | None
    draft: dict[str, Any] | None
    version: int


@dataclass(frozen=True, slots=True)
class Request:
    """A paper that the client is asked for; ``received`` counts the uploads that were not sent back."""

    period: str
    code: str
    name: str
    help: str
    required: bool
    state: str
    received: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper made for the client."""

    id: UUID
    filename: str
    media_type: str
    kind: str
    period: str | None
    digest: str
    size: int
    at: datetime
    instance_id: UUID | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A paper that came from the client's side; ``reason`` says why it was sent back."""

    id: UUID
    filename: str
    kind: str
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """An instance of the client that runs, or has ended lately."""

    id: UUID
    definition_id: UUID
    process: str
    process_name: str
    period: str | None
    parent_id: UUID | None
    state: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """The client of a link."""

    id: UUID
    code: str
    name: str


def client(connection: Connection, client_id: UUID) -> Named | None:
    """Return the client of a link."""
    query = select(Client.id, Client.code, Client.name).where(Client.id == client_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Named(*row)


def steps(connection: Connection, client_id: UUID) -> tuple[Step, ...]:
    """Return the open steps that the client may do, the most urgent first."""
    query = _steps(client_id).order_by(WorkItem.due_at.asc().nulls_last(), WorkItem.id).limit(MOST)
    return tuple(Step(**row._asdict()) for row in connection.execute(query))


def step(connection: Connection, client_id: UUID, item_id: UUID) -> Step | None:
    """Return one open step of the client; None when it is done, or not theirs."""
    row = connection.execute(_steps(client_id).where(WorkItem.id == item_id)).one_or_none()
    return None if row is None else Step(**row._asdict())


def requests(connection: Connection, client_id: UUID, period: str) -> tuple[Request, ...]:
    """Return the request list of a period with what has come, required papers first."""
    received = (
        select(func.count())
        .select_from(Document)
        .where(
            Document.client_id == DocumentRequest.client_id,
            Document.period == DocumentRequest.period,
            Document.kind == DocumentRequest.code,
            Document.state.in_(("received", "accepted")),
        )
        .correlate(DocumentRequest)
        .scalar_subquery()
    )
    names = [name for name in Request.__dataclass_fields__ if name != "received"]
    query = select(*(getattr(DocumentRequest, name) for name in names), received.label("received")).where(
        DocumentRequest.client_id == client_id, DocumentRequest.period == period
    )
    rows = connection.execute(query.order_by(DocumentRequest.required.desc(), DocumentRequest.id).limit(MOST))
    return tuple(Request(**row._asdict()) for row in rows)


def sent(connection: Connection, client_id: UUID, period: str | None) -> tuple[Sent, ...]:
    """Return the papers of a period that did not come from us, oldest first."""
    query = select(*(getattr(Document, name) for name in Sent.__dataclass_fields__)).where(
        Document.client_id == client_id, Document.period == period, Document.state != "produced"
    )
    rows = connection.execute(query.order_by(Document.at, Document.id).limit(MOST * 4))
    return tuple(Sent(**row._asdict()) for row in rows)


def own(connection: Connection, client_id: UUID, ids: Iterable[UUID]) -> tuple[Sent, ...]:
    """Return those of the named papers that this client sent."""
    query = select(*(getattr(Document, name) for name in Sent.__dataclass_fields__)).where(
        Document.client_id == client_id, Document.from_portal.is_(True), Document.id.in_(list(ids))
    )
    return tuple(
        Sent(**row._asdict()) for row in connection.execute(query.order_by(Document.at, Document.id))
    )


def same_upload(
    connection: Connection, client_id: UUID, period: str | None, *, kind: str, digest: str, key: str = ""
) -> UUID | None:
    """Return the document that came with the same key or holds the same bytes: a second tap sends nothing twice."""
    same = Document.digest == digest
    if key:
        same = or_(same, type_coerce(Document.facts, Text).contains(f'"upload_key":"{key}"', autoescape=True))
    query = select(Document.id).where(
        Document.client_id == client_id,
        Document.period == period,
        Document.kind == kind,
        Document.from_portal.is_(True),
        Document.state.in_(("received", "accepted")),
        same,
    )
    return connection.scalar(query.order_by(Document.id).limit(1))


def delivered(connection: Connection, client_id: UUID) -> tuple[Paper, ...]:
    """Return the papers delivered to the client, newest first; of one made anew only the last that was delivered."""
    query = _papers(client_id).order_by(Document.at.desc(), Document.id.desc()).limit(MOST * 4)
    rows = [Paper(**row._asdict()) for row in connection.execute(query)]
    last: dict[tuple[UUID, str], datetime] = {}
    kept = []
    for row in rows:
        batch = (row.instance_id, row.kind)
        if row.instance_id is None or last.setdefault(batch, row.at) == row.at:  # type: ignore[arg-type]
            kept.append(row)
    return tuple(kept[:MOST])


def paper(connection: Connection, client_id: UUID, document_id: UUID) -> Paper | None:
    """Return one paper delivered to the client."""
    row = connection.execute(_papers(client_id).where(Document.id == document_id)).one_or_none()
    return None if row is None else Paper(**row._asdict())


def runs(connection: Connection, client_id: UUID, ended_after: datetime) -> tuple[Run, ...]:
    """Return the client's instances that run or were completed after a moment, the newest first."""
    joined = {"process_name": Definition.name}
    columns = [
        joined[name].label(name) if name in joined else getattr(Instance, name)
        for name in Run.__dataclass_fields__
    ]
    lately = and_(Instance.state == "completed", Instance.ended_at > ended_after)
    query = (
        select(*columns)
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Instance.client_id == client_id, or_(Instance.state.in_(OPEN), lately))
        .order_by(Instance.started_at.desc(), Instance.id.desc())
        .limit(MOST * 4)
    )
    return tuple(Run(**row._asdict()) for row in connection.execute(query))


def _steps(client_id: UUID) -> Select[Any]:
    for_client = exists().where(
        Candidate.work_item_id == WorkItem.id, Candidate.kind == "role", Candidate.name == CLIENT_ROLE
    )
    return (
        select(*(getattr(WorkItem, name) for name in Step.__dataclass_fields__))
        .join(Instance, Instance.id == WorkItem.instance_id)
        .where(WorkItem.client_id == client_id, IS_OPEN, Instance.state == "running", for_client)
    )


def _papers(client_id: UUID) -> Select[Any]:
    """Choose what was made for the client and shown to them: reviewed first, then put before the client's own step."""
    put_before_them = (
        exists()
        .where(
            WorkItem.instance_id == Document.instance_id,
            WorkItem.opened_at >= Document.at,
            Candidate.work_item_id == WorkItem.id,
            Candidate.kind == "role",
            Candidate.name == CLIENT_ROLE,
        )
        .correlate(Document)
    )
    over = exists().where(Instance.id == Document.instance_id, Instance.state == "completed")
    made = and_(
        Document.state == "produced",
        or_(Document.instance_id.is_(None), put_before_them, over.correlate(Document)),
    )
    receipts = and_(
        Document.kind == "tax_receipt",
        Document.from_portal.is_(False),
        Document.state.in_(("received", "accepted")),
    )
    return select(*(getattr(Document, name) for name in Paper.__dataclass_fields__)).where(
        Document.client_id == client_id, or_(made, receipts)
    )
