"""Contracts, the services they switch on, and the yearly work plan (工作计划)."""

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


class Contract(Base):
    """A contract with a client; ``terms`` is the frozen snapshot the client confirmed, ``terms_digest`` its SHA-256."""

    __tablename__ = "contracts"
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    state: Mapped[str] = mapped_column(default="draft")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    monthly_fee: Mapped[Decimal]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    terms_digest: Mapped[str | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    signed_on: Mapped[date | None]
    created_at: Mapped[datetime]


class ScopeItem(Base):
    """A service of a contract; it switches on recurring processes."""

    __tablename__ = "scope_items"
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class WorkPlan(Base):
    """The plan of a client's year, versioned."""

    __tablename__ = "work_plans"
    __table_args__ = (UniqueConstraint("client_id", "year", "version"),)
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    year: Mapped[int]
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
