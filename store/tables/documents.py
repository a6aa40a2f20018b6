"""Received and produced papers: bytes under their digest on disk, facts about them here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Document(Base):
    """A paper. ``state``: received, accepted, returned, refused (source documents), produced (ours)."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_client_id_period", "client_id", "period"),
        CheckConstraint("state in ('received', 'accepted', 'returned', 'refused', 'produced')", "state"),
    )
    id: Mapped[Id]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str | None]
    kind: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    state: Mapped[str] = mapped_column(default="received")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    from_portal: Mapped[bool] = mapped_column(default=False)
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DocumentRequest(Base):
    """One line of a client's request list for a period. ``state``: open, received, waived."""

    __tablename__ = "document_requests"
    __table_args__ = (UniqueConstraint("client_id", "period", "code"),)
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    help: Mapped[str] = mapped_column(Text, default="")
    required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="open")
    at: Mapped[datetime]
