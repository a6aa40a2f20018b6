"""A client's vouchers in the store as the values that the books' pure functions take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from handlers.books.balances import Key, TrialBalance, trial_balance
from handlers.books.chart import Account, Chart, chart
from handlers.books.vouchers import Kind, Signatures, Voucher, VoucherLine
from handlers.clients.taxpayer import VatKind
from handlers.periods import Period
from store.tables import Account as AccountRow
from store.tables import Client
from store.tables import Voucher as VoucherRow
from store.tables import VoucherLine as LineRow

OPENING, CLOSING = "opening", "closing"
LIVE = ("proposed", "reviewed", "posted")
_KINDS: Mapping[str, Kind] = {
    "normal": "ordinary",
    "ordinary": "ordinary",
    "transfer": "transfer",
    "red": "red",
    "blue": "blue",
    OPENING: "transfer",
    CLOSING: "transfer",
}
_SIDES = {"debit": "借", "credit": "贷"}


@dataclass(frozen=True, slots=True)
class Booked:
    """A stored voucher: where it stands and what it says."""

    id: UUID
    period: str
    state: str
    kind: str
    summary: str
    source: str
    voucher: Voucher


def load(connection: Connection, client_id: UUID, *where: ColumnElement[bool]) -> list[Booked]:
    """Read a client's vouchers that are not discarded, by period, word, number and day."""
    rows = connection.execute(
        select(VoucherRow.__table__)
        .where(VoucherRow.client_id == client_id, VoucherRow.state.in_(LIVE), *where)
        .order_by(VoucherRow.period, VoucherRow.word, VoucherRow.number, VoucherRow.on, VoucherRow.id)
    ).all()
    lines = _lines(connection, select(VoucherRow.id).where(VoucherRow.client_id == client_id, *where))
    labels = {
        row.id: f"{row.on.year}年{row.on.month}月{row.on.day}日{row.word}-{row.number}号" for row in rows
    }
    closing = {row.id for row in rows if row.kind == CLOSING}
    return [
        Booked(
            id=row.id,
            period=row.period,
            state=row.state,
            kind=row.kind,
            summary=row.summary,
            source=row.source or "",
            voucher=Voucher(
                on=row.on,
                lines=tuple(lines[row.id]),
                word=row.word,
                number=row.number,
                attachments=row.attachments,
                kind=_KINDS[row.kind],
                closes_profit=row.kind == CLOSING or row.reverses_id in closing,
                corrects=labels.get(row.reverses_id, "") if row.reverses_id else "",
                sources=(row.source,) if row.source and row.kind in {"ordinary", "normal"} else (),
                signed_by=Signatures(str(row.prepared_by or ""), str(row.reviewed_by or "")),
            ),
        )
        for row in rows
    ]


def until(connection: Connection, client_id: UUID, period: Period) -> list[Booked]:
    """Read all vouchers up to the end of a month, opening balances first."""
    return load(connection, client_id, VoucherRow.period <= str(period.months[-1]))


def balance_before(books: Sequence[Booked], period: str) -> dict[Key, Decimal]:
    """Give the balances with which a month begins."""
    return trial_balance({}, vouchers(books, before=period)).carried()


def balance_of(books: Sequence[Booked], first: str, last: str) -> TrialBalance:
    """Balance the months from first to last."""
    return trial_balance(balance_before(books, first), vouchers(books, first=first, last=last))


def vouchers(books: Sequence[Booked], *, first: str = "", last: str = "9", before: str = "") -> list[Voucher]:
    """Give the vouchers of the months from first to last, or of all before one."""
    if before:
        return [each.voucher for each in books if each.period < before]
    return [each.voucher for each in books if first <= each.period <= last and each.kind != OPENING]


def chart_of(connection: Connection, client: Client) -> Chart:
    """Give the chart of the client's book set with its own accounts."""
    vat: VatKind = "general" if client.taxpayer_type == "general" else "small_scale"
    standard = chart(vat)
    own = connection.execute(
        select(AccountRow.code, AccountRow.name, AccountRow.side).where(AccountRow.client_id == client.id)
    ).all()
    added = [
        Account(
            row.code,
            row.name,
            standard.accounts[row.code[:4]].kind if row.code[:4] in standard else "",
            "贷" if _SIDES.get(row.side, row.side) == "贷" else "借",
            "client",
        )
        for row in own
    ]
    return standard.extended(added) if added else standard


def year_start(period: Period) -> str:
    """Give the January of a period's year."""
    return f"{period.year:04}-01"


def _lines(connection: Connection, of: object) -> Mapping[UUID, list[VoucherLine]]:
    found: dict[UUID, list[VoucherLine]] = defaultdict(list)
    rows = connection.execute(
        select(
            LineRow.voucher_id,
            LineRow.account,
            LineRow.summary,
            LineRow.debit,
            LineRow.credit,
            LineRow.counterparty,
            LineRow.cash_flow,
        )
        .where(LineRow.voucher_id.in_(of))  # type: ignore[arg-type]
        .order_by(LineRow.voucher_id, LineRow.line)
    )
    for row in rows:
        voucher_id, account, summary, debit, credit, counterparty, cash_flow = row
        line = VoucherLine(account, summary, debit, credit, counterparty=counterparty, cash_flow=cash_flow)
        found[voucher_id].append(line)
    return found


def clamped(day: date, period: Period) -> date:
    """Give the day, or the nearest one of the period."""
    return min(max(day, period.start), period.end)
