"""Execution listeners: jobs before an element begins and after it is done (``zeebe:executionListeners``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.bpmn.listener import Listener
from engine.bpmn.step import JobOpened, Variables
from engine.bpmn.tokens import Token

if TYPE_CHECKING:
    from engine.bpmn.nodes.base import ElementSpec

BEFORE, AFTER, LISTENING = "heard", "heard_after", "listening"
"""Among the counts of a token: how many listeners have been heard, and that one is being heard now."""


def hears(spec: ElementSpec, token: Token, counter: str) -> bool:
    """Open the job of the next listener; False when all have been heard."""
    listeners = _listeners(spec, counter)
    if not listeners:
        return False
    number = token.counts.setdefault(counter, 0)
    if number >= len(listeners):
        return False
    token.counts[LISTENING] = 1
    token.wait = token.wait or token.workflow.number()
    opened = JobOpened(
        wait=token.wait,
        element=spec.element.id,
        name=spec.element.name,
        scope=token.inner_scope.id,
        topic=listeners[number].topic,
        retries=listeners[number].retries,
    )
    token.workflow.open_wait(opened, "job", token)
    return True


def heard(token: Token, variables: Variables) -> bool:
    """Take what a listener's job brought and let the token run on; False when the token waits for something else.

    Before the element its variables are the element's own, after it they belong around it.
    """
    if not token.counts.pop(LISTENING, 0):
        return False
    case, spec = token.workflow, token.task_spec
    after = token.stage != "enter"
    token.counts[AFTER if after else BEFORE] += 1
    for name, value in variables.items():
        if after:
            case.assign(token.scope, name, value)
        else:
            case.declare(spec.local_scope(token), name, value)
    token.make_ready()
    return True


def _listeners(spec: ElementSpec, counter: str) -> Sequence[Listener]:
    """Return the listeners to be heard; those of a multi-instance activity are heard for each of its instances."""
    element = spec.element
    if not element.listeners or (element.loop is not None and spec.name == element.id):
        return ()
    when = "start" if counter == BEFORE else "end"
    return [each for each in element.listeners if each.when == when]
