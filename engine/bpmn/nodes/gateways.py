"""Gateways; joins count arrivals per scope and sequence flow.

SpiffWorkflow's own joins merge excess tokens and lose data (facts 1, 2.1), and dead-lock once finished tokens are folded
away (facts 3.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.case import Case
from engine.bpmn.formulas import Trouble
from engine.bpmn.model import ElementModel
from engine.bpmn.nodes import arriving, incidents
from engine.bpmn.nodes.attaching import Opening, openings_of
from engine.bpmn.nodes.base import ElementSpec, FlowSpec, holds, no_flow
from engine.bpmn.nodes.events import CatchSpec
from engine.bpmn.tokens import Token


class ExclusiveSpec(ElementSpec):
    """The first flow whose condition holds, else the default."""

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return one flow; Trouble when none can be taken."""
        for flow in self.flows:
            if not flow.default and holds(token, flow):
                return (flow,)
        return default_of(self)


class JoinSpec(ElementSpec):
    """A gateway that waits for several flows."""

    def arrive(self, case: Case, host: Token, flow: FlowSpec) -> None:
        """Count the arrival; go on when the join is complete."""
        if len(self.incoming) <= 1:
            case.spawn(host, self)
            return
        counts = case.arrivals.setdefault(host.id, {}).setdefault(self.name, {})
        counts[flow.id] = counts.get(flow.id, 0) + 1
        case.unsettle(host)
        if self.complete(case, host, counts):
            self.join(case, host, counts)

    def complete(self, case: Case, host: Token, counts: dict[str, int]) -> bool:
        """Tell whether a token came in through every flow."""
        del case, host
        return len(counts) == len(self.incoming)

    def join(self, case: Case, host: Token, counts: dict[str, int]) -> None:
        """Take one token of each flow that has some, and go on with one."""
        self.consume(case, host, counts)
        case.spawn(host, self)

    def consume(self, case: Case, host: Token, counts: dict[str, int]) -> None:
        """Take one token of each flow that has some."""
        del counts
        arriving.consume(case, host, self.name)


class ParallelSpec(JoinSpec):
    """All flows in, all flows out."""

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return all flows."""
        del token
        return tuple(self.flows)


class InclusiveSpec(JoinSpec):
    """Waits while a token upstream can still arrive (BPMN 2.0.2, 13.4.3); leaves by every flow whose condition holds."""

    def __init__(self, workflow: Any, name: str, element: ElementModel) -> None:
        """Know of no element upstream until the compiler tells which of the flows into the gateway each reaches."""
        super().__init__(workflow, name, element)
        self.reached_from: dict[str, frozenset[str]] = {}

    def blocked(self, case: Case, host: Token, counts: dict[str, int]) -> bool:
        """Tell whether some token inside ``host`` can still reach a flow that has no token, and none that has one."""
        filled = counts.keys()
        for place in _places(case, host, self.name):
            flows = self.reached_from.get(place)
            if flows and filled.isdisjoint(flows):
                return True
        return False

    def settle(self, case: Case, host: Token, name: str, counts: dict[str, int]) -> bool:
        """Go on when nothing more can come; tell whether it did."""
        del name
        if self.blocked(case, host, counts):
            return False
        self.join(case, host, counts)
        return True

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return the flows whose conditions hold, else the default."""
        taken = tuple(flow for flow in self.flows if not flow.default and holds(token, flow))
        return taken or default_of(self)


class EventGatewaySpec(ElementSpec):
    """Waits for several events; the first that comes decides."""

    def openings(self, token: Token) -> Sequence[Opening]:
        """Evaluate the events behind the gateway."""
        targets = [
            (flow.target, flow.target.catching) for flow in self.flows if isinstance(flow.target, CatchSpec)
        ]
        return openings_of(token.workflow, targets, token.inner_scope)

    def begin(self, token: Token) -> bool:
        """Wait for one of them."""
        del token
        return False

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return none: the token of the event that came goes on."""
        del token
        return ()


def _places(case: Case, host: Token, gateway: str) -> Iterator[str]:
    """Go through where tokens are inside ``host``: at elements, and counted at joins other than ``gateway``."""
    for token in host.directly_inside():
        yield token.task_spec.name
    yield from case.arrivals.get(host.id, {}).keys() - {gateway}


def settle(case: Case) -> bool:
    """When nothing is READY: let inclusive joins go on that wait for nothing, tell whether any did.

    Only where something has moved is looked: joins of a thousand instances do not slow each other down.
    A scope without tokens whose joins can never complete is stuck, which is an incident, not silence.
    """
    for number in sorted(case.unsettled):
        gateways = case.arrivals.get(number, {})
        for name, counts in list(gateways.items()):
            gateway = case.definition.nodes[name.partition("#")[0]]
            if isinstance(gateway, InclusiveSpec) and gateway.settle(case, case.tasks[number], name, counts):
                return True
        case.unsettled.discard(number)
        if gateways and case.tasks[number].is_empty:
            _stuck(case, case.tasks[number], next(iter(gateways)))
    return False


def _stuck(case: Case, host: Token, name: str) -> None:
    gateway = case.definition.nodes[name]
    shown = gateway.element.name or gateway.element.id
    message = (
        f"The join «{shown}» waits for tokens that can no longer come. Retry lets it go on without them."
    )
    if isinstance(gateway, JoinSpec):
        arriving.consume(case, host, name)
    else:
        arriving.forget(case, host, name)
        message = f"«{shown}» begins with more tokens than can come. Retry lets it begin with those it has."
    incident_at(case, host, gateway, Trouble("join-stuck", message))


def incident_at(case: Case, host: Token, gateway: ElementSpec, trouble: Trouble) -> None:
    """Put a token before a gateway that an operator has to let go on."""
    token = case.spawn(host, gateway)
    token.mark(TaskState.WAITING)
    incidents.open_incident(token, trouble)


def default_of(spec: ElementSpec) -> tuple[FlowSpec, ...]:
    """Return the default flow; Trouble when there is none and the token could go on."""
    for flow in spec.flows:
        if flow.default:
            return (flow,)
    if not spec.flows:
        return ()
    raise Trouble("no-flow", no_flow(spec.element))
