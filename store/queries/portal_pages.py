"""What a client sees through a link: steps that wait for them, papers asked for, papers delivered, where the work stands.

A link belongs to one client; every query here is given that client's id by the link and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, exists, func, select

from store.tables import Candidate, Client, Definition, Document, DocumentRequest, Instance, WorkItem

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


@dataclass(frozen=True, slots=True)
class Run:
    """A running instance of the client."""

    id: UUID
    definition_id: UUID
    process: str
    process_name: str
    period: str | None
    started_at: datetime


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


def same_upload(
    connection: Connection, client_id: UUID, period: str, *, kind: str, digest: str
) -> UUID | None:
    """Return the document that holds the same bytes for the same request: a second tap sends nothing twice."""
    query = select(Document.id).where(
        Document.client_id == client_id,
        Document.period == period,
        Document.kind == kind,
        Document.digest == digest,
        Document.state.in_(("received", "accepted")),
    )
    return connection.scalar(query.order_by(Document.id).limit(1))


def delivered(connection: Connection, client_id: UUID) -> tuple[Paper, ...]:
    """Return the papers made for the client, newest first."""
    query = _papers(client_id).order_by(Document.at.desc(), Document.id.desc()).limit(MOST)
    return tuple(Paper(**row._asdict()) for row in connection.execute(query))


def paper(connection: Connection, client_id: UUID, document_id: UUID) -> Paper | None:
    """Return one paper made for the client."""
    row = connection.execute(_papers(client_id).where(Document.id == document_id)).one_or_none()
    return None if row is None else Paper(**row._asdict())


def running(connection: Connection, client_id: UUID) -> tuple[Run, ...]:
    """Return the client's running instances, the newest first."""
    joined = {"process_name": Definition.name}
    columns = [
        joined[name].label(name) if name in joined else getattr(Instance, name)
        for name in Run.__dataclass_fields__
    ]
    query = (
        select(*columns)
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Instance.client_id == client_id, Instance.state.in_(OPEN))
        .order_by(Instance.started_at.desc(), Instance.id.desc())
        .limit(MOST)
    )
    return tuple(Run(**row._asdict()) for row in connection.execute(query))


def _steps(client_id: UUID) -> Select[Any]:
    for_client = exists().where(
        Candidate.work_item_id == WorkItem.id, Candidate.kind == "role", Candidate.name == CLIENT_ROLE
    )
    return (
        select(*(getattr(WorkItem, name) for name in Step.__dataclass_fields__))
        .join(Instance, Instance.id == WorkItem.instance_id)
        .where(
            WorkItem.client_id == client_id, WorkItem.state == "open", Instance.state == "running", for_client
        )
    )


def _papers(client_id: UUID) -> Select[Any]:
    return select(*(getattr(Document, name) for name in Paper.__dataclass_fields__)).where(
        Document.client_id == client_id, Document.state == "produced"
    )
