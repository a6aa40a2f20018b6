"""Walking a process along a scenario: stubbed handlers and calls, validated forms, duties kept apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from engine import feel
from engine.bpmn import runtime
from engine.bpmn.step import ChildOpened, JobOpened, Opened, SubscriptionOpened, UserTaskOpened
from engine.errors import InvalidAnswers
from tests.processes.library import Library
from tests.processes.stage import Stage

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


class PlainLoader(yaml.SafeLoader):
    """Safe YAML in which only true and false are truth values: «on», «yes» and «no» are words."""


PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), PlainLoader)  # noqa: S506 - it is safe


class Rehearsal:
    """One run of a scenario; ``run`` raises AssertionError with the step that does not hold."""

    def __init__(self, library: Library, scenario: Mapping[str, Any]) -> None:
        self.library, self.scenario = library, scenario
        self.stage = Stage(library, scenario["process"], scenario.get("now", START))
        stubs = {**library.stubs, **scenario.get("jobs", {})}
        self.jobs = {topic: _results(value) for topic, value in stubs.items()}
        self.calls = {key: _results(value) for key, value in scenario.get("calls", {}).items()}
        self.done_by: defaultdict[str, set[str]] = defaultdict(set)
        self.following: Mapping[str, Any] = {}

    def run(self) -> Rehearsal:
        steps = list(self.scenario.get("steps", ()))
        self._start()
        for number, step in enumerate(steps, 1):
            try:
                self._settle(step)
                self.following = steps[number] if number < len(steps) else {}
                self._perform(step)
                self._settle(self.following)
            except AssertionError as wrong:
                raise AssertionError(f"step {number} {step}: {wrong}\nwaiting: {self.stage.open}") from wrong
        self._settle({})
        self._expect({"expect": self.scenario.get("expect", {})})
        return self

    def _start(self) -> None:
        given = {
            "client": {**CLIENT, **self.scenario.get("client", {})},
            "settings": {**self.library.settings, **self.scenario.get("settings", {})},
            "period": str(self.scenario.get("period", "2026-08")),
            "initiator": "system",
            "business_key": "",
            **self.scenario.get("start", {}),
        }
        self.stage.start(_values(given), self.scenario.get("start_at"))

    def _perform(self, step: Mapping[str, Any]) -> None:
        actions = {
            "do": self._do,
            "wait": self._wait,
            "job": self._job,
            "call": self._call,
            "message": self._message,
            "expect": self._expect,
        }
        kinds = [kind for kind in actions if kind in step]
        assert kinds, f"a step has one of {', '.join(actions)}"
        actions[kinds[0]](step)

    def _do(self, step: Mapping[str, Any]) -> None:
        item = self._item(step)
        person = step.get("by", step["as"])
        assert step["as"] in item.candidate_groups, f"{step['as']} is no candidate: {item.candidate_groups}"
        for other in item.separate_from:
            assert person not in self.done_by[other], f"{person} did {other} and may not do {item.element}"
        answers = self._answers(item, step)
        if answers is not None:
            self.done_by[item.element].add(person)
            self.stage.act(runtime.complete, item.wait, answers)

    def _answers(self, item: UserTaskOpened, step: Mapping[str, Any]) -> dict[str, Any] | None:
        form = self.library.forms[str(item.form)]
        known, refused = self.stage.visible(item.scope), step.get("rejected")
        try:
            answers = form.validate(_json(step.get("answers", {})), known, self.stage.moment.environment)
        except InvalidAnswers as problems:
            if sorted(problems.problems) == sorted(refused or ()):
                return None
            raise AssertionError(f"the form refuses the answers: {problems}") from problems
        assert not refused, "the form took the answers"
        return answers

    def _item(self, step: Mapping[str, Any]) -> UserTaskOpened:
        where = {path: _value(want) for path, want in step.get("where", {}).items()}
        for item in self.stage.of(UserTaskOpened):
            if item.element == step["do"] and all(
                self.stage.seen(item.scope, path) == want for path, want in where.items()
            ):
                found: UserTaskOpened = item
                return found
        raise AssertionError(f"{step['do']} does not wait")

    def _wait(self, step: Mapping[str, Any]) -> None:
        self.stage.wait(str(step["wait"]), lambda: self._settle(self.following))

    def _message(self, step: Mapping[str, Any]) -> None:
        for each in self.stage.of(SubscriptionOpened):
            if each.event == step["message"] and each.correlation_key in (None, str(step.get("key"))):
                self.stage.act(runtime.complete, each.wait, _values(step.get("variables", {})))
                return
        raise AssertionError(f"nobody waits for the message {step['message']}")

    def _job(self, step: Mapping[str, Any]) -> None:
        found = [each for each in self.stage.of(JobOpened) if each.topic == step["job"]]
        assert found, f"no job of {step['job']} waits"
        self._answer(found[0].wait, step)

    def _call(self, step: Mapping[str, Any]) -> None:
        found = [each for each in self.stage.of(ChildOpened) if each.process == step["call"]]
        assert found, f"no call of {step['call']} waits"
        self._answer(found[0].wait, step)

    def _answer(self, wait: int, step: Mapping[str, Any]) -> None:
        returns = _values(step.get("returns", {}))
        if "escalate" in step:
            self.stage.act(runtime.escalate, wait, step["escalate"], returns)
        elif "error" in step:
            self.stage.act(runtime.throw_error, wait, step["error"], step.get("message", ""), returns)
        else:
            self.stage.act(runtime.complete, wait, returns)

    def _settle(self, following: Mapping[str, Any]) -> None:
        """Answer every job and call there are results for, but keep the one the next step is about."""
        while not self.stage.ended:
            found = {each.wait: self._results_of(each, following) for each in self.stage.of(Opened)}
            ready = [(wait, results) for wait, results in found.items() if results]
            if not ready:
                return
            wait, results = ready[0]
            self.stage.act(runtime.complete, wait, _values(results.pop(0) if results[1:] else results[0]))

    def _results_of(self, wait: Opened, following: Mapping[str, Any]) -> list[Any] | None:
        if isinstance(wait, JobOpened) and wait.topic != following.get("job"):
            return self.jobs.get(wait.topic)
        if isinstance(wait, ChildOpened) and wait.process != following.get("call"):
            return self.calls.get(wait.process)
        return None

    def _expect(self, step: Mapping[str, Any]) -> None:
        expected, stage = step["expect"], self.stage
        for element in expected.get("at", ()):
            assert element in stage.open, f"{element} does not wait; {stage.open} do"
        for element in expected.get("not_at", ()):
            assert element not in stage.open, f"{element} waits"
        if "ended" in expected:
            assert bool(stage.ended) == expected["ended"], f"ended: {stage.ended}, waiting: {stage.open}"
        for path, want in expected.get("variables", {}).items():
            assert stage.seen(0, path) == _value(want), f"{path} is {stage.seen(0, path)!r}, not {want!r}"
        for element in expected.get("visited", ()):
            assert stage.visited[element], f"{element} was not reached; {sorted(stage.visited)} were"
        for element in expected.get("not_visited", ()):
            assert not stage.visited[element], f"{element} was reached"
        for element, times in expected.get("times", {}).items():
            assert stage.visited[element] == times, f"{element} was reached {stage.visited[element]} times"
        missing = set(expected.get("escalated", ())) - set(stage.escalated)
        assert not missing, f"{missing} was not escalated; {stage.escalated} were"


def _results(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _value(value: Any) -> Any:
    return feel.native(value)


def _values(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: _value(value) for name, value in (values or {}).items()}


def _json(value: Any) -> Any:
    """Give the answers as a browser sends them: dates as text."""
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
