"""Service task that takes the period's bank statements into the client's books."""

from __future__ import annotations

from sqlalchemy import select

from engine.service_tasks import Call, Handlers, Result
from handlers.tasks.documents import PENDING, sort_uploads
from handlers.tasks.intake_bank import take_in
from handlers.tasks.subjects import client_of, period_of
from store.tables import Document
from store.unit_of_work import UnitOfWork

handlers = Handlers()


@handlers.service_task(
    "bank.import", effect="database", title="导入银行流水", title_en="Import the bank statements"
)
def import_statements(call: Call, uow: UnitOfWork) -> Result:
    """Take in every statement file of client and period. Returns `bank_lines_read`, `bank_exceptions`."""
    client, period = client_of(call, uow), str(period_of(call))
    sort_uploads(uow, client.id, period)
    files = uow.session.scalars(
        select(Document)
        .where(
            Document.client_id == client.id,
            Document.period == period,
            Document.kind == "bank",
            Document.state.in_(PENDING),
        )
        .order_by(Document.at, Document.id)
    ).all()
    outcomes = [take_in(uow, client, document) for document in files]
    uow.session.flush()
    return {
        "bank_lines_read": sum(each.read for each in outcomes),
        "bank_exceptions": [found for each in outcomes for found in each.exceptions],
    }
