"""Service task that takes the period's e-invoices into the client's books."""

from __future__ import annotations

from engine.service_tasks import Call, Handlers, Result
from handlers.tasks import taken
from handlers.tasks.subjects import client_of, period_of
from store.unit_of_work import UnitOfWork

handlers = Handlers()


@handlers.service_task("invoices.import", effect="database", title="导入发票", title_en="Import the invoices")
def import_invoices(call: Call, uow: UnitOfWork) -> Result:
    """Take in every e-invoice file of client and period; each number once per book set (财会〔2020〕6号).

    Returns `invoices_read`, `invoices_duplicate`, `invoice_exceptions`.
    """
    outcomes = taken.invoices(uow, client_of(call, uow), str(period_of(call)))
    return {
        "invoices_read": sum(each.state == "read" for each in outcomes),
        "invoices_duplicate": sum(each.state == "duplicate" for each in outcomes),
        "invoice_exceptions": [each.exception for each in outcomes if each.exception],
    }
