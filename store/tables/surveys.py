"""Satisfaction surveys (满意度调查) sent to clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Survey(Base):
    """One survey; ``score`` from 0 to 100 once answered."""

    __tablename__ = "surveys"
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    period: Mapped[str | None]
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    score: Mapped[int | None]
    answers: Mapped[dict[str, Any] | None]
