"""Every element says what it needs to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.bpmn.model import ElementModel
from engine.bpmn.rules.asking import Question, shown

Missing = tuple[str, str, str]


def check(question: Question) -> None:
    """Check every element by its kind."""
    for element in question.elements:
        ask = _NEEDS.get(element.kind)
        missing = ask(element) if ask is not None else None
        if missing is not None:
            rule, message, advice = missing
            question.note(rule, message.format(shown(element)), advice, element)
        if element.topic is not None and not element.topic.strip():
            message = f"«{shown(element)}» has an empty topic."
            question.note("topic-missing", message, "Choose the handler to call.", element)


def _service(element: ElementModel) -> Missing | None:
    if element.topic is not None:
        return None
    return (
        "topic-missing",
        "The service task «{}» has no topic.",
        "Choose the handler to call (zeebe:taskDefinition).",
    )


def _script(element: ElementModel) -> Missing | None:
    if element.topic is not None or element.script:
        return None
    return (
        "script-missing",
        "The script task «{}» has no FEEL expression.",
        "Give it one (zeebe:script); other script languages are not run.",
    )


def _decision(element: ElementModel) -> Missing | None:
    if element.topic is not None or element.decision:
        return None
    return "decision-missing", "The business rule task «{}» names no decision.", "Choose the decision."


def _send(element: ElementModel) -> Missing | None:
    if element.topic is not None or element.event is not None:
        return None
    return "message-missing", "The send task «{}» sends nothing.", "Choose a message, or a handler to call."


def _receive(element: ElementModel) -> Missing | None:
    if element.event is not None:
        return None
    return "message-missing", "The receive task «{}» waits for no message.", "Choose the message."


_NEEDS: Mapping[str, Callable[[ElementModel], Missing | None]] = {
    "serviceTask": _service,
    "scriptTask": _script,
    "businessRuleTask": _decision,
    "sendTask": _send,
    "receiveTask": _receive,
}
