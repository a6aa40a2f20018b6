"""Steps for machines and times, and what went wrong with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Job(Base):
    """A handler call, a timer or a timer start that is still to come.

    ``due_at`` is schedule, lease and back-off in one: a worker that takes the job moves it to the end of its lease and
    raises ``fence``; whoever writes back must still hold that number. A done job is deleted, its trace is in the history.
    ``outside``: its handler runs with no transaction open, so a worker leases it first.
    ``kind``: 'service' (topic), 'timer' (a wait of an instance), 'start' (timer start event of ``definition_id``).
    A job that is ``held`` is not due until an operator retries it, or its instance is resumed.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("kind in ('service', 'timer', 'start')", "kind"),
        Index(
            "ix_jobs_outside_due_at_id",
            "outside",
            "due_at",
            "id",
            sqlite_where=text("held is 0"),  # to the letter what the worker asks, else SQLite does not use it
            postgresql_where=text("held is false"),
        ),
        Index("ix_jobs_instance_id_wait", "instance_id", "wait"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))
    definition_id: Mapped[UUID | None] = mapped_column(ForeignKey("definitions.id"))
    wait: Mapped[int | None]
    scope: Mapped[int | None]
    element: Mapped[str]
    topic: Mapped[str | None]
    outside: Mapped[bool] = mapped_column(default=False)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    due_at: Mapped[datetime]
    held: Mapped[bool] = mapped_column(default=False)
    fence: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=3)
    error: Mapped[str | None] = mapped_column(Text)
    progress: Mapped[dict[str, Any] | None]
    opened_at: Mapped[datetime]


class Incident(Base):
    """A job or a token left to an operator; ``cause`` groups incidents of one kind for a batch retry."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_resolved_at_cause", "resolved_at", "cause"),)
    id: Mapped[Id]
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"), index=True)
    job_id: Mapped[UUID | None] = mapped_column(index=True)
    wait: Mapped[int | None]
    process: Mapped[str | None]
    element: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    code: Mapped[str]
    cause: Mapped[str]
    message: Mapped[str] = mapped_column(Text)
    trace: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    resolution: Mapped[str | None]
