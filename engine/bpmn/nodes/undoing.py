"""Events that undo: compensation is thrown, a transaction is cancelled."""

from __future__ import annotations

from functools import partial

from engine.bpmn.nodes import compensating
from engine.bpmn.nodes.base import ElementSpec, FlowSpec
from engine.bpmn.nodes.catchers import Catcher, find_catcher
from engine.bpmn.nodes.firing import close_event_starts, take_place
from engine.bpmn.tokens import Token


class CompensateSpec(ElementSpec):
    """A throw or end event that compensates one activity, or all beside it, and waits until that is done."""

    stands_in = False
    activity: str | None = None

    def begin(self, token: Token) -> bool:
        """Begin to undo."""
        return compensating.throw(token, self.activity)


class CancelSpec(CompensateSpec):
    """A cancel end event: interrupts its transaction, undoes what it did, and leaves it by its cancel boundary event."""

    def begin(self, token: Token) -> bool:
        """Interrupt everything else in the transaction and undo what it has completed."""
        case, host = token.workflow, token.host
        if host is not None:
            for number in [each for each in host.numbers_inside if each != token.id]:
                case.cancel_token(case.tasks[number])
            case.arrivals.pop(host.id, None)
            close_event_starts(case, host)
        return super().begin(token)

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return none, and have ready the way out of the transaction."""
        found = find_catcher(token, "cancel", None)
        if found is not None:
            token.act = partial(_leave, found)
        return ()


def _leave(found: Catcher) -> None:
    take_place(found.holder, found.element, {}, kind="cancel")
