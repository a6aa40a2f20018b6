"""Writing vouchers: proposed once per source, rewritten while proposed, never touched once posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from engine.service_tasks import BusinessError
from handlers.books.vouchers import Voucher
from handlers.periods import Period
from handlers.tasks.ledger import CLOSING, Booked
from store.tables import BankLine, Client, Invoice, Person
from store.tables import Period as PeriodRow
from store.tables import Voucher as VoucherRow
from store.tables import VoucherLine as LineRow
from store.unit_of_work import UnitOfWork


def require_open(uow: UnitOfWork, client: Client, period: Period) -> None:
    """Raise books.period_closed when the month's books are closed."""
    row = period_row(uow, client.id, str(period))
    if row is not None and row.state == "closed":
        raise BusinessError(
            "books.period_closed",
            f"The books of {client.name} for {period} are closed; nothing can be posted there.",
        )


def period_row(uow: UnitOfWork, client_id: UUID, code: str) -> PeriodRow | None:
    """Give the row of a period, if there is one."""
    found = select(PeriodRow).where(PeriodRow.client_id == client_id, PeriodRow.code == code)
    return uow.session.scalars(found).first()


def propose(
    uow: UnitOfWork, client: Client, period: Period, voucher: Voucher, *, source: str, by: UUID | None
) -> VoucherRow:
    """Write a proposed voucher under its source, or rewrite it while it is not posted."""
    row = uow.session.scalars(select(VoucherRow).where(VoucherRow.source == source)).first()
    if row is not None and row.state == "posted":
        return row
    is_new = row is None
    if row is None:
        row = VoucherRow(id=uow.new_id(), client_id=client.id, period=str(period), source=source)
        uow.session.add(row)
    row.word, row.on, row.state = voucher.word, voucher.on, "proposed"
    row.kind = CLOSING if voucher.closes_profit and voucher.kind == "transfer" else voucher.kind
    row.summary = voucher.lines[0].summary if voucher.lines else ""
    row.attachments, row.prepared_by, row.reviewed_by = voucher.attachments, by, None
    uow.session.flush()
    if not is_new:
        uow.session.execute(delete(LineRow).where(LineRow.voucher_id == row.id))
    _write_lines(uow, row.id, voucher)
    return row


def discard(uow: UnitOfWork, row: VoucherRow) -> None:
    """Discard a voucher that is not posted; what it booked waits to be booked again."""
    if row.state == "posted":
        raise BusinessError(
            "books.period_closed",
            f"The voucher {row.word}-{row.number} is posted; reverse it by a red one instead.",
        )
    row.state, row.source = "discarded", f"{row.source}#discarded:{row.id}" if row.source else None
    for invoice in uow.session.scalars(select(Invoice).where(Invoice.voucher_id == row.id)):
        invoice.voucher_id, invoice.state = None, "read"
    for line in uow.session.scalars(select(BankLine).where(BankLine.voucher_id == row.id)):
        line.voucher_id, line.state = None, "read"
    uow.session.flush()


def shown_rows(books: Sequence[Booked], period: str) -> list[dict[str, Any]]:
    """Give the vouchers of a month that are not posted, as forms list them."""
    return [
        _shown(each) for each in books if each.period == period and each.state in {"proposed", "reviewed"}
    ]


def staff_person(uow: UnitOfWork, login: str | None) -> UUID | None:
    """Give the id of a login, None when nobody is meant or known."""
    return uow.session.scalar(select(Person.id).where(Person.login == login)) if login else None


def _shown(booked: Booked) -> dict[str, Any]:
    lines = booked.voucher.lines
    debit = "、".join(dict.fromkeys(line.account for line in lines if line.debit))
    credit = "、".join(dict.fromkeys(line.account for line in lines if line.credit))
    label = f"{booked.voucher.on} {booked.summary} {booked.voucher.debit}"
    return {
        "id": str(booked.id),
        "on": booked.voucher.on,
        "summary": booked.summary,
        "debit": debit,
        "credit": credit,
        "amount": booked.voucher.debit,
        "label": label,
        "value": str(booked.id),
    }


def _write_lines(uow: UnitOfWork, voucher_id: UUID, voucher: Voucher) -> None:
    uow.session.add_all(
        LineRow(
            voucher_id=voucher_id,
            line=number,
            account=line.account,
            summary=line.summary,
            debit=line.debit,
            credit=line.credit,
            counterparty=line.counterparty,
            cash_flow=line.cash_flow,
        )
        for number, line in enumerate(voucher.lines, start=1)
    )
    uow.session.flush()
