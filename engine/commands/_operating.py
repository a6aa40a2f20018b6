"""What all acts of an operator on one instance have in common: who may, why, on what state, and the line of history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from engine.bpmn.scopes import HIDDEN
from engine.commands import _rights, _running, history
from engine.commands._running import Running
from engine.errors import Conflict, InvalidInput
from engine.people import Person, require
from store.unit_of_work import UnitOfWork

OPERATE = "instances.operate"


def seen(uow: UnitOfWork, instance_id: UUID, by: Person | None, *, version: int | None = None) -> Running:
    """Lock and return an instance that the person may operate. ``version``: Conflict unless it still has that one."""
    if by is not None:
        require(by, OPERATE)
    running = _running.lock(uow, instance_id)
    _rights.must_see_client(uow, running.client_id, by)
    if version is not None and running.version != version:
        raise Conflict(
            "The instance has moved on since you looked; nothing was done. Look at its present state and decide again."
        )
    return running


def operated(
    uow: UnitOfWork, instance_id: UUID, reason: str, by: Person | None, *, version: int | None = None
) -> Running:
    """Return an instance that has not ended, for a change with a reason."""
    must_have_reason(reason)
    running = seen(uow, instance_id, by, version=version)
    must_be_open(running)
    return running


def must_have_reason(reason: str) -> None:
    """Raise InvalidInput without a reason."""
    if not reason.strip():
        raise InvalidInput("Give the reason; it is kept in the history of the instance.")


def must_be_names(names: Iterable[str]) -> None:
    """Raise InvalidInput for a name that no variable can have, or that is the engine's own."""
    for name in names:
        if not name.strip() or name.startswith(HIDDEN):
            raise InvalidInput(f"«{name}» cannot be the name of a variable.")


def must_be_open(running: Running) -> None:
    """Raise Conflict when the instance has ended."""
    if running.case.completed:
        raise Conflict(
            f"The instance {running.id} has ended ({running.state}); nothing can be changed in it."
        )


def note(
    uow: UnitOfWork, running: Running, kind: str, *, reason: str, by: Person | None, **detail: Any
) -> None:
    """Append a line to the history of an instance, with the reason."""
    history.note(
        uow,
        kind,
        by=by,
        client_id=running.client_id,
        instance_id=running.id,
        name=running.definition.name,
        detail={"reason": reason, **detail},
    )
