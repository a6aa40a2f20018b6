"""What becomes of a job whose handler failed: another attempt later, or an incident."""

from __future__ import annotations

import re
import traceback
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from engine.commands import history
from store.tables import Definition, Incident, Instance, Job
from store.unit_of_work import UnitOfWork

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200))
LONGEST_MESSAGE, LONGEST_TRACE, LONGEST_CAUSE = 2_000, 8_000, 200
_JOB = (
    select(
        Job.instance_id,
        Job.wait,
        Job.element,
        Job.topic,
        Job.kind,
        Instance.process,
        Instance.client_id,
        Definition.key,
    )
    .outerjoin(Instance, Instance.id == Job.instance_id)
    .outerjoin(Definition, Definition.id == Job.definition_id)
    .where(Job.id == bindparam("b_job"))
)
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failed attempts: 10 s, 1 min, 5 min, 30 min, then 2 h each."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def plan(uow: UnitOfWork, job_id: UUID, attempts: int, error: Exception) -> None:
    """Plan the next attempt of a job."""
    again = uow.now + pause_after(attempts)
    change = {
        "attempts": attempts,
        "due_at": again,
        "error": _message(error),
        "worker": None,
        "fence": Job.fence + 1,
    }
    uow.connection.execute(update(Job).where(Job.id == job_id).values(change))
    uow.wake(again)


def give_up(uow: UnitOfWork, job_id: UUID, attempts: int, error: Exception) -> None:
    """Hold a job until an operator looks at it, and tell them why."""
    change = {
        "attempts": attempts,
        "held": True,
        "error": _message(error),
        "worker": None,
        "fence": Job.fence + 1,
    }
    uow.connection.execute(update(Job).where(Job.id == job_id).values(change))
    job = uow.connection.execute(_JOB, {"b_job": job_id}).one()
    where = {
        "instance_id": job.instance_id,
        "process": job.process or job.key,
        "element": job.element,
        "name": job.topic or job.kind,
        "client_id": job.client_id,
    }
    what = {"code": type(error).__name__, "message": _message(error), "wait": job.wait}
    row = {
        **where,
        **what,
        "id": uow.new_id(),
        "job_id": job_id,
        "cause": cause_of(job.topic or job.kind, error),
        "trace": "".join(traceback.format_exception(error))[-LONGEST_TRACE:],
        "opened_at": uow.now,
    }
    uow.connection.execute(insert(Incident), [row])
    history.append(uow, [history.Fact(kind="incident.opened", **where, plain=what)])


def cause_of(topic: str, error: Exception) -> str:
    """Return what groups incidents of one kind: topic, class of the error, its text without numbers and ids."""
    return f"{topic}/{type(error).__name__}/{_VARYING.sub('…', str(error))}"[:LONGEST_CAUSE]


def _message(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:LONGEST_MESSAGE]
