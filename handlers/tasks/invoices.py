"""Service task that takes the period's e-invoices into the client's books."""

from __future__ import annotations

from sqlalchemy import select

from engine.service_tasks import Call, Handlers, Result
from handlers.tasks.documents import PENDING, sort_uploads
from handlers.tasks.intake_invoices import take_in
from handlers.tasks.subjects import client_of, period_of
from store.tables import Document
from store.unit_of_work import UnitOfWork

handlers = Handlers()


@handlers.service_task("invoices.import", effect="database", title="导入发票", title_en="Import the invoices")
def import_invoices(call: Call, uow: UnitOfWork) -> Result:
    """Take in every e-invoice file of client and period; each number once per book set (财会〔2020〕6号).

    Returns `invoices_read`, `invoices_duplicate`, `invoice_exceptions`.
    """
    client, period = client_of(call, uow), str(period_of(call))
    sort_uploads(uow, client.id, period)
    files = uow.session.scalars(
        select(Document)
        .where(
            Document.client_id == client.id,
            Document.period == period,
            Document.kind == "invoice",
            Document.state.in_(PENDING),
        )
        .order_by(Document.at, Document.id)
    ).all()
    outcomes = [take_in(uow, client, document) for document in files]
    if any(each.state == "exception" for each in outcomes):
        # An original that stands after its red invoice in the batch is there at the second look.
        outcomes = [take_in(uow, client, document) for document in files]
    uow.session.flush()
    return {
        "invoices_read": sum(each.state == "read" for each in outcomes),
        "invoices_duplicate": sum(each.state == "duplicate" for each in outcomes),
        "invoice_exceptions": [each.exception for each in outcomes if each.exception],
    }
