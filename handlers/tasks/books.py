"""Service tasks that fill and post a month's books: propose, enter, post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine.commands import decisions, history
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.books.check import check
from handlers.books.vouchers import Voucher, VoucherLine
from handlers.findings import blocking
from handlers.money import cents
from handlers.periods import Period
from handlers.tasks import showing, taken
from handlers.tasks.ledger import CLOSING, Booked, chart_of, load
from handlers.tasks.proposals import Proposer
from handlers.tasks.reading import day, entries, header, listed, number
from handlers.tasks.signers import preparer_of, reviewer_of
from handlers.tasks.subjects import client_of, month_of_call, taxpayer_of
from handlers.tasks.voucher_rows import Proposals, discard, require_open, shown_rows
from store.tables import BankAccount, BankLine, Client, Invoice
from store.tables import Voucher as VoucherRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

VOUCHER_RULES = "voucher_rules"
_STATES = ("proposed", "reviewed")
_CLOSING_STEPS = (":profit", ":year_end", ":reserve")


@handlers.service_task(
    "books.propose",
    effect="database",
    title="生成凭证建议",
    title_en="Propose vouchers",
    errors=("books.period_closed",),
)
def propose_vouchers(call: Call, uow: UnitOfWork) -> Result:
    """Propose a voucher for every invoice and bank movement of the month that has none.

    Papers supplied since the import are taken in first. The decision `voucher_rules` names accounts; what it is not
    sure of, or cannot be booked, is listed, with new exceptions of the papers supplied.
    Returns `vouchers_proposed`, `proposal_exceptions`, `voucher_rows`. Raises books.period_closed.
    """
    client, period = client_of(call, uow), month_of_call(call)
    require_open(uow, client, period)
    matters: list[showing.Shown | None] = [*_supplied(call, uow, client, period)]
    proposals = Proposals(uow, client, period, by=preparer_of(call, uow))
    proposer = Proposer(
        proposals=proposals,
        client=client,
        taxpayer=taxpayer_of(client),
        period=period,
        chart=chart_of(uow.connection, client),
        decide=partial(decisions.decide, uow, VOUCHER_RULES),
    )
    matters += [proposer.invoice(row) for row in _open_invoices(uow, client.id, period)]
    matters += [proposer.bank_line(row, account) for row, account in _open_lines(uow, client.id, period)]
    proposals.finish()
    return _proposed(uow, client, period, [each for each in matters if each])


@handlers.service_task(
    "books.enter",
    effect="database",
    title="登记手工凭证",
    title_en="Enter vouchers by hand",
    errors=("books.unknown_account", "books.period_closed"),
)
def enter(call: Call, uow: UnitOfWork) -> Result:
    """Add vouchers entered by hand and discard proposals; the same entry handed in again stays one voucher.

    Returns `vouchers_proposed`, `voucher_rows`, `proposal_exceptions` (what is still without a voucher).
    """
    client, period = client_of(call, uow), month_of_call(call)
    require_open(uow, client, period)
    for identity in listed(call, "discarded_vouchers"):
        row = uow.session.get(VoucherRow, UUID(str(identity)))
        if row is not None and row.client_id == client.id and row.state in _STATES:
            discard(uow, row)
    proposals = Proposals(uow, client, period, by=preparer_of(call, uow))
    chart, seen = chart_of(uow.connection, client), Counter[str]()
    for entry in entries(call, "manual_entries"):
        voucher = _by_hand(entry, period)
        if unknown := [line.account for line in voucher.lines if not chart.is_postable(line.account)]:
            raise BusinessError(
                "books.unknown_account",
                f"{'、'.join(unknown)} cannot be posted to in the chart of {client.name}; use a last-level account.",
            )
        key = _hand_key(client, period, voucher)
        seen[key] += 1
        proposals.add(voucher, source=f"{key}-{seen[key]}")
    proposals.finish()
    return _proposed(uow, client, period, _unbooked(uow, client.id, period))


@handlers.service_task(
    "books.post",
    effect="database",
    title="过账",
    title_en="Post the vouchers",
    parameters=(
        Parameter(
            "which",
            "哪些凭证",
            "Which vouchers",
            kind="choice",
            default="all",
            choices=(("all", "全部", "All"), ("closing", "结转凭证", "Closing vouchers")),
        ),
    ),
    errors=("books.period_closed", "books.unbalanced", "books.same_person"),
)
def post(call: Call, uow: UnitOfWork) -> Result:
    """Post the month's vouchers, numbered without gaps; a posted voucher is never changed again.

    Returns `vouchers_posted`. Raises books.period_closed, books.unbalanced (any voucher that does not pass its
    checks), books.same_person (会计法 第三十五条).
    """
    client, period = client_of(call, uow), month_of_call(call)
    require_open(uow, client, period)
    preparer, reviewer = preparer_of(call, uow), reviewer_of(call, uow)
    if preparer == reviewer:
        raise BusinessError(
            "books.same_person",
            f"Preparer and reviewer of the vouchers of {client.name} are one person; let somebody else review.",
        )
    mine = (VoucherRow.period == str(period), VoucherRow.state.in_(_STATES))
    chosen = _to_post(
        load(uow.connection, client.id, *mine), header(call, "which", ("all", "closing"), "all")
    )
    _must_hold(uow, client, chosen)
    numbers = _last_numbers(uow, client.id, period)
    rows = {row.id: row for row in uow.session.scalars(select(VoucherRow).where(*mine))}
    for booked in chosen:
        row = rows[booked.id]
        numbers[row.word] += 1
        row.number, row.state = numbers[row.word], "posted"
        row.prepared_by = row.prepared_by if row.prepared_by not in (None, reviewer) else preparer
        row.reviewed_by, row.posted_by, row.posted_at = reviewer, preparer, uow.now
    uow.session.flush()
    if chosen:
        detail = {"period": str(period), "vouchers": len(chosen), "last_numbers": dict(numbers)}
        history.note(
            uow, "vouchers.posted", by=None, client_id=client.id, instance_id=call.instance, detail=detail
        )
    return {"vouchers_posted": len(chosen)}


def _supplied(call: Call, uow: UnitOfWork, client: Client, period: Period) -> list[showing.Shown]:
    """Take in the papers that came after the import; give their exceptions, not those people have had already."""
    invoices = taken.invoices(uow, client, str(period))
    found = [each.exception for each in invoices if each.exception]
    found += [one for each in taken.statements(uow, client, str(period)) for one in each.exceptions]
    had = (*entries(call, "invoice_exceptions"), *entries(call, "bank_exceptions"))
    known = {str(each.get("id")) for each in had}
    return [each for each in found if each["id"] not in known]


def _proposed(
    uow: UnitOfWork, client: Client, period: Period, matters: list[showing.Shown]
) -> dict[str, Any]:
    uow.session.flush()
    rows = shown_rows(load(uow.connection, client.id, VoucherRow.period == str(period)), str(period))
    return {"vouchers_proposed": len(rows), "proposal_exceptions": matters, "voucher_rows": rows}


def _open_invoices(uow: UnitOfWork, client_id: UUID, period: Period) -> Iterable[Invoice]:
    """Give the invoices without a posted voucher: new ones, and those whose proposal may be looked at again."""
    posted = select(VoucherRow.id).where(VoucherRow.client_id == client_id, VoucherRow.state == "posted")
    return uow.session.scalars(
        select(Invoice)
        .where(
            Invoice.client_id == client_id,
            Invoice.period == str(period),
            Invoice.state.in_(("read", "booked")),
            Invoice.voucher_id.is_(None) | Invoice.voucher_id.not_in(posted),
        )
        .order_by(Invoice.issued_on, Invoice.number)
    ).all()


def _open_lines(uow: UnitOfWork, client_id: UUID, period: Period) -> Iterable[tuple[BankLine, BankAccount]]:
    posted = select(VoucherRow.id).where(VoucherRow.client_id == client_id, VoucherRow.state == "posted")
    rows = uow.session.execute(
        select(BankLine, BankAccount)
        .join(BankAccount, BankAccount.id == BankLine.account_id)
        .where(
            BankLine.client_id == client_id,
            BankLine.period == str(period),
            BankLine.state.in_(("read", "booked")),
            BankLine.amount != 0,
            BankLine.voucher_id.is_(None) | BankLine.voucher_id.not_in(posted),
        )
        .order_by(BankLine.at, BankLine.row, BankLine.id)
    )
    return [(line, account) for line, account in rows]


def _unbooked(uow: UnitOfWork, client_id: UUID, period: Period) -> list[showing.Shown]:
    papers = select(Invoice).where(Invoice.client_id == client_id, Invoice.period == str(period))
    lines = select(BankLine).where(BankLine.client_id == client_id, BankLine.period == str(period))
    found = [
        showing.exception(
            row.id, "invoice", "UNBOOKED", subject=f"发票{row.number}", reason=row.reason or "尚无凭证"
        )
        for row in uow.session.scalars(papers.where(Invoice.voucher_id.is_(None)).order_by(Invoice.number))
    ]
    unbooked = lines.where(
        BankLine.voucher_id.is_(None), (BankLine.amount != 0) | (BankLine.state == "exception")
    )
    for row in uow.session.scalars(unbooked.order_by(BankLine.at, BankLine.row)):
        subject = f"{row.at[:10]} {row.counterparty} {row.amount}"
        reason = row.reason or "尚无凭证"
        found.append(showing.exception(row.id, "bank_line", "UNBOOKED", subject=subject, reason=reason))
    return found


def _by_hand(entry: Mapping[str, Any], period: Period) -> Voucher:
    on = day(entry.get("on"))
    if on is None or on not in period:
        raise BusinessError(
            "books.period_closed", f"The voucher's day {on} lies outside {period}; give a day of that month."
        )
    summary, amount = str(entry.get("summary") or ""), cents(number(entry.get("amount")))
    lines = (
        VoucherLine(str(entry.get("debit") or ""), summary, debit=amount),
        VoucherLine(str(entry.get("credit") or ""), summary, credit=amount),
    )
    return Voucher(on, lines, attachments=int(number(entry.get("attachments"))))


def _hand_key(client: Client, period: Period, voucher: Voucher) -> str:
    facts = (voucher.on, voucher.lines[0].summary, *((line.account, line.signed) for line in voucher.lines))
    return f"manual:{client.id}:{period}:{sha256(repr(facts).encode()).hexdigest()[:24]}"


def _to_post(books: list[Booked], which: str) -> list[Booked]:
    chosen = [
        each
        for each in books
        if which == "all" or each.kind == CLOSING or each.source.split("#")[0].endswith(_CLOSING_STEPS)
    ]
    order = {"ordinary": 0, "normal": 0, "red": 1, "blue": 1, "transfer": 2, CLOSING: 3}
    return sorted(chosen, key=lambda each: (order.get(each.kind, 2), each.voucher.on, str(each.id)))


def _must_hold(uow: UnitOfWork, client: Client, chosen: list[Booked]) -> None:
    chart = chart_of(uow.connection, client)
    wrong = [
        f"{each.summary}（{showing.reasons(found)}）"
        for each in chosen
        if (found := blocking(check(replace(each.voucher, number=None), chart)))
    ]
    if wrong:
        raise BusinessError(
            "books.unbalanced", f"These vouchers cannot be posted: {'；'.join(wrong)}. Mend them first."
        )


def _last_numbers(uow: UnitOfWork, client_id: UUID, period: Period) -> Counter[str]:
    found = (
        select(VoucherRow.word, func.max(VoucherRow.number))
        .where(
            VoucherRow.client_id == client_id, VoucherRow.period == str(period), VoucherRow.state == "posted"
        )
        .group_by(VoucherRow.word)
    )
    return Counter({each: last or 0 for each, last in uow.session.execute(found)})
