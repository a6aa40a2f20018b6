"""Throwing: messages and signals leave the instance, errors and escalations look for a catcher inside it."""

from __future__ import annotations

from engine.bpmn.formulas import Trouble
from engine.bpmn.nodes import ending
from engine.bpmn.nodes.attaching import Catching, evaluate_event
from engine.bpmn.nodes.catchers import Catcher, find_catcher
from engine.bpmn.nodes.firing import resume, take_place
from engine.bpmn.step import EscalationThrown, MessageThrown, SignalThrown, Variables
from engine.bpmn.tokens import Token


def payload(token: Token) -> Variables:
    """Return what a throwing element sends along: its input mappings, nothing else."""
    return dict(token.local.values) if token.local is not None else {}


def throw_message(token: Token, catching: Catching) -> None:
    """Send a message."""
    awaited = evaluate_event(token.workflow, catching, token.inner_scope)
    if awaited is not None:
        token.workflow.happened("message.thrown", token, message=awaited.event, key=awaited.key or "")
        thrown = MessageThrown(awaited.event, awaited.key or "", payload(token))
        token.workflow.recording.thrown.append(thrown)


def throw_signal(token: Token, catching: Catching) -> None:
    """Broadcast a signal: our own waits first and at once, all other instances with the Step."""
    case = token.workflow
    awaited = evaluate_event(case, catching, token.inner_scope)
    if awaited is None:
        return
    case.happened("signal.thrown", token, signal=awaited.event)
    sent = payload(token)
    case.recording.thrown.append(SignalThrown(awaited.event, sent))
    for wait in case.own_signal_waits(awaited.event):
        if wait in case.waits:
            resume(case, wait, sent)


def throw_error_event(token: Token, catching: Catching) -> None:
    """Throw the error of an error end event; uncaught it fails a called instance, else it is an incident."""
    case, code = token.workflow, catching.code or ""
    found = find_catcher(token, "error", code)
    if found is None and not case.called:
        message = f"The error «{code}» is caught nowhere: add an error boundary event or an error event sub-process."
        raise Trouble("error-uncaught", message)
    sent = payload(token)
    case.happened("error.thrown", token, code=code)
    if found is None:
        ending.fail(case, code, f"The error «{code}» left the called process.")
        return
    catch_error(found, code, "", sent)


def catch_error(found: Catcher, code: str, message: str, variables: Variables) -> None:
    """Let an error be caught: the catcher's scope sees errorCode and errorMessage."""
    case = found.holder.workflow
    take_place(
        case,
        found.holder,
        found.element,
        variables,
        errorCode=code,
        errorMessage=message,
    )


def throw_escalation_event(token: Token, catching: Catching) -> None:
    """Throw an escalation; uncaught it goes to the calling instance, or nowhere."""
    escalate(token, catching.code or "", payload(token))


def escalate(token: Token, code: str, variables: Variables) -> None:
    """Look for a catcher of an escalation from ``token`` outwards."""
    case = token.workflow
    case.happened("escalation.thrown", token, code=code)
    found = find_catcher(token, "escalation", code)
    if found is not None:
        take_place(case, found.holder, found.element, variables, escalationCode=code)
    elif case.called:
        case.recording.thrown.append(EscalationThrown(code, variables))


def terminate(token: Token, catching: Catching) -> None:
    """Interrupt everything else in the scope of a terminate end event."""
    del catching
    case, host = token.workflow, token.host
    if host is None:
        return
    for number in host.numbers_inside:
        if number != token.id and number in case.tasks:
            case.cancel_token(case.tasks[number])
    case.arrivals.pop(host.id, None)
    if host.host is None:
        case.terminated = True
