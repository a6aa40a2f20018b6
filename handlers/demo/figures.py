"""What the demo comes to: counts and sums from the books, and the invariants that must hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from engine.commands import history
from store.tables import (
    BankLine,
    ChainHead,
    Client,
    Document,
    Incident,
    Instance,
    InstanceVariable,
    Invoice,
    Obligation,
    Period,
    Survey,
    TaxReturn,
    Voucher,
    VoucherLine,
    WorkItem,
)

_STATE_OF_LINE = case(((BankLine.state == "read") & (BankLine.amount == 0), "nothing"), else_=BankLine.state)
Sentence = tuple[str, str]
MONTHS = ("2026-07", "2026-08", "2026-09")


class Books(NamedTuple):
    """The posted vouchers of a client and month."""

    client: str
    period: str
    vouchers: int
    debits: Decimal
    credits: Decimal


class Tax(NamedTuple):
    """One computed return."""

    client: str
    period: str
    code: str
    amount: Decimal
    state: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that the last table shows.

    ``broken`` are sentences (中文, English), none when all invariants hold; ``names`` tells what a code is called.
    """

    instances: tuple[tuple[str, str, int], ...]
    items: tuple[tuple[str, int], ...]
    books: tuple[Books, ...]
    taxes: tuple[Tax, ...]
    invoices: tuple[tuple[str, str, str, int], ...]
    bank_lines: tuple[tuple[str, str, int], ...]
    documents: tuple[tuple[str, str, str, str], ...]
    surveys: tuple[tuple[str, int], ...]
    exceptions: tuple[tuple[str, str, str, str], ...]
    broken: tuple[tuple[str, str], ...]
    names: Callable[[str], str] = str


def result(connection: Connection, papers: Callable[[str], Path]) -> Result:
    """Read the result of the demo; ``papers`` gives the path of a document's digest."""
    return Result(
        instances=_rows(
            connection,
            select(Instance.process, Instance.state, func.count()).group_by(Instance.process, Instance.state),
        ),
        items=_rows(
            connection,
            select(func.coalesce(WorkItem.lane, "-"), func.count())
            .where(WorkItem.state == "completed")
            .group_by(WorkItem.lane),
        ),
        books=tuple(Books(*row) for row in _rows(connection, _posted())),
        taxes=tuple(Tax(*row) for row in _rows(connection, _taxes())),
        invoices=_rows(
            connection,
            select(Client.name, Invoice.period, Invoice.state, func.count())
            .join(Client, Client.id == Invoice.client_id)
            .group_by(Client.name, Invoice.period, Invoice.state),
        ),
        bank_lines=_rows(
            connection,
            select(Client.name, _STATE_OF_LINE, func.count())
            .join(Client, Client.id == BankLine.client_id)
            .group_by(Client.name, _STATE_OF_LINE),
        ),
        documents=tuple(
            (name, period or "", filename, str(papers(digest)))
            for name, period, filename, digest in _rows(connection, _produced())
        ),
        surveys=_rows(
            connection,
            select(Client.name, Survey.score)
            .join(Client, Client.id == Survey.client_id)
            .where(Survey.score.is_not(None)),
        ),
        exceptions=tuple(sorted(_exceptions(connection))),
        broken=tuple(_broken(connection)),
    )


def _exceptions(connection: Connection) -> Iterator[tuple[str, str, str, str]]:
    """Give every exception: client, what it is about, why, and what became of it."""
    query = (
        select(Client.name, Instance.id, InstanceVariable.name, InstanceVariable.value)
        .join(Instance, Instance.client_id == Client.id)
        .join(InstanceVariable, InstanceVariable.instance_id == Instance.id)
        .where(
            Instance.process == "exception_handling",
            InstanceVariable.scope == 0,
            InstanceVariable.name.in_(("exception", "exception_outcome")),
        )
    )
    found: dict[tuple[str, UUID], dict[str, Any]] = {}
    for client, instance, name, value in connection.execute(query):
        found.setdefault((client, instance), {})[name] = json.loads(value)
    for (client, _), each in found.items():
        about = each["exception"]
        yield client, about["subject"], about["reason"], each.get("exception_outcome") or "open"


def _rows(connection: Connection, query: Any) -> tuple[Any, ...]:
    columns = query.selected_columns
    return tuple(tuple(row) for row in connection.execute(query.order_by(*columns)))


def _posted() -> Any:
    return (
        select(
            Client.name.label("client"),
            Voucher.period,
            func.count(Voucher.id.distinct()),
            func.sum(VoucherLine.debit),
            func.sum(VoucherLine.credit),
        )
        .join(Voucher, Voucher.client_id == Client.id)
        .join(VoucherLine, VoucherLine.voucher_id == Voucher.id)
        .where(Voucher.state == "posted")
        .group_by(Client.name, Voucher.period)
    )


def _taxes() -> Any:
    return select(
        Client.name,
        TaxReturn.period,
        TaxReturn.code,
        TaxReturn.amount,
        TaxReturn.state,
        func.coalesce(TaxReturn.receipt, ""),
    ).join(Client, Client.id == TaxReturn.client_id)


def _produced() -> Any:
    return (
        select(Client.name, Document.period, Document.filename, Document.digest)
        .join(Client, Client.id == Document.client_id)
        .where(Document.state == "produced")
    )


def _broken(connection: Connection) -> Iterator[Sentence]:
    yield from _unbalanced(connection)
    yield from _unbooked(connection)
    for element, message in connection.execute(
        select(Incident.element, Incident.message).where(Incident.resolved_at.is_(None))
    ):
        yield (
            f"步骤 {element} 有未处理的异常事件：{message}",
            f"There is an open incident at {element}: {message}",
        )
    for client, subject, reason, outcome in _exceptions(connection):
        if outcome == "open":
            yield (
                f"{client} 的异常没有结果：{subject}，{reason}",
                f"An exception of {client} is open: {subject}, {reason}",
            )
    for chain in connection.scalars(select(ChainHead.chain).order_by(ChainHead.chain)):
        for fault in history.verify(connection, chain):
            yield (
                f"{chain} 的历史记录与写入时不符：{fault}",
                f"The history of {chain} is not what was written: {fault}",
            )
    yield from _unfinished(connection)


def _unbalanced(connection: Connection) -> Iterator[Sentence]:
    query = (
        select(Voucher.id, func.sum(VoucherLine.debit), func.sum(VoucherLine.credit))
        .join(VoucherLine, VoucherLine.voucher_id == Voucher.id)
        .group_by(Voucher.id)
        .having(func.sum(VoucherLine.debit) != func.sum(VoucherLine.credit))
    )
    for voucher, debit, credit in connection.execute(query):
        yield (
            f"凭证 {voucher} 不平：借方 {debit}，贷方 {credit}。",
            f"The voucher {voucher} does not balance: debit {debit}, credit {credit}.",
        )


def _unbooked(connection: Connection) -> Iterator[Sentence]:
    """Tell of papers that are neither in the books nor left to a person with a reason."""
    for number in connection.scalars(select(Invoice.number).where(Invoice.state == "read")):
        yield f"发票 {number} 读入后没有入账。", f"The invoice {number} was read and never booked."
    left = select(BankLine.at, BankLine.amount).where(BankLine.state == "read", BankLine.amount != 0)
    for at, amount in connection.execute(left):
        yield (
            f"{at} 的流水 {amount} 读入后没有入账。",
            f"The bank movement of {amount} at {at} was read and never booked.",
        )


def _unfinished(connection: Connection) -> Iterator[Sentence]:
    served = connection.execute(select(Client.id, Client.name).where(Client.status == "active")).all()
    if not served:
        yield "没有一个客户在服务中。", "No client is served."
    for client_id, name in served:
        states = dict(
            connection.execute(select(Period.code, Period.state).where(Period.client_id == client_id)).all()
        )
        for month in MONTHS:
            if states.get(month) != "closed":
                yield (
                    f"{name} 的 {month} 没有结账（{states.get(month, '未打开')}）。",
                    f"The month {month} of {name} is {states.get(month, 'not opened')}, not closed.",
                )
        open_ones = select(Obligation.name, Obligation.period, Obligation.state).where(
            Obligation.client_id == client_id, Obligation.state.not_in(("done", "waived"))
        )
        for obligation, period, state in connection.execute(open_ones):
            yield (
                f"{name} {period} 的{obligation}没有办结（{state}）。",
                f"{obligation} {period} of {name} is {state}, not done.",
            )
