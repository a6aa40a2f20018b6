"""Going back to a past point of an instance, with the variables as they were: in a new instance, or in the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from engine import feel
from engine.bpmn import runtime
from engine.bpmn.foreseeing import foresee
from engine.bpmn.places import Target, around, label
from engine.bpmn.step import Step
from engine.commands import _definitions, _past, _running, _special, _starting
from engine.commands._foreseen import Plan, opened_in, plan_of
from engine.commands._operating import must_be_names, must_be_open, must_have_reason, note, seen
from engine.commands._past import Digest, Visit
from engine.commands._record import NOT_IN_HISTORY, record
from engine.commands._running import Running
from engine.commands._starting import Beginning
from engine.commands._writes import Writes
from engine.errors import Conflict, InvalidInput, NotFound
from engine.people import Person
from store.tables import Instance, InstanceVariable
from store.unit_of_work import UnitOfWork

__all__ = ["Then", "Visit", "plan_restart", "plan_rewind", "restart", "rewind", "then", "visits"]


@dataclass(frozen=True, slots=True)
class Then:
    """An instance as it was when a token came to an element: ``values`` of its root scope.

    ``checked``: names of long values that the history does not keep, whose present value has the digest that it keeps;
    ``lacking``: names of those that have another value now, with their length in bytes: they must be given.
    """

    visit: Visit
    values: Mapping[str, Any] = field(default_factory=dict)
    checked: tuple[str, ...] = ()
    lacking: tuple[tuple[str, int], ...] = ()


def visits(uow: UnitOfWork, instance_id: UUID, *, by: Person | None) -> tuple[Visit, ...]:
    """Return every time that a token came to an element, oldest first (run by ``store.look``)."""
    running = seen(uow, instance_id, by)
    _running.keep(uow, running)
    return tuple(_past.read(uow, running.id, running.case.definition.process).visits())


def then(uow: UnitOfWork, instance_id: UUID, event: int, *, by: Person | None) -> Then:
    """Return what the instance knew at a visit (run by ``store.look``); NotFound, or Conflict when it cannot be told."""
    running = seen(uow, instance_id, by)
    _running.keep(uow, running)
    return _then(uow, running, event)


def restart(
    uow: UnitOfWork,
    instance_id: UUID,
    event: int,
    *,
    given: Mapping[str, Any] | None = None,
    reason: str,
    by: Person | None,
    version: int | None = None,
) -> UUID:
    """Start a new instance of the same version where this one, ended or not, was at a visit; return its id.

    ``given`` values (FEEL) go before those of the history. Client context and settings are those of today. The old
    instance gets a new version, so the same restart asked twice is a Conflict when ``version`` is said.
    """
    must_have_reason(reason)
    running = seen(uow, instance_id, by, version=version)
    was = _then(uow, running, event)
    writes = Writes()
    new, step = _starting.begin(uow, writes, _beginning(running, was, given or {}, by))
    _mark(uow, running)
    note(uow, running, "instance.restarted", reason=reason, by=by, to=was.visit.name, instance=str(new.id))
    new_id = new.id
    record(uow, new, step, by=by, writes=writes)
    note(uow, new, "instance.continues", reason=reason, by=by, to=was.visit.name, instance=str(running.id))
    return new_id


def rewind(
    uow: UnitOfWork,
    instance_id: UUID,
    event: int,
    *,
    given: Mapping[str, Any] | None = None,
    reason: str,
    by: Person | None,
    version: int | None = None,
) -> tuple[UUID, ...]:
    """Let a running instance begin again where it was at a visit: all that runs in it is cancelled first.

    Returns the ids of work items that opened. Variables that came later become null; both values stay in the history.
    """
    must_have_reason(reason)
    running = seen(uow, instance_id, by, version=version)
    must_be_open(running)
    was = _then(uow, running, event)
    note(uow, running, "instance.rewound", reason=reason, by=by, to=was.visit.name, event=event)
    return record(uow, running, _rewound(uow, running.case, was, given or {}), by=by)


def plan_restart(
    uow: UnitOfWork, instance_id: UUID, event: int, *, given: Mapping[str, Any], by: Person | None
) -> Plan:
    """Return what ``restart`` would do (run by ``store.look``)."""
    running = seen(uow, instance_id, by)
    _running.keep(uow, running)
    was = _then(uow, running, event)
    new, step = _starting.begin(uow, Writes(), _beginning(running, was, given, by))
    process = running.case.definition.process
    values = new.case.root_scope.values
    changed = tuple((name, None, values[name]) for name in sorted(values) if name not in NOT_IN_HISTORY)
    ended = None if step.ended is None else step.ended.state
    notes = _notes(running, was)
    if running.parent_id is not None:
        notes += ("The new instance stands alone: no other one waits for it, as one did for this.",)
    return Plan(running.version, (), opened_in(process, step), (), changed, ended, notes)


def plan_rewind(
    uow: UnitOfWork, instance_id: UUID, event: int, *, given: Mapping[str, Any], by: Person | None
) -> Plan:
    """Return what ``rewind`` would do (run by ``store.look``)."""
    running = seen(uow, instance_id, by)
    _running.keep(uow, running)
    must_be_open(running)
    was = _then(uow, running, event)
    foreseen = foresee(running.case, lambda case: _rewound(uow, case, was, given))
    return replace(plan_of(running.version, running.case, foreseen), notes=_notes(running, was), warned=())


def _then(uow: UnitOfWork, running: Running, event: int) -> Then:
    past = _past.read(uow, running.id, running.case.definition.process)
    visit = next((each for each in past.visits() if each.event == event), None)
    if visit is None:
        raise NotFound(f"The instance {running.id} has no visit {event} in its history.")
    if visit.unknown:
        raise Conflict(visit.unknown)
    values: dict[str, Any] = {}
    checked, lacking = [], []
    for name, value in past.variables(event).items():
        if not isinstance(value, Digest):
            values[name] = feel.from_json(value)
            continue
        text = _present_text(uow, running.id, name)
        if text is not None and sha256(text.encode()).hexdigest() == value.sha256:
            values[name] = _running.variable_value(text)
            checked.append(name)
        else:
            lacking.append((name, value.length))
    return Then(visit, values, tuple(checked), tuple(lacking))


def _present_text(uow: UnitOfWork, instance_id: UUID, name: str) -> str | None:
    column = InstanceVariable
    query = select(column.value).where(
        column.instance_id == instance_id, column.scope == 0, column.name == name
    )
    return uow.connection.scalar(query)


def _complete(was: Then, given: Mapping[str, Any]) -> dict[str, Any]:
    must_be_names(given)
    missing = [(name, length) for name, length in was.lacking if name not in given]
    if missing:
        names = ", ".join(f"{name} ({length})" for name, length in missing)
        raise InvalidInput(
            f"The history does not keep values as long as these, and they are others now: {names}; give their values."
        )
    return {**was.values, **given}


def _beginning(running: Running, was: Then, given: Mapping[str, Any], by: Person | None) -> Beginning:
    values = _complete(was, given)
    initiator = values.get(_special.INITIATOR)
    return Beginning(
        process=running.process,
        variables=values,
        client_id=running.client_id,
        period=running.period,
        business_key=running.business_key,
        initiator=initiator if isinstance(initiator, str) else None,
        person_id=None if by is None else by.id,
        version=running.definition.version,
        at=Target(was.visit.element),
    )


def _rewound(uow: UnitOfWork, case: runtime.Case, was: Then, given: Mapping[str, Any]) -> Step:
    kept = {name: value for name, value in case.root_scope.values.items() if name in NOT_IN_HISTORY}
    values = {**_complete(was, given), **kept}
    return runtime.rewind(case, values, _definitions.moment(uow), Target(was.visit.element))


def _mark(uow: UnitOfWork, running: Running) -> None:
    """Give the old instance a new version: whoever looked at it before has to look again."""
    change = update(Instance).where(Instance.id == running.id, Instance.version == running.version)
    uow.connection.execute(change.values(version=running.version + 1))
    running.version += 1
    _running.keep(uow, running)


def _notes(running: Running, was: Then) -> tuple[str, ...]:
    process = running.case.definition.process
    levels = around(process, process.elements[was.visit.element])
    notes = []
    if levels:
        names = ", ".join(f"«{label(each)}»" for each in levels)
        notes.append(
            f"{names} will be entered afresh: variables of their own come from their input mappings."
        )
    if was.checked:
        names = ", ".join(was.checked)
        notes.append(f"The present values of {names} are taken: they are the ones of that time.")
    return tuple(notes)
