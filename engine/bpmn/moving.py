"""Moving tokens: an operator takes some away and puts others elsewhere, in the scope where they belong.

What is put comes first, so that a sub-process in which only the place changes stays open with its variables; a scope that
is left without tokens is then cancelled. Sub-processes around a target that are not open are opened on the way, without
their start event; one instance of a multi-instance activity is never made by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.case import Case
from engine.bpmn.formulas import Trouble
from engine.bpmn.model import ElementModel
from engine.bpmn.nodes import arriving
from engine.bpmn.nodes.adhoc import NEXT, AdHocSpec
from engine.bpmn.nodes.attaching import openings_of
from engine.bpmn.nodes.base import ElementSpec, FlowSpec
from engine.bpmn.nodes.catchers import AttachedSpec, EventStartSpec
from engine.bpmn.nodes.complex import ComplexSpec
from engine.bpmn.nodes.containers import ContainerSpec, EventProcessSpec
from engine.bpmn.nodes.firing import close_event_starts
from engine.bpmn.nodes.gateways import JoinSpec
from engine.bpmn.nodes.multi import TAKEN, MultiSpec
from engine.bpmn.places import (
    Place,
    Target,
    element_of,
    flow_of,
    host_for,
    label,
    must_not_undo,
    token_at,
)
from engine.bpmn.step import Happened
from engine.bpmn.tokens import Token
from engine.errors import Conflict, InvalidInput


@dataclass(frozen=True, slots=True)
class Move:
    """Tokens to take away, places to put new ones, and variables to set where the new ones begin."""

    taken: tuple[Place, ...] = ()
    put: tuple[Target, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)


def move(case: Case, change: Move) -> None:
    """Put and take; the case is not run. InvalidInput or Conflict, and a case nobody may use, when it cannot be done."""
    if not change.taken and not change.put:
        raise InvalidInput("Say which token to take away, or where to put one.")
    arrivals = [place for place in change.taken if place.flow is not None]
    tokens = _going(case, [place for place in change.taken if place.flow is None])
    barred = {each.id for token in tokens for each in (token, *token.inside())}
    for target in change.put:
        _put(case, target, change, near=tokens, barred=barred)
    for token in tokens:
        _take(case, token)
    for place in arrivals:
        _take_arrival(case, place)
    root = case.root
    if root is not None and root.is_empty and root.id not in case.arrivals:
        raise Conflict("Nothing would be left to wait for; cancel the instance instead.")


def open_around(case: Case, levels: list[ElementModel], host: Token) -> Token:
    """Open sub-processes one inside the other, without their start events; return the innermost token."""
    for level in levels:
        if level.loop is not None:
            raise InvalidInput(
                f"«{label(level)}» runs several times; one instance of it cannot be made by hand. Put the token before"
                f" «{label(level)}», or choose an instance that is running."
            )
        host = _open(case, case.definition.nodes[level.id], host)
    return host


def _going(case: Case, places: list[Place]) -> list[Token]:
    """Return the tokens to take away; taking the root's takes all that is in it."""
    found: dict[int, Token] = {}
    for place in places:
        token = token_at(case, place)
        must_not_undo(token)
        if token.host is not None:
            found[token.id] = token
            continue
        found.update((number, case.tasks[number]) for number in token.numbers_inside)
        case.arrivals.pop(token.id, None)
    return list(found.values())


# --- putting -----------------------------------------------------------------------------------------------


def _put(case: Case, target: Target, change: Move, *, near: list[Token], barred: set[int]) -> None:
    element = element_of(case.definition.process, target)
    node = case.definition.nodes[element.id]
    undoes = (
        element.event is not None and element.event.kind == "compensation" and isinstance(node, AttachedSpec)
    )
    if target.side == "before" and (element.for_compensation or undoes):
        raise InvalidInput(f"«{label(element)}» is begun by compensation only; no token can be put there.")
    if isinstance(node, EventProcessSpec) and target.side == "before":
        target, node = Target(node.start.element.id, "before", target.inside), node.start
    host, levels = host_for(case, target, near, barred)
    must_not_undo(host)
    host = open_around(case, levels, host)
    for name, value in change.variables.items():
        case.assign(host.inner_scope, name, value)
    if target.side == "before":
        _put_before(case, host, node)
    else:
        _put_through(case, host, _flow_behind(case, target, node))


def _put_before(case: Case, host: Token, node: ElementSpec) -> None:
    if isinstance(node, JoinSpec) and (len(node.incoming) > 1 or isinstance(node, ComplexSpec)):
        flows = ", ".join(node.incoming)
        raise InvalidInput(
            f"«{label(node.element)}» waits for several flows: put the token through one of them ({flows}), or behind it."
        )
    if isinstance(node, AttachedSpec):  # it does not wait for its event: that has as good as taken place
        case.happened("element.entered", case.spawn(host, node, "output"))
    else:
        case.spawn(host, node)


def _put_through(case: Case, host: Token, flow: FlowSpec) -> None:
    case.recording.history.append(Happened("flow.taken", flow.id))
    flow.target.arrive(case, host, flow)


def _flow_behind(case: Case, target: Target, node: ElementSpec) -> FlowSpec:
    if target.side == "through":
        source = case.definition.nodes[flow_of(case.definition.process, target.element).source]
        return next(flow for flow in source.flows if flow.id == target.element)
    if len(node.flows) == 1:
        return node.flows[0]
    if not node.flows:
        raise InvalidInput(f"Nothing follows behind «{label(node.element)}»; choose another place.")
    flows = ", ".join(flow.id for flow in node.flows)
    raise InvalidInput(
        f"Several flows lead out of «{label(node.element)}» ({flows}): put the token through one of them."
    )


def _open(case: Case, node: ElementSpec, host: Token) -> Token:
    """Enter a sub-process as always, only that nothing begins in it yet."""
    if isinstance(node, EventProcessSpec):
        _interrupt_for(case, node, host)
    token = case.spawn(host, node)
    token.stage = "enter"
    case.happened("element.entered", token)
    try:
        openings = node.prepare(token)
    except Trouble as trouble:
        raise InvalidInput(f"«{label(node.element)}» cannot be opened: {trouble.message}") from trouble
    if isinstance(node, ContainerSpec):
        node.local_scope(token)
    token.stage = "inside"
    token.mark(TaskState.STARTED)
    if isinstance(node, AdHocSpec):
        token.counts = {NEXT: len(node.first)}
    for opening in openings:
        opening.open(token)
    return token


def _interrupt_for(case: Case, node: EventProcessSpec, host: Token) -> None:
    """Interrupt what the event sub-process never runs beside, as its start event would."""
    if node.start.element.event is not None and node.start.element.event.kind == "compensation":
        raise InvalidInput(
            f"«{label(node.element)}» is begun by compensation only; no token can be put there."
        )
    if node.start.element.interrupting:
        case.cancel_inside(host)
        close_event_starts(case, host)


# --- taking ------------------------------------------------------------------------------------------------


def _take(case: Case, token: Token) -> None:
    host = token.host
    if token.gone or host is None:
        return
    case.cancel_token(token)
    _left(case, host, token)


def _left(case: Case, host: Token, token: Token) -> None:
    """Put a scope right that a token was taken out of; cancel it, and those around it, when nothing is left in it."""
    around: Token | None = host
    while around is not None:
        spec = around.task_spec
        if isinstance(spec, MultiSpec):
            around.counts[TAKEN] = around.counts.get(TAKEN, 0) + 1
            spec.refresh(around)
        if around.host is None or not around.is_empty or around.id in case.arrivals:
            _listen_again(case, around, token)
            return
        token, around = around, around.host
        case.cancel_token(token)


def _listen_again(case: Case, host: Token, taken: Token) -> None:
    """Let the event sub-processes in a scope listen again, once an interrupting one was taken out of it."""
    process = taken.task_spec
    if not isinstance(process, EventProcessSpec) or not process.start.element.interrupting:
        return
    listening = {case.attached[wait].element for wait in host.attached}
    starts = [
        (start, start.catching)
        for start in host.task_spec.event_processes
        if isinstance(start, EventStartSpec) and start.element.id not in listening
    ]
    for opening in openings_of(case, starts, host.inner_scope):
        opening.open(host)


def _take_arrival(case: Case, place: Place) -> None:
    target = case.definition.nodes[flow_of(case.definition.process, place.flow or "").target]
    found = [
        number
        for number, gateways in case.arrivals.items()
        if place.flow in gateways.get(target.name, {}) and place.token in (None, number)
    ]
    if not found:
        raise Conflict(
            f"No token waits at «{label(target.element)}» through the flow «{place.flow}» any more."
        )
    if len(found) > 1:
        numbers = ", ".join(str(each) for each in found)
        raise InvalidInput(
            f"Tokens wait at «{label(target.element)}» in several scopes ({numbers}): choose one of them."
        )
    host = case.tasks[found[0]]
    must_not_undo(host)
    if isinstance(target, JoinSpec):
        arriving.take(case, host, target.name, place.flow or "")
    if host.host is not None and host.is_empty and host.id not in case.arrivals:
        around = host.host
        case.cancel_token(host)
        _left(case, around, host)
