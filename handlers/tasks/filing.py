"""Service tasks that record what people did with a return: confirmed, filed, sent back, paid."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select

from engine.commands import history
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.money import ZERO
from handlers.tasks.obligation_rows import days_late, find, mark_done
from handlers.tasks.reading import amount, entries, header, needed, needed_day, word
from handlers.tasks.signers import tax_clerk_of
from handlers.tasks.tax import payable, return_of
from handlers.tax.late import late_surcharge
from store.tables import Document, TaxReturn
from store.unit_of_work import UnitOfWork

handlers = Handlers()


@handlers.service_task(
    "tax.record_confirmation",
    effect="database",
    title="登记税额确认",
    title_en="Record the client's confirmation",
)
def record_confirmation(call: Call, uow: UnitOfWork) -> Result:
    """Record who confirmed the return and how. Returns `return_state`."""
    row = return_of(call, uow)
    if row.state in {"computed", "returned"}:
        row.state = "confirmed"
    confirmed = {
        "by": word(call, "confirmed_by", "client"),
        "channel": word(call, "confirm_channel", "portal"),
        "at": call.now.isoformat(),
    }
    row.computation = {**row.computation, "confirmed": confirmed}
    return {"return_state": row.state}


@handlers.service_task(
    "tax.record_filing",
    effect="database",
    title="登记申报结果",
    title_en="Record the filing",
    parameters=(
        Parameter(
            "outcome",
            "结果",
            "Outcome",
            kind="choice",
            default="filed",
            choices=(("filed", "申报成功", "Filed"), ("returned", "税局退回", "Sent back")),
        ),
    ),
    errors=("tax.duplicate_receipt",),
)
def record_filing(call: Call, uow: UnitOfWork) -> Result:
    """Record receipt number, day and person of a filing, or that the tax office sent it back.

    Filed without tax to pay, the obligation is done. Returns `return_state`. Raises tax.duplicate_receipt.
    """
    row = return_of(call, uow)
    if header(call, "outcome", ("filed", "returned"), "filed") == "returned":
        notes = [
            *row.computation.get("returned", []),
            {"at": call.now.isoformat(), "note": word(call, "filing_note")},
        ]
        row.state, row.computation = "returned", {**row.computation, "returned": notes}
        return {"return_state": row.state}
    receipt = needed(call, "receipt_number")
    _must_be_new(uow, row, receipt)
    row.receipt, row.filed_by = receipt, tax_clerk_of(call, uow)
    row.filed_at = _noon(needed_day(call, "filed_on"), uow)
    row.state = "filed" if row.state != "paid" else row.state
    row.document_id = row.document_id or _receipt_paper(call, uow)
    if row.corrects_id and (corrected := uow.session.get(TaxReturn, row.corrects_id)):
        corrected.computation = {**corrected.computation, "corrected_by": receipt}
    if payable(row) == ZERO:
        _done(call, uow, row)
    _note(call, uow, row, "return.filed", receipt=receipt)
    return {"return_state": row.state}


@handlers.service_task(
    "tax.record_payment",
    effect="database",
    title="登记缴款",
    title_en="Record the payment",
    errors=("tax.amount_differs",),
)
def record_payment(call: Call, uow: UnitOfWork) -> Result:
    """Record the payment and reckon the surcharge of a late one (税收征收管理法 第三十二条, 0.05 % a day).

    The amount is the return's, with or without the surcharge. Returns `return_state`, `late_days`, `late_fee`.
    Raises tax.amount_differs.
    """
    row = return_of(call, uow)
    paid_on, paid, owed = needed_day(call, "paid_on"), amount(call, "paid_amount"), payable(row)
    fee = late_surcharge(owed, due=row.due_on, paid=paid_on)
    if paid not in {owed, owed + fee}:
        raise BusinessError(
            "tax.amount_differs",
            f"缴款{paid}与应缴{owed}不符（含滞纳金{owed + fee}），请核对回执。 "
            f"{paid} was paid while {owed} is owed (with the surcharge {owed + fee}); check the receipt.",
        )
    row.state, row.paid_at = "paid", _noon(paid_on, uow)
    row.computation = {
        **row.computation,
        "payment": {"amount": str(paid), "on": paid_on.isoformat(), "late_fee": str(fee)},
    }
    _done(call, uow, row)
    _note(call, uow, row, "return.paid", amount=str(paid), late_fee=str(fee))
    return {"return_state": row.state, "late_days": days_late(row.due_on, paid_on), "late_fee": fee}


def _note(call: Call, uow: UnitOfWork, row: TaxReturn, kind: str, **detail: str) -> None:
    uow.session.flush()
    name = f"{row.code} {row.period}"
    history.note(
        uow, kind, by=None, client_id=row.client_id, instance_id=call.instance, name=name, detail=detail
    )


def _must_be_new(uow: UnitOfWork, row: TaxReturn, receipt: str) -> None:
    other = uow.session.scalars(
        select(TaxReturn).where(TaxReturn.receipt == receipt, TaxReturn.id != row.id)
    ).first()
    if other is not None:
        raise BusinessError(
            "tax.duplicate_receipt",
            f"回执号 {receipt} 已登记在 {other.period} 的 {other.code} 上，请核对。 "
            f"The receipt number {receipt} stands on the return {other.code} of {other.period} already; check it.",
        )


def _receipt_paper(call: Call, uow: UnitOfWork) -> UUID | None:
    """Give the receipt file handed in with the filing, if there is one on file."""
    for entry in entries(call, "receipt_files"):
        paper = uow.session.get(Document, UUID(str(entry["id"]))) if entry.get("id") else None
        if paper is not None and paper.client_id == call.client:
            paper.kind = "tax_receipt"
            return paper.id
    return None


def _done(call: Call, uow: UnitOfWork, row: TaxReturn) -> None:
    due = find(uow, row.client_id, row.code, row.period)
    if due is not None and due.state != "done":
        mark_done(due, call)


def _noon(day: date, uow: UnitOfWork) -> datetime:
    """Give the middle of a day in the firm's zone: the papers name no hour."""
    return datetime.combine(day, time(12), uow.zone)
