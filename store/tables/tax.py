"""Tax returns: computed, confirmed by the client, filed by a person, paid; corrections point at what they correct."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class TaxReturn(Base):
    """One return. ``computation`` holds inputs, lines, rule names with their source of law."""

    __tablename__ = "tax_returns"
    __table_args__ = (UniqueConstraint("client_id", "period", "code", "version"),)
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str]
    code: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="computed")
    amount: Mapped[Decimal]
    computation: Mapped[dict[str, Any]]
    due_on: Mapped[date]
    filed_at: Mapped[datetime | None]
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    receipt: Mapped[str | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    paid_at: Mapped[datetime | None]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("tax_returns.id"))
    at: Mapped[datetime]
