"""Events that are waited for: what they wait for, and records of those that wait beside a token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.bpmn.case import Case
from engine.bpmn.formulas import Formula, Trouble
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.scopes import Scope
from engine.bpmn.step import ConditionOpened, Opened, SubscriptionOpened, TimerOpened
from engine.bpmn.timers import TimerSpec
from engine.bpmn.tokens import Attached, Token


@dataclass(frozen=True, slots=True)
class Catching:
    """The compiled event of a catching element; ``kind`` as in the model, ``code`` of an error or escalation."""

    kind: str
    name: Formula | None = None
    key: Formula | None = None
    timer: TimerSpec | None = None
    code: str | None = None
    condition: Formula | None = None
    parts: tuple[Catching, ...] = ()
    parallel: bool = False

    @property
    def each(self) -> tuple[Catching, ...]:
        """The single events of a multiple one, or just this one."""
        return self.parts or (self,)

    def catches(self, kind: str, code: str | None) -> bool:
        """Tell whether this is a ``kind`` that names ``code`` (None: that names none, and so catches every code)."""
        return any(each.kind == kind and (each.code or None) == code for each in self.each)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What an event waits for, evaluated."""

    kind: Literal["timer", "message", "signal", "condition"]
    event: str = ""
    key: str | None = None
    due: datetime | None = None
    cycle: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """An event that is about to wait beside a token."""

    element: ElementSpec
    awaited: Awaited
    scope: Scope
    part: int = 0

    def open(self, token: Token) -> None:
        """Begin to wait."""
        case = token.workflow
        due, cycle = self.awaited.due, self.awaited.cycle
        record = Attached(case.number(), self.element.name, token.id, 0, case.moment.now, due, cycle)
        record.part = self.part
        case.attached[record.wait] = record
        token.attached.append(record.wait)
        open_event(case, token, record.wait, self)


def open_event(case: Case, token: Token, wait: int, opening: Opening) -> None:
    """Note the wait for an event under a number."""
    awaited, element = opening.awaited, opening.element.element
    opened: Opened
    if awaited.kind == "timer" and awaited.due is not None:
        opened = TimerOpened(
            wait=wait, element=element.id, name=element.name, scope=opening.scope.id, due_at=awaited.due
        )
    elif awaited.kind == "condition":
        opened = ConditionOpened(
            wait=wait, element=element.id, name=element.name, scope=opening.scope.id, condition=awaited.event
        )
    else:
        opened = SubscriptionOpened(
            wait=wait,
            element=element.id,
            name=element.name,
            scope=opening.scope.id,
            kind="signal" if awaited.kind == "signal" else "message",
            event=awaited.event,
            correlation_key=awaited.key,
        )
    case.open_wait(opened, awaited.kind, token, awaited.event)


def evaluate_event(case: Case, catching: Catching, scope: Scope) -> Awaited | None:
    """Return what the event waits for in a scope; None for events that are found, not waited for (errors)."""
    if catching.kind == "timer" and catching.timer is not None:
        due = catching.timer.first(lambda formula: case.evaluate(formula, scope), case.moment)
        return Awaited("timer", due=due.at, cycle=due.cycle)
    if catching.kind == "message":
        return Awaited("message", _text(case, catching.name, scope), _text(case, catching.key, scope) or None)
    if catching.kind == "signal":
        return Awaited("signal", _text(case, catching.name, scope))
    if catching.kind == "condition" and catching.condition is not None:
        return Awaited("condition", catching.condition.text)
    return None


def openings_of(case: Case, elements: Iterable[tuple[ElementSpec, Catching]], scope: Scope) -> list[Opening]:
    """Evaluate all events that shall wait beside a token, opening none."""
    found = []
    for element, catching in elements:
        for part, event in enumerate(catching.each):
            awaited = evaluate_event(case, event, scope)
            if awaited is not None:
                found.append(Opening(element, awaited, scope, part))
    return found


def key_text(value: object) -> str:
    """Return a correlation key as text: numbers and texts that look the same are the same key."""
    return "" if value is None else str(value)


def _text(case: Case, formula: Formula | None, scope: Scope) -> str:
    if formula is None:
        return ""
    value = case.evaluate(formula, scope)
    if value is None:
        message = f"«{formula.text}» gives null where a name or correlation key is needed."
        raise Trouble("correlation", message)
    return key_text(value)
