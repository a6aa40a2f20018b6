"""Months, quarters and years of a client's books, and what must happen in them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Period(Base):
    """A period of a client's books: code '2026-08', '2026Q3' or '2026'; a closed one refuses postings."""

    __tablename__ = "periods"
    __table_args__ = (UniqueConstraint("client_id", "code"),)
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    code: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


class Obligation(Base):
    """Something that must happen for a client in a period; ``provisional`` when no holiday schedule is published yet."""

    __tablename__ = "obligations"
    __table_args__ = (
        UniqueConstraint("client_id", "period", "code"),
        Index("ix_obligations_state_due_on", "state", "due_on"),
    )
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    due_on: Mapped[date]
    provisional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="open")
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))
    done_at: Mapped[datetime | None]
