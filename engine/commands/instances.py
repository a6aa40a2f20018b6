"""Instances: start, cancel, suspend, resume, and change what they know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update

from engine.bpmn import runtime
from engine.bpmn.step import SubscriptionOpened
from engine.commands import _definitions, _delivering, _rights, _running, _starting
from engine.commands._operating import OPERATE, must_be_names, note, operated
from engine.commands._record import Recorder, record
from engine.commands._running import Running
from engine.commands._starting import Beginning
from engine.commands._writes import Writes
from engine.errors import Conflict
from engine.people import Person, require
from store.tables import Incident, Instance, Job, Subscription
from store.unit_of_work import UnitOfWork

__all__ = ["OPERATE", "cancel", "resume", "set_client", "set_variables", "start", "suspend"]


def start(  # noqa: PLR0913 - all that may be told of a start, by keyword
    uow: UnitOfWork,
    process: str,
    variables: Mapping[str, Any] | None = None,
    *,
    by: Person | None,
    client: UUID | None = None,
    period: str | None = None,
    business_key: str | None = None,
    version: int | None = None,
    element: str | None = None,
) -> UUID:
    """Start the newest version of a process (or ``version``) and run it to its first waits; return the instance's id.

    ``client`` is a client's id, ``period`` such as '2026-08', ``variables`` FEEL values, ``element`` an event start. Raises
    NotFound (process, client), InvalidInput (no period), AlreadyRunning (its business key), NotAllowed, Conflict.
    """
    if by is not None:
        require(by, "instances.start")
        _rights.must_see_client(uow, client, by)
    beginning = Beginning(
        process=process,
        variables=variables or {},
        client_id=client,
        period=period,
        business_key=business_key,
        initiator=None if by is None else by.login,
        person_id=None if by is None else by.id,
        version=version,
        element=element,
    )
    writes = Writes()
    running, step = _starting.begin(uow, writes, beginning)
    record(uow, running, step, by=by, writes=writes)
    return running.id


def cancel(uow: UnitOfWork, instance_id: UUID, *, reason: str, by: Person | None) -> None:
    """End an instance and all that it called; whatever it waits for is cancelled. Conflict when it has ended."""
    running = operated(uow, instance_id, reason, by)
    note(uow, running, "instance.cancel", reason=reason, by=by)
    record(uow, running, runtime.cancel(running.case, _definitions.moment(uow)), by=by)


def suspend(uow: UnitOfWork, instance_id: UUID, *, reason: str, by: Person | None) -> None:
    """Let an instance and all that it called stand still: no job runs, no work item can be completed."""
    running = operated(uow, instance_id, reason, by)
    _running.must_run(running)
    for each in _tree(uow, running):
        if each.state == "running":
            _change_state(uow, each, "suspended")
            note(uow, each, "instance.suspended", reason=reason, by=by)
    jobs = update(Job).where(Job.instance_id.in_(_ids(uow, running)))
    uow.connection.execute(jobs.values(held=True))


def resume(uow: UnitOfWork, instance_id: UUID, *, reason: str, by: Person | None) -> None:
    """Let a suspended instance and all that it called go on; messages that came meanwhile are handed over."""
    running = operated(uow, instance_id, reason, by)
    if running.state != "suspended":
        raise Conflict(
            f"The instance {instance_id} is {running.state}, not suspended; there is nothing to resume."
        )
    recorder = Recorder(uow, by)
    for each in _tree(uow, running):
        if each.state == "suspended":
            _change_state(uow, each, "running")
            note(uow, each, "instance.resumed", reason=reason, by=by)
            recorder.add(_missed(uow, each))
    in_trouble = exists().where(Incident.job_id == Job.id, Incident.resolved_at.is_(None))
    jobs = update(Job).where(Job.instance_id.in_(_ids(uow, running)), ~in_trouble)
    uow.connection.execute(jobs.values(held=False))
    recorder.finish()
    uow.wake(uow.now)


def set_variables(
    uow: UnitOfWork,
    instance_id: UUID,
    scope: int,
    variables: Mapping[str, Any],
    *,
    reason: str,
    by: Person | None,
) -> None:
    """Set variables of one scope (0: the whole instance) from outside; both values stay in the history.

    A variable that shall be no more is set to null: FEEL reads one that does not exist as null as well.
    """
    must_be_names(variables)
    running = operated(uow, instance_id, reason, by)
    before = {
        name: value for name, value in runtime.visible(running.case, scope).items() if name in variables
    }
    note(uow, running, "instance.variables", reason=reason, by=by, before=before)
    step = runtime.set_variables(running.case, scope, dict(variables), _definitions.moment(uow))
    record(uow, running, step, by=by)


def set_client(uow: UnitOfWork, instance_id: UUID, client_id: UUID, *, period: str | None = None) -> None:
    """Tie an instance that began without a client (an enquiry) to one; used by handlers while it runs."""
    uow.flush()  # the client may be a mapped object that was added just now
    running = _running.lock(uow, instance_id)
    running.client_id, running.period = client_id, period or running.period
    change = {"client_id": client_id, "period": running.period}
    uow.connection.execute(update(Instance).where(Instance.id == instance_id).values(change))


def _tree(uow: UnitOfWork, running: Running) -> list[Running]:
    return [_running.lock(uow, instance_id) for instance_id in _ids(uow, running)]


def _ids(uow: UnitOfWork, running: Running) -> list[UUID]:
    """Return the ids of an instance and of all open ones that it called, level by level."""
    found, level = [running.id], [running.id]
    while level:
        query = select(Instance.id).where(
            Instance.parent_id.in_(level), Instance.state.in_(_starting.OPEN_STATES)
        )
        level = list(uow.connection.scalars(query.order_by(Instance.id)))
        found.extend(level)
    return found


def _change_state(uow: UnitOfWork, running: Running, state: str) -> None:
    change = update(Instance).where(Instance.id == running.id, Instance.version == running.version)
    uow.connection.execute(change.values(state=state, version=running.version + 1))
    running.state, running.version = state, running.version + 1
    _running.keep(uow, running)


def _missed(uow: UnitOfWork, running: Running) -> list[_delivering.Advance]:
    query = select(Subscription).where(
        Subscription.instance_id == running.id, Subscription.kind == "message", Subscription.wait.is_not(None)
    )
    advances: list[_delivering.Advance] = []
    for row in uow.session.scalars(query.order_by(Subscription.opened_at, Subscription.id)):
        opened = SubscriptionOpened(
            wait=row.wait or 0,
            element=row.element,
            name="",
            scope=0,
            kind="message",
            event=row.event,
            correlation_key=row.correlation_key,
        )
        advances.extend(_delivering.buffered(uow, running, opened))
    return advances
