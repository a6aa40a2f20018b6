"""Advancing an instance: state in, Step out. Every function runs the case to its next waits and returns what it did."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.case import Case
from engine.bpmn.formulas import Trouble
from engine.bpmn.moment import Decide, Moment
from engine.bpmn.nodes import conditions, ending, incidents, throwing
from engine.bpmn.nodes.catchers import find_catcher
from engine.bpmn.nodes.firing import resume
from engine.bpmn.nodes.gateways import settle
from engine.bpmn.operating import Change, begin_again, begin_at, change_tokens
from engine.bpmn.places import Target
from engine.bpmn.recording import Recording
from engine.bpmn.specs import Spec
from engine.bpmn.step import Step, Variables
from engine.bpmn.tokens import Token, WaitInfo
from engine.errors import Conflict, InvalidInput, NotFound

__all__ = [
    "Case",
    "Decide",
    "Moment",
    "WaitInfo",
    "cancel",
    "catches",
    "complete",
    "escalate",
    "operate",
    "retry",
    "rewind",
    "run",
    "set_variables",
    "start",
    "start_at",
    "throw_error",
    "visible",
]


def start(
    spec: Spec,
    variables: Variables,
    moment: Moment,
    *,
    element: str | None = None,
    called: bool = False,
) -> tuple[Case, Step]:
    """Begin an instance at its none start event, or at the message, signal or timer start event ``element``.

    ``called``: another instance waits for this one, so an uncaught error fails it instead of opening an incident.
    """
    case = Case(spec, called=called)
    _begin(case, moment)
    root = Token(case, spec.root, None, case.number())
    case.root = case.task_tree = root
    for name, value in variables.items():
        case.declare(case.root_scope, name, value)
    case.start_node = _start_element(spec, element)
    root.make_ready()
    return case, _run(case)


def start_at(spec: Spec, variables: Variables, moment: Moment, target: Target) -> tuple[Case, Step]:
    """Begin an instance in the middle, at ``target``; sub-processes around it are entered without their start event."""
    case = Case(spec)
    _begin(case, moment)
    begin_at(case, variables, target)
    return case, _run(case)


def rewind(case: Case, variables: Variables, moment: Moment, target: Target) -> Step:
    """Cancel all that runs in the instance, give its root scope just these variables, and begin at ``target``.

    A variable that is not among them becomes null: FEEL reads one that does not exist as null as well.
    """
    _begin(case, moment)
    begin_again(case, variables, target)
    return _run(case)


def operate(case: Case, change: Change, moment: Moment) -> Step:
    """Move tokens, let one pass undone, or do one afresh. The case may not be used any more when an error is raised."""
    _begin(case, moment)
    change_tokens(case, change)
    return _run(case)


def complete(case: Case, wait: int, variables: Variables, moment: Moment) -> Step:
    """Let what waits at ``wait`` go on: a user task, a job, a child, a message, signal or timer that came."""
    info = _waiting(case, wait)
    if info.kind == "incident":
        message = f"«{info.element}» has an open incident (wait {wait}): retry it first."
        raise Conflict(message)
    _begin(case, moment)
    resume(case, wait, variables)
    return _run(case)


def catches(case: Case, wait: int, code: str) -> bool:
    """Tell whether an error from what waits at ``wait`` is caught inside the instance."""
    return find_catcher(case.tasks[_waiting(case, wait).token], "error", code) is not None


def throw_error(  # noqa: PLR0917 - the call is part of the contract
    case: Case,
    wait: int,
    code: str,
    message: str,
    variables: Variables,
    moment: Moment,
    *,
    outwards: bool = False,
) -> Step:
    """Throw a BPMN error from what waits at ``wait``; uncaught it is an incident there and the wait stays open.

    ``outwards``: an instance that called this one catches it, so uncaught here it fails this one and goes on there.
    """
    info = _waiting(case, wait)
    token = case.tasks[info.token]
    _begin(case, moment)
    case.happened("error.thrown", token, code=code, message=message)
    found = find_catcher(token, "error", code)
    if found is None and outwards:
        ending.fail(case, code, message or f"The error «{code}» left the called process.", variables)
    elif found is None:
        text = f"The error «{code}» is caught nowhere: {message or code}"
        incidents.open_incident(token, Trouble("error-uncaught", text))
    else:
        throwing.catch_error(found, code, message, variables)
    return _run(case)


def escalate(  # noqa: PLR0917 - the call is part of the contract
    case: Case, wait: int, code: str, variables: Variables, moment: Moment
) -> Step:
    """Take an escalation from the called instance that ``wait`` waits for; the wait stays unless interrupted."""
    token = case.tasks[_waiting(case, wait).token]
    _begin(case, moment)
    throwing.escalate(token, code, variables)
    return _run(case)


def retry(case: Case, wait: int, moment: Moment) -> Step:
    """Let a token with an incident try again what failed."""
    info = _waiting(case, wait)
    if info.kind != "incident":
        message = f"«{info.element}» has no open incident (wait {wait})."
        raise Conflict(message)
    _begin(case, moment)
    incidents.retry(case.tasks[info.token], wait)
    return _run(case)


def set_variables(case: Case, scope: int, variables: Variables, moment: Moment) -> Step:
    """Set variables in just this scope, from outside."""
    if scope not in case.scopes:
        message = f"The scope {scope} of this instance is gone; set the variables in scope 0."
        raise NotFound(message)
    _begin(case, moment)
    for name, value in variables.items():
        case.declare(case.scopes[scope], name, value)
    return _run(case)


def cancel(case: Case, moment: Moment) -> Step:
    """End the instance from outside."""
    _begin(case, moment)
    ending.finish(case, "cancelled")
    return case.recording.step()


def visible(case: Case, scope: int) -> dict[str, Any]:
    """Return the variables that a wait in this scope sees."""
    found = case.scopes.get(scope)
    if found is None:
        message = f"The scope {scope} of this instance is gone."
        raise NotFound(message)
    return found.visible()


def _begin(case: Case, moment: Moment) -> None:
    if case.completed:
        message = "The instance has ended; nothing in it can go on."
        raise Conflict(message)
    case.moment = moment
    case.recording = Recording()


def _waiting(case: Case, wait: int) -> WaitInfo:
    info = case.waits.get(wait)
    if info is None:
        message = f"Nothing waits at {wait} any more: it went on or was interrupted in the meantime."
        raise Conflict(message)
    return info


def _start_element(spec: Spec, element: str | None) -> str:
    starts: Mapping[str, Any] = {each.element: each for each in spec.process.start_events}
    if element is not None:
        if element not in starts:
            message = f"The process «{spec.process.id}» has no start event «{element}»."
            raise InvalidInput(message)
        return element
    for each in spec.process.start_events:
        if each.kind == "none":
            return each.element
    message = f"The process «{spec.process.id}» starts by an event only; it has no start event without one."
    raise InvalidInput(message)


def run(case: Case) -> Step:
    """Run a case that was changed from outside, with what that recorded, to its next waits."""
    return _run(case)


def _run(case: Case) -> Step:
    """Run READY tokens one at a time, the shallowest first, until all wait."""
    budget, latest = case.moment.budget, monotonic() + case.moment.seconds
    while not case.completed:
        if case.changed or case.unasked:
            conditions.ask(case)
        token = case.next_ready()
        if token is None:
            if not settle(case):
                break
            continue
        if budget <= 0:
            message = f"One advance ran {case.moment.budget} tokens without coming to rest: is there an endless loop?"
            _stop(token, message)
            break
        if monotonic() > latest:
            message = f"One advance took more than {case.moment.seconds:g} s: does a loop or an expression take too long?"
            _stop(token, message)
            break
        budget -= 1
        token.run()
    return case.recording.step()


def _stop(token: Token, message: str) -> None:
    incidents.open_incident(token, Trouble("budget", message))
    token.mark(TaskState.WAITING)
