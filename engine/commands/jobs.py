"""Jobs: what is due, handler calls, timers and timer starts; leases, fences, back-off. Called by ``engine.worker``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from engine.bpmn import runtime
from engine.commands import _definitions, _failing, _running, _schedule, surroundings
from engine.commands._record import record
from engine.commands._running import Running
from engine.commands._writes import Writes
from engine.commands.history import Fact
from engine.errors import Conflict, NoHandler, NotFound, ZhangfangError
from engine.service_tasks import BusinessError, Call
from store.tables import Instance, Job
from store.unit_of_work import UnitOfWork

COLUMNS = tuple(
    getattr(Job, name)
    for name in (
        "id", "kind", "instance_id", "definition_id", "wait", "scope", "element", "topic", "headers", "due_at",
        "fence", "attempts", "retries", "progress", "worker",
    )
)  # fmt: skip

UNCALLABLE = (ZhangfangError, TimeoutError, LookupError, ValueError, msgspec.MsgspecError)
"""What keeps one job from being called and is told to the operator: no handler, a lost lease, a state nobody can read."""

_DUE = (
    select(*COLUMNS)
    .where(Job.held.is_(False), Job.due_at <= bindparam("b_now"), Job.outside == bindparam("b_outside"))
    .order_by(Job.due_at, Job.id)
    .limit(bindparam("b_limit"))
    .with_for_update(skip_locked=True)
)
_LOCK_ONE = (
    select(*_running.COLUMNS).where(Instance.id == bindparam("b_id")).with_for_update(skip_locked=True)
)
_LOCK_MANY = (
    select(*_running.COLUMNS)
    .where(Instance.id.in_(bindparam("b_ids", expanding=True)))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due. ``fence`` is the number that whoever writes its result must still find in the row."""

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


@dataclass(frozen=True, slots=True)
class Leased:
    """An outside job that this worker may run until ``until``; ``call`` is what its handler gets."""

    due: Due
    call: Call
    until: datetime


def next_due(connection: Connection) -> datetime | None:
    """Return when the next job is due; None when none is."""
    return connection.scalar(select(func.min(Job.due_at)).where(Job.held.is_(False)))


def due_here(uow: UnitOfWork, limit: int) -> list[Due]:
    """Lock and return due jobs that run inside this transaction: timers, starts, database handlers, unknown topics."""
    return _of_free_instances(uow, _due(uow, limit, outside=False))


def perform(uow: UnitOfWork, due: Due) -> None:
    """Run a due job in this transaction: handler, token and rows commit together. Raises what the handler raises."""
    if due.kind == "start":
        _start(uow, due)
        return
    running = _of(uow, due)
    if due.kind == "timer":
        _go_on(uow, running, due, {})
        return
    handler = surroundings.of(uow).handlers[due.topic or ""]
    if handler.effect == "outside":  # its handler was installed, or became one, after the job was opened
        uow.connection.execute(update(Job).where(Job.id == due.id).values(outside=True))
        uow.wake(uow.now)
        return
    try:
        variables = handler.run(_call(uow, running, due), uow)
    except BusinessError as error:
        _throw(uow, running, due, error)
        return
    _go_on(uow, running, due, variables or {})


def take(uow: UnitOfWork, worker: str, limit: int) -> list[Leased]:
    """Lease due outside jobs to ``worker``: nobody else gets them until the lease is over.

    A lease that ran out without a word counts as an attempt; a job that cannot be called does not stop the others.
    """
    until = uow.now + surroundings.of(uow).lease
    leased = []
    for due in _of_free_instances(uow, _due(uow, limit, outside=True)):
        try:
            leased.append(_leased(uow, due, until))
        except UNCALLABLE as error:
            failed(uow, due, error)
    if leased:
        mine = update(Job).where(Job.id.in_([each.due.id for each in leased]))
        counted = Job.attempts + case((Job.worker.is_not(None), 1), else_=0)
        uow.connection.execute(
            mine.values(due_at=until, fence=Job.fence + 1, attempts=counted, worker=worker)
        )
        uow.wake(until)
    return leased


def finish(uow: UnitOfWork, leased: Leased, variables: Mapping[str, Any]) -> bool:
    """Let the token of a leased job go on with its result; False, and nothing written, when the lease was lost."""
    running = _still_mine(uow, leased)
    if running is not None:
        _go_on(uow, running, leased.due, variables)
    return running is not None


def throw(uow: UnitOfWork, leased: Leased, error: BusinessError) -> bool:
    """Throw a leased job's BusinessError as a BPMN error; False, and nothing written, when the lease was lost."""
    running = _still_mine(uow, leased)
    if running is not None:
        _throw(uow, running, leased.due, error)
    return running is not None


def fail(uow: UnitOfWork, leased: Leased, error: Exception) -> bool:
    """Plan the next attempt of a leased job, or leave it to an operator; False when the lease was lost."""
    if _still_mine(uow, leased) is None:
        return False
    failed(uow, leased.due, error)
    return True


def failed(uow: UnitOfWork, due: Due, error: Exception) -> None:
    """Plan the next attempt of a job, with longer and longer pauses; after the last one open an incident."""
    _running.forget_all(uow)
    attempts = due.attempts + 1
    hopeless = isinstance(error, NoHandler)
    if attempts < due.retries and not hopeless:
        _failing.plan(uow, due.id, attempts, error)
    else:
        _failing.give_up(uow, due.id, attempts, error)


def release(uow: UnitOfWork, worker: str) -> int:
    """Give back what ``worker`` had leased before it was restarted, so that it runs at once; return how many jobs.

    That it was stopped counts as no failure of theirs.
    """
    mine = update(Job).where(Job.worker == worker)
    count = uow.connection.execute(mine.values(due_at=uow.now, fence=Job.fence + 1, worker=None)).rowcount
    if count:
        uow.wake(uow.now)
    return count


def _start(uow: UnitOfWork, due: Due) -> None:
    if due.definition_id is None or due.progress is None:
        raise NotFound(f"The timer start «{due.element}» belongs to no definition; deploy its process again.")
    _schedule.fire(uow, _schedule.DueStart(due.id, due.definition_id, due.element, due.progress))


def _due(uow: UnitOfWork, limit: int, *, outside: bool) -> list[Due]:
    which = {"b_now": uow.now, "b_outside": outside, "b_limit": limit}
    return [Due(*row) for row in uow.connection.execute(_DUE, which)]


def _of_free_instances(uow: UnitOfWork, found: list[Due]) -> list[Due]:
    """Lock the instances of jobs too and leave those that somebody else works on: waiting for them could deadlock."""
    ids = {due.instance_id for due in found if due.instance_id is not None}
    if not ids:
        return found
    if len(ids) == 1:
        rows = uow.connection.execute(_LOCK_ONE, {"b_id": next(iter(ids))})
    else:
        rows = uow.connection.execute(_LOCK_MANY, {"b_ids": sorted(ids)})
    uow.cache[_running.LOCKED] = locked = {row[0]: tuple(row) for row in rows}
    return [due for due in found if due.instance_id is None or due.instance_id in locked]


def _of(uow: UnitOfWork, due: Due) -> Running:
    if due.instance_id is None:
        raise Conflict(f"The job {due.id} ({due.element}) belongs to no instance.")
    return _running.locked(uow, due.instance_id)


def _still_mine(uow: UnitOfWork, leased: Leased) -> Running | None:
    running = _of(uow, leased.due)
    query = select(Job.fence).where(Job.id == leased.due.id).with_for_update()
    return running if uow.connection.scalar(query) == leased.due.fence else None


def _leased(uow: UnitOfWork, due: Due, until: datetime) -> Leased:
    lost = due.worker is not None
    if lost and due.attempts + 1 >= due.retries:
        raise TimeoutError(
            f"The worker «{due.worker}» began this job and was not heard of again within its lease: it was killed, or"
            " the handler hangs or needs longer. Look into its log, then retry."
        )
    mine = replace(due, fence=due.fence + 1, attempts=due.attempts + lost)
    running = _of(uow, due)
    _running.keep(uow, running)
    return Leased(mine, _call(uow, running, mine), until)


def _call(uow: UnitOfWork, running: Running, due: Due) -> Call:
    return Call(
        key=f"{running.id}:{due.wait}",
        topic=due.topic or "",
        instance=running.id,
        process=running.process,
        element=due.element,
        now=uow.now,
        attempt=due.attempts + 1,
        client=running.client_id,
        period=running.period,
        business_key=running.business_key,
        headers=due.headers,
        variables=runtime.visible(running.case, due.scope),
    )


def _go_on(uow: UnitOfWork, running: Running, due: Due, variables: Mapping[str, Any]) -> None:
    if due.wait not in running.case.waits:
        uow.connection.execute(delete(Job).where(Job.id == due.id))
        return
    step = runtime.complete(running.case, due.wait, dict(variables), _definitions.moment(uow))
    record(uow, running, step, writes=Writes(facts=_trace(running, due) if due.kind == "service" else []))


def _trace(running: Running, due: Due) -> list[Fact]:
    return [
        Fact(
            kind="job.completed",
            instance_id=running.id,
            client_id=running.client_id,
            process=running.process,
            element=due.element,
            name=due.topic or "",
            plain={"wait": due.wait, "attempt": due.attempts + 1},
        )
    ]


def _throw(uow: UnitOfWork, running: Running, due: Due, error: BusinessError) -> None:
    moment = _definitions.moment(uow)
    step = runtime.throw_error(running.case, due.wait, error.code, error.message, error.variables, moment)
    record(uow, running, step)
