"""Service task that opens a client's books with its opening balances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from engine.service_tasks import BusinessError, Call, Handlers, Result
from handlers.books.vouchers import VoucherLine
from handlers.money import ZERO, cents, total
from handlers.periods import Period, month_of, parse_period
from handlers.tasks.ledger import OPENING, chart_of
from handlers.tasks.profiles import keep_in_profile
from handlers.tasks.reading import entries, needed, number, word
from handlers.tasks.signers import preparer_of, reviewer_of
from handlers.tasks.subjects import client_of
from store.tables import Client, Voucher
from store.tables import Period as PeriodRow
from store.tables import VoucherLine as LineRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

_WORD = "期初"


@handlers.service_task(
    "onboarding.open_books",
    effect="database",
    title="建立账套",
    title_en="Open the books",
    errors=("books.unbalanced", "books.unknown_account", "books.period_closed"),
)
def open_books(call: Call, uow: UnitOfWork) -> Result:
    """Open the client's book set with its opening balances, or write them again while no month is closed.

    Returns `books_open`, `opening_debit`, `opening_credit`, `opening_difference`. Raises books.unbalanced,
    books.unknown_account, books.period_closed.
    """
    client, start = client_of(call, uow), parse_period(needed(call, "books_start")).months[0]
    lines = [_line(each) for each in entries(call, "opening_balances")]
    lines = [line for line in lines if line.debit or line.credit]
    debit, credit = total(line.debit for line in lines), total(line.credit for line in lines)
    chart = chart_of(uow.connection, client)
    if unknown := [line.account for line in lines if not chart.is_postable(line.account)]:
        raise BusinessError(
            "books.unknown_account",
            f"{'、'.join(unknown)} cannot hold an opening balance of {client.name}; use last-level accounts.",
        )
    sums = {"opening_debit": debit, "opening_credit": credit, "opening_difference": debit - credit}
    if debit != credit:
        raise BusinessError(
            "books.unbalanced",
            f"The opening balances differ by {debit - credit}: debit {debit}, credit {credit}. Mend them first.",
            sums,
        )
    _must_be_free(uow, client)
    keep_in_profile(
        uow, client, {"accounting_standard": word(call, "accounting_standard"), "books_start": str(start)}
    )
    _write(call, uow, client, (start, lines))
    return {"books_open": True, **sums}


def _line(entry: Mapping[str, Any]) -> VoucherLine:
    return VoucherLine(
        str(entry.get("account") or ""),
        "期初余额",
        debit=cents(number(entry.get("debit"))),
        credit=cents(number(entry.get("credit"))),
        counterparty=str(entry.get("counterparty") or ""),
    )


def _must_be_free(uow: UnitOfWork, client: Client) -> None:
    closed = select(PeriodRow.code).where(PeriodRow.client_id == client.id, PeriodRow.state == "closed")
    if months := uow.session.scalars(closed.order_by(PeriodRow.code)).all():
        raise BusinessError(
            "books.period_closed",
            f"{client.name} has closed {'、'.join(months)}; opening balances cannot change any more, book a correction.",
        )


def _write(call: Call, uow: UnitOfWork, client: Client, opened: tuple[Period, list[VoucherLine]]) -> None:
    start, lines = opened
    before = month_of(start.start.replace(day=1) - start.start.resolution)
    source = f"{client.id}:{OPENING}"
    row = uow.session.scalars(select(Voucher).where(Voucher.source == source)).first()
    if row is None:
        row = Voucher(
            id=uow.new_id(), client_id=client.id, source=source, word=_WORD, number=1, summary="期初余额"
        )
        uow.session.add(row)
    row.kind, row.period, row.on, row.attachments = OPENING, str(before), before.end, 0
    row.state, row.posted_at = "posted", uow.now
    row.prepared_by = row.posted_by = preparer_of(call, uow)
    row.reviewed_by = reviewer_of(call, uow)
    uow.session.flush()
    uow.session.execute(delete(LineRow).where(LineRow.voucher_id == row.id))
    uow.session.add_all(
        LineRow(
            voucher_id=row.id,
            line=at,
            account=line.account,
            summary=line.summary,
            debit=line.debit or ZERO,
            credit=line.credit or ZERO,
            counterparty=line.counterparty,
        )
        for at, line in enumerate(lines, start=1)
    )
    uow.session.flush()
