"""Running and ended instances, their state and their variables."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import OWN_INDEX, Base, Id, known


class Instance(Base):
    """One run of a definition; ``state_body`` is what ``engine.bpmn.state`` wrote, ``version`` guards against a second writer.

    ``parent_element`` is the call activity that called it, ``depth`` how many calls it lies inside of.
    """

    __tablename__ = "instances"
    __table_args__ = (
        CheckConstraint(
            "state in ('running', 'suspended', 'completed', 'terminated', 'cancelled', 'failed')", "state"
        ),
        Index(
            "uq_instances_running_business_key",
            "process",
            "business_key",
            unique=True,
            sqlite_where=text("state in ('running', 'suspended') and business_key is not null"),
            postgresql_where=text("state in ('running', 'suspended') and business_key is not null"),
        ),
        Index("ix_instances_process_state_definition_id", "process", "state", "definition_id"),
        known("ix_instances_client_id_started_at", "client_id", "started_at"),
        known("ix_instances_parent_id", "parent_id"),
    )
    id: Mapped[Id]
    definition_id: Mapped[UUID] = mapped_column(ForeignKey("definitions.id"))
    process: Mapped[str]
    state: Mapped[str] = mapped_column(default="running")
    business_key: Mapped[str | None]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str | None]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))
    parent_wait: Mapped[int | None]
    parent_element: Mapped[str | None]
    depth: Mapped[int] = mapped_column(default=0)
    root_id: Mapped[UUID]
    started_at: Mapped[datetime]
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    state_body: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)


class InstanceVariable(Base):
    """One variable of one scope; ``value`` is FEEL-tagged JSON text (``feel.to_json``)."""

    __tablename__ = "instance_variables"
    __table_args__ = OWN_INDEX
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    scope: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
