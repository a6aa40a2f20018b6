"""Joins: parallel, inclusive by plain reachability (BPMN 2.0.2, 13.4.3), complex (13.4.5)."""

from __future__ import annotations

from tests.engine.bpmn.reference.board import Run, Scope, Trouble
from tests.engine.bpmn.reference.graph import Flow, Node
from tests.engine.bpmn.reference.undoing import Undoing


class Joins(Undoing):
    """Counted arrivals."""

    def arrive(self, around: Run, flow: Flow) -> None:
        node = self.graph.nodes[flow.target]
        joins = node.tag in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1
        if not joins and node.tag != "complexGateway":
            self.spawn(around, node)
            return
        counts = self.arrived.setdefault(around, {}).setdefault(node.id, {})
        counts[flow.id] = counts.get(flow.id, 0) + 1
        if node.tag == "complexGateway":
            self.try_to_start(around, node)
        elif len(counts) == len(node.incoming):
            self.consume(around, node)
            self.spawn(around, node)

    def consume(self, around: Run, node: Node) -> list[str]:
        """Take one token from each flow that has some."""
        counts = self.arrived[around][node.id]
        flows = list(counts)
        for flow in flows:
            counts[flow] -= 1
            if not counts[flow]:
                del counts[flow]
        if not counts:
            del self.arrived[around][node.id]
        if not self.arrived[around]:
            del self.arrived[around]
        return flows

    def settle(self) -> bool:
        """Nothing can move: look whether an inclusive or complex gateway has nothing more to wait for."""
        for around in sorted({**self.arrived, **self.taken}, key=lambda run: run.number):
            for name in list({**self.arrived.get(around, {}), **self.taken.get(around, {})}):
                if self.settles(around, self.graph.nodes[name]):
                    return True
        for around in sorted(self.arrived, key=lambda run: run.number):
            if not around.inside and not self.taken.get(around):
                self.stuck(around)
        return False

    def settles(self, around: Run, node: Node) -> bool:
        taken = self.taken.get(around, {}).get(node.id)
        if node.tag == "complexGateway":
            return taken is not None and self.reset(around, node, taken)
        if node.tag != "inclusiveGateway" or self.can_still_come(
            around, node, set(self.arrived[around][node.id])
        ):
            return False
        self.consume(around, node)
        self.spawn(around, node)
        return True

    def stuck(self, around: Run) -> None:
        node = self.graph.nodes[next(iter(self.arrived[around]))]
        self.consume(around, node)
        run = self.spawn(around, node)
        self.incident(run, "join-stuck")

    def can_still_come(self, around: Run, gateway: Node, filled: set[str]) -> bool:
        """Whether a token can come to a flow that has none, and could not come to one that has."""
        places = {run.node.id for run in around.inside} | set(self.arrived.get(around, {}))
        for place in places - {gateway.id}:
            flows = self.flows_reached(place, gateway)
            if flows - filled and not flows & filled:
                return True
        return False

    def flows_reached(self, place: str, gateway: Node) -> set[str]:
        """The flows into the gateway to which a path leads that does not visit it."""
        found, seen, pending = set[str](), set[str](), [place]
        while pending:
            name = pending.pop()
            if name in seen or name == gateway.id:
                continue
            seen.add(name)
            node = self.graph.nodes[name]
            for flow in node.outgoing:
                if flow.target == gateway.id:
                    found.add(flow.id)
                pending.append(flow.target)
            pending.extend(each.id for each in node.boundaries)
        return found

    # --- complex gateways ---

    def try_to_start(self, around: Run, node: Node) -> None:
        if node.id in self.taken.get(around, {}):
            return
        counts = self.arrived[around][node.id]
        if node.condition:
            scope = Scope(around.inner)
            scope.counters = {flow.id: counts.get(flow.id, 0) for flow in node.incoming}
            scope.counters["activationCount"] = sum(counts.values())
            try:
                if not self.truth(node.condition, scope):
                    return
            except Trouble as trouble:
                self.consume(around, node)
                self.incident(self.spawn(around, node), trouble.code)
                return
        flows = self.consume(around, node)
        if len(node.incoming) > 1:
            self.taken.setdefault(around, {})[node.id] = set(flows)
        self.spawn(around, node)

    def reset(self, around: Run, node: Node, taken: set[str]) -> bool:
        """Take what came since the start, when no other flow can bring a token any more."""
        waiting = self.arrived.get(around, {}).get(node.id, {})
        if self.can_still_come(around, node, taken | set(waiting)):
            return False
        for flow in [each for each in waiting if each not in taken]:
            waiting[flow] -= 1
            if not waiting[flow]:
                del waiting[flow]
        if not waiting and node.id in self.arrived.get(around, {}):
            del self.arrived[around][node.id]
            if not self.arrived[around]:
                del self.arrived[around]
        del self.taken[around][node.id]
        if not self.taken[around]:
            del self.taken[around]
        if self.is_empty(around):
            self.emptied(around)
        elif waiting:
            self.try_to_start(around, node)
        return True
