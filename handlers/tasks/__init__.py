"""The firm's service tasks: thin steps between processes and the pure functions of each area."""

from __future__ import annotations

from engine.service_tasks import Handlers
from handlers.tasks import (
    clients,
    contacts,
    contract_terms,
    contracts,
    documents,
    notify,
    portal,
    staff,
    starting,
)

handlers = Handlers()

for _module in (
    clients, staff, contracts, contract_terms, documents, portal, notify, contacts, starting,
):  # fmt: skip
    handlers.include(_module.handlers)
