"""Events as elements of the flow: start, end, catch, throw, boundary, links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.bpmn.model import ElementModel
from engine.bpmn.nodes import throwing
from engine.bpmn.nodes.activities import ActivitySpec
from engine.bpmn.nodes.attaching import Catching, Opening, evaluate_event, open_event, openings_of
from engine.bpmn.nodes.base import ElementSpec, FlowSpec
from engine.bpmn.tokens import Token


class PassSpec(ElementSpec):
    """An element that a token just passes: start events, link catches, none events, plain tasks."""


class CatchSpec(ElementSpec):
    """An element that waits for a message, signal or time: catch events and receive tasks.

    It waits before anything beside it is thrown: of two parallel branches the one drawn first must not decide.
    """

    turn = 0

    def __init__(self, workflow: Any, name: str, element: ElementModel) -> None:
        """Wait for nothing until ``catching`` is set by the compiler."""
        super().__init__(workflow, name, element)
        self.catching = Catching("none")

    def begin(self, token: Token) -> bool:
        """Open the wait."""
        case = token.workflow
        if self.catching.parts:
            return False
        awaited = evaluate_event(case, self.catching, token.inner_scope)
        if awaited is None:
            return True
        token.wait = token.wait or case.number()
        open_event(case, token, token.wait, Opening(self, awaited, token.inner_scope))
        return False

    def openings(self, token: Token) -> Sequence[Opening]:
        """Evaluate what a multiple event waits for; a single one waits for itself."""
        if not self.catching.parts:
            return super().openings(token)
        return openings_of(token.workflow, [(self, self.catching)], token.inner_scope)


class ReceiveSpec(CatchSpec, ActivitySpec):
    """A receive task: waits like an event, and events may wait at its boundary."""


class ThrowSpec(ElementSpec):
    """An intermediate throw event or a send task: throws, and may be interrupted by what it throws."""

    def __init__(self, workflow: Any, name: str, element: ElementModel) -> None:
        """Throw nothing until ``catching`` is set by the compiler."""
        super().__init__(workflow, name, element)
        self.catching = Catching("none")

    def begin(self, token: Token) -> bool:
        """Throw."""
        for throw in _throws(token, self.catching):
            if not token.gone:
                throw()
        return True


class EndSpec(ThrowSpec):
    """An end event: its token is over before what it throws takes place."""

    def begin(self, token: Token) -> bool:
        """Pass."""
        del token
        return True

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return none, and have ready what is to be thrown."""
        throws = _throws(token, self.catching)

        def act() -> None:
            for throw in throws:
                throw()

        token.act = act
        return ()


def _throws(token: Token, catching: Catching) -> list[throwing.Throw]:
    """Evaluate everything that an event throws, in the order of its definitions."""
    return [THROWERS[each.kind](token, each) for each in catching.each]


THROWERS: dict[str, Callable[[Token, Catching], throwing.Throw]] = {
    "none": throwing.nothing,
    "link": throwing.nothing,
    "message": throwing.message,
    "signal": throwing.signal,
    "error": throwing.error,
    "escalation": throwing.escalation,
    "terminate": throwing.terminate,
}
