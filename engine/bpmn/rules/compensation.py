"""Compensation and transactions: handlers are connected as such, what is thrown can be undone, a cancel has its way out."""

from __future__ import annotations

from engine.bpmn.model import ElementModel, EventModel
from engine.bpmn.rules.asking import Question, shown


def check(question: Question) -> None:
    """Check handlers, boundary events, throwing events and transactions."""
    for element in question.elements:
        event = element.event or EventModel("none")
        if element.for_compensation and not element.triggered:
            _no_flows(question, element)
        if event.kind == "compensation":
            _KINDS.get(element.kind, _nothing)(question, element, event)
        if event.kind == "cancel":
            _cancel(question, element)
        if {"compensation", "cancel"} & {each.kind for each in event.parts}:
            message = f"«{shown(element)}» compensates or cancels and does something else."
            question.note("event-several", message, "Make it an event of its own.", element)


def _nothing(question: Question, element: ElementModel, event: EventModel) -> None:
    del question, element, event


def _no_flows(question: Question, element: ElementModel) -> None:
    if question.incoming.get(element.id) or question.outgoing.get(element.id):
        message = f"Flows lead to or from «{shown(element)}», which belongs to compensation."
        question.note("compensation-flow", message, "Remove them; an association leads to it.", element)


def _boundary(question: Question, element: ElementModel, event: EventModel) -> None:
    del event
    _no_flows(question, element)
    handler = question.process.elements.get(element.handler or "")
    if handler is None:
        message = f"The compensation event «{shown(element)}» has no handler, so nothing is undone."
        question.warn("compensation-empty", message, "Draw an association to the undoing activity.", element)
    elif not handler.for_compensation or handler.parent != element.parent:
        message = (
            f"The handler «{shown(handler)}» ({handler.id}) of the compensation event «{shown(element)}» "
            f"({element.id}) is no activity for compensation beside it."
        )
        question.note("compensation-handler", message, "Mark it as being for compensation.", handler)


def _start(question: Question, element: ElementModel, event: EventModel) -> None:
    del event
    around = question.parent_of(element)
    if not element.interrupting:
        message = f"The compensation start event «{shown(element)}» cannot be one that does not interrupt."
        question.note("compensation-interrupts", message, "Make it interrupting.", element)
    if around is not None and around.triggered and around.parent is None:
        message = f"«{shown(around)}» compensates the whole process, which nobody can ask for."
        question.warn("compensation-never", message, "Put it into a sub-process.", around)


def _throw(question: Question, element: ElementModel, event: EventModel) -> None:
    if event.activity is None:
        return
    target, scopes = question.process.elements.get(event.activity), list[str | None]()
    around: ElementModel | None = element
    while around is not None:
        scopes.append(around.parent)
        around = question.parent_of(around)
        if around is not None and not around.triggered:
            break
    if target is None or target.parent not in scopes:
        message = f"«{shown(element)}» compensates «{event.activity}», which is no activity beside it."
        question.note("compensation-target", message, "Name an activity of the same scope, or none.", element)
        return
    handled = any(
        each.attached_to == target.id and each.event is not None and each.event.kind == "compensation"
        for each in question.elements
    )
    if not handled and target.kind != "subProcess":
        message = f"«{shown(element)}» compensates «{shown(target)}», which has no compensation event."
        question.warn("compensation-empty", message, "Attach one with its handler.", element)


def _cancel(question: Question, element: ElementModel) -> None:
    host = question.process.elements.get(element.attached_to or "")
    around = question.parent_of(element)
    where = host if element.kind == "boundaryEvent" else around
    if where is None or not where.transaction:
        message = f"The cancel event «{shown(element)}» belongs to no transaction."
        advice = "Put the end event directly into a transaction, the boundary event on it."
        question.note("cancel-misplaced", message, advice, element)
        return
    if element.kind == "boundaryEvent" and not element.interrupting:
        message = f"The cancel event «{shown(element)}» does not interrupt; a cancel always does."
        question.note("cancel-interrupts", message, "Make it interrupting.", element)
    caught = any(
        each.attached_to == where.id and each.event is not None and each.event.kind == "cancel"
        for each in question.elements
    )
    if not caught:
        message = f"The transaction «{shown(where)}» is cancelled by «{shown(element)}» and has no way out for that."
        question.note("cancel-uncaught", message, "Attach a cancel boundary event to it.", element)


_KINDS = {
    "boundaryEvent": _boundary,
    "startEvent": _start,
    "intermediateThrowEvent": _throw,
    "endEvent": _throw,
}
