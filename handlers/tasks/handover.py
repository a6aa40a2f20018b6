"""Service tasks about handing over a client's papers, when it comes and when it goes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from engine.commands import documents
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.documents.handover import Signed, as_counted, items_of, to_pdf
from handlers.tasks.reading import entries, header, listed, needed, needed_day, word
from handlers.tasks.subjects import client_of
from store.tables import BankStatement, Client, Contract, Document, Obligation, TaxReturn, Voucher
from store.tables import Period as PeriodRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

_OPEN_MATTERS = "Open matters"
_TICKED = {"in": "received_items", "out": "prepared_items"}
_REMARKS = {
    "in": ("materials_note", "incomplete_note", "handover_differences"),
    "out": ("handover_notes", "handover_differences"),
}
_MOST_NAMED = 10
_DIRECTION = Parameter(
    "direction",
    "方向",
    "Direction",
    kind="choice",
    required=True,
    choices=(("in", "接收", "In"), ("out", "移出", "Out")),
)


@handlers.service_task(
    "handover.list",
    effect="database",
    title="生成移交清单",
    title_en="List what is handed over",
    parameters=(_DIRECTION,),
)
def list_items(call: Call, uow: UnitOfWork) -> Result:
    """List the papers to hand over; going out, with what the books hold. Returns `handover_items`, `handover_text`."""
    client, direction = client_of(call, uow), header(call, "direction", ("in", "out"))
    held, open_ones = (_held(uow, client), _open_matters(uow, client)) if direction == "out" else ({}, ())
    items = []
    for no, row in enumerate(items_of(direction), start=1):
        count, period = held.get(row["name_en"], (1 if direction == "in" else 0, ""))
        note = "；".join(open_ones) if open_ones and row["name_en"] == _OPEN_MATTERS else row["note"]
        items.append(
            {
                "no": no,
                "name": row["name"],
                "name_en": row["name_en"],
                "count": count,
                "period": period,
                "note": note,
                "label": f"{row['name']}（{count}）" if direction == "out" else row["name"],
                "value": str(no),
            }
        )
    text = "\n".join(
        f"{item['no']}. {item['name']} {item['count']} {item['period']}".rstrip() for item in items
    )
    return {"handover_items": items, "handover_text": text}


@handlers.service_task(
    "handover.record",
    effect="database",
    title="登记移交清册",
    title_en="Record the hand-over",
    parameters=(_DIRECTION,),
    errors=("handover.same_person",),
)
def record(call: Call, uow: UnitOfWork) -> Result:
    """Keep the hand-over list with its three signers as a document. Returns `handover_document`.

    Raises handover.same_person when one person signs twice (会计法 第三十九条: a supervisor is somebody else).
    """
    client, direction = client_of(call, uow), header(call, "direction", ("in", "out"))
    signed = Signed(
        handed_over_by=needed(call, "handed_over_by"),
        received_by=needed(call, "received_by"),
        supervised_by=needed(call, "supervised_by"),
        on=needed_day(call, "handed_over_on"),
        differences="；".join(filter(None, (word(call, name) for name in _REMARKS[direction]))),
    )
    if signed.repeated():
        raise BusinessError(
            "handover.same_person",
            f"{signed.handed_over_by}, {signed.received_by}, {signed.supervised_by}: one person signs twice; "
            "hand over, receive and supervise by three people.",
        )
    body = to_pdf(
        direction,
        client.name,
        as_counted(entries(call, "handover_items"), listed(call, _TICKED[direction])),
        signed,
    )
    return {"handover_document": str(_kept(call, uow, client, body))}


def _kept(call: Call, uow: UnitOfWork, client: Client, body: bytes) -> UUID:
    known = uow.session.scalar(
        select(Document.id).where(
            Document.instance_id == call.instance,
            Document.kind == "handover",
            Document.digest == sha256(body).hexdigest(),
        )
    )
    if known is not None:
        return known
    return documents.add(
        uow,
        body,
        f"移交清册-{client.code}.pdf",
        "application/pdf",
        by=None,
        client=client.id,
        kind="handover",
        instance=call.instance,
        state="produced",
    )


def _held(uow: UnitOfWork, client: Client) -> Mapping[str, tuple[int, str]]:
    """Count what there is to hand out, by the English name of the item."""
    vouchers = (Voucher.client_id == client.id, Voucher.state == "posted")
    papers = (Document.client_id == client.id, Document.state.in_(("received", "accepted")))
    months = uow.session.scalars(
        select(PeriodRow.code)
        .where(PeriodRow.client_id == client.id, PeriodRow.state == "closed")
        .order_by(PeriodRow.code)
    ).all()
    span = f"{months[0]}至{months[-1]}" if months else ""
    statements = (
        select(func.count())
        .select_from(BankStatement)
        .join(Document, Document.id == BankStatement.document_id)
        .where(Document.client_id == client.id)
    )
    filed = (TaxReturn.client_id == client.id, TaxReturn.receipt.is_not(None))
    return {
        "Vouchers": (_count(uow, Voucher, *vouchers), span),
        "Books of account": (len(months), span),
        "Financial reports": (len(months), span),
        "Returns and receipts": (_count(uow, TaxReturn, *filed), span),
        "Bank statements": (uow.session.scalar(statements) or 0, span),
        "Source documents and e-invoice files": (_count(uow, Document, *papers), span),
        "Contracts": (_count(uow, Contract, Contract.client_id == client.id), ""),
        _OPEN_MATTERS: (_count(uow, Obligation, *_still_open(client)), ""),
    }


def _open_matters(uow: UnitOfWork, client: Client) -> tuple[str, ...]:
    """Name what is not filed or paid yet, first due first (代理记账管理办法 第十二条: 未了事项写明)."""
    found = uow.session.scalars(select(Obligation).where(*_still_open(client)).order_by(Obligation.due_on))
    named = [f"{row.name} {row.period}（{row.due_on}到期）" for row in found]
    more = (f"等{len(named)}项",) if len(named) > _MOST_NAMED else ()
    return (*named[:_MOST_NAMED], *more)


def _still_open(client: Client) -> tuple[ColumnElement[bool], ...]:
    return (Obligation.client_id == client.id, Obligation.state == "open")


def _count(uow: UnitOfWork, table: Any, *where: Any) -> int:
    return uow.session.scalar(select(func.count()).select_from(table).where(*where)) or 0
