"""Who waits for which message or signal, and messages that came early."""

from __future__ import annotations

from datetime import datetime
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


class Subscription(Base):
    """A wait for a message or signal: of an instance, or (``definition_id`` set) of a start event."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("kind in ('message', 'signal')", "kind"),
        Index("ix_subscriptions_kind_event_correlation_key", "kind", "event", "correlation_key"),
        Index("ix_subscriptions_instance_id_wait", "instance_id", "wait"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    event: Mapped[str]
    correlation_key: Mapped[str | None]
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))
    wait: Mapped[int | None]
    definition_id: Mapped[UUID | None] = mapped_column(ForeignKey("definitions.id"), index=True)
    element: Mapped[str]
    opened_at: Mapped[datetime]


class Message(Base):
    """A published message: kept until it expires, so that a late subscriber gets it once and a repeat is known."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("name", "correlation_key", "message_id"),
        Index("ix_messages_name_correlation_key", "name", "correlation_key"),
    )
    id: Mapped[Id]
    name: Mapped[str]
    correlation_key: Mapped[str]
    message_id: Mapped[str]
    variables: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
