"""Events: each kind stands where it can be run, has a name, and attached ones are attached to something."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.model import ACTIVITIES, ElementModel, EventModel
from engine.bpmn.rules.asking import Question, shown

ALLOWED: Mapping[str, frozenset[str]] = {
    "intermediateCatchEvent": frozenset({"message", "signal", "timer", "link", "condition"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensation"}),
    "endEvent": frozenset(
        {"none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"}
    ),
    "boundaryEvent": frozenset(
        {"message", "signal", "timer", "error", "escalation", "condition", "compensation", "cancel"}
    ),
}
NAMED = {"message": "message", "signal": "signal", "link": "link"}
WAITING = frozenset({"userTask", "manualTask", "serviceTask", "receiveTask", "callActivity", "subProcess"})


def check(question: Question) -> None:
    """Check every event."""
    for element in question.elements:
        event = element.event
        if event is None:
            continue
        _several(question, element, event)
        for each in event.each:
            _allowed(question, element, each)
            _named(question, element, each)
        if element.kind == "boundaryEvent":
            _attached(question, element, event)
        if event.kind == "link":
            _linked(question, element, event)


def _several(question: Question, element: ElementModel, event: EventModel) -> None:
    """Check what only a multiple event can have."""
    if not event.parts:
        return
    kinds = {each.kind for each in event.parts}
    if kinds & {"link", "none"}:
        message = f"«{shown(element)}» is a link and something else."
        question.note("event-several", message, "Make the link an event of its own.", element)
    if event.parallel and element.kind == "startEvent" and element.parent is None:
        message = f"The process starts when several events of «{shown(element)}» have come, which is not run."
        advice = "Use an event-based gateway that waits for all of them and starts the instance."
        question.note("not-run-parallel-multiple", message, advice, element)
    if event.parallel and kinds & {"error", "escalation"}:
        message = f"«{shown(element)}» waits for an error or escalation together with something else."
        question.note("event-several", message, "Make it an event of its own.", element)
    if element.kind == "startEvent" and element.parent is None and "timer" in kinds:
        message = f"The start event «{shown(element)}» is a timer and something else."
        question.note("event-several", message, "Give the timer a start event of its own.", element)


def _allowed(question: Question, element: ElementModel, event: EventModel) -> None:
    allowed = ALLOWED.get(element.kind)
    if allowed is not None and event.kind not in allowed:
        message = f"The {element.kind} «{shown(element)}» cannot be a {event.kind} event."
        advice = f"Use one of: {', '.join(sorted(allowed))}."
        question.note("event-kind", message, advice, element)


def _named(question: Question, element: ElementModel, event: EventModel) -> None:
    if event.kind in NAMED and not event.name and not element.topic:
        message = f"«{shown(element)}» names no {event.kind}."
        question.note("event-name-missing", message, f"Choose or create the {event.kind}.", element)
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    if event.kind in ("error", "escalation") and throws and not event.code:
        message = f"«{shown(element)}» throws an {event.kind} without a code."
        question.note("event-code-missing", message, f"Give the {event.kind} a code.", element)
    if event.kind == "condition" and not event.condition:
        message = f"«{shown(element)}» waits for no condition."
        advice = "Give it a condition such as = amount > 100."
        question.note("event-condition-missing", message, advice, element)
    if event.kind == "message" and _needs_key(question, element) and not event.correlation_key:
        message = f"The message «{event.name}» that «{shown(element)}» waits for has no correlation key."
        question.note(
            "correlation-missing",
            message,
            "Give the message a correlation key (zeebe:subscription), such as = client.code.",
            element,
        )


def _needs_key(question: Question, element: ElementModel) -> bool:
    if element.kind == "startEvent":
        around = question.parent_of(element)
        return around is not None and around.triggered
    before = [question.process.elements[flow.source] for flow in question.incoming.get(element.id, ())]
    if element.instantiate or any(each.instantiate and not each.all_events for each in before):
        return False
    return element.kind in ("intermediateCatchEvent", "boundaryEvent", "receiveTask")


def _attached(question: Question, element: ElementModel, event: EventModel) -> None:
    host = question.process.elements.get(element.attached_to or "")
    if host is None or host.parent != element.parent:
        message = f"The boundary event «{shown(element)}» is attached to nothing."
        question.note("boundary-unattached", message, "Attach it to an activity.", element)
        return
    if host.kind not in ACTIVITIES or (host.kind == "subProcess" and host.triggered):
        message = (
            f"The boundary event «{shown(element)}» is attached to «{shown(host)}», which is no activity."
        )
        question.note("boundary-host", message, "Attach it to a task, sub-process or call activity.", element)
    elif event.kind in ("compensation", "cancel"):
        return
    elif host.kind not in WAITING and host.topic is None and host.loop is None:
        message = f"The boundary event «{shown(element)}» can never happen: «{shown(host)}» is over at once."
        question.warn(
            "boundary-never", message, "Remove it, or attach it to an activity that waits.", element
        )
    if any(each.kind == "error" for each in event.each) and not element.interrupting:
        message = f"The error boundary event «{shown(element)}» does not interrupt; an error always does."
        question.note("error-interrupts", message, "Make it interrupting.", element)


def _linked(question: Question, element: ElementModel, event: EventModel) -> None:
    same = [
        each
        for each in question.inside(element.parent)
        if each.event is not None and each.event.kind == "link" and each.event.name == event.name
    ]
    catches = [each for each in same if each.kind == "intermediateCatchEvent"]
    if element.kind == "intermediateThrowEvent" and not catches:
        message = f"The link «{event.name}» leads nowhere: there is no catching link of that name beside it."
        question.note("link-unpaired", message, "Add the catching link event.", element)
    if element.kind == "intermediateCatchEvent" and catches[0].id != element.id:
        message = f"There are two catching links «{event.name}»."
        question.note("link-ambiguous", message, "Rename one of them.", element)
