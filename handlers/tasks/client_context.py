"""The context `client` as processes read it: client.name, client.staff.bookkeeper and so on."""

from __future__ import annotations

from typing import Any

from handlers.tasks.subjects import main_contact, staff_logins
from store.tables import Client
from store.unit_of_work import UnitOfWork


def client_context(uow: UnitOfWork, client: Client) -> dict[str, Any]:
    """Give the special variable `client` of a client as it stands now, also to what starts in this transaction."""
    uow.session.flush()
    uow.cache.pop(f"client {client.id}", None)
    contact = main_contact(uow, client.id)
    return {
        "id": str(client.id),
        "code": client.code,
        "name": client.name,
        "class": client.klass,
        "taxpayer_type": client.taxpayer_type,
        "status": client.status,
        "profile": dict(client.profile),
        "contact": {
            "name": contact.name if contact else "",
            "phone": contact.phone if contact else "",
            "email": contact.email if contact else "",
        },
        "staff": staff_logins(uow, client.id),
    }
