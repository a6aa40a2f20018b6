"""Steps for people: work items, who may take them, saved filters."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import OWN_INDEX, Base, Id

NARROWED = (
    "id",
    "due_at",
    "assignee_id",
    "sole_role",
    "client_id",
    "definition_id",
    "name",
    "period",
    "follow_up_at",
    "waits_for_client",
    "priority",
    "opened_at",
)
"""What the desk narrows and sorts by: an index that holds it answers without a look at the rows."""


def _of_open(name: str, *first: str, also: str = "") -> Index:
    """Return an index of open items alone, by the ``first`` columns: ten times as many are closed.

    Each is a page that is written when an item opens and when it closes, however many columns it has: so few, which hold
    all. Those that leave rows out (``also``) are free for these.
    """
    columns = (*first, *(column for column in NARROWED if column not in first))
    where = {
        database: text(f"state = 'open'{also and ' and '}{also.format(true=true)}")
        for database, true in (("sqlite", "1"), ("postgresql", "true"))
    }
    return Index(
        f"ix_work_items_open_{name}",
        *columns,
        sqlite_where=where["sqlite"],
        postgresql_where=where["postgresql"],
    )


class WorkItem(Base):
    """A step for a person. ``form_digest`` is fixed when the item opens; ``draft`` holds answers saved and not handed in.

    ``sole_role``: the role that alone may take it; None when several may, somebody is named, or nobody is.
    """

    __tablename__ = "work_items"
    __table_args__ = (
        CheckConstraint("state in ('open', 'completed', 'cancelled')", "state"),
        UniqueConstraint("instance_id", "wait"),
        _of_open("due_at", "due_at", "id"),
        _of_open("assignee_id", "assignee_id", "sole_role", "client_id", "follow_up_at"),
        _of_open("client_id", "client_id", "id"),
        _of_open("definition_id", "definition_id", "name", "id"),
        _of_open("priority", "priority", "id"),
        _of_open("opened_at", "opened_at", "id"),
        _of_open("period", "period", "id", also="period is not null"),
        _of_open("waits_for_client", "due_at", "id", also="waits_for_client is {true}"),
        Index(
            "ix_work_items_completed_by",
            "completed_by",
            "completed_at",
            "id",
            "client_id",
            "definition_id",
            "name",
            sqlite_where=text("state = 'completed'"),
            postgresql_where=text("state = 'completed'"),
        ),
    )
    id: Mapped[Id]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instances.id"))
    definition_id: Mapped[UUID] = mapped_column(ForeignKey("definitions.id"))
    process: Mapped[str]
    wait: Mapped[int]
    scope: Mapped[int]
    element: Mapped[str]
    name: Mapped[str]
    lane: Mapped[str | None]
    sole_role: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=50)
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    form_key: Mapped[str | None]
    form_digest: Mapped[str | None] = mapped_column(ForeignKey("resources.digest"))
    separate_from: Mapped[list[Any]] = mapped_column(default=list)
    waits_for_client: Mapped[bool] = mapped_column(default=False)
    draft: Mapped[dict[str, Any] | None]
    opened_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answers: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(default=1)


IS_OPEN = WorkItem.state == literal_column("'open'")
"""Said as the indexes say it: SQLite looks into none of them for a state that is handed over as a parameter."""


class Candidate(Base):
    """Who may take a work item: ``kind`` 'role' with a role key, or 'person' with a login."""

    __tablename__ = "candidates"
    __table_args__ = (Index("ix_candidates_kind_name", "kind", "name"), OWN_INDEX)
    work_item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


class SavedFilter(Base):
    """A filter of the desk that a person keeps."""

    __tablename__ = "saved_filters"
    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    query: Mapped[dict[str, Any]]
