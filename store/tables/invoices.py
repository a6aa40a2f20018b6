"""Invoices in a client's books: one number once per book set."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Invoice(Base):
    """An e-invoice as read from its XML; ``lines`` as in ``handlers.invoices``. ``state``: read, exception, booked."""

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("client_id", "number"),
        Index("ix_invoices_client_id_period", "client_id", "period"),
    )
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str]
    number: Mapped[str]
    direction: Mapped[str]
    kind: Mapped[str]
    issued_on: Mapped[date]
    seller_code: Mapped[str | None]
    seller_name: Mapped[str]
    buyer_code: Mapped[str | None]
    buyer_name: Mapped[str]
    net: Mapped[Decimal]
    tax: Mapped[Decimal]
    gross: Mapped[Decimal]
    red: Mapped[bool] = mapped_column(default=False)
    original_number: Mapped[str | None]
    lines: Mapped[list[Any]] = mapped_column(default=list)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    state: Mapped[str] = mapped_column(default="read")
    reason: Mapped[str] = mapped_column(Text, default="")
    voucher_id: Mapped[UUID | None] = mapped_column(ForeignKey("vouchers.id"))
