"""A job and the call that its handler gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.bpmn import runtime
from engine.commands._evaluated import EVALUATED
from engine.commands._running import Running
from engine.commands.history import Fact
from engine.service_tasks import Call
from store.unit_of_work import UnitOfWork

ASKED = "decisions asked"


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due. ``fence`` is the number that whoever writes its result must still find in the row.

    A negative ``wait`` is none: a handler has opened the job beside its instance (a mail), and no token goes on by it.
    """

    id: UUID
    kind: str
    instance_id: UUID | None
    definition_id: UUID | None
    wait: int
    scope: int
    element: str
    topic: str | None
    headers: Mapping[str, str]
    due_at: datetime
    fence: int
    attempts: int
    retries: int
    progress: Mapping[str, Any] | None
    worker: str | None


def call_of(running: Running, due: Due, now: datetime) -> Call:
    """Return what the handler of a job is handed."""
    return Call(
        key=f"{running.id}:{due.wait}",
        topic=due.topic or "",
        instance=running.id,
        process=running.process,
        element=due.element,
        now=now,
        attempt=due.attempts + 1,
        client=running.client_id,
        period=running.period,
        business_key=running.business_key,
        headers=due.headers,
        variables=runtime.visible(running.case, due.scope),
    )


def trace(running: Running, due: Due) -> Fact:
    """Return the fact that a job was done."""
    return Fact(
        kind="job.completed",
        instance_id=running.id,
        client_id=running.client_id,
        process=running.process,
        element=due.element,
        name=due.topic or "",
        plain={"wait": due.wait, "attempt": due.attempts + 1},
    )


@contextmanager
def asking(uow: UnitOfWork) -> Iterator[list[Mapping[str, Any]]]:
    """Collect what the decisions tell that are asked inside."""
    asked: list[Mapping[str, Any]] = []
    uow.cache[ASKED] = asked
    try:
        yield asked
    finally:
        del uow.cache[ASKED]


def asked_by(uow: UnitOfWork) -> list[Mapping[str, Any]]:
    """Return where the handler at work collects; outside of one nothing is kept of what is collected."""
    found: list[Mapping[str, Any]] = uow.cache.get(ASKED, [])
    return found


def evaluated(running: Running, due: Due, line: Mapping[str, Any]) -> Fact:
    """Return the fact that the handler of a job has asked a decision."""
    return Fact(
        kind=EVALUATED,
        instance_id=running.id,
        client_id=running.client_id,
        process=running.process,
        element=due.element,
        name=due.topic or "",
        plain={**line, "wait": due.wait},
    )
