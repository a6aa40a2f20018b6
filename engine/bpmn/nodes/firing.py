"""What happens when something that was waited for comes: tokens go on, boundaries fire, event sub-processes start."""

from __future__ import annotations

from typing import Any

from engine.bpmn.case import Attached, Case, Token
from engine.bpmn.nodes.attaching import Awaited, Opening, open_event
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.catchers import AttachedSpec, EventStartSpec
from engine.bpmn.step import Happened, Variables


def resume(case: Case, wait: int, variables: Variables) -> None:
    """Let what waits at ``wait`` go on with the variables that came."""
    record = case.attached.get(wait)
    if record is not None:
        fire(case, record, variables)
        return
    info = case.waits[wait]
    token = case.tasks[info.token]
    if info.kind in ("message", "signal", "timer"):
        record_caught(case, token, info.kind)
    case.close_wait(wait, "completed")
    token.wait, token.visited = None, wait
    if token.attached:
        case.close_attached(token)
    go_on(token, variables)


def go_on(token: Token, variables: Variables) -> None:
    """Hand a waiting token its variables and make it READY to leave its element."""
    token.stage = "output"
    token.task_spec.deliver(token, variables)
    token._ready()  # noqa: SLF001 - SpiffWorkflow's name for this transition


def record_caught(case: Case, token: Token, kind: str) -> None:
    """Add to the history that an event was caught."""
    case.happened("timer.fired" if kind == "timer" else f"{kind}.caught", token)


def fire(case: Case, record: Attached, variables: Variables) -> None:
    """Let an event that waited beside a token take place."""
    element: Any = case.definition.nodes[record.element]
    holder = case.tasks[record.holder]
    if not isinstance(element, AttachedSpec):
        _fire_behind_gateway(case, holder, element, record, variables)
        return
    timer = element.catching.timer
    if timer is not None and record.anchor and record.due:
        scope = holder.inner_scope
        late = timer.missed(
            lambda formula: case.evaluate(formula, scope),
            case.moment,
            anchor=record.anchor,
            due=record.due,
        )
        if late:
            _move(case, holder, element, record)
            return
    record.fired += 1
    if element.element.interrupting or element.catching.kind == "timer":
        _move_or_close(case, holder, element, record)
    take_place(case, holder, element, variables, kind=element.catching.kind)


def take_place(
    case: Case, holder: Token, element: AttachedSpec, variables: Variables, *, kind: str, **local: Any
) -> Token:
    """Begin the path of a boundary event, or the event sub-process of a start event, interrupting where it says so."""
    if isinstance(element, EventStartSpec):
        token = _start_event_process(case, holder, element, local)
    else:
        host = holder.host or holder
        if element.element.interrupting:
            case.cancel_token(holder)
        token = _spawn_caught(case, host, element)
        if element.outputs_mapped:
            for name, value in local.items():
                case.declare(element.local_scope(token), name, value)
    record_caught(case, token, kind)
    element.deliver(token, variables)
    return token


def _start_event_process(case: Case, host: Token, start: EventStartSpec, local: dict[str, Any]) -> Token:
    if start.element.interrupting:
        case.cancel_inside(host)
        close_event_starts(case, host)
    inside = case.spawn_inside(host, start.process)
    case.happened("element.entered", inside)
    scope = start.process.local_scope(inside)
    for name, value in local.items():
        case.declare(scope, name, value)
    for opening in start.process.openings(inside):
        opening.open(inside)
    return _spawn_caught(case, inside, start)


def close_event_starts(case: Case, host: Token) -> None:
    """Let go of the start events of event sub-processes in ``host``; its boundary events stay."""
    for wait in list(host.attached):
        if isinstance(case.definition.nodes[case.attached[wait].element], EventStartSpec):
            _close(case, host, wait, "cancelled")


def _spawn_caught(case: Case, host: Token, element: ElementSpec) -> Token:
    token = case.spawn(host, element, "output")
    case.happened("element.entered", token)
    return token


def _fire_behind_gateway(
    case: Case, gateway: Token, element: ElementSpec, record: Attached, variables: Variables
) -> None:
    host = gateway.host or gateway
    kind = case.waits[record.wait].kind
    _close(case, gateway, record.wait, "completed")
    case.close_attached(gateway)
    for flow in gateway.task_spec.flows:
        if flow.target is element:
            case.recording.history.append(Happened("flow.taken", flow.id))
    gateway.stage = "leave"
    gateway._ready()  # noqa: SLF001 - SpiffWorkflow's name for this transition
    token = _spawn_caught(case, host, element)
    record_caught(case, token, kind)
    element.deliver(token, variables)


def _move_or_close(case: Case, holder: Token, element: AttachedSpec, record: Attached) -> None:
    if element.element.interrupting:
        _close(case, holder, record.wait, "completed")
    else:
        _move(case, holder, element, record)


def _move(case: Case, holder: Token, element: AttachedSpec, record: Attached) -> None:
    """Open a repeating timer again for its next round, under the same wait; close it when it is over."""
    timer, scope = element.catching.timer, holder.inner_scope
    due = None
    if timer is not None and record.anchor and record.due:
        due = timer.again(
            lambda formula: case.evaluate(formula, scope),
            case.moment,
            anchor=record.anchor,
            due=record.due,
            fired=record.fired,
        )
    if due is None:
        _close(case, holder, record.wait, "completed")
        return
    record.due = due
    open_event(case, holder, record.wait, Opening(element, Awaited("timer", due=due), scope))


def _close(case: Case, holder: Token, wait: int, reason: Any) -> None:
    case.close_wait(wait, reason)
    del case.attached[wait]
    holder.attached.remove(wait)
