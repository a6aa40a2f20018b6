"""Cases of kind ``nodes``: triggers are fired in order, then the sets of nodes that tokens came through are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from engine.bpmn.step import IncidentOpened, JobOpened, Opened, UserTaskOpened
from tests.conformance.bpmn.entries import Entry, Suites
from tests.conformance.bpmn.instances import Instance
from tests.conformance.bpmn.simulating import choices, message_flows, outgoing_flows, simulated
from tests.conformance.bpmn.verdicts import Refused, Verdict, compared, read_models
from tests.conformance.bpmn.world import World, values

CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})


def judge(suites: Suites, entry: Entry, case: Mapping[str, Any]) -> Verdict:
    """Run one case and compare what was completed, what only entered, what never."""
    waiting = frozenset(case.get("tasks_that_wait") or ())
    try:
        models = read_models([entry.path], simulated(waiting))
    except Refused as refused:
        return refused.verdict(f"completed {case['expected_nodes_completed']}")
    simulation = Simulation(World(models, suites.clock_start), entry, case)
    for trigger in case["triggers"]:
        problem = simulation.fire(trigger)
        if problem:
            return Verdict("failed", f"trigger {trigger}", problem)
    wanted = {
        "completed": sorted(case["expected_nodes_completed"]),
        "entered only": sorted(case["entered_but_not_completed"]),
        "never": [],
        "ended": case["expected_instance_ended"],
    }
    return compared(simulation.outcome(case["expected_nodes_never_entered"]), wanted)


class Simulation:
    """A world whose events are triggered by the id of their shape."""

    def __init__(self, world: World, entry: Entry, case: Mapping[str, Any]) -> None:
        """Let everything but the tasks that wait go on by itself."""
        root = etree.parse(entry.path).getroot()
        self.world, self.case = world, case
        self.waiting = frozenset(case.get("tasks_that_wait") or ())
        self.choosing, self.message_flows = outgoing_flows(root), message_flows(root)
        self.told: dict[Instance, int] = {}
        world.work = self.work

    def work(self, world: World, instance: Instance, opened: Opened) -> None:
        """Complete a task at once, unless it is to wait."""
        if isinstance(opened, JobOpened | UserTaskOpened) and opened.element not in self.waiting:
            world.complete(instance, opened.wait)

    def fire(self, trigger: str) -> str:
        """Fire one trigger and let everything follow; a sentence when there is nothing to trigger."""
        for instance in self.world.running:
            self.world.set_variables(instance, self._choices())
        target = self.message_flows[trigger][1] if trigger in self.message_flows else trigger
        done = self._at(target)
        self._settle()
        return "" if done else f"nothing waits at {trigger}; open: {self._open()}"

    def outcome(self, never: list[str]) -> Mapping[str, Any]:
        """Return the sets as the expectation writes them."""
        completed, entered = set[str](), set[str]()
        for instance in self.world.instances:
            elements, flows = instance.spec.process.elements, instance.spec.process.flows
            counted = {name for name, element in elements.items() if element.kind not in CONTAINERS}
            completed |= counted & set(instance.times())
            taken = {flows[line.element].target for line in instance.history if line.element in flows}
            entered |= counted & (set(instance.times("element.entered")) | taken)
        return {
            "completed": sorted(completed),
            "entered only": sorted(entered - completed),
            "never": sorted(entered & set(never)),
            "ended": not self.world.running,
        }

    def _at(self, trigger: str) -> bool:
        for process, spec in self.world.specs.items():
            if any(start.element == trigger for start in spec.process.start_events):
                self.world.start(process, self._choices(), trigger)
                return True
        return self._complete(trigger)

    def _complete(self, element: str) -> bool:
        for instance, opened in self.world.waiting():
            if opened.element == element and not isinstance(opened, IncidentOpened):
                self.world.complete(instance, opened.wait)
                return True
        return False

    def _settle(self) -> None:
        """Let everything happen that follows, messages along their flows included."""
        while True:
            self.world.settle()
            sent = [target for instance in self.world.instances for target in self._sent(instance)]
            if not sent:
                return
            for target in sent:
                self._at(target)

    def _sent(self, instance: Instance) -> list[str]:
        begin = self.told.get(instance, 0)
        self.told[instance] = len(instance.history)
        left = [line.element for line in instance.history[begin:] if line.kind == "element.completed"]
        return [
            target for element in left for source, target in self.message_flows.values() if source == element
        ]

    def _choices(self) -> dict[str, Any]:
        return values(choices(self.case, self.choosing, self.world.times))

    def _open(self) -> list[str]:
        return sorted(opened.element for _instance, opened in self.world.waiting())
