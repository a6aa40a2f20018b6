"""Jobs: what is due, handler calls inside the transaction, timers and timer starts, back-off. Called by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update

from engine.bpmn import runtime
from engine.commands import _definitions, _erring, _failing, _running, _schedule, batches, surroundings
from engine.commands._calling import Due, asking, call_of, evaluated, trace
from engine.commands._record import collect
from engine.commands._running import Running
from engine.commands._writes import Writes
from engine.doing import ProcessDied
from engine.errors import Conflict, NoHandler, NotFound
from engine.service_tasks import BusinessError
from store.prepared import Prepared
from store.queries.batches import TOPIC
from store.tables import Instance, Job
from store.unit_of_work import UnitOfWork

COLUMNS = tuple(
    getattr(Job, name)
    for name in (
        "id", "kind", "instance_id", "definition_id", "wait", "scope", "element", "topic", "headers", "due_at",
        "fence", "attempts", "retries", "progress", "worker",
    )
)  # fmt: skip

_DUE = Prepared(
    select(*COLUMNS)
    .where(Job.held.is_(False), Job.due_at <= bindparam("b_now"), Job.outside == bindparam("b_outside"))
    .order_by(Job.due_at, Job.id)
    .limit(bindparam("b_limit"))
    .with_for_update(skip_locked=True)
)
_ONE = (
    select(*COLUMNS)
    .where(Job.id == bindparam("b_job"), Job.held.is_(False), Job.outside.is_(False))
    .with_for_update()
)
_NEXT = Prepared(
    select(
        *(
            select(Job.due_at)
            .where(Job.held.is_(False), Job.outside == bindparam(where))
            .order_by(Job.due_at)
            .limit(1)
            .scalar_subquery()
            for where in ("b_here", "b_outside")
        )
    )
)
_LOCK_ONE = Prepared(
    select(*_running.COLUMNS).where(Instance.id == bindparam("b_id")).with_for_update(skip_locked=True)
)
_LOCK_MANY = (
    select(*_running.COLUMNS)
    .where(Instance.id.in_(bindparam("b_ids", expanding=True)))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the handler of a job said: variables, or a BusinessError; and what the decisions told that it ``asked``."""

    running: Running
    due: Due
    said: Mapping[str, Any] | BusinessError
    asked: Sequence[Mapping[str, Any]] = ()


def next_due(connection: Connection) -> datetime | None:
    """Return when the next job is due; None when none is."""
    found = _NEXT.first(connection, b_here=False, b_outside=True) or ()
    return min((due_at for due_at in found if due_at is not None), default=None)


def due_here(uow: UnitOfWork, limit: int) -> list[Due]:
    """Lock and return due jobs that run inside this transaction: timers, starts, database handlers, unknown topics."""
    return _of_free_instances(uow, _due(uow, limit, outside=False))


def due_outside(uow: UnitOfWork, limit: int) -> list[Due]:
    """Lock and return due jobs whose handlers work with no transaction open."""
    return _of_free_instances(uow, _due(uow, limit, outside=True))


def ask(uow: UnitOfWork, due: Due, guard: AbstractContextManager[Any]) -> Answer | None:
    """Let the handler of a due job work in this transaction, inside ``guard``, and return its answer; ``go_on`` uses it.

    None: that was all (a timer start, a turn of a batch, a job for outside, or one that nothing waits for any more).
    Raises what the handler raises.
    """
    if due.kind == "start" or due.topic == TOPIC:
        with guard:
            (_start if due.kind == "start" else batches.go_on)(uow, due)
        return None
    running = running_of(uow, due)
    if (
        due.wait >= 0 and due.wait not in running.case.waits
    ):  # a job before it in this transaction interrupted it
        uow.connection.execute(delete(Job).where(Job.id == due.id))
        return None
    return Answer(running, due, {}) if due.kind == "timer" else _ask_handler(uow, running, due, guard)


def _ask_handler(
    uow: UnitOfWork, running: Running, due: Due, guard: AbstractContextManager[Any]
) -> Answer | None:
    handler = surroundings.of(uow).handlers[due.topic or ""]
    if handler.effect == "outside":  # its handler was installed, or became one, after the job was opened
        uow.connection.execute(update(Job).where(Job.id == due.id).values(outside=True))
        uow.wake(uow.now)
        return None
    call = call_of(running, due, uow.now)
    with guard, asking(uow) as asked:
        try:
            return Answer(running, due, handler.answer(call, uow), asked)
        except BusinessError as error:
            return Answer(running, due, error, asked)


def go_on(uow: UnitOfWork, answer: Answer, writes: Writes) -> None:
    """Let the token of a job go on with what its handler answered; ``writes`` take it, and the caller flushes them."""
    writes.facts.extend(evaluated(answer.running, answer.due, line) for line in answer.asked)
    if isinstance(answer.said, BusinessError):
        _throw(uow, answer, answer.said, writes)
    else:
        _go_on(uow, answer, answer.said, writes)


def failed(uow: UnitOfWork, due: Due, error: Exception) -> None:
    """Plan the next attempt of a job, with longer and longer pauses; after the last one open an incident."""
    attempts = due.attempts + 1
    hopeless = isinstance(error, NoHandler)
    if attempts < due.retries and not hopeless:
        _failing.plan(uow, due.id, attempts, error)
    else:
        _failing.give_up(uow, due.id, attempts, error)


def process_died(uow: UnitOfWork, job_id: UUID) -> None:
    """Count an attempt at a job in whose middle a process ended; nothing when it was committed all the same."""
    row = uow.connection.execute(_ONE, {"b_job": job_id}).one_or_none()
    if row is not None:
        failed(uow, Due(*row), ProcessDied())


def forget(uow: UnitOfWork) -> None:
    """Let go of the instances that this transaction holds: a savepoint was rolled back, and their cases are ahead of the rows."""
    _running.forget_all(uow)


def _start(uow: UnitOfWork, due: Due) -> None:
    if due.definition_id is None or due.progress is None:
        raise NotFound(f"The timer start «{due.element}» belongs to no definition; deploy its process again.")
    _schedule.fire(uow, _schedule.DueStart(due.id, due.definition_id, due.element, due.progress))


def _due(uow: UnitOfWork, limit: int, *, outside: bool) -> list[Due]:
    found = _DUE.rows(uow.connection, b_now=uow.now, b_outside=outside, b_limit=limit)
    return [Due(*row) for row in found]


def _of_free_instances(uow: UnitOfWork, found: list[Due]) -> list[Due]:
    """Lock the instances of jobs too and leave those that somebody else works on: waiting for them could deadlock."""
    ids = {due.instance_id for due in found if due.instance_id is not None}
    if not ids:
        return found
    if len(ids) == 1:
        rows = _LOCK_ONE.rows(uow.connection, b_id=next(iter(ids)))
    else:
        rows = [tuple(row) for row in uow.connection.execute(_LOCK_MANY, {"b_ids": sorted(ids)})]
    uow.cache[_running.LOCKED] = locked = {row[0]: row for row in rows}
    _running.read_ahead(uow, rows)
    return [due for due in found if due.instance_id is None or due.instance_id in locked]


def running_of(uow: UnitOfWork, due: Due) -> Running:
    """Return the instance of a job, locked."""
    if due.instance_id is None:
        raise Conflict(f"The job {due.id} ({due.element}) belongs to no instance.")
    row = uow.cache.get(_running.LOCKED, {}).pop(due.instance_id, None)
    return _running.lock(uow, due.instance_id) if row is None else _running.hold(uow, row)


def _go_on(uow: UnitOfWork, answer: Answer, variables: Mapping[str, Any], writes: Writes) -> None:
    running, due = answer.running, answer.due
    if due.wait not in running.case.waits:
        uow.connection.execute(delete(Job).where(Job.id == due.id))
        return
    step = runtime.complete(running.case, due.wait, dict(variables), _definitions.moment(uow))
    if due.kind == "service":
        writes.facts.append(trace(running, due))
    collect(uow, running, step, writes)


def _throw(uow: UnitOfWork, answer: Answer, error: BusinessError, writes: Writes) -> None:
    step = _erring.throw(uow, answer.running, answer.due.wait, error.code, error.message, error.variables)
    collect(uow, answer.running, step, writes)
