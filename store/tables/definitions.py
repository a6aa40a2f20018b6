"""Deployed definitions (processes, decisions, forms), by content, and drafts of the next version."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Resource(Base):
    """The bytes of one deployed file, under their SHA-256."""

    __tablename__ = "resources"
    digest: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Deployment(Base):
    """One atomic set of new versions."""

    __tablename__ = "deployments"
    id: Mapped[Id]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(default="")


class Definition(Base):
    """One version of a process, a decision file or a form; ``path`` is where ``export`` writes it below ``processes/``."""

    __tablename__ = "definitions"
    __table_args__ = (
        UniqueConstraint("kind", "key", "version"),
        CheckConstraint("kind in ('process', 'decision', 'form', 'scenario')", "kind"),
        CheckConstraint("state in ('active', 'suspended')", "state"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    key: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]
    digest: Mapped[str] = mapped_column(ForeignKey("resources.digest"))
    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployments.id"), index=True)
    state: Mapped[str] = mapped_column(default="active")
    owner_role: Mapped[str | None]
    at: Mapped[datetime]


class Draft(Base):
    """What a process owner is working on and has not deployed; one draft per file."""

    __tablename__ = "drafts"
    path: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    based_on: Mapped[UUID | None] = mapped_column(ForeignKey("definitions.id"))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
