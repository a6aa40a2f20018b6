"""Walking a process along a scenario: the pure runtime, stubbed handlers and calls, validated forms, a clock of its own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from engine import feel
from engine.bpmn import runtime, specs, state
from engine.bpmn.step import (
    ChildOpened,
    Closed,
    Ended,
    IncidentOpened,
    JobOpened,
    Opened,
    ScopeClosed,
    Step,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
    VariableSet,
)
from engine.calendar import add, parse_duration
from engine.errors import InvalidAnswers
from tests.processes.library import FUNCTIONS, Library

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = "2026-09-01T09:00:00+08:00"
CLIENT = {
    "id": "1",
    "code": "C001",
    "name": "示例商贸有限公司",
    "class": "B",
    "taxpayer_type": "small_scale",
    "status": "active",
    "profile": {},
    "contact": {"name": "李女士", "email": "li@example.com"},
    "staff": {},
}


def load(path: Path) -> dict[str, Any]:
    scenario: dict[str, Any] = yaml.load(path.read_text("utf-8"), PlainLoader)  # noqa: S506 - a SafeLoader
    return scenario


class PlainLoader(yaml.SafeLoader):
    """Safe YAML in which only true and false are truth values: «on», «yes» and «no» are words."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


class Rehearsal:
    """One run of a scenario; ``run`` raises AssertionError with the step that does not hold."""

    def __init__(self, library: Library, scenario: Mapping[str, Any]) -> None:
        self.library, self.scenario = library, scenario
        process = scenario["process"]
        self.spec = specs.compile_spec(library.models[process], process, FUNCTIONS)
        self.moment = runtime.Moment(
            _moment(scenario.get("now", START)), SHANGHAI, functions=FUNCTIONS, decide=self._decide
        )
        stubs = {**library.stubs, **scenario.get("jobs", {})}
        self.jobs = {topic: _results(value) for topic, value in stubs.items()}
        self.calls = {key: _results(value) for key, value in scenario.get("calls", {}).items()}
        self.waits: dict[int, Opened] = {}
        self.variables: dict[tuple[int, str], Any] = {}
        self.done_by: defaultdict[str, set[str]] = defaultdict(set)
        self.visited: Counter[str] = Counter()
        self.escalated: list[str] = []
        self.ended: Ended | None = None
        self.case: Any = None
        self.body = b""
        self.following: Mapping[str, Any] = {}

    def run(self) -> Rehearsal:
        steps = list(self.scenario.get("steps", ()))
        self._start()
        for number, (step, following) in enumerate(zip(steps, [*steps, {}][1:], strict=True), 1):
            try:
                self.following = following
                self._settle(step)
                self._perform(step)
                self._settle(following)
            except AssertionError as wrong:
                raise AssertionError(f"step {number} {step}: {wrong}\nwaiting: {self.open}") from wrong
        self._settle({})
        self._expect(self.scenario.get("expect", {}))
        return self

    # --- acting ---

    def _start(self) -> None:
        client = {**CLIENT, **self.scenario.get("client", {})}
        settings = {**self.library.settings, **self.scenario.get("settings", {})}
        given = {
            "client": client,
            "settings": settings,
            "period": str(self.scenario.get("period", "2026-08")),
        }
        given |= {"initiator": "system", "business_key": None, **self.scenario.get("start", {})}
        self.case, step = runtime.start(
            self.spec, _values(given), self.moment, element=self.scenario.get("start_at")
        )
        self._took(step)
        first = next(iter(self.scenario.get("steps", ())), {})
        self._settle(first)

    def _perform(self, step: Mapping[str, Any]) -> None:
        actions: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "do": self._do,
            "wait": self._wait,
            "job": self._job,
            "call": self._call,
            "message": self._message,
            "expect": lambda each: self._expect(each["expect"]),
        }
        kinds = [kind for kind in actions if kind in step]
        assert kinds, f"a step has one of {', '.join(actions)}"
        actions[kinds[0]](step)

    def _do(self, step: Mapping[str, Any]) -> None:
        item = self._item(step)
        role, person = step["as"], step.get("by", step["as"])
        assert role in item.candidate_groups or (item.assignee == person), (
            f"{role} is no candidate: {item.candidate_groups}"
        )
        for other in item.separate_from:
            assert person not in self.done_by[other], f"{person} did {other} and may not do {item.element}"
        visible = runtime.visible(self.case, item.scope)
        assert item.form is not None
        form = self.library.forms[item.form]
        try:
            answers = form.validate(_json(step.get("answers", {})), visible, self.moment.environment)
        except InvalidAnswers as refused:
            assert sorted(refused.problems) == sorted(step.get("rejected", ())), f"refused: {refused}"
            return
        assert "rejected" not in step, "the form took the answers"
        self.done_by[item.element].add(person)
        self._act(runtime.complete, item.wait, answers)

    def _item(self, step: Mapping[str, Any]) -> UserTaskOpened:
        found = [
            each
            for each in self.waits.values()
            if isinstance(each, UserTaskOpened)
            and each.element == step["do"]
            and all(
                self._seen(each.scope, path) == _value(want) for path, want in step.get("where", {}).items()
            )
        ]
        assert found, f"{step['do']} does not wait"
        return min(found, key=lambda each: each.wait)

    def _wait(self, step: Mapping[str, Any]) -> None:
        text = str(step["wait"])
        end = add(self.moment.now, parse_duration(text), SHANGHAI) if text.startswith("P") else _moment(text)
        while True:
            due = sorted(
                (each.due_at, each.wait) for each in self.waits.values() if isinstance(each, TimerOpened)
            )
            if not due or due[0][0] > end or self.ended:
                self._at(end)
                return
            self._at(max(due[0][0], self.moment.now))
            self._act(runtime.complete, due[0][1], {})
            self._settle(self.following)

    def _message(self, step: Mapping[str, Any]) -> None:
        found = [
            each.wait
            for each in self.waits.values()
            if isinstance(each, SubscriptionOpened)
            and each.event == step["message"]
            and each.correlation_key in (None, str(step.get("key")))
        ]
        assert found, f"nobody waits for the message {step['message']}"
        self._act(runtime.complete, found[0], _values(step.get("variables", {})))

    def _job(self, step: Mapping[str, Any]) -> None:
        found = [each for each in self._of(JobOpened) if each.topic == step["job"]]
        assert found, f"no job of {step['job']} waits"
        self._answer(found[0].wait, step)

    def _call(self, step: Mapping[str, Any]) -> None:
        found = [each for each in self._of(ChildOpened) if each.process == step["call"]]
        assert found, f"no call of {step['call']} waits"
        if "escalate" in step:
            self._act(runtime.escalate, found[0].wait, step["escalate"], _values(step.get("returns", {})))
        else:
            self._answer(found[0].wait, step)

    def _answer(self, wait: int, step: Mapping[str, Any]) -> None:
        returns = _values(step.get("returns", {}))
        if "error" in step:
            self._act(runtime.throw_error, wait, step["error"], step.get("message", ""), returns)
        else:
            self._act(runtime.complete, wait, returns)

    def _settle(self, following: Mapping[str, Any]) -> None:
        """Answer every job and call the scenario has results for, but keep the one the next step is about."""
        while not self.ended:
            ready = [
                (each.wait, results)
                for each in self.waits.values()
                if (results := self._results_of(each, following)) is not None
            ]
            if not ready:
                return
            wait, results = min(ready)
            self._act(runtime.complete, wait, _values(results.pop(0) if len(results) > 1 else results[0]))

    def _results_of(self, wait: Opened, following: Mapping[str, Any]) -> list[Any] | None:
        if isinstance(wait, JobOpened) and wait.topic != following.get("job"):
            return self.jobs.get(wait.topic)
        if isinstance(wait, ChildOpened) and wait.process != following.get("call"):
            return self.calls.get(wait.process)
        return None

    # --- looking ---

    @property
    def open(self) -> list[str]:
        boundary = {
            key for key, element in self.spec.process.elements.items() if element.kind == "boundaryEvent"
        }
        return sorted(each.element for each in self.waits.values() if each.element not in boundary)

    def _expect(self, expected: Mapping[str, Any]) -> None:
        for element in expected.get("at", ()):
            assert element in self.open, f"{element} does not wait; {self.open} do"
        for element in expected.get("not_at", ()):
            assert element not in self.open, f"{element} waits"
        if "ended" in expected:
            assert bool(self.ended) == bool(expected["ended"]), f"ended: {self.ended}, waiting: {self.open}"
        for path, want in expected.get("variables", {}).items():
            assert self._seen(0, path) == _value(want), f"{path} is {self._seen(0, path)!r}, not {want!r}"
        for element in expected.get("visited", ()):
            assert self.visited[element], f"{element} was not reached; {sorted(self.visited)} were"
        for element in expected.get("not_visited", ()):
            assert not self.visited[element], f"{element} was reached"
        for element, times in expected.get("times", {}).items():
            assert self.visited[element] == times, f"{element} was reached {self.visited[element]} times"
        for code in expected.get("escalated", ()):
            assert code in self.escalated, f"{code} was not escalated; {self.escalated} were"

    def _seen(self, scope: int, path: str) -> Any:
        name, *rest = path.split(".")
        if self.ended or scope == 0:
            value = self.variables.get((0, name))
        else:
            value = runtime.visible(self.case, scope).get(name)
        for key in rest:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _of(self, kind: type[Any]) -> list[Any]:
        return sorted(
            (each for each in self.waits.values() if isinstance(each, kind)), key=lambda each: each.wait
        )

    # --- the engine ---

    def _decide(self, decision: str, version_tag: str | None, context: Mapping[str, Any]) -> Any:
        del version_tag
        return self.library.decisions[decision].evaluate(decision, context, self.moment.environment).value

    def _at(self, now: datetime) -> None:
        self.moment = runtime.Moment(now, SHANGHAI, functions=FUNCTIONS, decide=self._decide)

    def _act(self, function: Callable[..., Step], *args: Any) -> None:
        rows = [
            (scope, name, feel.from_json(feel.to_json(value)))
            for (scope, name), value in self.variables.items()
        ]
        self.case = state.load(self.spec, self.body, rows)
        self._took(function(self.case, *args, self.moment))

    def _took(self, step: Step) -> None:
        for closed in step.closed:
            assert isinstance(closed, Closed)
            del self.waits[closed.wait]
        self.waits |= {opened.wait: opened for opened in step.opened}
        for change in step.variables:
            if isinstance(change, VariableSet):
                self.variables[change.scope, change.name] = change.value
            elif isinstance(change, ScopeClosed):
                self.variables = {
                    key: value for key, value in self.variables.items() if key[0] != change.scope
                }
        for line in step.history:
            self.visited[line.element] += line.kind == "element.entered"
            if line.kind == "escalation.thrown":
                self.escalated.append(str(line.detail.get("code")))
        self.ended = step.ended or self.ended
        self.body = state.dump(self.case)
        incidents = [each for each in self.waits.values() if isinstance(each, IncidentOpened)]
        assert not incidents, f"incident at {incidents[0].element}: {incidents[0].message}"


def _results(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _moment(text: str | datetime) -> datetime:
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _value(value: Any) -> Any:
    return feel.native(_dates(value))


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in (values or {}).items()}


def _dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _dates(item) for name, item in value.items()}
    return [_dates(item) for item in value] if isinstance(value, list) else value


def _json(value: Any) -> Any:
    """Give the answers as a browser sends them: dates as text."""
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
