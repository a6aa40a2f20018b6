"""Complex gateways: they start by a condition on what has arrived, and are reset when nothing more can come."""

from __future__ import annotations

from decimal import Decimal

from engine.bpmn.case import Case
from engine.bpmn.formulas import Feel, Formula, Trouble
from engine.bpmn.nodes import arriving, compensating
from engine.bpmn.nodes.base import FlowSpec, holds
from engine.bpmn.nodes.gateways import InclusiveSpec, default_of, incident_at
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import Token

RESET = "#reset"
"""Behind the name of a gateway: the flows whose tokens it has taken since it started, until it is reset."""
START = "waitingForStart"


class ComplexSpec(InclusiveSpec):
    """A complex gateway (BPMN 2.0.2, 13.4.5): ``activation`` reads ``activationCount`` and flow ids as token counts.

    Once started it takes what comes through the other flows without starting again; it is reset when none of them can
    bring a token any more. Then only flows whose condition reads ``waitingForStart`` are taken, where the standard's
    text would let every unconditional flow be taken a second time.
    """

    activation: Formula | None = None

    def arrive(self, case: Case, host: Token, flow: FlowSpec) -> None:
        """Count the arrival; start when the activation condition holds."""
        counts = case.arrivals.setdefault(host.id, {}).setdefault(self.name, {})
        counts[flow.id] = counts.get(flow.id, 0) + 1
        case.unsettle(host)
        self._start(case, host, counts)

    def settle(self, case: Case, host: Token, name: str, counts: dict[str, int]) -> bool:
        """Reset the gateway when no other flow can bring a token; tell whether it was."""
        waiting = case.arrivals[host.id].get(self.name, {})
        if not name.endswith(RESET) or self.blocked(case, host, {**counts, **waiting}):
            return False
        rest = {flow: 1 for flow in waiting if flow not in counts}
        arriving.forget(case, host, name)
        for flow in rest:
            arriving.take(case, host, self.name, flow)
        if any(_reads_start(flow) for flow in self.flows):
            case.spawn(host, self).counts = {"reset": 1}
        elif host.is_empty and host.id not in case.arrivals:
            compensating.emptied(host)
        if self.name in case.arrivals.get(host.id, {}):
            self._start(case, host, case.arrivals[host.id][self.name])
        return True

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return the flows whose conditions hold, else the default; after a reset only those that ask for it."""
        reset = bool(token.counts.get("reset"))
        scope = Scope(-1, token.inner_scope)
        scope.counters = {START: not reset, "activationCount": Decimal(token.counts.get("activation", 0))}
        asked = [flow for flow in self.flows if not flow.default and (_reads_start(flow) or not reset)]
        taken = tuple(flow for flow in asked if holds(token, flow, scope))
        return taken if taken or reset else default_of(self)

    def _start(self, case: Case, host: Token, counts: dict[str, int]) -> None:
        if f"{self.name}{RESET}" in case.arrivals[host.id]:
            return
        try:
            if not self._is_active(case, host, counts):
                return
        except Trouble as trouble:
            self.consume(case, host, counts)
            incident_at(case, host, self, trouble)
            return
        arrived = sum(counts.values())
        if len(self.incoming) > 1:
            case.arrivals[host.id][f"{self.name}{RESET}"] = dict.fromkeys(counts, 1)
        self.consume(case, host, counts)
        case.spawn(host, self).counts = {"activation": arrived}

    def _is_active(self, case: Case, host: Token, counts: dict[str, int]) -> bool:
        if self.activation is None:
            return True
        scope = Scope(-1, host.inner_scope)
        scope.counters = {flow: Decimal(counts.get(flow, 0)) for flow in self.incoming}
        scope.counters |= {START: True, "activationCount": Decimal(sum(counts.values()))}
        value = case.evaluate(self.activation, scope)
        if isinstance(value, bool):
            return value
        message = f"The activation condition «{self.activation.text}» gives {value!r}, not true or false."
        raise Trouble("condition", message)


def _reads_start(flow: FlowSpec) -> bool:
    return isinstance(flow.condition, Feel) and START in flow.condition.names
