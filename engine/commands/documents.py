"""Documents: bytes kept under their digest, facts about them as rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from engine.commands import _rights, history
from engine.errors import InvalidInput, NotFound
from engine.people import Person
from store.tables import Document
from store.unit_of_work import UnitOfWork

STATES = ("received", "accepted", "returned", "refused", "produced")
LARGEST = 50_000_000
LONGEST_NAME = 200


def add(  # noqa: PLR0913 - facts of a paper, by keyword
    uow: UnitOfWork,
    body: bytes,
    filename: str,
    media_type: str,
    *,
    by: Person | None,
    client: UUID | None = None,
    period: str | None = None,
    kind: str = "other",
    from_portal: bool = False,
    instance: UUID | None = None,
    state: str = "received",
    facts: Mapping[str, Any] | None = None,
) -> UUID:
    """Keep a paper byte for byte and return its id. The same bytes may come twice: two rows, one file.

    Raises InvalidInput (empty, too large, unknown state) and store.errors.StorageFull (no row then).
    """
    if not body:
        raise InvalidInput(f"The file «{filename}» is empty.")
    if len(body) > LARGEST:
        raise InvalidInput(f"The file «{filename}» has {len(body)} bytes; at most {LARGEST} can be kept.")
    if state not in STATES:
        raise InvalidInput(f"The state of a document is one of {', '.join(STATES)}, not «{state}».")
    _rights.must_see_client(uow, client, by)
    new_id, name = uow.new_id(), _plain_name(filename)
    row = {
        "id": new_id,
        "client_id": client,
        "period": period,
        "kind": kind,
        "filename": name,
        "media_type": media_type or "application/octet-stream",
        "digest": uow.documents.put(body),
        "size": len(body),
        "state": state,
        "at": uow.now,
        "by": None if by is None else by.id,
        "from_portal": from_portal,
        "instance_id": instance,
        "facts": dict(facts or {}),
    }
    uow.connection.execute(insert(Document), [row])
    detail = {"document": str(new_id), "kind": kind, "sha256": row["digest"]}
    history.note(
        uow, "document.added", by=by, client_id=client, instance_id=instance, name=name, detail=detail
    )
    return new_id


def set_state(uow: UnitOfWork, document_id: UUID, state: str, *, reason: str = "", by: Person | None) -> None:
    """Accept, return or refuse a paper; InvalidInput for an unknown state, NotFound for an unknown paper."""
    if state not in STATES:
        raise InvalidInput(f"The state of a document is one of {', '.join(STATES)}, not «{state}».")
    query = select(Document.client_id, Document.filename).where(Document.id == document_id)
    row = uow.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no document {document_id}.")
    _rights.must_see_client(uow, row.client_id, by)
    change = update(Document).where(Document.id == document_id)
    uow.connection.execute(change.values(state=state, reason=reason))
    history.note(
        uow,
        f"document.{state}",
        by=by,
        client_id=row.client_id,
        name=row.filename,
        detail={"document": str(document_id), "reason": reason},
    )


def _plain_name(filename: str) -> str:
    """Keep only the last part of a name that may be a path on somebody's computer."""
    name = PurePath(filename.replace("\\", "/")).name.strip() or "file"
    return name[-LONGEST_NAME:]
