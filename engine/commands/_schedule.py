"""Start events that wait outside of any instance: timers as jobs, messages and signals as subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from engine.bpmn.model import StartModel, TimerModel
from engine.bpmn.timers import Round, first_start
from engine.commands import _definitions, _starting, history
from engine.commands._definitions import Deployed
from engine.commands._record import record
from engine.commands._starting import Beginning
from engine.commands._writes import Writes
from engine.errors import AlreadyRunning
from store.tables import Definition, Job, Subscription
from store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DueStart:
    """A timer start that has come due; ``progress`` says how far its cycle is."""

    job_id: UUID
    definition_id: UUID
    element: str
    progress: Mapping[str, Any]


def subscribe(uow: UnitOfWork, deployed: Deployed) -> None:
    """Let the start events of a version take the place of those of the versions before it."""
    same = select(Definition.id).where(Definition.kind == "process", Definition.key == deployed.key)
    uow.connection.execute(delete(Job).where(Job.kind == "start", Job.definition_id.in_(same)))
    uow.connection.execute(delete(Subscription).where(Subscription.definition_id.in_(same)))
    if deployed.state != "active":
        return
    for start in _definitions.spec_of(uow, deployed).process.start_events:
        if start.timer is not None:
            _plan_first(uow, deployed, start, start.timer)
        elif start.kind in {"message", "signal"}:
            _await(uow, deployed, start)


def fire(uow: UnitOfWork, start: DueStart) -> None:
    """Start an instance at a timer start event, and plan its next round."""
    deployed = _definitions.by_id(uow, start.definition_id)
    if _plan_next(uow, start):
        return
    writes = Writes()
    try:
        running, step = _starting.begin(
            uow, writes, Beginning(process=deployed.key, version=deployed.version, element=start.element)
        )
    except AlreadyRunning as error:
        history.note(uow, "start.skipped", by=None, name=deployed.key, detail={"reason": str(error)})
        return
    record(uow, running, step, writes=writes)


def _plan_first(uow: UnitOfWork, deployed: Deployed, start: StartModel, timer: TimerModel) -> None:
    due = first_start(timer, _definitions.moment(uow))
    row = {
        "id": uow.new_id(),
        "kind": "start",
        "definition_id": deployed.id,
        "element": start.element,
        "headers": {},
        "due_at": due.at,
        "held": False,
        "fence": 0,
        "attempts": 0,
        "retries": 3,
        "progress": {
            "cycle": due.cycle,
            "catch_up": timer.catch_up,
            "anchor": uow.now.isoformat(),
            "due": due.at.isoformat(),
            "fired": 0,
        },
        "opened_at": uow.now,
    }
    uow.connection.execute(insert(Job), [row])
    uow.wake(due.at)


def _plan_next(uow: UnitOfWork, start: DueStart) -> bool:
    """Move the job to its next round, or delete it after the last; return whether this round comes too late to start."""
    progress, moment = start.progress, _definitions.moment(uow)
    turn = Round(
        progress["cycle"] or "",
        progress["catch_up"],
        datetime.fromisoformat(progress["anchor"]),
        datetime.fromisoformat(progress["due"]),
        progress["fired"],
    )
    missed = bool(turn.cycle) and turn.missed(moment)
    fired = turn.fired + (not missed)
    following = turn.following(moment, fired) if turn.cycle else None
    if following is None:
        uow.connection.execute(delete(Job).where(Job.id == start.job_id))
        return missed
    change = {
        "due_at": following,
        "attempts": 0,
        "error": None,
        "progress": {**progress, "due": following.isoformat(), "fired": fired},
    }
    uow.connection.execute(update(Job).where(Job.id == start.job_id).values(change))
    uow.wake(following)
    return missed


def _await(uow: UnitOfWork, deployed: Deployed, start: StartModel) -> None:
    row = {
        "id": uow.new_id(),
        "kind": start.kind,
        "event": start.name,
        "definition_id": deployed.id,
        "element": start.element,
        "opened_at": uow.now,
    }
    uow.connection.execute(insert(Subscription), [row])
