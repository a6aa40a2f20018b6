"""The firm's service tasks: thin steps between processes and the pure functions of each area."""

from __future__ import annotations

from engine.service_tasks import Handlers
from handlers.tasks import (
    accruals,
    bank,
    book_checks,
    books,
    clients,
    contacts,
    contract_terms,
    contracts,
    delivery,
    documents,
    filing,
    handover,
    invoices,
    notify,
    obligations,
    onboarding,
    periods,
    plans,
    portal,
    staff,
    starting,
    statements,
    surveys,
    tax,
)

handlers = Handlers()

for _module in (
    accruals,
    bank,
    book_checks,
    books,
    clients,
    contacts,
    contract_terms,
    contracts,
    delivery,
    documents,
    filing,
    handover,
    invoices,
    notify,
    obligations,
    onboarding,
    periods,
    plans,
    portal,
    staff,
    starting,
    statements,
    surveys,
    tax,
):
    handlers.include(_module.handlers)
