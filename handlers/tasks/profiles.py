"""What steps learn of a client, kept in its profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import clients
from store.tables import Client
from store.unit_of_work import UnitOfWork


def keep_in_profile(uow: UnitOfWork, client: Client, known: Mapping[str, Any]) -> None:
    """Put values into a client's profile through the command, so that its history tells; nothing new writes nothing."""
    uow.session.flush()
    if any(client.profile.get(name) != value for name, value in known.items()):
        values = {"profile": {**client.profile, **known}}
        clients.update(uow, client.id, values, by=None, version=client.version)
        uow.session.refresh(client)
