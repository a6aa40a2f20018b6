"""Sequence flows: both ends exist, they stay in their scope, gateways know where to go."""

from __future__ import annotations

from engine.bpmn.model import ACTIVITIES, ElementModel, Flow
from engine.bpmn.rules.asking import Question, shown

CATCHES = ("intermediateCatchEvent", "receiveTask")
GOING_ON = ("startEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")
WAITABLE = frozenset({"message", "signal", "timer", "condition"})


def check(question: Question) -> None:
    """Check every flow, then every gateway."""
    for flow in question.process.flows.values():
        _ends(question, flow)
        if flow.condition is not None and flow.default:
            message = f"The default flow «{flow.name or flow.id}» has a condition."
            question.note("default-condition", message, "Remove the condition.", flow)
    ending = {element.parent for element in question.elements if element.kind == "endEvent"}
    missed = {
        element.parent
        for element in question.elements
        if element.kind == "endEvent" and element.id not in question.reached
    }
    for element in question.elements:
        _direction(question, element)
        if _ends_here(question, element):
            _dead_end(question, element, has_ends=element.parent in ending, missed=element.parent in missed)
        _only_if(question, element)
        ways = _GATEWAYS.get(element.kind)
        if ways is not None:
            ways(question, element)


def _ends(question: Question, flow: Flow) -> None:
    elements = question.process.elements
    for end in (flow.source, flow.target):
        if end not in elements:
            message = (
                f"The flow «{flow.name or flow.id}» ends at «{end}», which is no element of the process."
            )
            question.note("flow-dangling", message, "Connect both of its ends.", flow)
            return
    source, target = elements[flow.source], elements[flow.target]
    if source.parent != target.parent:
        message = f"The flow «{flow.name or flow.id}» crosses the border of a sub-process."
        question.note("flow-crosses", message, "Leave a sub-process by its end or by an event.", flow)


def _direction(question: Question, element: ElementModel) -> None:
    incoming, outgoing = question.incoming.get(element.id), question.outgoing.get(element.id)
    if incoming and element.kind in ("startEvent", "boundaryEvent"):
        message = f"A flow leads into the {element.kind} «{shown(element)}»."
        question.note("flow-into-start", message, "Let it lead to what follows.", element)
    if outgoing and element.kind == "endEvent":
        message = f"A flow leads out of the end event «{shown(element)}»."
        question.note("flow-out-of-end", message, "Use an intermediate event instead.", element)
    kind = element.event.kind if element.event is not None else ""
    if kind == "link" and element.kind == "intermediateThrowEvent" and outgoing:
        message = (
            f"A flow leads out of the throwing link «{shown(element)}»; it goes on at the catching link."
        )
        question.note("flow-out-of-link", message, "Remove the flow.", element)
    if kind == "link" and element.kind == "intermediateCatchEvent" and incoming:
        message = f"A flow leads into the catching link «{shown(element)}»."
        question.note("flow-into-link", message, "Remove the flow; a throwing link leads here.", element)


def _ends_here(question: Question, element: ElementModel) -> bool:
    if question.outgoing.get(element.id) or element.kind == "endEvent" or element.triggered:
        return False
    kind = element.event.kind if element.event is not None else ""
    if element.for_compensation or (element.kind == "boundaryEvent" and kind == "compensation"):
        return False
    is_link = element.kind == "intermediateThrowEvent" and element.event and element.event.kind == "link"
    around = question.process.elements.get(element.parent or "")
    is_ad_hoc = (
        around is not None and around.ad_hoc is not None
    )  # where flows are optional (BPMN 2.0.2, 10.2.5)
    return not is_link and not is_ad_hoc


def _dead_end(question: Question, element: ElementModel, *, has_ends: bool, missed: bool) -> None:
    """Report a missing flow. A path may end at an activity (BPMN 2.0.2, 10.2.1); beside end events that is doubtful.

    Where some end event is ``missed`` by every path it is a slip.
    """
    message = f"No flow leads out of «{shown(element)}»."
    advice = "Connect it to what follows, or to an end event."
    if element.kind in GOING_ON or (has_ends and (missed or element.kind not in ACTIVITIES)):
        question.note("dead-end", message, advice, element)
    elif has_ends:
        question.warn("dead-end", message, advice, element)


def _only_if(question: Question, element: ElementModel) -> None:
    """Warn of an activity whose single way out has a condition: when it does not hold the token is an incident."""
    outgoing = question.outgoing.get(element.id, [])
    if len(outgoing) == 1 and outgoing[0].condition is not None and element.kind in ACTIVITIES:
        message = f"The only flow out of «{shown(element)}» has a condition; when it does not hold, nothing goes on."
        question.warn("condition-single", message, "Remove it, or add a default flow.", outgoing[0])


def _exclusive(question: Question, element: ElementModel) -> None:
    outgoing = question.outgoing.get(element.id, [])
    if len(outgoing) <= 1:
        return
    for flow in outgoing:
        if flow.condition is None and not flow.default:
            message = (
                f"The flow «{flow.name or flow.id}» out of the gateway «{shown(element)}» has no condition "
                "and is not its default."
            )
            question.note(
                "condition-missing",
                message,
                "Give it a condition such as = amount > 100, or make it the default.",
                flow,
            )


def _parallel(question: Question, element: ElementModel) -> None:
    for flow in question.outgoing.get(element.id, []):
        if flow.condition is not None:
            message = f"The flow «{flow.name or flow.id}» out of the parallel gateway «{shown(element)}» has a condition."
            question.warn("condition-ignored", message, "Use an inclusive gateway, or remove it.", flow)
        if flow.default:
            message = f"The parallel gateway «{shown(element)}» has a default flow, but takes all flows."
            question.warn("default-ignored", message, "Use an inclusive gateway, or remove it.", flow)


def _event_based(question: Question, element: ElementModel) -> None:
    outgoing = question.outgoing.get(element.id, [])
    if len(outgoing) < 2:  # noqa: PLR2004 - a choice needs two
        message = f"The event-based gateway «{shown(element)}» has fewer than two events behind it."
        question.note("event-gateway-few", message, "Add an event, or remove the gateway.", element)
    if element.all_events and not element.instantiate:
        message = (
            f"The event-based gateway «{shown(element)}» waits for all its events and starts no instance."
        )
        advice = "Let it start instances, or use one event for each after a parallel gateway."
        question.note("event-gateway-parallel", message, advice, element)
    _mixed(question, element, outgoing)
    _parallel_conditions(question, element, outgoing)
    for flow in outgoing:
        target = question.process.elements[flow.target]
        kind = target.event.kind if target.event is not None else ""
        if target.kind not in CATCHES or kind not in WAITABLE:
            place = f"The flow «{flow.id}» out of the event-based gateway «{shown(element)}» ({element.id})"
            message = f"{place} leads to «{shown(target)}», which is no event to wait for."
            question.note(
                "event-gateway-target", message, "Put a message, signal or timer event there.", target
            )
        elif len(question.incoming.get(target.id, [])) > 1:
            message = f"«{shown(target)}» behind the event-based gateway «{shown(element)}» has other flows into it."
            question.note("event-gateway-shared", message, "Give the gateway an event of its own.", target)
        if target.loop is not None or _has_boundary(question, target):
            message = (
                f"«{shown(target)}» behind the event-based gateway is multi-instance or has boundary events."
            )
            question.note("event-gateway-receive", message, "Use a catch event there.", target)


def _mixed(question: Question, element: ElementModel, outgoing: list[Flow]) -> None:
    """Warn of message events beside receive tasks behind one gateway (BPMN 2.0.2, 10.6.6)."""
    behind = [question.process.elements[flow.target] for flow in outgoing]
    events = [each for each in behind if each.event is not None and each.event.kind == "message"]
    if {each.kind for each in events} == set(CATCHES):
        message = f"Receive tasks and message events stand side by side behind the gateway «{shown(element)}» ({element.id})."
        question.warn("event-gateway-mixed", message, "Use one or the other.", element)


def _has_boundary(question: Question, target: ElementModel) -> bool:
    return any(each.attached_to == target.id for each in question.elements)


def _parallel_conditions(question: Question, element: ElementModel, outgoing: list[Flow]) -> None:
    for flow in outgoing:
        if flow.condition is not None:
            message = f"The flow «{flow.name or flow.id}» out of the event-based gateway «{shown(element)}» has a condition."
            question.note("condition-ignored", message, "Remove it; the event decides.", flow)


def _complex(question: Question, element: ElementModel) -> None:
    if len(question.incoming.get(element.id, [])) > 1 and not element.activation:
        message = f"The complex gateway «{shown(element)}» does not say when it starts."
        advice = "Give it an activation condition such as = activationCount >= 2."
        question.note("activation-missing", message, advice, element)


_GATEWAYS = {
    "complexGateway": _complex,
    "exclusiveGateway": _exclusive,
    "inclusiveGateway": _exclusive,
    "parallelGateway": _parallel,
    "eventBasedGateway": _event_based,
}
