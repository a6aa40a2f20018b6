"""Leases: a job whose handler works outside of any transaction belongs to one worker until its lease is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import case, select, update

from engine.commands import _running, jobs, surroundings
from engine.commands._calling import Due, call_of
from engine.commands._running import Running
from engine.commands._writes import Writes
from engine.commands.jobs import Answer
from engine.errors import ZhangfangError
from engine.service_tasks import BusinessError, Call
from store.tables import Job
from store.unit_of_work import UnitOfWork

UNCALLABLE = (ZhangfangError, TimeoutError, LookupError, ValueError, msgspec.MsgspecError)
"""What keeps one job from being called and is told to the operator: no handler, a lost lease, a state nobody can read."""


@dataclass(frozen=True, slots=True)
class Leased:
    """An outside job that this worker may run until ``until``; ``call`` is what its handler gets."""

    due: Due
    call: Call
    until: datetime


def take(uow: UnitOfWork, worker: str, limit: int) -> list[Leased]:
    """Lease due outside jobs to ``worker``: nobody else gets them until the lease is over.

    A lease that ran out without a word counts as an attempt; a job that cannot be called does not stop the others.
    """
    until = uow.now + surroundings.of(uow).lease
    leased = []
    for due in jobs.due_outside(uow, limit):
        try:
            leased.append(_leased(uow, due, until))
        except UNCALLABLE as error:
            jobs.failed(uow, due, error)
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
        jobs.go_on(uow, Answer(running, leased.due, variables), writes := Writes())
        writes.flush(uow)
    return running is not None


def throw(uow: UnitOfWork, leased: Leased, error: BusinessError) -> bool:
    """Throw a leased job's BusinessError as a BPMN error; False, and nothing written, when the lease was lost."""
    running = _still_mine(uow, leased)
    if running is not None:
        jobs.go_on(uow, Answer(running, leased.due, error), writes := Writes())
        writes.flush(uow)
    return running is not None


def fail(uow: UnitOfWork, leased: Leased, error: Exception) -> bool:
    """Plan the next attempt of a leased job, or leave it to an operator; False when the lease was lost."""
    if _still_mine(uow, leased) is None:
        return False
    jobs.failed(uow, leased.due, error)
    return True


def release(uow: UnitOfWork, worker: str) -> int:
    """Give back what ``worker`` had leased before it was restarted, so that it runs at once; return how many jobs.

    That it was stopped counts as no failure of theirs.
    """
    mine = update(Job).where(Job.worker == worker)
    count = uow.connection.execute(mine.values(due_at=uow.now, fence=Job.fence + 1, worker=None)).rowcount
    if count:
        uow.wake(uow.now)
    return count


def _still_mine(uow: UnitOfWork, leased: Leased) -> Running | None:
    running = jobs.running_of(uow, leased.due)
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
    running = jobs.running_of(uow, due)
    _running.keep(uow, running)
    return Leased(mine, call_of(running, mine, uow.now), until)
