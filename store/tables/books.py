"""The books: accounts, vouchers and their lines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Account(Base):
    """An account of a client's chart beyond the standard's first level, or one renamed."""

    __tablename__ = "accounts"
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    side: Mapped[str]


class Voucher(Base):
    """A voucher (记账凭证): proposed → reviewed → posted; a posted one is never edited, only reversed by a red one.

    ``number`` is given when posting, without gaps per client, period and ``word``.
    """

    __tablename__ = "vouchers"
    __table_args__ = (
        UniqueConstraint("client_id", "period", "word", "number"),
        CheckConstraint("state in ('proposed', 'reviewed', 'posted', 'discarded')", "state"),
        Index("ix_vouchers_client_id_period_state", "client_id", "period", "state"),
    )
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    period: Mapped[str]
    word: Mapped[str] = mapped_column(default="记")
    number: Mapped[int | None]
    on: Mapped[date]
    summary: Mapped[str]
    kind: Mapped[str] = mapped_column(default="normal")
    state: Mapped[str] = mapped_column(default="proposed")
    attachments: Mapped[int] = mapped_column(default=0)
    source: Mapped[str | None] = mapped_column(unique=True)
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("vouchers.id"))
    prepared_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    posted_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    posted_at: Mapped[datetime | None]


class VoucherLine(Base):
    """One line of a voucher; ``counterparty`` splits claims and debts, ``cash_flow`` is a line of 会小企03表."""

    __tablename__ = "voucher_lines"
    __table_args__ = (Index("ix_voucher_lines_account", "account"),)
    voucher_id: Mapped[UUID] = mapped_column(ForeignKey("vouchers.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    summary: Mapped[str]
    debit: Mapped[Decimal]
    credit: Mapped[Decimal]
    counterparty: Mapped[str] = mapped_column(default="")
    cash_flow: Mapped[int | None]
