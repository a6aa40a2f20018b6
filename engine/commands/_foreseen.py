"""What an act of an operator would do, as rows of a preview that a person reads before deciding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.bpmn.foreseeing import Foreseen
from engine.bpmn.model import ProcessModel
from engine.bpmn.places import label
from engine.bpmn.runtime import Case
from engine.bpmn.step import (
    ChildOpened,
    ConditionOpened,
    IncidentOpened,
    JobOpened,
    Opened,
    ScopeClosed,
    Step,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
)

KINDS: dict[type[Opened], str] = {
    UserTaskOpened: "user",
    JobOpened: "job",
    TimerOpened: "timer",
    ChildOpened: "child",
    ConditionOpened: "condition",
    IncidentOpened: "incident",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A wait that would be over or begin; ``kind`` as in the engine, ``message`` of an incident."""

    element: str
    name: str
    kind: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done to an instance that has ``version``; hand that in with the act, so that it is done to no other.

    ``closed`` and ``opened`` are waits, ``left`` whole scopes that would be cancelled, ``changed`` variables of the whole
    process (name, value before, value then), ``ended`` the state in which the instance would end, ``notes`` and ``warned``
    sentences.
    """

    version: int
    closed: tuple[Line, ...] = ()
    opened: tuple[Line, ...] = ()
    left: tuple[Line, ...] = ()
    changed: tuple[tuple[str, Any, Any], ...] = ()
    ended: str | None = None
    notes: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


def plan_of(version: int, before: Case, foreseen: Foreseen, notes: tuple[str, ...] = ()) -> Plan:
    """Return the preview of a change to a case."""
    process, step = before.definition.process, foreseen.step
    waits = [before.waits[closed.wait] for closed in step.closed if closed.wait in before.waits]
    return Plan(
        version=version,
        closed=tuple(_line(process, each.element, each.kind) for each in waits),
        opened=opened_in(process, step),
        left=tuple(_left(process, step)),
        changed=tuple(_changed(before, foreseen)),
        ended=None if step.ended is None else step.ended.state,
        notes=notes,
        warned=tuple(str(each) for each in foreseen.warned),
    )


def opened_in(process: ProcessModel, step: Step) -> tuple[Line, ...]:
    """Return what a Step leaves waiting."""
    return tuple(
        _line(process, each.element, _kind(each), getattr(each, "message", "")) for each in step.opened
    )


def _kind(opened: Opened) -> str:
    return opened.kind if isinstance(opened, SubscriptionOpened) else KINDS[type(opened)]


def _left(process: ProcessModel, step: Step) -> list[Line]:
    """Name each sub-process or repeated activity that would be cancelled as a whole."""
    cancelled = [line.element for line in step.history if line.kind == "element.cancelled"]
    elements = [process.elements[name] for name in cancelled if name in process.elements]
    return [
        _line(process, each.id, "scope")
        for each in elements
        if each.kind == "subProcess" or each.loop is not None
    ]


def _changed(before: Case, foreseen: Foreseen) -> list[tuple[str, Any, Any]]:
    names = dict.fromkeys(
        change.name
        for change in foreseen.step.variables
        if not isinstance(change, ScopeClosed) and change.scope == 0
    )
    old, new = before.root_scope.values, foreseen.after.root_scope.values
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _line(process: ProcessModel, element: str, kind: str, message: str = "") -> Line:
    found = process.elements.get(element)
    return Line(element, element if found is None else label(found), kind, message)
