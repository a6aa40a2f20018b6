"""Incidents: an operator tries again what failed, one or a thousand at once, or gives the result by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from engine.bpmn import runtime
from engine.commands import _definitions, _rights, _running, history
from engine.commands._record import record
from engine.errors import Conflict, InvalidInput, NotFound
from engine.people import Person, require
from store.tables import Incident, Instance, Job
from store.unit_of_work import UnitOfWork

RESOLVE = "incidents.resolve"
_COLUMNS = (
    Incident.id,
    Incident.instance_id,
    Incident.job_id,
    Incident.wait,
    Incident.process,
    Incident.element,
    Incident.name,
    Incident.client_id,
    Incident.resolved_at,
    Instance.state,
)


def retry(uow: UnitOfWork, ids: Iterable[UUID], *, reason: str, by: Person | None) -> int:
    """Try again what failed, each with all its attempts; return how many. Those resolved meanwhile are left out.

    Jobs run when the worker comes to them; tokens go on at once. Raises InvalidInput without a reason, NotAllowed.
    """
    open_ones = [row for row in _found(uow, ids, reason, by) if row.resolved_at is None]
    jobs = [row.job_id for row in open_ones if row.job_id is not None and row.state in {None, "running"}]
    if jobs:
        again = {"held": False, "attempts": 0, "due_at": uow.now, "error": None}
        uow.connection.execute(update(Job).where(Job.id.in_(jobs)).values(again))
        uow.wake(uow.now)
    retried = [
        row for row in open_ones if row.job_id in jobs or (row.job_id is None and row.state == "running")
    ]
    _resolve(uow, retried, "retried", by=by, reason=reason)
    for row in retried:
        if row.job_id is None:
            _retry_token(uow, row, by)
    return len(retried)


def resolve(
    uow: UnitOfWork, incident_id: UUID, variables: Mapping[str, Any], *, reason: str, by: Person | None
) -> None:
    """Give the result of a failed job by hand (FEEL values); its token goes on as if the handler had returned them.

    Raises Conflict when it is resolved already, or is no job's: such a token is retried once its cause is gone.
    """
    row = next(iter(_found(uow, [incident_id], reason, by)), None)
    if row is None:
        raise NotFound(f"There is no incident {incident_id}.")
    if row.resolved_at is not None:
        raise Conflict("This incident is resolved already.")
    if row.job_id is None or row.instance_id is None or row.wait is None:
        raise Conflict("This incident is not a job's: remove its cause (variables, files), then retry it.")
    running = _running.lock(uow, row.instance_id)
    _running.must_run(running)
    _resolve(uow, [row], "resolved", by=by, reason=reason)
    uow.connection.execute(delete(Job).where(Job.id == row.job_id))
    step = runtime.complete(running.case, row.wait, dict(variables), _definitions.moment(uow))
    record(uow, running, step, by=by)


def _found(uow: UnitOfWork, ids: Iterable[UUID], reason: str, by: Person | None) -> list[Row[Any]]:
    if by is not None:
        require(by, RESOLVE)
    if not reason.strip():
        raise InvalidInput("Give the reason; it is kept in the history.")
    query = select(*_COLUMNS).outerjoin(Instance, Instance.id == Incident.instance_id)
    rows: list[Row[Any]] = list(
        uow.connection.execute(query.where(Incident.id.in_(list(ids))).order_by(Incident.id))
    )
    for client_id in {row.client_id for row in rows}:
        _rights.must_see_client(uow, client_id, by)
    return rows


def _retry_token(uow: UnitOfWork, row: Row[Any], by: Person | None) -> None:
    running = _running.lock(uow, row.instance_id)
    if running.case.waits.get(row.wait) is None:
        return
    record(uow, running, runtime.retry(running.case, row.wait, _definitions.moment(uow)), by=by)


def _resolve(uow: UnitOfWork, rows: list[Row[Any]], how: str, *, by: Person | None, reason: str) -> None:
    if not rows:
        return
    person_id = None if by is None else by.id
    change = {"resolved_at": uow.now, "resolved_by": person_id, "resolution": f"{how}: {reason}"}
    uow.connection.execute(update(Incident).where(Incident.id.in_([row.id for row in rows])).values(change))
    history.append(
        uow,
        [
            history.Fact(
                kind=f"incident.{how}",
                instance_id=row.instance_id,
                client_id=row.client_id,
                process=row.process,
                element=row.element,
                name=row.name,
                person_id=person_id,
                detail={"reason": reason},
            )
            for row in rows
        ],
    )
