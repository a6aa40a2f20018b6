"""Every element can be reached from a start."""

from __future__ import annotations

from engine.bpmn.model import ElementModel
from engine.bpmn.rules.asking import Question, shown


def check(question: Question) -> None:
    """Report elements that no token can ever come to."""
    reached = _reached(question)
    for element in question.elements:
        if element.id in reached:
            continue
        around = question.parent_of(element)
        if around is not None and around.id not in reached:
            continue
        if not question.incoming.get(element.id) and not question.outgoing.get(element.id):
            message = f"«{shown(element)}» is connected to nothing."
            question.note("unconnected", message, "Connect it, or remove it.", element)
        else:
            message = f"«{shown(element)}» can never be reached."
            question.note("unreachable", message, "Lead a flow to it, or remove it.", element)


def _reached(question: Question) -> set[str]:
    attached: dict[str, list[str]] = {}
    links: dict[tuple[str | None, str], list[str]] = {}
    pending: list[str] = []
    for element in question.elements:
        if element.attached_to:
            attached.setdefault(element.attached_to, []).append(element.id)
        if _is_link(element, "intermediateCatchEvent") and element.event:
            links.setdefault((element.parent, element.event.name), []).append(element.id)
        if element.parent is None and (element.kind == "startEvent" or element.triggered):
            pending.append(element.id)
    reached: set[str] = set()
    while pending:
        name = pending.pop()
        if name in reached or name not in question.process.elements:
            continue
        reached.add(name)
        element = question.process.elements[name]
        pending.extend(flow.target for flow in question.outgoing.get(name, ()))
        pending.extend(attached.get(name, ()))
        if _is_link(element, "intermediateThrowEvent") and element.event:
            pending.extend(links.get((element.parent, element.event.name), ()))
        if element.kind == "subProcess":
            inside = question.inside(name)
            pending.extend(each.id for each in inside if each.kind == "startEvent" or each.triggered)
    return reached


def _is_link(element: ElementModel, kind: str) -> bool:
    return element.kind == kind and element.event is not None and element.event.kind == "link"
