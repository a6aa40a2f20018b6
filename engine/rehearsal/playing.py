"""Playing a scenario step by step; what differs from it is told in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.calendar import add, parse_duration
from engine.commands import instances, messages, work_items
from engine.errors import InvalidAnswers, ZhangfangError
from engine.people import ROLES, Person
from engine.rehearsal import looking
from engine.rehearsal.scenario import ZONE, Scenario, Step, as_sent, moment
from engine.rehearsal.stage import Files, Stage, set_up
from engine.rehearsal.stubs import MESSAGE, OUTCOME, values
from engine.service_tasks import Handlers

NOBODY: Step = {}


@dataclass(frozen=True, slots=True)
class Report:
    """How a scenario went: ``differences`` are sentences, none when all went as it says; ``visited`` element → times."""

    scenario: Scenario
    differences: tuple[str, ...]
    visited: Mapping[str, int]

    @property
    def passed(self) -> bool:
        """Tell whether everything went as the scenario says."""
        return not self.differences


class Difference(Exception):
    """A step cannot be played, or something expected does not hold; the text is a sentence."""


def rehearse(scenario: Scenario, library: Files, handlers: Handlers | None = None) -> Report:
    """Play a scenario on a temporary store; ``handlers`` are the real ones, run for the topics it lists under «real»."""
    with set_up(scenario, library, handlers) as stage:
        play = _Play(stage, scenario)
        differences = play.run()
        visited = play.look().visited if play.started else {}
        return Report(scenario, tuple(differences), visited)


class _Play:
    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        self.stage, self.scenario = stage, scenario
        self.instance: UUID | None = None
        self.calls = {process: list(results) for process, results in scenario.calls.items()}

    @property
    def started(self) -> bool:
        return self.instance is not None

    def run(self) -> list[str]:
        """Play to the end or to the first step that fails; return the sentences."""
        steps = [*self.scenario.steps, NOBODY]
        try:
            self._start(steps[0])
        except (Difference, ZhangfangError) as error:
            return [f"At the start: {error}"]
        for number, step in enumerate(self.scenario.steps, start=1):
            try:
                self._play(step, steps[number])
            except (Difference, ZhangfangError) as error:
                waiting = ", ".join(self.look().waiting) or "nothing"
                return [f"Step {number} ({_shown(step)}): {error} Waiting: {waiting}."]
        return looking.differences(self.look(), self.scenario.expect)

    def look(self) -> looking.View:
        """Return what can be seen of the instance now."""
        assert self.instance is not None  # noqa: S101 - run() starts it first
        return self.stage.store.run(looking.view, self.instance)

    def _start(self, following: Step) -> None:
        self._put_first(following)
        self.instance = self.stage.store.run(
            instances.start,
            self.scenario.process,
            values(self.scenario.start),
            by=None,
            client=self.stage.client,
            period=self.scenario.period,
            element=self.scenario.start_at,
        )
        self._settle(following)

    def _play(self, step: Step, following: Step) -> None:
        self._put_first(following)
        kind = next(kind for kind in _PLAYED if kind in step)
        _PLAYED[kind](self, step)
        self._settle(following)

    def _put_first(self, following: Step) -> None:
        """Let the job that the next step is about have that step's result."""
        if "job" in following:
            self.stage.stubs.first[following["job"]] = following

    def _settle(self, following: Step) -> None:
        """Run all that is due and answer all calls that have a result, until nothing moves."""
        moved = True
        while moved:
            moved = self.stage.worker.run_due() > 0
            for process, results in self.calls.items():
                if process != following.get("call") and self._awaited(process):
                    self._answer(process, results.pop(0) if len(results) > 1 else results[0], "done")
                    moved = True
        if trouble := self.look().trouble:
            raise Difference(trouble)

    def _awaited(self, process: str) -> bool:
        return self.stage.store.read(looking.is_awaited, MESSAGE + process)

    def _answer(self, process: str, returned: Mapping[str, Any] | None, outcome: str) -> None:
        answer = {**values(returned or {}), OUTCOME: outcome}
        self.stage.store.run(messages.publish, MESSAGE + process, process, answer)

    # --- the steps ---

    def _do(self, step: Step) -> None:
        item = self._item(step)
        try:
            self.stage.store.run(
                work_items.complete, item.id, as_sent(step.get("answers") or {}), by=self._actor(step, item)
            )
        except InvalidAnswers as refused:
            if sorted(refused.problems) != sorted(step.get("rejected", ())):
                raise Difference(f"The form refused: {refused}.") from refused
        else:
            if "rejected" in step:
                raise Difference(
                    f"The form took the answers; it should refuse {', '.join(step['rejected'])}."
                )

    def _item(self, step: Step) -> looking.Item:
        for item in self.look().items:
            if item.element == step["do"] and self._fits(item, step.get("where") or {}):
                return item
        raise Difference(f"{step['do']} does not wait for anybody.")

    def _fits(self, item: looking.Item, wanted: Mapping[str, Any]) -> bool:
        if not wanted:
            return True
        seen = self.stage.store.run(work_items.visible_variables, item.id)
        return all(looking.at_path(seen, path) == want for path, want in values(wanted).items())

    def _actor(self, step: Step, item: looking.Item) -> Person | None:
        role = step.get("as", "")
        if role not in ROLES:
            if ("role", role) not in item.candidates:
                raise Difference(f"{role} is no candidate of {item.element}; {_names(item)} are.")
            return None
        login = step.get("by") or self._holder(item, role) or role
        if ("role", role) not in item.candidates and item.assignee != login:
            raise Difference(f"{role} is no candidate of {item.element}; {_names(item)} are.")
        return self.stage.people[login]

    def _holder(self, item: looking.Item, role: str) -> str | None:
        """Return the login of who has the item already, when they have the role."""
        holder = self.stage.people.get(item.assignee or "")
        return holder.login if holder is not None and role in holder.roles else None

    def _wait(self, step: Step) -> None:
        text = str(step["wait"])
        now = self.stage.clock.now()
        end = add(now, parse_duration(text), ZONE) if text.startswith("P") else moment(step["wait"])
        while (due := self.stage.store.read(looking.next_due)) is not None and due <= end:
            self.stage.clock.set(max(due, self.stage.clock.now()))
            self._settle(NOBODY)
        self.stage.clock.set(end)

    def _message(self, step: Step) -> None:
        name, key = step["message"], str(step.get("key") or "")
        if not self.stage.store.read(looking.is_awaited, name):
            if name in self.look().sent:
                return  # the instance has sent it itself, and it has arrived
            raise Difference(f"Nobody waits for the message {name}.")
        self.stage.store.run(messages.publish, name, key, values(step.get("variables") or {}))

    def _job(self, step: Step) -> None:
        if step["job"] in self.stage.stubs.first:
            raise Difference(f"The topic {step['job']} was not called.")

    def _call(self, step: Step) -> None:
        process = step["call"]
        if not self._awaited(process):
            raise Difference(f"The process {process} was not called.")
        outcome = next((f"{kind}:{step[kind]}" for kind in ("error", "escalate") if kind in step), "done")
        self._answer(process, step.get("returns"), outcome)

    def _expect(self, step: Step) -> None:
        if found := looking.differences(self.look(), step["expect"]):
            raise Difference(" ".join(found))


_PLAYED: dict[str, Callable[[_Play, Step], None]] = {
    "do": _Play._do,  # noqa: SLF001 - the table of the class's own steps
    "wait": _Play._wait,  # noqa: SLF001
    "job": _Play._job,  # noqa: SLF001
    "call": _Play._call,  # noqa: SLF001
    "message": _Play._message,  # noqa: SLF001
    "expect": _Play._expect,  # noqa: SLF001
}


def _shown(step: Step) -> str:
    kind = next(iter(step))
    return f"{kind}: {step[kind]}" if kind != "expect" else "expect"


def _names(item: looking.Item) -> str:
    return ", ".join(name for _, name in item.candidates) or "nobody"
