"""What happens when something that was waited for comes: tokens go on, boundaries fire, event sub-processes start."""

from __future__ import annotations

from typing import Any

from engine.bpmn.case import Case
from engine.bpmn.nodes.attaching import Awaited, Catching, Opening, open_event, openings_of
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.catchers import AttachedSpec, EventStartSpec, record_caught, spawn_caught
from engine.bpmn.nodes.listening import heard
from engine.bpmn.scopes import Scope
from engine.bpmn.step import Happened, Variables
from engine.bpmn.timers import Round
from engine.bpmn.tokens import Attached, Token


def resume(case: Case, wait: int, variables: Variables) -> Token | None:
    """Let what waits at ``wait`` go on with the variables that came; return the token that handles it."""
    record = case.attached.get(wait)
    if record is not None:
        return fire(case, record, variables)
    info = case.waits[wait]
    token = case.tasks[info.token]
    if info.kind in ("message", "signal", "timer", "condition"):
        record_caught(token, info.kind)
    case.close_wait(wait, "completed")
    token.wait, token.visited = None, wait
    if token.attached:
        case.close_attached(token)
    go_on(token, variables)
    return None


def broadcast(case: Case, name: str, variables: Variables) -> None:
    """Let all waits of the case for a signal go on: the innermost first, at one place those that interrupt first.

    What the signal has just started is not interrupted by an event further out that waits for the same signal.
    """
    started: list[Token] = []
    waits = [wait for wait, info in case.waits.items() if info.kind == "signal" and info.event == name]
    for wait in sorted(waits, key=lambda wait: rank(case, wait)):
        record = case.attached.get(wait)
        if wait not in case.waits or (record is not None and would_interrupt(case, record, started)):
            continue
        token = resume(case, wait, variables)
        if token is not None:
            started.append(token)


def rank(case: Case, wait: int) -> tuple[int, bool, int]:
    """Order waits for one thing: the innermost first, at one place those that interrupt, then the older."""
    record, depth = case.attached.get(wait), case.tasks[case.waits[wait].token].depth_in_scopes
    if record is None:
        return -depth, False, wait
    node = case.definition.nodes[record.element]
    return -depth - isinstance(node, EventStartSpec), not node.element.interrupting, wait


def would_interrupt(case: Case, record: Attached, tokens: list[Token]) -> bool:
    """Tell whether an attached event would interrupt one of the tokens."""
    if not case.definition.nodes[record.element].element.interrupting:
        return False
    for token in tokens:
        around: Token | None = token
        while around is not None and not token.gone:
            if around.id == record.holder:
                return True
            around = around.host
    return False


def go_on(token: Token, variables: Variables) -> None:
    """Hand a waiting token its variables and make it READY to leave its element, or to hear its next listener."""
    if heard(token, variables):
        return
    token.stage = "output"
    token.task_spec.deliver(token, variables)
    token.make_ready()


def fire(case: Case, record: Attached, variables: Variables) -> Token | None:
    """Let an event that waited beside a token take place; None when its round is passed over."""
    element = case.definition.nodes[record.element]
    holder = case.tasks[record.holder]
    if not isinstance(element, AttachedSpec):
        if holder.task_spec is element:
            _fire_part(holder, record, variables)
            return None
        return _fire_behind_gateway(holder, element, record, variables)
    if element.catching.parallel:
        return _fire_one_of_all(holder, element, record, variables)
    repeat = _round(element, record)
    if repeat is not None and repeat.missed(case.moment):
        _move(case, holder, element, record, repeat=repeat)
        return None
    record.fired += 1
    if element.element.interrupting or (_part(element, record).timer and repeat is None):
        _close(case, holder, record.wait, "completed")
    elif repeat is not None:
        _move(case, holder, element, record, repeat=repeat)
    return take_place(holder, element, variables, kind=_part(element, record).kind)


def _fire_one_of_all(
    holder: Token, element: AttachedSpec, record: Attached, variables: Variables
) -> Token | None:
    """Let one part of a parallel multiple event come; the last of all of them lets the event take place.

    One that does not interrupt waits for all of its parts anew.
    """
    case, scope = holder.workflow, _scope_of(holder, element)
    for name, value in variables.items():
        case.assign(scope, name, value)
    kind = case.waits[record.wait].kind
    _close(case, holder, record.wait, "completed")
    if any(case.attached[wait].element == record.element for wait in holder.attached):
        case.recording.history.append(Happened(f"{kind}.caught", element.element.id, element.element.name))
        return None
    token = take_place(holder, element, {}, kind=_part(element, record).kind)
    if not element.element.interrupting and not holder.gone:
        for opening in openings_of(case, [(element, element.catching)], holder.inner_scope):
            opening.open(holder)
    return token


def _scope_of(holder: Token, element: AttachedSpec) -> Scope:
    """Return where what an event brings belongs: in the scope that starts it, or around the activity that it is at."""
    return holder.inner_scope if isinstance(element, EventStartSpec) else holder.scope


def _part(element: AttachedSpec, record: Attached) -> Catching:
    return element.catching.each[record.part]


def take_place(
    holder: Token, element: AttachedSpec, variables: Variables, *, kind: str, **local: Any
) -> Token:
    """Begin the path of a boundary event, or the event sub-process of a start event, interrupting where it says so.

    ``kind`` says which of a multiple event came, ``local`` what only its path sees.
    """
    if isinstance(element, EventStartSpec):
        return _start_event_process(holder, element, variables, **local)
    case, host = holder.workflow, holder.host or holder
    if element.element.interrupting:
        case.cancel_token(holder)
    token = spawn_caught(host, element, kind)
    if element.outputs_mapped:
        for name, value in local.items():
            case.declare(element.local_scope(token), name, value)
    element.deliver(token, variables)
    return token


def _start_event_process(host: Token, start: EventStartSpec, variables: Variables, **local: Any) -> Token:
    """Put a token before the event sub-process; what came is its own when the start event has output mappings."""
    case = host.workflow
    if start.element.interrupting:
        case.cancel_inside(host)
        close_event_starts(case, host)
    inside = case.spawn(host, start.process)
    scope = start.process.local_scope(inside)
    for name, value in local.items():
        case.declare(scope, name, value)
    for name, value in variables.items():
        (case.declare if start.outputs_mapped else case.assign)(scope, name, value)
    return inside


def close_event_starts(case: Case, host: Token) -> None:
    """Let go of the start events of event sub-processes in ``host``; its boundary events stay."""
    for wait in list(host.attached):
        if isinstance(case.definition.nodes[case.attached[wait].element], EventStartSpec):
            _close(case, host, wait, "cancelled")


def _fire_part(token: Token, record: Attached, variables: Variables) -> None:
    """Let one part of a multiple catch event take place: the only one needed, or the last of all."""
    case, spec = token.workflow, token.task_spec
    catching = getattr(spec, "catching", Catching("none"))
    record_caught(token, case.waits[record.wait].kind)
    _close(case, token, record.wait, "completed")
    token.visited = record.wait
    if not catching.parallel:
        case.close_attached(token)
    if token.attached:
        spec.deliver(token, variables)
    else:
        go_on(token, variables)


def _fire_behind_gateway(
    gateway: Token, element: ElementSpec, record: Attached, variables: Variables
) -> Token:
    case = gateway.workflow
    host = gateway.host or gateway
    kind = case.waits[record.wait].kind
    _close(case, gateway, record.wait, "completed")
    case.close_attached(gateway)
    for flow in gateway.task_spec.flows:
        if flow.target is element:
            case.recording.history.append(Happened("flow.taken", flow.id))
    gateway.stage = "leave"
    gateway.make_ready()
    token = spawn_caught(host, element, kind)
    element.deliver(token, variables)
    return token


def _round(element: AttachedSpec, record: Attached) -> Round | None:
    timer = _part(element, record).timer
    if timer is None or record.cycle is None or record.anchor is None or record.due is None:
        return None
    return Round(record.cycle, timer.model.catch_up, record.anchor, record.due, record.fired)


def _move(case: Case, holder: Token, element: AttachedSpec, record: Attached, *, repeat: Round) -> None:
    """Open a repeating timer again for its next round, under the same wait; close it when it is over."""
    due = repeat.following(case.moment, record.fired)
    if due is None:
        _close(case, holder, record.wait, "completed")
        return
    record.due = due
    open_event(case, holder, record.wait, Opening(element, Awaited("timer", due=due), holder.inner_scope))


def _close(case: Case, holder: Token, wait: int, reason: Any) -> None:
    case.close_wait(wait, reason)
    del case.attached[wait]
    holder.attached.remove(wait)
