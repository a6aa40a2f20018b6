"""A client's books: periods, vouchers, balances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from store.queries.paging import Page, Paging, page_of
from store.queries.scope import Scope, visible_clients
from store.tables import Account, Period, Voucher, VoucherLine

POSTED = "posted"


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A month, quarter or year of a client's books."""

    id: UUID
    code: str
    starts_on: date
    ends_on: date
    state: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One voucher; ``amount`` is the sum of its debits."""

    id: UUID
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
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a voucher."""

    voucher_id: UUID
    line: int
    account: str
    summary: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account in one period: what it began with, its turnover, what it ended with (debit less credit)."""

    account: str
    name: str | None
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal


SORTS = {"number": Voucher.number, "on": Voucher.on, "state": Voucher.state, "word": Voucher.word}


def periods(connection: Connection, scope: Scope, client_id: UUID, limit: int = 200) -> tuple[PeriodRow, ...]:
    """Return the periods of a client, the latest first."""
    query = select(*(getattr(Period, name) for name in PeriodRow.__dataclass_fields__)).where(
        Period.client_id == client_id, visible_clients(scope, Period.client_id)
    )
    rows = connection.execute(query.order_by(Period.ends_on.desc(), Period.code.desc()).limit(limit))
    return tuple(PeriodRow(**row._asdict()) for row in rows)


def vouchers(
    connection: Connection,
    scope: Scope,
    client_id: UUID,
    *,
    period: str | None = None,
    state: str | None = None,
    paging: Paging | None = None,
) -> Page[VoucherRow]:
    """Return a page of a client's vouchers. Sorts: number on state word."""
    amount = (
        select(func.coalesce(func.sum(VoucherLine.debit), Decimal(0)))
        .where(VoucherLine.voucher_id == Voucher.id)
        .correlate(Voucher)
        .scalar_subquery()
        .label("amount")
    )
    names = [name for name in VoucherRow.__dataclass_fields__ if name != "amount"]
    query = select(*(getattr(Voucher, name) for name in names), amount).where(
        Voucher.client_id == client_id, visible_clients(scope, Voucher.client_id)
    )
    equal = {Voucher.period: period, Voucher.state: state}
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    return page_of(
        connection,
        query,
        paging or Paging(),
        sorts=SORTS,
        make=lambda row: VoucherRow(**row._asdict()),
        last=Voucher.id,
    )


def lines(connection: Connection, scope: Scope, voucher_id: UUID) -> tuple[LineRow, ...]:
    """Return the lines of a voucher in their order."""
    query = (
        select(*(getattr(VoucherLine, name) for name in LineRow.__dataclass_fields__))
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .where(Voucher.id == voucher_id, visible_clients(scope, Voucher.client_id))
        .order_by(VoucherLine.line)
    )
    return tuple(LineRow(**row._asdict()) for row in connection.execute(query))


def trial_balance(
    connection: Connection, scope: Scope, client_id: UUID, period: str
) -> tuple[BalanceRow, ...]:
    """Return the balances of a client's accounts in a month (such as '2026-08') from posted vouchers, by account."""
    zero = Decimal(0)
    before, within = Voucher.period < period, Voucher.period == period

    def total(column: Any, when: Any) -> Any:
        return func.coalesce(func.sum(case((when, column), else_=zero)), zero)

    columns = (
        total(VoucherLine.debit, before),
        total(VoucherLine.credit, before),
        total(VoucherLine.debit, within),
        total(VoucherLine.credit, within),
    )
    query = (
        select(VoucherLine.account, func.max(Account.name), *columns)
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .outerjoin(Account, (Account.client_id == Voucher.client_id) & (Account.code == VoucherLine.account))
        .where(
            Voucher.client_id == client_id,
            Voucher.state == POSTED,
            Voucher.period <= period,
            visible_clients(scope, Voucher.client_id),
        )
        .group_by(VoucherLine.account)
        .order_by(VoucherLine.account)
    )
    found = []
    for account, name, debit_before, credit_before, debit, credit in connection.execute(query):
        opening = debit_before - credit_before
        found.append(BalanceRow(account, name, opening, debit, credit, opening + debit - credit))
    return tuple(found)
