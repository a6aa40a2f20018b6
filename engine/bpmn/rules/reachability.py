"""Every element can be reached from a start."""

from __future__ import annotations

from engine.bpmn.rules.asking import Question, shown


def check(question: Question) -> None:
    """Report elements that no token can ever come to."""
    reached = question.reached
    for element in question.elements:
        if element.id in reached:
            continue
        around = question.parent_of(element)
        if around is not None and around.id not in reached:
            continue
        if element.for_compensation and not element.triggered:
            message = f"«{shown(element)}» is for compensation, and no compensation event leads to it."
            question.note("unconnected", message, "Draw an association from a compensation event.", element)
        elif not question.incoming.get(element.id) and not question.outgoing.get(element.id):
            message = f"«{shown(element)}» is connected to nothing."
            question.note("unconnected", message, "Connect it, or remove it.", element)
        else:
            message = f"«{shown(element)}» can never be reached."
            question.note("unreachable", message, "Lead a flow to it, or remove it.", element)
