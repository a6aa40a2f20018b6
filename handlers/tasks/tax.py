"""Service tasks of one tax return: compute it, and look for risks before it is filed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.service_tasks import BusinessError, Call, Handlers, Result
from handlers.clients.risk import assess
from handlers.money import ZERO, cents
from handlers.tasks import showing
from handlers.tasks.obligation_rows import obligation_of
from handlers.tasks.reading import mapping, number, word
from handlers.tasks.return_figures import compute
from handlers.tasks.risk_figures import risk_profile
from handlers.tasks.subjects import client_of
from handlers.tax.dated import NoRule, Unsupported
from handlers.tax.returns import Computed, by_hand
from store.tables import Client, Obligation, TaxReturn
from store.unit_of_work import UnitOfWork

handlers = Handlers()

DONE = ("filed", "paid")
# Risks of the client's papers and contract are looked at elsewhere; these have figures before a return.
_BEFORE_FILING = frozenset({*(f"R{number:02}" for number in range(1, 15)), "R16"})


@handlers.service_task(
    "tax.compute",
    effect="database",
    title="计算税额",
    title_en="Compute the tax",
    errors=("tax.no_rule", "tax.missing_input"),
)
def compute_return(call: Call, uow: UnitOfWork) -> Result:
    """Compute the return of the variable `obligation` from posted books and papers by dated rules.

    `manual_amount` takes the place of the computation, `adjustment` comes on top, `corrects` (a receipt number)
    makes a correcting return. Returns `tax_return`, `tax_amount`, `tax_lines_text`. Raises tax.no_rule (no rule for
    the date, or a case a person computes), tax.missing_input (books not closed, payroll missing).
    """
    client = client_of(call, uow)
    due = obligation_of(call, uow, client)
    row = _row(call, uow, client, due)
    if row.state not in DONE:
        _write(call, row, _computed(call, uow, client, due))
    uow.session.flush()
    shown = shown_return(row, due)
    lines = "\n".join(f"{line['label']}：{line['amount']:,.2f}" for line in shown["lines"])
    return {"tax_return": shown, "tax_amount": row.amount, "tax_lines_text": lines}


@handlers.service_task(
    "tax.risk_check", effect="database", title="申报前检查", title_en="Check risks before filing"
)
def risk_check(call: Call, uow: UnitOfWork) -> Result:
    """Look at the risks R01-R14 and R16 with the figures of books, papers and returns.

    Returns `tax_findings` with text, `tax_severity` (none when nothing was found).
    """
    client = client_of(call, uow)
    due = obligation_of(call, uow, client)
    today = call.now.astimezone(uow.zone).date()
    profile = risk_profile(uow, client, due, today)
    try:
        found = [each for each in assess(profile, today).findings if each.code in _BEFORE_FILING]
    except NoRule as error:
        raise BusinessError("tax.no_rule", str(error)) from error
    return {**showing.findings("tax_findings", found), "tax_severity": showing.worst(found)}


def return_of(call: Call, uow: UnitOfWork) -> TaxReturn:
    """Give the return the variable `tax_return` speaks of."""
    row = uow.session.get(TaxReturn, UUID(str(mapping(call, "tax_return")["id"])))
    if row is None or row.client_id != call.client:
        raise BusinessError(
            "tax.missing_input", f"{call.element}: the return of `tax_return` is not on file."
        )
    return row


def payable(row: TaxReturn) -> Decimal:
    """Give what is to be paid with a return: a correcting one only what it adds."""
    return cents(number(row.computation.get("payable", row.amount)))


def shown_return(row: TaxReturn, due: Obligation) -> dict[str, Any]:
    """Give a return as a process variable."""
    lines = [{"label": each["label"], "amount": Decimal(each["amount"])} for each in row.computation["lines"]]
    return {
        "id": str(row.id),
        "code": row.code,
        "name": due.name,
        "period": row.period,
        "version": row.version,
        "amount": row.amount,
        "payable": payable(row),
        "lines": lines,
        "due_on": row.due_on,
        "provisional": due.provisional,
    }


def _computed(call: Call, uow: UnitOfWork, client: Client, due: Obligation) -> Computed:
    given = call.variables.get("manual_amount")
    try:
        if given not in (None, ""):
            found = by_hand(number(given), word(call, "manual_basis"))
        else:
            found = compute(uow, client, due.code, due.period)
    except (NoRule, Unsupported) as error:
        raise BusinessError("tax.no_rule", str(error)) from error
    change = cents(number(call.variables.get("adjustment")))
    if not change:
        return found
    line = ("调整", change, word(call, "adjustment_note"))
    return replace(found, lines=(*found.lines, line), amount=found.amount + change)


def _row(call: Call, uow: UnitOfWork, client: Client, due: Obligation) -> TaxReturn:
    found = uow.session.scalars(
        select(TaxReturn)
        .where(TaxReturn.client_id == client.id, TaxReturn.period == due.period, TaxReturn.code == due.code)
        .order_by(TaxReturn.version.desc())
    ).all()
    receipt = word(call, "corrects")
    corrected = next((row for row in found if receipt and row.receipt == receipt), None)
    if found and (found[0].state not in DONE or corrected is None or found[0] is not corrected):
        return found[0]
    row = TaxReturn(
        id=uow.new_id(),
        client_id=client.id,
        period=due.period,
        code=due.code,
        version=len(found) + 1,
        state="computed",
        amount=ZERO,
        computation={"lines": [], "paid_before": str(corrected.amount if corrected else ZERO)},
        due_on=due.due_on,
        corrects_id=corrected.id if corrected else None,
        at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def _write(call: Call, row: TaxReturn, found: Computed) -> None:
    before = cents(number(row.computation.get("paid_before")))
    more = _against(before, found.amount) if row.corrects_id else ()
    lines = [
        {"label": label, "amount": str(amount), "basis": basis}
        for label, amount, basis in (*found.lines, *more)
    ]
    row.amount, row.state, row.at = found.amount, "computed", call.now
    row.computation = {
        **_kept(row.computation),
        "lines": lines,
        "facts": found.facts,
        "payable": str(max(found.amount - before, ZERO)),
    }


def _against(before: Decimal, amount: Decimal) -> tuple[tuple[str, Decimal, str], ...]:
    """Give the lines of a correcting return that say what is still to pay, or to be given back (多退少补)."""
    due = amount - before
    return ("原申报税额", before, ""), ("应补税额" if due >= ZERO else "应退税额", abs(due), "")


def _kept(computation: Mapping[str, Any]) -> dict[str, Any]:
    return {name: computation[name] for name in ("returned", "paid_before") if name in computation}
