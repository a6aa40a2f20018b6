"""The token game: one run at a time takes its next step, until all wait. Semantics: BPMN 2.0.2, chapter 13.

Where BPMN leaves the order open it is that of the product's architecture: one token at a time, the shallowest scope
first, what begins to wait before what is thrown, then the older.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.engine.bpmn.reference.board import EndlessError, Run, Trouble, Values, Wait
from tests.engine.bpmn.reference.graph import Event, Flow, Node
from tests.engine.bpmn.reference.joins import Joins

MOST_STEPS = 2_000
"""Steps of one move after which it is said to have no end; more than the engine is allowed."""
CATCHING = ("intermediateCatchEvent", "receiveTask")
THROWING = ("endEvent", "intermediateThrowEvent")


class Game(Joins):
    """The moves of one instance."""

    # --- moves from outside ---

    def start(self, variables: Values) -> None:
        self.scope.values.update(variables)
        self.play()

    def complete(self, wait: Wait, variables: Values) -> None:
        self.come(wait, variables)
        self.play()

    def throw_error(
        self, wait: Wait, code: str, text: str, variables: Values, *, outwards: bool = False
    ) -> None:
        """Throw an error from a wait; ``outwards``: an instance that called this one catches it."""
        found = self.catcher(wait.run, "error", code)
        if found is None and outwards:
            self.fail(code, variables)
        elif found is None:
            self.incident(wait.run, "error-uncaught")
        else:
            self.catch_error(found, code, text, variables)
        self.play()

    def escalate_from(self, wait: Wait, code: str, variables: Values) -> None:
        self.escalate(wait.run, code, variables)
        self.play()

    def retry(self, wait: Wait) -> None:
        run = wait.run
        if run.phase == "inside":
            try:
                self.begin(run)
            except Trouble as trouble:
                self.incident(run, trouble.code)
        else:
            run.waits.remove(wait)
            run.ready = True
        self.play()

    def set(self, variables: Values) -> None:
        self.scope.values.update(variables)
        self.play()

    def cancel_all(self) -> None:
        self.finish("cancelled")

    def play(self) -> None:
        moving, steps = not self.is_over, 0
        while moving:
            self.ask_conditions()
            ready = [run for run in self.runs() if run.ready]
            steps += 1
            if steps > MOST_STEPS:
                raise EndlessError
            if ready:
                self.step(min(ready, key=turn))
            moving = not self.is_over and (bool(ready) or self.settle())

    # --- one step of one run ---

    def step(self, run: Run) -> None:
        try:
            if run.phase == "new":
                run.phase = "entering"
                self.happened("entered", run.node)
            if run.phase == "entering":
                self.enter(run)
            if run.gone or run.phase == "inside":
                run.ready = False
                return
            if run.inside and run.phase == "output":
                run.phase, run.ready = "inside", False  # something began in it meanwhile: it is not over
                return
            if run.phase == "output":
                if run.role != "body":
                    for source, target in run.node.outputs:
                        run.scope.write(target, self.evaluate(source, run.inner))
                run.phase = "leaving"
            run.chosen = self.choose(run)
            if self.tells(run) and run.around is not None:
                self.leaving(run.around, run)
        except Trouble as trouble:
            self.incident(run, trouble.code)
            return
        self.over(run)

    def enter(self, run: Run) -> None:
        for name in run.node.properties:
            self.own_scope(run).values.setdefault(name, None)
        if run.role != "body":
            for source, target in run.node.inputs:
                own = self.own_scope(run)
                own.values[target] = self.evaluate(source, own)
        else:
            self.own_scope(run)
        acts = self.awaiting(run)
        done = self.begin(run)
        if run.gone:
            return
        if done or run.phase != "entering":
            run.phase = "output"  # what it began was over at once
            return
        run.phase = "inside"
        for act in acts:
            act()

    def begin(self, run: Run) -> bool:
        """Do what the element does; True when that was all."""
        node = run.node
        kinds = {each.kind for each in node.events}
        found: list[tuple[bool, Callable[[], bool]]] = [
            (run.role == "body", lambda: self.begin_body(run)),
            (node.is_container, lambda: self.begin_container(run)),
            (bool(node.topic), lambda: self.waits_for(run, "job")),
            (node.tag in ("userTask", "manualTask"), lambda: self.waits_for(run, "user")),
            (node.tag == "callActivity", lambda: self.calls(run)),
            (node.tag == "scriptTask", lambda: self.computes(run)),
            (node.tag in CATCHING and "link" not in kinds, lambda: self.begin_to_catch(run)),
            (
                node.tag in THROWING and bool(kinds & {"compensate", "cancel"}),
                lambda: self.begin_to_undo(run),
            ),
            (node.tag in ("sendTask", "intermediateThrowEvent"), lambda: self.throws(run)),
            (node.tag == "eventBasedGateway", lambda: False),
        ]
        return next((begin() for holds, begin in found if holds), True)

    def calls(self, run: Run) -> bool:
        return self.waits_for(run, "child", name=run.node.called, variables=run.inner.visible())

    def computes(self, run: Run) -> bool:
        node, result = run.node, self.evaluate(run.node.script, run.inner)
        if node.outputs:
            self.own_scope(run).values[node.variable] = result
        elif node.variable:
            run.scope.write(node.variable, result)
        return True

    def throws(self, run: Run) -> bool:
        for act in [self.throw(run, event) for event in run.node.events]:
            if not run.gone:
                act()
        return True

    def waits_for(self, run: Run, kind: str, **more: Any) -> bool:
        self.own_wait(run, kind, **more)
        return False

    def begin_to_catch(self, run: Run) -> bool:
        if len(run.node.events) == 1:
            before = next((each.number for each in run.waits if each.is_own), 0)
            [event] = run.node.events
            wait = Wait(0, run, run.node, event.kind, run.inner, event)
            self.fill(wait)
            run.waits = [each for each in run.waits if not each.is_own]
            wait.number = before or self.number()
            run.waits.append(wait)
        return False

    def begin_container(self, run: Run) -> bool:
        self.own_scope(run)
        if run.node.tag == "adHocSubProcess":
            first = self.unled(run.node)
            for node in first[:1] if run.node.says("ordering", "Sequential") else first:
                run.begun += 1
                self.spawn(run, node)
            return not first
        start = run.node.start
        if run.node.is_event_process:
            self.happened("entered", start)
            self.spawn(run, start, "output")
        else:
            self.spawn(run, start)
        return False

    def begin_to_undo(self, run: Run) -> bool:
        host, [event] = run.around, run.node.events
        assert host is not None
        if event.kind == "cancel":
            for each in [each for each in host.inside if each is not run]:
                self.cancel(each)
            self.arrived.pop(host, None)
            self.taken.pop(host, None)
            host.waits = [each for each in host.waits if each.node.tag != "startEvent"]
        return self.compensate(run, event.activity)

    def unled(self, node: Node) -> list[Node]:
        """What an ad-hoc sub-process begins: all that no flow leads to."""
        return [
            each
            for each in node.contents
            if not each.incoming
            and each.tag != "boundaryEvent"
            and not each.is_event_process
            and not each.says("isForCompensation")
        ]

    # --- repeated activities ---

    def begin_body(self, run: Run) -> bool:
        loop = run.node.loop
        assert loop is not None
        if loop.standard:
            self.count(run)
            if loop.before and not self.asks_again(run, run.inner):
                return True
            self.begin_one(run, None)
            return False
        found = self.evaluate(loop.collection or loop.cardinality, run.scope)
        items = found if loop.collection else [None] * found if isinstance(found, int) else None
        if not isinstance(items, list):
            raise Trouble("collection")
        run.items, run.begun, run.finished = items, 0, 0
        self.count(run)
        if not items:
            self.collect(run)
            return True
        for item in items[:1] if loop.sequential else items:
            self.begin_one(run, item)
        self.count(run)
        return False

    def begin_one(self, body: Run, item: Any) -> None:
        loop = body.node.loop
        assert loop is not None
        body.begun += 1
        self.count(body)
        run = self.spawn(body, body.node)
        run.role, run.index = "one", body.begun
        if loop.standard:
            return
        run.scope = type(run.scope)(body.inner)
        run.scope.values["loopCounter"] = run.index
        if loop.item:
            run.scope.values[loop.item] = item
        name = loop.result.removeprefix("=").strip()
        if name.isidentifier() and name != loop.item:
            run.scope.values[name] = None

    def count(self, body: Run) -> None:
        loop = body.node.loop
        if loop is not None and loop.standard:
            self.own_scope(body).counters = {"loopCounter": body.begun}
        else:
            self.own_scope(body).counters = {
                "numberOfInstances": len(body.items),
                "numberOfActiveInstances": body.begun - body.finished,
                "numberOfCompletedInstances": body.finished,
            }

    def asks_again(self, body: Run, scope: Any) -> bool:
        loop = body.node.loop
        assert loop is not None
        if loop.most is not None and body.begun >= loop.most:
            return False
        return not loop.condition or self.truth(loop.condition, scope)

    def collect(self, body: Run) -> None:
        loop = body.node.loop
        if loop is not None and loop.into:
            found = [body.results.get(str(index + 1)) for index in range(len(body.items))]
            body.scope.write(loop.into, found)

    # --- leaving ---

    def tells(self, run: Run) -> bool:
        around = run.around
        if around is None or around.undoing:
            return False
        return not run.chosen or (around.node.tag == "adHocSubProcess" and around.role in ("plain", "one"))

    def leaving(self, host: Run, child: Run) -> None:
        """A run inside is about to end a path: loops and ad-hoc sub-processes ask whether to go on."""
        loop = host.node.loop
        if host.role == "body" and loop is not None and loop.standard:
            host.again = self.asks_again(host, child.scope)
        elif host.role == "body" and loop is not None:
            result = self.evaluate(loop.result, child.scope) if loop.result else None
            host.finished += 1
            self.count(host)
            try:
                host.enough = bool(loop.enough) and self.truth(loop.enough, child.scope)
            except Trouble:
                host.finished -= 1
                self.count(host)
                raise
            host.results[str(child.index)] = result
        elif host.node.tag == "adHocSubProcess" and host.node.condition and not host.over:
            host.enough = self.truth(host.node.condition, child.inner)

    def left(self, host: Run, child: Run) -> None:
        """A run inside has ended a path."""
        loop = host.node.loop
        if host.role == "body" and loop is not None and not loop.standard:
            if host.enough:
                for each in [each for each in host.inside if each is not child]:
                    self.cancel(each)
            elif loop.sequential and host.begun < len(host.items):
                self.begin_one(host, host.items[host.begun])
            self.count(host)
        elif host.node.tag == "adHocSubProcess" and host.role != "body":
            if host.enough and not host.over:
                host.over = True
                if not host.node.says("cancelRemainingInstances", "false"):
                    for each in [each for each in host.inside if each is not child]:
                        self.cancel(each)
                    self.arrived.pop(host, None)
            if host.over:
                child.chosen = []

    def over(self, run: Run) -> None:
        around, node = run.around, run.node
        self.happened("completed", node)
        if around is None:
            self.finish("terminated" if self.terminated else "completed")
            return
        if self.tells(run):
            self.left(around, run)
        if run.gone:
            return
        self.remember(run)
        flows, act = run.chosen, run.act
        self.remove(run)
        for flow in flows:
            self.history.append(("flow.taken", flow.id))
            self.arrive(around, flow)
        if act is not None:
            act()
        if self.is_empty(around) and not around.gone and self.ended is None:
            self.emptied(around)

    def emptied(self, run: Run) -> None:
        loop = run.node.loop
        if run.undoing:
            self.undo_next(run)
            return
        if run.role == "body" and loop is not None and loop.standard and run.again:
            run.again = False
            self.begin_one(run, None)
            return
        if run.role == "body" and loop is not None and not loop.standard:
            self.collect(run)
        if run.node.tag == "adHocSubProcess" and run.role != "body" and not run.over:
            first = self.unled(run.node)
            if run.node.says("ordering", "Sequential") and run.begun < len(first):
                run.begun += 1
                self.spawn(run, first[run.begun - 1])
                return
        run.phase, run.ready = "output", True

    # --- choosing and throwing ---

    def choose(self, run: Run) -> list[Flow]:
        node, flows = run.node, run.node.outgoing
        if node.tag == "endEvent":
            acts = [self.throw(run, event) for event in node.events]
            run.act = lambda: [act() for act in acts]
            return []
        if run.role == "one" or not flows or node.tag == "eventBasedGateway":
            return []
        if node.tag == "parallelGateway" or (
            len(flows) == 1 and flows[0].condition is None and not flows[0].default
        ):
            return list(flows)
        taken = self.holding(run, flows)
        rest = [each for each in flows if each.default]
        if not taken or all(each.condition is None for each in taken):
            taken += rest
        if not taken:
            raise Trouble("no-flow")
        return taken

    def holding(self, run: Run, flows: list[Flow]) -> list[Flow]:
        """The flows whose condition holds; of an exclusive gateway the first, the others are not even asked."""
        found: list[Flow] = []
        for flow in flows:
            if not flow.default and (flow.condition is None or self.truth(flow.condition, run.inner)):
                found.append(flow)
                if run.node.tag == "exclusiveGateway":
                    break
        return found

    def throw(self, run: Run, event: Event) -> Callable[[], Any]:
        """Evaluate what an event throws; the act throws it."""
        sent = dict(run.own.values) if run.own else {}
        prepare: dict[str, Callable[[], Callable[[], Any]]] = {
            "message": lambda: self.prepared_message(run, event, sent),
            "signal": lambda: partial(self.throw_signal, self.evaluate(event.name, run.inner), sent),
            "error": lambda: self.prepared_error(run, event, sent),
            "escalation": lambda: partial(self.escalate, run, event.code, sent),
            "terminate": lambda: partial(self.terminate, run),
            "cancel": lambda: self.prepared_cancel(run),
        }
        return prepare.get(event.kind, lambda: list)()

    def prepared_message(self, run: Run, event: Event, sent: Values) -> Callable[[], Any]:
        name = self.evaluate(event.name, run.inner)
        key = str(self.evaluate(event.key, run.inner)) if event.key else ""
        return lambda: self.thrown.append(("message", name, key, sent))

    def prepared_error(self, run: Run, event: Event, sent: Values) -> Callable[[], Any]:
        found = self.catcher(run, "error", event.code)
        if found is not None:
            return partial(self.catch_error, found, event.code, "", sent)
        if not self.called:
            raise Trouble("error-uncaught")
        return partial(self.fail, event.code, sent)

    def prepared_cancel(self, run: Run) -> Callable[[], Any]:
        found = self.catcher(run, "cancel", "")
        return partial(self.take_place, *found, {}) if found else list

    def throw_signal(self, name: str, sent: Values) -> None:
        self.thrown.append(("signal", name, sent))
        self.broadcast(name, sent)

    def fail(self, code: str, sent: Values) -> None:
        self.failure, self.sent = code, sent
        self.finish("failed")

    def terminate(self, run: Run) -> None:
        host = run.around
        assert host is not None
        self.cancel_inside(host)
        self.terminated = self.terminated or host is self.root


def turn(run: Run) -> tuple[int, int, int]:
    """Which of several ready runs goes first."""
    waits_first = 0 if run.node.tag in CATCHING and run.role != "body" else 1
    if run.node.events and run.node.events[0].kind == "link":
        waits_first = 1
    return run.depth, waits_first, run.number
