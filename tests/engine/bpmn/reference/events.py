"""What is awaited and what comes: boundaries, event sub-processes, errors outwards, signals, conditions, timers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.engine.bpmn.reference.board import Board, Run, Scope, Trouble, Values, Wait
from tests.engine.bpmn.reference.graph import AWAITED, Event, Node

DURATION = re.compile(r"(?:R(?P<most>\d*)/)?P(?:(?P<days>\d+)D)?(?:T(?P<hours>\d+)H)?")


class Events(Board):
    """Events of every kind."""

    # --- beginning to wait ---

    def awaiting(self, run: Run) -> list[Callable[[], None]]:
        """Evaluate what shall wait beside a run; each act opens one of the waits."""
        found: list[tuple[Node, Event, Scope]] = []
        if run.role in ("plain", "body"):
            found += [(each, event, run.inner) for each in run.node.boundaries for event in each.events]
        if run.is_container:
            scope = self.own_scope(run)
            found += [
                (each.start, event, scope) for each in run.node.event_processes for event in each.start.events
            ]
        if run.node.tag == "eventBasedGateway":
            for flow in run.node.outgoing:
                target = self.graph.nodes[flow.target]
                found += [(target, event, run.inner) for event in target.events]
        if run.node.tag in ("intermediateCatchEvent", "receiveTask") and len(run.node.events) > 1:
            found += [(run.node, event, run.inner) for event in run.node.events]
        return [self.prepared(run, *each) for each in found if each[1].kind in AWAITED]

    def prepared(self, run: Run, node: Node, event: Event, scope: Scope) -> Callable[[], None]:
        wait = Wait(0, run, node, event.kind, scope, event)
        self.fill(wait)

        def open_it() -> None:
            wait.number = self.number()
            run.waits.append(wait)

        return open_it

    def fill(self, wait: Wait) -> None:
        """Say what exactly is awaited."""
        event = wait.event
        assert event is not None
        if event.kind in ("message", "signal"):
            wait.name = self.evaluate(event.name, wait.scope)
            found = self.evaluate(event.key, wait.scope) if event.key else ""
            if found is None:
                raise Trouble("correlation")
            wait.key = str(found)
        if event.kind == "timer":
            wait.anchor, wait.due = self.now, self.first_due(event, wait.scope)

    def first_due(self, event: Event, scope: Scope) -> datetime:
        text = self.evaluate(event.text, scope)
        if event.form == "timeDate":
            return datetime.fromisoformat(text)
        return self.now + interval(text)

    # --- something comes ---

    def come(self, wait: Wait, variables: Values) -> Run | None:
        """Let what is awaited take place; the run that begins by it, if one does."""
        run, event = wait.run, wait.event
        if wait.is_own:
            self.come_to_itself(wait, variables)
            return None
        if run.node.tag == "eventBasedGateway":
            return self.chosen_behind(wait, variables)
        if event is not None and event.text.startswith("R"):
            if self.is_passed_over(wait):
                self.next_round(wait)
                return None
            wait.fired += 1
            if wait.node.interrupting:
                run.waits.remove(wait)
            else:
                self.next_round(wait)
        elif wait.node.interrupting or wait.kind == "timer":
            run.waits.remove(wait)
        return self.take_place(run, wait.node, variables)

    def come_to_itself(self, wait: Wait, variables: Values) -> None:
        run, node = wait.run, wait.node
        run.waits.remove(wait)
        parts = [each for each in run.waits if each.is_own]
        if parts and node.says("parallelMultiple"):
            self.deliver(run, variables)
            return
        run.waits.clear()
        self.deliver(run, variables)
        run.phase, run.ready = "output", True

    def chosen_behind(self, wait: Wait, variables: Values) -> Run:
        gateway, around = wait.run, wait.run.around
        assert around is not None
        gateway.waits.clear()
        self.history += [
            ("flow.taken", each.id) for each in gateway.node.outgoing if each.target == wait.node.id
        ]
        gateway.phase, gateway.ready = "leaving", True
        run = self.spawn(around, wait.node, "output")
        self.happened("entered", wait.node)
        self.deliver(run, variables)
        return run

    def deliver(self, run: Run, variables: Values) -> None:
        if run.node.tag == "callActivity" and not run.node.outputs:
            for name, value in variables.items():
                run.scope.write(name, value)
            return
        for name, value in variables.items():
            if run.node.outputs:
                self.own_scope(run).values[name] = value
            else:
                run.inner.write(name, value)

    def take_place(self, holder: Run, node: Node, variables: Values, **local: Any) -> Run:
        """Begin the path of a boundary event, or an event sub-process (BPMN 2.0.2, 13.5.3 and 13.5.4)."""
        if node.tag == "startEvent":
            return self.begin_event_process(holder, node, variables, **local)
        around = holder.around
        assert around is not None
        if node.interrupting:
            self.cancel(holder)
        run = self.spawn(around, node, "output")
        self.happened("entered", node)
        if node.outputs:
            self.own_scope(run).values.update(local)
        self.deliver(run, variables)
        return run

    def begin_event_process(self, holder: Run, start: Node, variables: Values, **local: Any) -> Run:
        assert start.parent is not None
        if start.interrupting:
            self.cancel_inside(holder)
            holder.waits = [each for each in holder.waits if each.node.tag != "startEvent"]
        run = self.spawn(holder, start.parent)
        scope = self.own_scope(run)
        scope.values.update(local)
        for name, value in variables.items():
            if start.outputs:
                scope.values[name] = value
            else:
                scope.write(name, value)
        return run

    # --- timers that repeat ---

    def next_round(self, wait: Wait) -> None:
        assert wait.due is not None
        assert wait.anchor is not None
        assert wait.event is not None
        most = re.match(r"R(\d*)/", wait.event.text)
        if most is not None and most[1] and wait.fired >= int(most[1]):
            wait.run.waits.remove(wait)
            return
        after = wait.due if wait.node.catch_up == "all" else max(wait.due, self.now)
        wait.due = following(wait.anchor, wait.event.text, after)

    def is_passed_over(self, wait: Wait) -> bool:
        assert wait.due is not None
        assert wait.anchor is not None
        assert wait.event is not None
        if wait.node.catch_up != "none":
            return False
        return following(wait.anchor, wait.event.text, wait.due) <= self.now

    # --- errors, escalations, cancel: outwards to the nearest catcher ---

    def catcher(self, run: Run, kind: str, code: str) -> tuple[Run, Node] | None:
        came_from: Run | None = None
        for each in run.outwards():
            if each.undoing:
                came_from = each
                continue
            if came_from is not None:
                starts = [process.start for process in self.startable(each, came_from)]
                found = best(starts, kind, code)
                if found is not None:
                    return each, found
            if each.role != "one":
                found = best(each.node.boundaries, kind, code)
                if found is not None:
                    return each, found
            came_from = each
        return None

    def startable(self, host: Run, came_from: Run) -> list[Node]:
        """The event sub-processes of a host that can start for what comes out of a run in it."""
        if not host.is_container:
            return []
        processes = host.node.event_processes
        if came_from.node in processes:
            if came_from.node.start.interrupting:
                return []
            return [each for each in processes if each is not came_from.node]
        return processes

    def escalate(self, run: Run, code: str, variables: Values) -> None:
        found = self.catcher(run, "escalation", code)
        if found is not None:
            self.take_place(found[0], found[1], variables, escalationCode=code)
        elif self.called:
            self.thrown.append(("escalation", code, variables))

    def catch_error(self, found: tuple[Run, Node], code: str, text: str, variables: Values) -> None:
        self.take_place(found[0], found[1], variables, errorCode=code, errorMessage=text)

    # --- signals and conditions ---

    def rank(self, wait: Wait) -> tuple[int, bool, int]:
        """The innermost first, at one place those that interrupt first, then the older."""
        depth = wait.run.depth + (wait.node.tag == "startEvent")
        return -depth, not wait.node.interrupting, wait.number

    def broadcast(self, name: str, variables: Values) -> None:
        started: list[Run] = []
        waits = [each for each in self.waits() if each.kind == "signal" and each.name == name]
        for wait in sorted(waits, key=self.rank):
            if wait not in wait.run.waits or self.would_interrupt(wait, started):
                continue
            run = self.come(wait, variables)
            if run is not None:
                started.append(run)

    def would_interrupt(self, wait: Wait, started: list[Run]) -> bool:
        """What a signal has just started is not interrupted by the same signal further out."""
        if wait.is_own or not wait.node.interrupting:
            return False
        return any(not each.gone and wait.run in each.outwards() for each in started)

    def ask_conditions(self) -> None:
        """Let every condition that has become true take place (BPMN 2.0.2, 10.5.5)."""
        asking = True
        while asking and self.ended is None:
            asking = False
            for wait in sorted(self.waits(), key=self.rank):
                if wait.kind != "conditional" or wait not in wait.run.waits or self.ended is not None:
                    continue
                assert wait.event is not None
                holds = self.evaluate(wait.event.text, wait.scope) is True
                became, wait.held = holds and not wait.held, holds
                if became:
                    self.come(wait, {})
                    asking = True


def best(nodes: list[Node], kind: str, code: str) -> Node | None:
    """A catcher that names the code goes before one that catches every code."""
    for wanted in ([code] if code else []) + [""]:
        for node in nodes:
            if any(event.kind == kind and event.code == wanted for event in node.events):
                return node
    return None


def interval(text: str) -> timedelta:
    found = DURATION.fullmatch(text)
    assert found is not None, text
    return timedelta(days=int(found["days"] or 0), hours=int(found["hours"] or 0))


def following(anchor: datetime, text: str, after: datetime) -> datetime:
    due = anchor
    while due <= after:
        due += interval(text)
    return due
