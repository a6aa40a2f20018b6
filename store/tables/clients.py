"""The firm's customers, their people, who looks after them, what was said; the firm's settings; links for clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Client(Base):
    """A customer of the firm. ``profile`` holds industry, staff, assets, volumes and other traits read by decisions."""

    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint(
            "status in ('lead', 'prospect', 'active', 'suspended', 'ended', 'refused')", "status"
        ),
        CheckConstraint("class in ('A', 'B', 'C')", "class"),
        CheckConstraint("taxpayer_type in ('small_scale', 'general')", "taxpayer_type"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    short_name: Mapped[str] = mapped_column(default="")
    credit_code: Mapped[str | None] = mapped_column(unique=True)
    klass: Mapped[str] = mapped_column("class", default="B")
    taxpayer_type: Mapped[str] = mapped_column(default="small_scale")
    status: Mapped[str] = mapped_column(default="lead")
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"), index=True)
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ClientContact(Base):
    """A person at the client."""

    __tablename__ = "client_contacts"
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    name: Mapped[str]
    position: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    main: Mapped[bool] = mapped_column(default=False)


class ClientStaff(Base):
    """Portfolio: this person works for this client in this role."""

    __tablename__ = "client_staff"
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), primary_key=True)
    role_key: Mapped[str] = mapped_column(ForeignKey("roles.key"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Contact(Base):
    """One line of the contact log (沟通记录): call, visit, mail, message."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_client_id_at", "client_id", "at"),)
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    at: Mapped[datetime]
    channel: Mapped[str]
    direction: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))


class PortalLink(Base):
    """A signed link for a client: revocable, with an end; the token itself is never stored, only its SHA-256."""

    __tablename__ = "portal_links"
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    purpose: Mapped[str]
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("instances.id"))
    work_item_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class FirmSetting(Base):
    """A limit or period that the firm may change; read by processes as ``settings.<key>``."""

    __tablename__ = "firm_settings"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
