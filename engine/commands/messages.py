"""Messages from outside: handed to whoever waits for them, kept for those who come late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import _delivering
from engine.commands._delivering import Sent
from engine.commands._record import Recorder
from engine.errors import InvalidInput
from engine.people import Person
from store.unit_of_work import UnitOfWork

TTL = 3600
"""Seconds that a message is kept when nobody says how long."""


def publish(
    uow: UnitOfWork,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Any] | None = None,
    *,
    message_id: str | None = None,
    ttl: int = TTL,
    by: Person | None = None,
) -> bool:
    """Publish a message; False when one with this name, key and ``message_id`` was published already and is still known.

    One waiting instance of each process gets it, and processes that start with it start. Nobody waits: it is kept for
    ``ttl`` seconds. ``variables`` are FEEL values. InvalidInput for a message without a name.
    """
    if not name:
        raise InvalidInput("A message needs the name that the process waits for.")
    recorder = Recorder(uow, by)
    sent = Sent(name, correlation_key, variables or {}, ttl, message_id)
    advances = _delivering.publish(uow, recorder.writes, sent)
    recorder.add(advances)
    recorder.finish()
    return advances is not None
