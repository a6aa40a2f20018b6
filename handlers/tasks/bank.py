"""Service task that takes the period's bank statements into the client's books."""

from __future__ import annotations

from engine.service_tasks import Call, Handlers, Result
from handlers.tasks import taken
from handlers.tasks.subjects import client_of, period_of
from store.unit_of_work import UnitOfWork

handlers = Handlers()


@handlers.service_task(
    "bank.import", effect="database", title="导入银行流水", title_en="Import the bank statements"
)
def import_statements(call: Call, uow: UnitOfWork) -> Result:
    """Take in every statement file of client and period. Returns `bank_lines_read`, `bank_exceptions`."""
    outcomes = taken.statements(uow, client_of(call, uow), str(period_of(call)))
    return {
        "bank_lines_read": sum(each.read for each in outcomes),
        "bank_exceptions": [found for each in outcomes for found in each.exceptions],
    }
