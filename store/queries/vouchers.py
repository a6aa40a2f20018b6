"""One voucher down to its papers, and one account's lines of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from store.queries.scope import Scope, visible_clients
from store.tables import BankLine, BankStatement, Document, Invoice, Person, Voucher, VoucherLine

MOST = 2000


@dataclass(frozen=True, slots=True)
class VoucherHead:
    """One voucher with the names of those who signed it."""

    id: UUID
    client_id: UUID
    period: str
    word: str
    number: int | None
    on: date
    summary: str
    kind: str
    state: str
    attachments: int
    source: str | None
    reverses_id: UUID | None
    posted_at: datetime | None
    preparer: str | None
    reviewer: str | None
    poster: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a voucher."""

    line: int
    account: str
    summary: str
    debit: Decimal
    credit: Decimal
    counterparty: str
    cash_flow: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a voucher was made from: an invoice or a bank movement, and the paper that it stands on."""

    kind: str
    name: str
    on: str
    amount: Decimal
    counterparty: str
    document_id: UUID
    filename: str


@dataclass(frozen=True, slots=True)
class Posted:
    """One posted line of an account."""

    voucher_id: UUID
    word: str
    number: int | None
    on: date
    account: str
    summary: str
    counterparty: str
    debit: Decimal
    credit: Decimal


def get(connection: Connection, scope: Scope, voucher_id: UUID) -> VoucherHead | None:
    """Return one voucher; None when there is none or the person may not see its client."""
    preparer, reviewer, poster = aliased(Person), aliased(Person), aliased(Person)
    special: dict[str, Any] = {"preparer": preparer.name, "reviewer": reviewer.name, "poster": poster.name}
    names = VoucherHead.__dataclass_fields__
    columns = [special[name].label(name) if name in special else getattr(Voucher, name) for name in names]
    query = (
        select(*columns)
        .outerjoin(preparer, preparer.id == Voucher.prepared_by)
        .outerjoin(reviewer, reviewer.id == Voucher.reviewed_by)
        .outerjoin(poster, poster.id == Voucher.posted_by)
        .where(Voucher.id == voucher_id, visible_clients(scope, Voucher.client_id))
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else VoucherHead(**row._asdict())


def lines(connection: Connection, scope: Scope, voucher_id: UUID) -> tuple[Line, ...]:
    """Return the lines of a voucher in their order."""
    query = (
        select(*(getattr(VoucherLine, name) for name in Line.__dataclass_fields__))
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .where(Voucher.id == voucher_id, visible_clients(scope, Voucher.client_id))
        .order_by(VoucherLine.line)
    )
    return tuple(Line(**row._asdict()) for row in connection.execute(query))


def origins(connection: Connection, scope: Scope, voucher_id: UUID) -> tuple[Origin, ...]:
    """Return the invoices and bank movements that a voucher books, each with its paper."""
    invoices = (
        select(
            Invoice.number, Invoice.issued_on, Invoice.gross, Invoice.direction, Invoice.seller_name,
            Invoice.buyer_name, Invoice.document_id, Document.filename,
        )
        .join(Document, Document.id == Invoice.document_id)
        .where(Invoice.voucher_id == voucher_id, visible_clients(scope, Invoice.client_id))
        .order_by(Invoice.issued_on, Invoice.number)
        .limit(MOST)
    )  # fmt: skip
    moves = (
        select(BankLine.summary, BankLine.at, BankLine.amount, BankLine.counterparty, Document.id, Document.filename)
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .join(Document, Document.id == BankStatement.document_id)
        .where(BankLine.voucher_id == voucher_id, visible_clients(scope, BankLine.client_id))
        .order_by(BankLine.at, BankLine.row)
        .limit(MOST)
    )  # fmt: skip
    found = [
        Origin(
            "invoice",
            number,
            on.isoformat(),
            gross,
            buyer if direction == "output" else seller,
            paper,
            filename,
        )
        for number, on, gross, direction, seller, buyer, paper, filename in connection.execute(invoices)
    ]
    found += [
        Origin("bank", summary, at, amount, counterparty, paper, filename)
        for summary, at, amount, counterparty, paper, filename in connection.execute(moves)
    ]
    return tuple(found)


def ledger(
    connection: Connection, scope: Scope, client_id: UUID, *, account: str, period: str
) -> tuple[Posted, ...]:
    """Return the posted lines of an account and those below it in a month, by day and voucher."""
    query = (
        select(
            Voucher.id.label("voucher_id"), Voucher.word, Voucher.number, Voucher.on, VoucherLine.account,
            VoucherLine.summary, VoucherLine.counterparty, VoucherLine.debit, VoucherLine.credit,
        )
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .where(*_posted(scope, client_id, account), Voucher.period == period)
        .order_by(Voucher.on, Voucher.word, Voucher.number, VoucherLine.voucher_id, VoucherLine.line)
        .limit(MOST)
    )  # fmt: skip
    return tuple(Posted(**row._asdict()) for row in connection.execute(query))


def balance_before(
    connection: Connection, scope: Scope, client_id: UUID, *, account: str, period: str
) -> Decimal:
    """Return what an account held when a month began, debit as plus."""
    zero = Decimal(0)
    debits = func.coalesce(func.sum(VoucherLine.debit), zero)
    credits_ = func.coalesce(func.sum(VoucherLine.credit), zero)
    query = (
        select(debits, credits_)
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .where(*_posted(scope, client_id, account), Voucher.period < period)
    )
    debit, credit = connection.execute(query).one()
    return Decimal(debit - credit)


def _posted(scope: Scope, client_id: UUID, account: str) -> tuple[Any, ...]:
    return (
        Voucher.client_id == client_id,
        Voucher.state == "posted",
        VoucherLine.account.startswith(account, autoescape=True),
        visible_clients(scope, Voucher.client_id),
    )
