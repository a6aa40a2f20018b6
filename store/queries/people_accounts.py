"""How each member of staff signs in, and how much is on their desk: for those who manage the staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from store.tables import IS_OPEN, HistoryEvent, Person, WorkItem

SIGNED_IN = "person.signed_in"


@dataclass(frozen=True, slots=True)
class Account:
    """``second_factor``: one-time codes are asked for; ``open_items``: work items that the person holds."""

    has_password: bool
    second_factor: bool
    locked_until: datetime | None
    last_sign_in: datetime | None
    open_items: int


def all_(connection: Connection) -> Mapping[UUID, Account]:
    """Return the accounts of all staff by person."""
    seen = (
        select(func.max(HistoryEvent.at))
        .where(HistoryEvent.kind == SIGNED_IN, HistoryEvent.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
    held = (
        select(func.count())
        .where(WorkItem.assignee_id == Person.id, IS_OPEN)
        .correlate(Person)
        .scalar_subquery()
    )
    query = select(
        Person.id, Person.password_hash.is_not(None), Person.totp_secret.is_not(None), Person.locked_until, seen, held
    )  # fmt: skip
    return {row[0]: Account(*row[1:]) for row in connection.execute(query.order_by(Person.login))}
