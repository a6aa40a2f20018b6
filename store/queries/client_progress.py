"""How far a month's service of each client is, counted from the books themselves: papers, vouchers, filings, payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, case, func, select
from sqlalchemy.orm import aliased

from store.queries.scope import Scope, visible_clients
from store.tables import Document, DocumentRequest, Obligation, Period, TaxReturn, Voucher


@dataclass(frozen=True, slots=True)
class Month:
    """A month of books and the window in which its obligations are due."""

    period: str
    due_from: date
    due_to: date
    today: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of one client's month. ``asked`` are required papers, ``to_pay`` returns with an amount, ``late`` is overdue."""

    asked: int = 0
    missing: int = 0
    vouchers: int = 0
    unposted: int = 0
    closed: bool = False
    due: int = 0
    not_done: int = 0
    late: int = 0
    to_pay: int = 0
    unpaid: int = 0
    packs: int = 0


def of_clients(
    connection: Connection, scope: Scope, client_ids: Iterable[UUID], month: Month
) -> Mapping[UUID, Progress]:
    """Return the progress of each named client that the person may see, in six statements however many there are."""
    ids = list(client_ids)
    found: dict[UUID, dict[str, Any]] = {each: {} for each in ids}
    for query in _queries(scope, ids, month) if ids else ():
        for row in connection.execute(query):
            values = row._asdict()
            found[values.pop("client_id")].update(values)
    return {client: Progress(**values) for client, values in found.items()}


def _queries(scope: Scope, ids: list[UUID], month: Month) -> tuple[Any, ...]:
    in_window = Obligation.due_on.between(month.due_from, month.due_to)
    open_one = Obligation.state == "open"
    parts: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
        (
            DocumentRequest,
            and_(DocumentRequest.period == month.period, DocumentRequest.required.is_(True)),
            {"asked": True, "missing": DocumentRequest.state == "open"},
        ),
        (
            Voucher,
            and_(Voucher.period == month.period, Voucher.state != "discarded"),
            {"vouchers": True, "unposted": Voucher.state != "posted"},
        ),
        (Period, and_(Period.code == month.period, Period.state == "closed"), {"closed": True}),
        (
            Obligation,
            in_window,
            {"due": True, "not_done": open_one, "late": and_(open_one, Obligation.due_on < month.today)},
        ),
        (
            TaxReturn,
            and_(TaxReturn.due_on.between(month.due_from, month.due_to), TaxReturn.amount > 0, ~_corrected()),
            {"to_pay": True, "unpaid": TaxReturn.paid_at.is_(None)},
        ),
        (
            Document,
            and_(Document.period == month.period, Document.kind == "pack", Document.state == "produced"),
            {"packs": True},
        ),
    )
    return tuple(_counted(table, when, counts, scope, ids) for table, when, counts in parts)


def _corrected() -> Any:
    """Return the condition that a later version of a tax return takes its place."""
    later = aliased(TaxReturn)
    return (
        select(later.id)
        .where(
            later.client_id == TaxReturn.client_id,
            later.period == TaxReturn.period,
            later.code == TaxReturn.code,
            later.version > TaxReturn.version,
        )
        .exists()
    )


def _counted(table: Any, when: Any, counts: dict[str, Any], scope: Scope, ids: list[UUID]) -> Any:  # noqa: PLR0917
    columns = [
        func.count().label(name) if test is True else func.sum(case((test, 1), else_=0)).label(name)
        for name, test in counts.items()
    ]
    return (
        select(table.client_id, *columns)
        .where(table.client_id.in_(ids), visible_clients(scope, table.client_id), when)
        .group_by(table.client_id)
    )
