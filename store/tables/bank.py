"""Bank accounts of clients, imported statements and their lines."""

from __future__ import annotations

from datetime import datetime
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


class BankAccount(Base):
    """A client's account or wallet; ``profile`` names the statement layout, ``ledger`` the account in the books."""

    __tablename__ = "bank_accounts"
    __table_args__ = (UniqueConstraint("client_id", "name"),)
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    name: Mapped[str]
    profile: Mapped[str]
    ledger: Mapped[str] = mapped_column(default="1002")


class BankStatement(Base):
    """One imported file; ``rejected`` lists rows that could not be read, each with its number and reason."""

    __tablename__ = "bank_statements"
    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    period: Mapped[str]
    imported_at: Mapped[datetime]
    read: Mapped[int]
    duplicates: Mapped[int]
    rejected: Mapped[list[Any]] = mapped_column(default=list)


class BankLine(Base):
    """One movement; ``amount`` positive is money in. ``key`` makes a line of an overlapping file known again."""

    __tablename__ = "bank_lines"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_bank_lines_client_id_period", "client_id", "period"),
    )
    id: Mapped[Id]
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("bank_statements.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("bank_accounts.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str]
    key: Mapped[str]
    row: Mapped[int]
    at: Mapped[str]
    amount: Mapped[Decimal]
    balance: Mapped[Decimal | None]
    counterparty: Mapped[str] = mapped_column(default="")
    counterparty_account: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="read")
    reason: Mapped[str] = mapped_column(Text, default="")
    voucher_id: Mapped[UUID | None] = mapped_column(ForeignKey("vouchers.id"))
