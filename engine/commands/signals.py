"""Signals from outside: to everybody who waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import _delivering
from engine.commands._record import Recorder
from engine.errors import InvalidInput
from engine.people import Person
from store.unit_of_work import UnitOfWork


def broadcast(
    uow: UnitOfWork, name: str, variables: Mapping[str, Any] | None = None, *, by: Person | None = None
) -> int:
    """Broadcast a signal and return how many waits and start events it reached; InvalidInput without a name."""
    if not name:
        raise InvalidInput("A signal needs the name that the processes wait for.")
    recorder = Recorder(uow, by)
    advances = _delivering.broadcast(uow, recorder.writes, name, variables or {})
    recorder.add(advances)
    recorder.finish()
    return len(advances)
