"""Timers of one moment: read together, fired one by one in memory, written together. Called by ``engine.worker``."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from engine.bpmn import runtime
from engine.commands import _definitions, _running
from engine.commands._record import Recorder
from engine.commands._running import Stored
from engine.commands.jobs import Due
from engine.errors import NotFound
from store.tables import Instance, InstanceVariable, Job
from store.unit_of_work import UnitOfWork

_STATES = select(Instance.id, Instance.state_body).where(Instance.id.in_(bindparam("b_ids", expanding=True)))
_VARIABLES = select(
    InstanceVariable.instance_id, InstanceVariable.scope, InstanceVariable.name, InstanceVariable.value
).where(InstanceVariable.instance_id.in_(bindparam("b_ids", expanding=True)))


def together(due: Sequence[Due]) -> list[Due]:
    """Return the timers that can fire as one, the first of each instance; none when it is a single one."""
    first: dict[UUID, Due] = {}
    for each in due:
        if each.kind == "timer" and each.instance_id is not None:
            first.setdefault(each.instance_id, each)
    return list(first.values()) if len(first) > 1 else []


def fire(uow: UnitOfWork, due: Sequence[Due]) -> None:
    """Let the tokens of due timers of different instances go on; raises what any of them raises, and all is undone then."""
    _read(uow, due)
    recorder, moment, gone = Recorder(uow, None), _definitions.moment(uow), []
    for each in due:
        if each.instance_id is None:
            raise NotFound(f"The timer {each.id} belongs to no instance.")
        running = _running.locked(uow, each.instance_id)
        if each.wait in running.case.waits:
            recorder.add([(running, runtime.complete(running.case, each.wait, {}, moment))])
        else:
            gone.append(each.id)
    recorder.finish()
    if gone:
        uow.connection.execute(delete(Job).where(Job.id.in_(gone)))


def forget(uow: UnitOfWork) -> None:
    """Let go of what was read for timers that did not fire: each is tried alone now."""
    _running.forget_all(uow)


def _read(uow: UnitOfWork, due: Sequence[Due]) -> None:
    """Read the states and variables of all instances in two statements."""
    which = {"b_ids": sorted(each.instance_id for each in due if each.instance_id is not None)}
    bodies = uow.connection.execute(_STATES, which)
    stored = {instance_id: Stored(body) for instance_id, body in bodies}
    for instance_id, scope, name, value in uow.connection.execute(_VARIABLES, which):
        stored[instance_id].variables.append((scope, name, value))
    uow.cache[_running.STORED] = stored
