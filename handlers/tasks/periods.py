"""Service task that opens the months of a client's service term."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from engine.service_tasks import Call, Handlers, Parameter, Result
from handlers.periods import Period, month_of
from handlers.tasks.reading import header
from handlers.tasks.subjects import client_of
from store.tables import Contract
from store.tables import Period as PeriodRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

SERVED = ("signed", "expired", "terminated")
_STILL = ("suspended", "refused", "ended")


@handlers.service_task(
    "periods.open",
    effect="database",
    title="打开未办月份",
    title_en="Open the months that have ended",
    parameters=(
        Parameter(
            "kind", "种类", "Kind", kind="choice", default="month", choices=(("month", "月", "Month"),)
        ),
    ),
)
def open_periods(call: Call, uow: UnitOfWork) -> Result:
    """Open every month of the service term that has ended and is not open yet; none for a suspended client.

    Returns `due_periods`, which an outage makes longer, never shorter.
    """
    header(call, "kind", ("month",), "month")
    client = client_of(call, uow)
    if client.status in _STILL:
        return {"due_periods": []}
    this_month = month_of(call.now.astimezone(uow.zone).date())
    contracts = uow.session.scalars(
        select(Contract)
        .where(Contract.client_id == client.id, Contract.state.in_(SERVED))
        .order_by(Contract.starts_on)
    ).all()
    term = {month for contract in contracts for month in _months(contract, this_month)}
    known = set(uow.session.scalars(select(PeriodRow.code).where(PeriodRow.client_id == client.id)))
    due = [month for month in sorted(term) if str(month) not in known]
    for month in due:
        uow.session.add(
            PeriodRow(
                id=uow.new_id(),
                client_id=client.id,
                code=str(month),
                starts_on=month.start,
                ends_on=month.end,
                state="open",
            )
        )
    uow.session.flush()
    return {"due_periods": [str(month) for month in due]}


def _months(contract: Contract, before: Period) -> Iterator[Period]:
    month = month_of(contract.starts_on)
    while month < before and month.start <= contract.ends_on:
        yield month
        month = month.following
