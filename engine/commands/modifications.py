"""Tokens of one instance: an operator moves them, lets them pass an element undone, or do it afresh."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.bpmn import runtime
from engine.bpmn.foreseeing import foresee
from engine.bpmn.operating import Change, Move, Place, Repeat, Skip, Target
from engine.bpmn.places import candidates, element_of, flow_of, label, token_at
from engine.bpmn.standing import Standing, standing
from engine.commands import _definitions, _running, history
from engine.commands._foreseen import Plan, plan_of
from engine.commands._operating import must_be_names, must_be_open, operated, seen
from engine.commands._record import record
from engine.commands._running import Running
from engine.commands.history import Fact
from engine.people import Person
from store.unit_of_work import UnitOfWork

__all__ = ["Change", "Move", "Place", "Plan", "Repeat", "Skip", "Target", "apply", "inside", "plan", "tokens"]

FACTS: dict[type[Change], str] = {Move: "token.moved", Skip: "token.skipped", Repeat: "token.repeated"}


def apply(
    uow: UnitOfWork,
    instance_id: UUID,
    change: Change,
    *,
    reason: str,
    by: Person | None,
    version: int | None = None,
) -> tuple[UUID, ...]:
    """Do one change and run the instance to its next waits; return the ids of work items that opened.

    ``version`` is the one that the operator saw in ``plan``: Conflict when somebody, or something, was faster. A token that
    is gone is a Conflict too, so the same change asked twice is done once. A suspended instance may be changed as well.
    Raises InvalidInput (no reason, a place that cannot be), NotFound, NotAllowed, Conflict.
    """
    must_be_names(getattr(change, "variables", ()))
    running = operated(uow, instance_id, reason, by, version=version)
    history.append(uow, [_fact(running, change, reason, by)])
    step = runtime.operate(running.case, change, _definitions.moment(uow))
    return record(uow, running, step, by=by)


def plan(uow: UnitOfWork, instance_id: UUID, change: Change, *, by: Person | None) -> Plan:
    """Return what ``apply`` would do, and do nothing (run by ``store.look``); raises what that would raise."""
    running = seen(uow, instance_id, by)
    _running.keep(uow, running)
    must_be_open(running)
    moment = _definitions.moment(uow)
    foreseen = foresee(running.case, lambda case: runtime.operate(case, change, moment))
    return plan_of(running.version, running.case, foreseen, _notes(running, change))


def tokens(uow: UnitOfWork, instance_id: UUID, *, by: Person | None) -> tuple[Standing, ...]:
    """Return where the tokens of an instance stand, each after the one that it runs inside of (run by ``store.look``)."""
    running = seen(uow, instance_id, by)
    _running.keep(uow, running)
    return standing(running.case)


def inside(uow: UnitOfWork, instance_id: UUID, target: Target, *, by: Person | None) -> tuple[Standing, ...]:
    """Return the tokens that one put at ``target`` could run inside of, the nearest first (run by ``store.look``)."""
    running = seen(uow, instance_id, by)
    _running.keep(uow, running)
    wanted = [token.id for token in candidates(running.case, target)]
    found = {each.token: each for each in standing(running.case) if not each.flow}
    return tuple(found[number] for number in wanted)


def _fact(running: Running, change: Change, reason: str, by: Person | None) -> Fact:
    """Return the line of history: at which element, where to, why; the numbers are for those who look closely."""
    process = running.case.definition.process
    place = _first_place(change)
    element = None if place is None else _element_at(running, place)
    detail: dict[str, Any] = {"reason": reason}
    if isinstance(change, Move):
        targets = [element_of(process, target) for target in change.put]
        detail["to"] = ", ".join(label(each) for each in targets)
        detail["places"] = [f"{target.side} {target.element}" for target in change.put]
        element = element or next(iter(targets), None)
    elif isinstance(change, Skip):
        detail["outputs"] = change.maps
    return Fact(
        kind=FACTS[type(change)],
        instance_id=running.id,
        client_id=running.client_id,
        process=running.process,
        element=None if element is None else element.id,
        name=running.definition.name if element is None else label(element),
        person_id=None if by is None else by.id,
        detail=detail,
        plain={} if place is None or place.wait is None else {"wait": place.wait},
    )


def _first_place(change: Change) -> Place | None:
    if isinstance(change, Move):
        return next(iter(change.taken), None)
    return change.place


def _element_at(running: Running, place: Place) -> Any:
    case = running.case
    if place.flow is not None:
        process = case.definition.process
        return process.elements[flow_of(process, place.flow).target]
    record = case.attached.get(place.wait or 0)
    if record is not None:
        return case.definition.nodes[record.element].element
    return token_at(case, place).task_spec.element


def _notes(running: Running, change: Change) -> tuple[str, ...]:
    if not isinstance(change, Skip):
        return ()
    element = _element_at(running, change.place)
    if not element.outputs:
        return ()
    names = ", ".join(each.target for each in element.outputs)
    if change.maps:
        return (f"The output mappings of «{label(element)}» are applied: {names} will be set.",)
    if change.outputs is False:
        return (
            f"The output mappings of «{label(element)}» are left out, as you chose: {names} stay as they are.",
        )
    sentence = (
        f"The output mappings of «{label(element)}» are left out, because there is no result for them to read: {names}"
        " stay as they are."
    )
    return (sentence,)
