"""Execution listeners: they say when and which handler, and stand where the moment they wait for can come."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.formulas import is_feel
from engine.bpmn.listener import Listener
from engine.bpmn.model import ElementModel
from engine.bpmn.rules.asking import Question, shown

BEGUN_ALREADY = ("startEvent", "boundaryEvent")


def check(question: Question) -> None:
    """Check the listeners of the process and of every element."""
    process = question.process
    for problem in _problems(process.name or process.id, process.listeners, question.known.topics):
        rule, message, advice = problem
        question.problems.add(rule, message, advice, line=process.line, element=process.id, name=process.name)
    for element in question.elements:
        for rule, message, advice in _problems(shown(element), element.listeners, question.known.topics):
            question.note(rule, message, advice, element)
        if any(each.when == "start" for each in element.listeners) and _has_begun(question, element):
            message = f"«{shown(element)}» has taken place before a listener could hear of its start."
            question.note("listener-misplaced", message, "Let it listen to the end.", element)


def _has_begun(question: Question, element: ElementModel) -> bool:
    before = [question.process.elements[flow.source] for flow in question.incoming.get(element.id, [])]
    return element.kind in BEGUN_ALREADY or any(each.kind == "eventBasedGateway" for each in before)


def _problems(
    name: str, listeners: tuple[Listener, ...], topics: frozenset[str] | None
) -> Iterator[tuple[str, str, str]]:
    for each in listeners:
        if each.when not in ("start", "end"):
            yield "listener-kind", f"A listener of «{name}» waits for «{each.when}».", "Use start or end."
        if not each.topic:
            yield "topic-missing", f"A listener of «{name}» has no topic.", "Choose the handler to call."
        elif is_feel(each.topic):
            message = f"The topic of a listener of «{name}» is the expression «{each.topic}»."
            yield "topic-expression", message, "Write the topic itself."
        elif topics is not None and each.topic not in topics:
            message = (
                f"No installed handler answers to the topic «{each.topic}» that a listener of «{name}» names."
            )
            yield "topic-unknown", message, "Choose an existing one."
