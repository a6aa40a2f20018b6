"""Writing vouchers: proposed once per source, rewritten while proposed, never touched once posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from engine.service_tasks import BusinessError
from handlers.books.vouchers import Voucher
from handlers.periods import Period
from handlers.tasks.ledger import CLOSING, Booked
from store.tables import BankLine, Client, Invoice
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


class Proposals:
    """Proposed vouchers of one client and month, written together: a month has hundreds of them."""

    def __init__(self, uow: UnitOfWork, client: Client, period: Period, *, by: UUID | None) -> None:
        """Know what is there already by its source; `by` is the preparer."""
        self._uow, self._client, self._period, self._by = uow, client, period, by
        there = select(VoucherRow).where(
            VoucherRow.client_id == client.id,
            VoucherRow.period == str(period),
            VoucherRow.source.is_not(None),
        )
        self._known = {str(row.source): row for row in uow.session.scalars(there)}
        self._rewritten: list[UUID] = []
        self._lines: list[dict[str, Any]] = []
        self._booked: list[tuple[Invoice | BankLine, UUID]] = []

    def add(self, voucher: Voucher, *, source: str, books: Invoice | BankLine | None = None) -> VoucherRow:
        """Propose a voucher under its source, again while it is not posted; `books` is the paper it books."""
        row = self._known.get(source)
        if row is not None and row.state == "posted":
            return row
        if row is None:
            row = VoucherRow(
                id=self._uow.new_id(), client_id=self._client.id, period=str(self._period), source=source
            )
            self._known[source] = row
            self._uow.session.add(row)
        else:
            self._rewritten.append(row.id)
        row.word, row.on, row.state = voucher.word, voucher.on, "proposed"
        row.kind = CLOSING if voucher.closes_profit and voucher.kind == "transfer" else voucher.kind
        row.summary = voucher.lines[0].summary if voucher.lines else ""
        row.attachments, row.prepared_by, row.reviewed_by = voucher.attachments, self._by, None
        self._lines += _line_values(row.id, voucher)
        if books is not None:
            self._booked.append((books, row.id))
        return row

    def finish(self) -> None:
        """Write everything: vouchers first, since lines and papers point at them."""
        session = self._uow.session
        session.flush()
        if self._rewritten:
            session.execute(delete(LineRow).where(LineRow.voucher_id.in_(self._rewritten)))
        if self._lines:
            session.execute(insert(LineRow), self._lines)
        for paper, voucher_id in self._booked:
            paper.voucher_id, paper.state = voucher_id, "booked"
        session.flush()


def propose(
    uow: UnitOfWork, client: Client, period: Period, voucher: Voucher, *, source: str, by: UUID | None
) -> VoucherRow:
    """Write one proposed voucher under its source, or rewrite it while it is not posted."""
    proposals = Proposals(uow, client, period, by=by)
    row = proposals.add(voucher, source=source)
    proposals.finish()
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


def _line_values(voucher_id: UUID, voucher: Voucher) -> list[dict[str, Any]]:
    return [
        {
            "voucher_id": voucher_id,
            "line": number,
            "account": line.account,
            "summary": line.summary,
            "debit": line.debit,
            "credit": line.credit,
            "counterparty": line.counterparty,
            "cash_flow": line.cash_flow,
        }
        for number, line in enumerate(voucher.lines, start=1)
    ]
