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
    """Keep a paper byte for byte and return its id; the same bytes twice are two rows and one file.

    Raises InvalidInput (empty, too large, unknown state) and store.errors.StorageFull (no row then).
    """
    _must_be_usable(filename, len(body), state)
    _rights.must_see_client(uow, client, by)
    row = {
        "id": uow.new_id(),
        "client_id": client,
        "period": period,
        "kind": kind,
        "filename": _plain_name(filename),
        "media_type": media_type or "application/octet-stream",
        "digest": uow.documents.put(body),
        "size": len(body),
        "state": state,
        "from_portal": from_portal,
        "instance_id": instance,
        "facts": dict(facts or {}),
    }
    return _write(uow, row, by)


def _write(uow: UnitOfWork, row: Mapping[str, Any], by: Person | None) -> UUID:
    who = {"at": uow.now, "by": None if by is None else by.id}
    uow.connection.execute(insert(Document), [{**row, **who}])
    history.note(
        uow,
        "document.added",
        by=by,
        client_id=row["client_id"],
        instance_id=row["instance_id"],
        name=row["filename"],
        detail={"document": str(row["id"]), "kind": row["kind"], "sha256": row["digest"]},
    )
    new_id: UUID = row["id"]
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


def _must_be_usable(filename: str, size: int, state: str) -> None:
    if size == 0:
        raise InvalidInput(f"The file «{filename}» is empty.")
    if size > LARGEST:
        raise InvalidInput(f"The file «{filename}» has {size} bytes; at most {LARGEST} can be kept.")
    if state not in STATES:
        raise InvalidInput(f"The state of a document is one of {', '.join(STATES)}, not «{state}».")


def _plain_name(filename: str) -> str:
    """Keep only the last part of a name that may be a path on somebody's computer."""
    name = PurePath(filename.replace("\\", "/")).name.strip() or "file"
    return name[-LONGEST_NAME:]
