"""Cases of kind ``trace``: script bodies are tokens that leave a mark, and the marks are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.bpmn import runtime
from engine.bpmn.step import JobOpened, Opened, UserTaskOpened
from tests.conformance.bpmn.entries import Entry, Suites
from tests.conformance.bpmn.instances import Instance
from tests.conformance.bpmn.translating import SCRIPT_TOPIC
from tests.conformance.bpmn.verdicts import PASSED, Refused, Verdict, read_models
from tests.conformance.bpmn.world import World

ERROR_CODE = "ERR_CODE"
BUSY_SECONDS = 10.0
TEXT = "String"
REPORTED_ONLY = frozenset({"join-stuck"})
"""Incidents that report a token which waits for ever; nothing was raised."""


def judge(suites: Suites, entry: Entry, case: Mapping[str, Any]) -> Verdict:
    """Run one case and compare its trace."""
    expected = list(case["expected_trace_multiset"])
    try:
        models = read_models([entry.path])
    except Refused as refused:
        if {"ERROR", "ERROR_deployment"} & set(expected) and refused.names_an_element:
            return PASSED
        return refused.verdict(str(expected))
    trace = Trace(expected)
    world = World(models, suites.clock_start, trace.work)
    for process in [case["start_first"], case["process"]]:
        if process is not None and not _begins_by_clock(world, process, case["vars"]):
            world.start(process, case["vars"])
            world.settle()
    world.advance(case["virtual_seconds"])
    return _compared(sorted(expected), trace.with_errors(world))


def _begins_by_clock(world: World, process: str, variables: Mapping[str, Any]) -> bool:
    if any(start.kind == "none" for start in world.specs[process].process.start_events):
        return False
    return world.start_by_clock(process, variables)


def _compared(expected: list[str], found: list[str]) -> Verdict:
    if "ERROR" in expected:
        found = ["ERROR" if each in ("ERROR_runtime", "ERROR_deployment") else each for each in found]
    return PASSED if expected == sorted(found) else Verdict("failed", str(expected), str(sorted(found)))


class Trace:
    """The marks that scripts have left so far."""

    def __init__(self, expected: list[str]) -> None:
        """Begin with none; ``expected`` decides whether markers count."""
        self.expected = expected
        self.marks: list[str] = []
        self.busy: list[tuple[datetime, datetime]] = []

    def work(self, world: World, instance: Instance, opened: Opened) -> None:
        """Do what a task asks for."""
        if isinstance(opened, JobOpened) and opened.topic == SCRIPT_TOPIC:
            self._script(world, instance, opened)
        elif isinstance(opened, JobOpened | UserTaskOpened):
            world.complete(instance, opened.wait)

    def with_errors(self, world: World) -> list[str]:
        """Return all marks, with those of incidents."""
        found = list(self.marks)
        for instance in world.instances:
            for incident in instance.incidents:
                ended_by_error = instance.element(incident.element).kind == "endEvent"
                if incident.code == "error-uncaught" and ended_by_error:
                    found.append("ERROR_thrownErrorEvent")
                elif incident.code not in REPORTED_ONLY:
                    found.append("ERROR_runtime")
        return found

    def _script(self, world: World, instance: Instance, opened: JobOpened) -> None:
        seconds = 0.0
        for token in opened.headers.get("body", "").split():
            effect = EFFECTS.get(token)
            if effect is not None:
                seconds = max(seconds, effect(self, world, instance, opened) or 0.0)
            elif token.startswith("SCRIPT_"):
                self.marks.append(token)

        def done() -> None:
            if opened.wait in instance.waits:
                world.complete(instance, opened.wait)

        if seconds:
            world.later(seconds, done)
        else:
            done()

    def _marker(self, *_place: Any) -> None:
        if "MARKER_exists" in self.expected and "MARKER_exists" not in self.marks:
            self.marks.append("MARKER_exists")

    def _increment(self, world: World, instance: Instance, opened: JobOpened) -> None:
        found = runtime.visible(instance.case, opened.scope).get("integerVariable") or Decimal(0)
        world.complete(instance, opened.wait, {"integerVariable": found + 1})

    def _increment_and_log(self, world: World, instance: Instance, opened: JobOpened) -> None:
        self.marks.append("INCREMENT_correct")
        self._increment(world, instance, opened)

    def _throw(self, world: World, instance: Instance, opened: JobOpened) -> None:
        world.throw(instance, opened.wait, ERROR_CODE)

    def _set_text(self, world: World, instance: Instance, opened: JobOpened) -> None:
        data = instance.element(opened.element).data
        names = data.outputs if data is not None and data.outputs else ("data",)
        world.complete(instance, opened.wait, dict.fromkeys(names, TEXT))

    def _log_text(self, _world: World, instance: Instance, opened: JobOpened) -> None:
        data = instance.element(opened.element).data
        names = data.inputs if data is not None and data.inputs else ("data",)
        found = runtime.visible(instance.case, opened.scope)
        if all(found.get(name) == TEXT for name in names):
            self.marks.append("DATA_correct")

    def _busy(self, *_place: Any) -> float:
        return BUSY_SECONDS

    def _timestamp(self, world: World, *_place: Any) -> float:
        now = world.moment.now
        if any(begin <= now < end for begin, end in self.busy) and "EXECUTION_parallel" not in self.marks:
            self.marks.append("EXECUTION_parallel")
        self.busy.append((now, now + timedelta(seconds=BUSY_SECONDS)))
        return BUSY_SECONDS


EFFECTS: Mapping[str, Callable[[Trace, World, Instance, JobOpened], float | None]] = {
    "CREATE_MARKER_FILE": Trace._marker,
    "INCREMENT_INTEGER_VARIABLE": Trace._increment,
    "INCREMENT_INTEGER_VARIABLE_AND_LOG": Trace._increment_and_log,
    "THROW_ERROR": Trace._throw,
    "SET_STRING_DATA": Trace._set_text,
    "LOG_DATA": Trace._log_text,
    "WAIT_TEN_SECONDS": Trace._busy,
    "CREATE_TIMESTAMP_LOG_1": Trace._timestamp,
    "CREATE_TIMESTAMP_LOG_2": Trace._timestamp,
}
