"""Every process and sub-process begins in one clear place."""

from __future__ import annotations

from engine.bpmn.model import ElementModel
from engine.bpmn.reaching import begins_ad_hoc, free_starts
from engine.bpmn.rules.asking import Question, shown

PROCESS_STARTS = frozenset({"none", "message", "signal", "timer", "condition"})
EVENT_STARTS = frozenset({"message", "signal", "timer", "error", "escalation", "condition", "compensation"})


def check(question: Question) -> None:
    """Check the process, then each sub-process."""
    _process(question)
    for element in question.elements:
        if element.kind == "subProcess":
            ask = _ad_hoc if element.ad_hoc else _event_process if element.triggered else _sub_process
            ask(question, element)


def _starts(question: Question, parent: str | None) -> list[ElementModel]:
    return [each for each in question.inside(parent) if each.kind == "startEvent"]


def _kinds(element: ElementModel) -> set[str]:
    return {each.kind for each in element.event.each} if element.event is not None else {"none"}


def _kind(element: ElementModel) -> str:
    return element.event.kind if element.event is not None else "none"


def _process(question: Question) -> None:
    process, starts, inside = question.process, _starts(question, None), question.inside(None)
    others = [element for element in question.elements if element.instantiate]
    for element in others:
        _instantiating(question, element)
    if inside and all(each.triggered for each in inside):
        message = (
            f"Nothing starts the process «{process.name or process.id}»: it has event sub-processes only."
        )
        question.warn("start-never", message, "Begin it with a start event.", inside[0])
    elif not starts and not others and not free_starts(process)[None]:
        question.problems.add(
            "start-missing",
            f"The process «{process.name or process.id}» has no start event.",
            "Begin it with a start event.",
            line=process.line,
            element=process.id,
            name=process.name,
        )
    for start in starts:
        if not _kinds(start) <= PROCESS_STARTS:
            message = f"A process cannot begin with the {_kind(start)} start event «{shown(start)}»."
            question.note("start-kind", message, "Use none, message, signal, timer or a condition.", start)
    for extra in [each for each in starts if _kind(each) == "none"][1:]:
        message = (
            f"The process has a second start event without an event, «{shown(extra)}»; the first one is used."
        )
        question.warn("start-several", message, "Keep one, or give it a message, signal or time.", extra)


def _instantiating(question: Question, element: ElementModel) -> None:
    """Check a receive task or an event-based gateway that starts instances."""
    if element.parent is not None or question.incoming.get(element.id):
        message = f"«{shown(element)}» starts instances, and does not stand at the beginning of the process."
        question.note(
            "instantiate-inside", message, "Let no flow lead to it, or do not let it start.", element
        )
    if element.all_events:
        _together(question, element)
    behind = [question.process.elements[flow.target] for flow in question.outgoing.get(element.id, [])]
    starting = behind if element.kind == "eventBasedGateway" else [element]
    for each in starting:
        if each.loop is not None or not _kinds(each) <= {"message", "signal"}:
            message = f"The process cannot begin at «{shown(each)}»: it is no message or signal."
            question.note("instantiate-event", message, "Use a message or signal event there.", each)


def _together(question: Question, element: ElementModel) -> None:
    """Check that the events behind a parallel event-based gateway can find the instance that one of them began."""
    names = [flow.target for flow in question.outgoing.get(element.id, [])]
    events = [question.process.elements[name].event for name in names]
    if len({(each.kind, each.name) for each in events if each is not None}) < len(events):
        message = f"Two events behind «{shown(element)}» are the same, so nobody can tell them apart."
        question.note("event-gateway-parallel", message, "Let them wait for different messages.", element)


def _sub_process(question: Question, element: ElementModel) -> None:
    starts = _starts(question, element.id)
    if not starts and not free_starts(question.process).get(element.id):
        message = f"The sub-process «{shown(element)}» has no start event."
        question.note("start-missing", message, "Begin it with a start event.", element)
    for start in starts:
        if _kind(start) != "none":
            message = (
                f"The sub-process «{shown(element)}» begins with a {_kind(start)} event, which cannot come."
            )
            question.note("start-kind", message, "Use a start event without an event.", start)
    for extra in starts[1:]:
        message = f"The sub-process «{shown(element)}» has a second start event, «{shown(extra)}»."
        question.note("start-several", message, "Keep one of them.", extra)


def _ad_hoc(question: Question, element: ElementModel) -> None:
    inside = question.inside(element.id)
    for each in inside:
        if each.kind in ("startEvent", "endEvent"):
            message = f"«{shown(each)}» stands in the ad-hoc sub-process «{shown(element)}», which has no start or end."
            question.note("ad-hoc-event", message, "Remove it; what no flow leads to is begun.", each)
    if not any(begins_ad_hoc(each) and not question.incoming.get(each.id) for each in inside):
        message = f"The ad-hoc sub-process «{shown(element)}» has nothing to begin with."
        question.note("ad-hoc-empty", message, "Put activities into it.", element)


def _event_process(question: Question, element: ElementModel) -> None:
    starts = _starts(question, element.id)
    if len(starts) != 1:
        message = f"The event sub-process «{shown(element)}» has {len(starts)} start events; it needs one."
        question.note("event-process-start", message, "Give it exactly one start event.", element)
    for start in starts:
        if not _kinds(start) <= EVENT_STARTS:
            message = f"The event sub-process «{shown(element)}» does not say what starts it."
            question.note(
                "start-kind",
                message,
                "Use a message, signal, timer, error, escalation or conditional start event.",
                start,
            )
        if "error" in _kinds(start) and not start.interrupting:
            message = f"The error start event «{shown(start)}» does not interrupt; an error always does."
            question.note("error-interrupts", message, "Make it interrupting.", start)
    if question.incoming.get(element.id) or question.outgoing.get(element.id):
        message = f"The event sub-process «{shown(element)}» has sequence flows; it begins by its event only."
        question.note("event-process-flow", message, "Remove the flows.", element)
    if element.loop is not None:
        message = f"The event sub-process «{shown(element)}» is multi-instance."
        question.note("event-process-loop", message, "Put the multi-instance activity inside it.", element)
