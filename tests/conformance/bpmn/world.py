"""A bus in memory: instances that call, message and signal each other under a virtual clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine import feel
from engine.bpmn import runtime, specs
from engine.bpmn.conditional_starts import starts_that_hold
from engine.bpmn.model import Model, StartModel
from engine.bpmn.step import (
    ChildOpened,
    EscalationThrown,
    MessageThrown,
    Opened,
    SignalThrown,
    Step,
    SubscriptionOpened,
    TimerOpened,
)
from engine.bpmn.timers import first_start
from engine.errors import NotFound
from tests.conformance.bpmn.instances import Instance

BUDGET = 5_000
ACTIONS = 20_000
Action = Callable[[], None]
Work = Callable[["World", Instance, Opened], None]


class World:
    """Everything that is deployed and runs; ``settle`` does what follows from an act.

    ``work`` is told of every job and user task soon after it has opened.
    """

    def __init__(self, models: Iterable[Model], start: datetime, work: Work | None = None) -> None:
        """Deploy the models at ``start``."""
        self.moment = runtime.Moment(start, budget=BUDGET)
        self.work = work
        self.instances: list[Instance] = []
        self.pending: deque[Action] = deque()
        self.agenda: list[tuple[datetime, int, Action]] = []
        self.buffered: list[MessageThrown] = []
        self.specs = {
            process.id: specs.compile_spec(model, process.id)
            for model in models
            for process in model.processes
        }
        self.actions = 0

    # --- acting ---------------------------------------------------------------------------------

    def start(
        self,
        process: str,
        variables: Mapping[str, Any],
        element: str | None = None,
        called_by: tuple[Instance, int] | None = None,
    ) -> Instance:
        """Start an instance, at a conditional start that holds when it has no plain one; what follows comes with ``settle``."""
        if process not in self.specs:
            message = f"There is no process «{process}»."
            raise NotFound(message)
        spec = self.specs[process]
        if element is None and all(each.kind != "none" for each in spec.process.start_events):
            element = next(iter(starts_that_hold(spec, values(variables), self.moment)), None)
        case, step = runtime.start(
            spec, values(variables), self.moment, element=element, called=called_by is not None
        )
        instance = Instance(len(self.instances) + 1, spec, case, called_by)
        self.instances.append(instance)
        self._follow(instance, instance.keep(step))
        return instance

    def start_by_clock(self, process: str, variables: Mapping[str, Any]) -> bool:
        """Put the timer start events of a process on the agenda; False when it has none."""
        timers = [each for each in self.specs[process].process.start_events if each.timer is not None]
        for each in timers:
            self.at(self._first(each), partial(self._started, process, variables, each.element))
        return bool(timers)

    def complete(self, instance: Instance, wait: int, variables: Mapping[str, Any] | None = None) -> None:
        """Let what waits go on."""
        self._act(instance, runtime.complete, wait, values(variables or {}))

    def throw(self, instance: Instance, wait: int, code: str) -> None:
        """Throw a BPMN error from a job."""
        self._act(instance, runtime.throw_error, wait, code, code, {})

    def set_variables(self, instance: Instance, variables: Mapping[str, Any]) -> None:
        """Set variables of the process from outside."""
        self._act(instance, runtime.set_variables, 0, values(variables))

    def message(self, name: str, variables: Mapping[str, Any] | None = None) -> bool:
        """Deliver a message to what waits for it, or start an instance by it; False when there is nobody."""
        return self._deliver(MessageThrown(name, "", values(variables or {})))

    def signal(self, name: str) -> None:
        """Broadcast a signal to all instances and start events."""
        self._broadcast(SignalThrown(name), thrower=None)

    def later(self, seconds: float, action: Action) -> None:
        """Do something when the clock has come so far."""
        self.at(self.moment.now + timedelta(seconds=seconds), action)

    def at(self, moment: datetime, action: Action) -> None:
        """Do something at a time."""
        self.agenda.append((moment, len(self.agenda), action))

    def advance(self, seconds: float) -> None:
        """Let time pass, stopping at everything that comes due on the way."""
        end = self.moment.now + timedelta(seconds=seconds)
        self.settle()
        while True:
            due = self._next_due()
            if due is None or due[0] > end:
                break
            self.moment = replace(self.moment, now=max(due[0], self.moment.now))
            due[1]()
            self.settle()
        self.moment = replace(self.moment, now=end)

    def settle(self) -> None:
        """Do whatever is to be done at once, in the order in which it came up."""
        while self.pending:
            self.actions += 1
            if self.actions > ACTIONS:
                message = f"More than {ACTIONS} actions without coming to rest."
                raise RuntimeError(message)
            self.pending.popleft()()

    # --- looking --------------------------------------------------------------------------------

    @property
    def running(self) -> list[Instance]:
        """The instances that have not ended."""
        return [each for each in self.instances if each.ended is None]

    def waiting(self, *kinds: type[Opened]) -> list[tuple[Instance, Opened]]:
        """Return what waits, of some kinds, oldest first."""
        return [
            (instance, instance.waits[wait])
            for instance in self.running
            for wait in sorted(instance.waits)
            if not kinds or isinstance(instance.waits[wait], kinds)
        ]

    def times(self, element: str) -> int:
        """Return how often an element completed, in all instances."""
        return sum(instance.times()[element] for instance in self.instances)

    # --- what follows ---------------------------------------------------------------------------

    def _act(self, instance: Instance, function: Callable[..., Step], *args: Any) -> None:
        children = {each.wait for each in instance.waits.values() if isinstance(each, ChildOpened)}
        step = instance.act(function, *args, self.moment)
        gone = children - instance.waits.keys()
        for child in [each for each in self.running if each.called_by is not None]:
            if child.called_by is not None and child.called_by[0] is instance and child.called_by[1] in gone:
                self._act(child, runtime.cancel)
        self._follow(instance, step)

    def _follow(self, instance: Instance, step: Step) -> None:
        for thrown in step.thrown:
            self._thrown(instance, thrown)
        for opened in step.opened:
            if isinstance(opened, ChildOpened):
                self._soon(instance, opened, partial(self._call, instance, opened))
            elif isinstance(opened, SubscriptionOpened):
                self._soon(instance, opened, partial(self._from_buffer, instance, opened))
            elif self.work is not None and not isinstance(opened, TimerOpened):
                self._soon(instance, opened, partial(self.work, self, instance, opened))
        if instance.ended is not None and instance.called_by is not None:
            self.pending.append(partial(self._answer, instance))

    def _soon(self, instance: Instance, opened: Opened, action: Action) -> None:
        """Do something about a wait later on, unless it is gone by then."""

        def when_still_open() -> None:
            if instance.waits.get(opened.wait) is opened:
                action()

        self.pending.append(when_still_open)

    def _thrown(self, instance: Instance, thrown: MessageThrown | SignalThrown | EscalationThrown) -> None:
        if isinstance(thrown, MessageThrown):
            self.pending.append(partial(self._send, thrown))
        elif isinstance(thrown, SignalThrown):
            self.pending.append(partial(self._broadcast, thrown, thrower=instance))
        elif instance.called_by is not None:
            self.pending.append(partial(self._escalate, *instance.called_by, thrown))

    def _send(self, thrown: MessageThrown) -> None:
        if not self._deliver(thrown):
            self.buffered.append(thrown)

    def _escalate(self, parent: Instance, wait: int, thrown: EscalationThrown) -> None:
        if wait in parent.waits:
            self._act(parent, runtime.escalate, wait, thrown.code, dict(thrown.variables))

    def _call(self, parent: Instance, opened: ChildOpened) -> None:
        self.start(opened.process, opened.variables, called_by=(parent, opened.wait))

    def _answer(self, child: Instance) -> None:
        if child.called_by is None or child.ended is None or child.ended.state == "cancelled":
            return
        parent, wait = child.called_by
        if wait not in parent.waits:
            return
        if child.ended.state == "failed":
            self._act(parent, runtime.throw_error, wait, child.ended.code or "", child.ended.message, {})
        else:
            self._act(parent, runtime.complete, wait, dict(child.ended.output))

    def _deliver(self, thrown: MessageThrown) -> bool:
        for instance, opened in self.waiting(SubscriptionOpened):
            if isinstance(opened, SubscriptionOpened) and (opened.kind, opened.event) == (
                "message",
                thrown.name,
            ):
                self._act(instance, runtime.complete, opened.wait, dict(thrown.variables))
                return True
        for process, start in self._starts("message", thrown.name):
            self._started(process, thrown.variables, start.element)
            return True
        return False

    def _from_buffer(self, instance: Instance, opened: SubscriptionOpened) -> None:
        for thrown in self.buffered:
            if (opened.kind, opened.event) == ("message", thrown.name):
                self.buffered.remove(thrown)
                self._act(instance, runtime.complete, opened.wait, dict(thrown.variables))
                return

    def _broadcast(self, thrown: SignalThrown, *, thrower: Instance | None) -> None:
        for instance, opened in self.waiting(SubscriptionOpened):
            heard = (
                isinstance(opened, SubscriptionOpened)
                and opened.kind == "signal"
                and opened.event == thrown.name
            )
            if heard and instance is not thrower and opened.wait in instance.waits:
                self._act(instance, runtime.complete, opened.wait, dict(thrown.variables))
        for process, start in self._starts("signal", thrown.name):
            self._started(process, thrown.variables, start.element)

    def _starts(self, kind: str, name: str) -> list[tuple[str, StartModel]]:
        return [
            (process, start)
            for process, spec in self.specs.items()
            for start in spec.process.start_events
            if (start.kind, start.name) == (kind, name)
        ]

    def _started(self, process: str, variables: Mapping[str, Any], element: str) -> None:
        self.start(process, variables, element)

    def _first(self, start: StartModel) -> datetime:
        if start.timer is None:
            raise AssertionError(start.element)
        return first_start(start.timer, self.moment).at

    def _next_due(self) -> tuple[datetime, Action] | None:
        found: list[tuple[datetime, int, int, Action]] = [
            (opened.due_at, instance.number, opened.wait, partial(self._fire, instance, opened.wait))
            for instance, opened in self.waiting(TimerOpened)
            if isinstance(opened, TimerOpened)
        ]
        found += [(entry[0], 0, entry[1], partial(self._from_agenda, entry)) for entry in self.agenda]
        if not found:
            return None
        due = min(found, key=lambda each: each[:3])
        return due[0], due[3]

    def _fire(self, instance: Instance, wait: int) -> None:
        self._act(instance, runtime.complete, wait, {})

    def _from_agenda(self, entry: tuple[datetime, int, Action]) -> None:
        self.agenda.remove(entry)
        entry[2]()


def values(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Give FEEL values for those of JSON."""
    return {name: feel.native(value) for name, value in variables.items()}
