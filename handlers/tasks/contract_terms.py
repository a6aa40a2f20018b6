"""Service tasks about contracts in force: which one holds, until when, renewed, closed."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from engine.errors import NotFound
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.contracts.drafting import end_of_term
from handlers.tasks.contracts import shown_contract
from handlers.tasks.firm_settings import whole_setting
from handlers.tasks.reading import amount, header, needed_day, whole, word
from handlers.tasks.subjects import client_of
from store.tables import Contract, ScopeItem
from store.unit_of_work import UnitOfWork

handlers = Handlers()

CLOSED = ("refused", "expired", "terminated")


@handlers.service_task(
    "contracts.close",
    effect="database",
    title="结束合同",
    title_en="Close the contract",
    parameters=(
        Parameter(
            "state",
            "结束方式",
            "How it ends",
            kind="choice",
            required=True,
            choices=(
                ("refused", "未签", "Not signed"),
                ("expired", "到期", "Expired"),
                ("terminated", "解除", "Terminated"),
            ),
        ),
    ),
)
def close(call: Call, uow: UnitOfWork) -> Result:
    """Close the client's contract with its reason and switch its services off.

    Returns `contract_state`, `service_ends_on`.
    """
    state = header(call, "state", CLOSED)
    row = _latest(call, uow, ("draft",) if state == "refused" else ("signed", *CLOSED))
    ends = call.variables.get("service_ends_on")
    row.state = state
    row.ends_on = needed_day(call, "service_ends_on") if ends else row.ends_on
    row.terms = {**row.terms, "close_reason": word(call, "close_reason")}
    for item in uow.session.scalars(select(ScopeItem).where(ScopeItem.contract_id == row.id)):
        item.active = False
    return {"contract_state": state, "service_ends_on": row.ends_on}


@handlers.service_task(
    "contracts.current",
    effect="database",
    title="查有效合同",
    title_en="Look up the contract in force",
    errors=("contracts.none",),
)
def current(call: Call, uow: UnitOfWork) -> Result:
    """Give the client's signed contract and its dates. Raises contracts.none without one."""
    row = signed_contract(call, uow)
    return {
        "contract": shown_contract(row),
        "service_starts_on": row.starts_on,
        "monthly_fee": row.monthly_fee,
        **_term(call, uow, row),
    }


@handlers.service_task("contracts.renew", effect="database", title="续签合同", title_en="Renew the contract")
def renew(call: Call, uow: UnitOfWork) -> Result:
    """Extend the signed contract by months at a fee; the same renewal twice extends it once."""
    row = signed_contract(call, uow)
    key = str(call.instance)
    done = row.terms.get("renewals", {})
    if call.key not in done:
        row.ends_on = end_of_term(row.ends_on + timedelta(days=1), whole(call, "renew_months", 12))
        row.monthly_fee = amount(call, "new_monthly_fee")
        entry = {"ends_on": row.ends_on.isoformat(), "instance": key, "monthly_fee": str(row.monthly_fee)}
        row.terms = {**row.terms, "renewals": {**done, call.key: entry}}
    return {"contract": shown_contract(row), **_term(call, uow, row)}


def signed_contract(call: Call, uow: UnitOfWork) -> Contract:
    """Give the client's contract in force; BusinessError contracts.none without one."""
    client = client_of(call, uow)
    found = (
        select(Contract)
        .where(Contract.client_id == client.id, Contract.state == "signed")
        .order_by(Contract.starts_on.desc(), Contract.number.desc())
    )
    row = uow.session.scalars(found).first()
    if row is None:
        raise BusinessError("contracts.none", f"{client.name} has no signed contract; sign one first.")
    return row


def _latest(call: Call, uow: UnitOfWork, states: tuple[str, ...]) -> Contract:
    client = client_of(call, uow)
    found = (
        select(Contract)
        .where(Contract.client_id == client.id, Contract.state.in_((*states, header(call, "state"))))
        .order_by(Contract.created_at.desc(), Contract.number.desc())
    )
    row = uow.session.scalars(found).first()
    if row is None:
        raise NotFound(f"{client.name} has no contract that is {' or '.join(states)}; nothing was closed.")
    return row


def _term(call: Call, uow: UnitOfWork, row: Contract) -> dict[str, date]:
    notice = timedelta(days=whole_setting(call, uow, "renewal_notice_days"))
    return {"service_ends_on": row.ends_on, "renewal_due_on": row.ends_on - notice}
