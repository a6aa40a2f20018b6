"""Throwing: messages and signals leave the instance, errors and escalations look for a catcher inside it.

Each function evaluates all that is to be thrown, Trouble when it cannot be, and returns the act of throwing it.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.bpmn.formulas import Trouble
from engine.bpmn.nodes import ending
from engine.bpmn.nodes.attaching import Catching, evaluate_event
from engine.bpmn.nodes.catchers import Catcher, find_catcher
from engine.bpmn.nodes.firing import broadcast, take_place
from engine.bpmn.step import EscalationThrown, MessageThrown, SignalThrown, Variables
from engine.bpmn.tokens import Token

Throw = Callable[[], None]


def payload(token: Token) -> Variables:
    """Return what a throwing element sends along: its input mappings, nothing else."""
    return dict(token.local.values) if token.local is not None else {}


def nothing(token: Token, catching: Catching) -> Throw:
    """Throw nothing."""
    del token, catching
    return lambda: None


def message(token: Token, catching: Catching) -> Throw:
    """Send a message."""
    case, sent = token.workflow, payload(token)
    awaited = evaluate_event(case, catching, token.inner_scope)
    name, key = (awaited.event, awaited.key or "") if awaited is not None else ("", "")

    def throw() -> None:
        case.happened("message.thrown", token, message=name, key=key)
        case.recording.thrown.append(MessageThrown(name, key, sent))

    return throw


def signal(token: Token, catching: Catching) -> Throw:
    """Broadcast a signal: our own waits first and at once, all other instances with the Step."""
    case, sent = token.workflow, payload(token)
    awaited = evaluate_event(case, catching, token.inner_scope)
    name = awaited.event if awaited is not None else ""

    def throw() -> None:
        case.happened("signal.thrown", token, signal=name)
        case.recording.thrown.append(SignalThrown(name, sent))
        broadcast(case, name, sent)

    return throw


def error(token: Token, catching: Catching) -> Throw:
    """Throw the error of an error end event; uncaught it fails a called instance, else it is an incident."""
    case, code, sent = token.workflow, catching.code or "", payload(token)
    found = find_catcher(token, "error", code)
    if found is None and not case.called:
        sentence = f"The error «{code}» is caught nowhere: add an error boundary event or an error event sub-process."
        raise Trouble("error-uncaught", sentence)

    def throw() -> None:
        case.happened("error.thrown", token, code=code)
        if found is None:
            ending.fail(case, code, f"The error «{code}» left the called process.", sent)
        else:
            catch_error(found, code, "", sent)

    return throw


def catch_error(found: Catcher, code: str, text: str, variables: Variables) -> None:
    """Let an error be caught: the catcher's scope sees errorCode and errorMessage."""
    take_place(found.holder, found.element, variables, kind="error", errorCode=code, errorMessage=text)


def escalation(token: Token, catching: Catching) -> Throw:
    """Throw an escalation; uncaught it goes to the calling instance, or nowhere."""
    sent = payload(token)
    return lambda: escalate(token, catching.code or "", sent)


def escalate(token: Token, code: str, variables: Variables) -> None:
    """Look for a catcher of an escalation from ``token`` outwards."""
    case = token.workflow
    case.happened("escalation.thrown", token, code=code)
    found = find_catcher(token, "escalation", code)
    if found is not None:
        take_place(found.holder, found.element, variables, kind="escalation", escalationCode=code)
    elif case.called:
        case.recording.thrown.append(EscalationThrown(code, variables))


def terminate(token: Token, catching: Catching) -> Throw:
    """Interrupt everything else in the scope of a terminate end event."""
    del catching
    case, host = token.workflow, token.host

    def throw() -> None:
        if host is None:
            return
        case.cancel_inside(host)
        case.terminated = case.terminated or host.host is None

    return throw
