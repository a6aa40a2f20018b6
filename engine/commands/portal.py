"""Links for clients: random, with an end, revocable; only their SHA-256 is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import insert, select, update

from engine.commands import _rights, history
from engine.errors import NotFound
from engine.people import Person
from store.tables import PortalLink
from store.unit_of_work import UnitOfWork

DAYS = 14
TOKEN_BYTES = 32
USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens."""

    id: UUID
    client_id: UUID
    purpose: str
    instance_id: UUID | None
    work_item_id: UUID | None
    expires_at: datetime


def create_link(
    uow: UnitOfWork,
    client: UUID,
    purpose: str,
    *,
    by: Person | None,
    instance: UUID | None = None,
    work_item: UUID | None = None,
    days: int = DAYS,
) -> str:
    """Make a link for a client and return its token: 43 characters that are told nobody else and kept nowhere."""
    _rights.must_see_client(uow, client, by)
    token, link_id = secrets.token_urlsafe(TOKEN_BYTES), uow.new_id()
    row = {
        "id": link_id,
        "token_hash": _hash(token),
        "client_id": client,
        "purpose": purpose,
        "instance_id": instance,
        "work_item_id": work_item,
        "created_at": uow.now,
        "expires_at": uow.now + timedelta(days=days),
    }
    uow.connection.execute(insert(PortalLink), [row])
    history.note(uow, "portal.link_created", by=by, client_id=client, instance_id=instance, name=purpose)
    return token


def open_link(uow: UnitOfWork, token: str) -> Link:
    """Return what a token opens and note its use; NotFound, the same for all, when it is unknown, over or revoked."""
    query = select(PortalLink.__table__).where(PortalLink.token_hash == _hash(token))
    row = uow.connection.execute(query).one_or_none()
    if row is None or row.revoked_at is not None or row.expires_at <= uow.now:
        raise NotFound("This link is not valid any more; ask for a new one.")
    if row.last_used_at is None:
        history.note(uow, "portal.opened", by=None, client_id=row.client_id, name=row.purpose)
    if row.last_used_at is None or uow.now - row.last_used_at > USE_NOTED_EVERY:
        uow.connection.execute(update(PortalLink).where(PortalLink.id == row.id).values(last_used_at=uow.now))
    return Link(row.id, row.client_id, row.purpose, row.instance_id, row.work_item_id, row.expires_at)


def revoke_link(uow: UnitOfWork, link_id: UUID, *, by: Person | None) -> None:
    """End a link at once; NotFound when there is none."""
    client_id = uow.connection.scalar(select(PortalLink.client_id).where(PortalLink.id == link_id))
    if client_id is None:
        raise NotFound(f"There is no link {link_id}.")
    open_ones = update(PortalLink).where(PortalLink.id == link_id, PortalLink.revoked_at.is_(None))
    uow.connection.execute(open_ones.values(revoked_at=uow.now))
    history.note(uow, "portal.link_revoked", by=by, client_id=client_id)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
