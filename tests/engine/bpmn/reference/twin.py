"""The engine and the reference interpreter side by side: the same moves, compared after every one."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from engine.bpmn import runtime, state
from engine.bpmn.step import (
    ChildOpened,
    ConditionOpened,
    EscalationThrown,
    IncidentOpened,
    JobOpened,
    MessageThrown,
    Opened,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
)
from tests.engine.bpmn.driving import NOON, SHANGHAI, Drive
from tests.engine.bpmn.reference.board import Wait
from tests.engine.bpmn.reference.game import Game
from tests.engine.bpmn.reference.graph import Graph

KINDS = {UserTaskOpened: "user", JobOpened: "job", ChildOpened: "child", ConditionOpened: "conditional"}
MOVES = ("element.entered", "element.completed", "element.cancelled", "flow.taken")
DEEP = 3


BUDGET = 1_500
"""Tokens that one move of the engine may run."""


class Differs(AssertionError):
    """The engine did something else than the reference interpreter."""


@dataclass(repr=False)
class Pair:
    """One wait on both sides."""

    key: tuple[str, ...]
    opened: Opened
    wait: Wait


def plain(value: Any) -> Any:
    """Return a value of either side as one that can be compared."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def text(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True, default=str)


class Twin:
    """One instance on both sides, with the instances that it has called."""

    def __init__(
        self,
        files: dict[str, bytes],
        process: str,
        variables: dict[str, Any],
        *,
        called_by: Twin | None = None,
        now: datetime = NOON,
    ) -> None:
        self.files, self.called_by, self.process = files, called_by, process
        self.depth: int = 0 if called_by is None else called_by.depth + 1
        moment = runtime.Moment(now, SHANGHAI, budget=BUDGET)
        self.drive = Drive(files[process], moment, process)
        self.game = Game(Graph(files[process], process), now, called=called_by is not None)
        self.children: dict[int, tuple[Twin, Pair]] = {}
        self.pairs: list[Pair] = []
        self.read = 0
        self.heeded = False
        self.drive.start(called=called_by is not None, **variables)
        self.game.start(dict(variables))
        self.agree()

    # --- moves ---

    def everyone(self) -> Iterator[Twin]:
        yield self
        for twin, _pair in list(self.children.values()):
            yield from twin.everyone()

    def at(self, now: datetime) -> None:
        for twin in self.everyone():
            twin.drive.at(now)
            twin.game.now = now

    def complete(self, pair: Pair, variables: dict[str, Any]) -> None:
        self.drive.complete_wait(pair.opened.wait, **variables)
        self.game.complete(pair.wait, dict(variables))
        self.agree()

    def throw(self, pair: Pair, code: str, message: str = "", **variables: Any) -> None:
        """Throw an error; one that an instance further out catches fails this one, caught nowhere it is an incident."""
        outwards = self.called_by is not None and self.called_by.catches(self, code)
        act = partial(runtime.throw_error, outwards=outwards)
        self.drive.act(act, pair.opened.wait, code, message, variables)
        self.game.throw_error(pair.wait, code, message, dict(variables), outwards=outwards)
        self.agree()

    def catches(self, child: Twin, code: str) -> bool:
        """Whether an error from a called instance is caught here or further out."""
        [pair] = [pair for twin, pair in self.children.values() if twin is child]
        found = self.game.catcher(pair.wait.run, "error", code) is not None
        self.same("catches", runtime.catches(self.drive.case, pair.opened.wait, code), found)
        return found or (self.called_by is not None and self.called_by.catches(self, code))

    def escalate(self, pair: Pair, code: str, variables: dict[str, Any]) -> None:
        self.drive.act(runtime.escalate, pair.opened.wait, code, variables)
        self.game.escalate_from(pair.wait, code, plain(variables))
        self.agree()

    def retry(self, pair: Pair) -> None:
        self.drive.act(runtime.retry, pair.opened.wait)
        self.game.retry(pair.wait)
        self.agree()

    def set(self, variables: dict[str, Any]) -> None:
        self.drive.set(**variables)
        self.game.set(dict(variables))
        self.agree()

    def cancel(self) -> None:
        self.drive.cancel()
        self.game.cancel_all()
        self.agree()

    # --- agreement ---

    def agree(self) -> None:
        """Compare everything that can be seen, then let called instances begin and end."""
        steps = self.drive.steps[self.read :]
        self.heeded = False
        self.read = len(self.drive.steps)
        self.same("waits", self.engine_waits(), self.game_waits())
        self.same("variables", text(self.drive.root), text(self.game.scope.values))
        engine = [
            (line.kind.removeprefix("element."), line.element)
            for step in steps
            for line in step.history
            if line.kind in MOVES
        ]
        self.same("how often", Counter(engine), Counter(self.game.history))
        order = [[each for each in side if each[0] != "cancelled"] for side in (engine, self.game.history)]
        self.same("order", *order)
        self.same("thrown", [thrown(each) for step in steps for each in step.thrown], self.game_thrown())
        self.same("end", self.engine_end(), self.game_end())
        self.check_fold()
        self.game.history.clear()
        self.game.thrown.clear()
        self.pair()
        self.call()

    def same(self, what: str, engine: Any, reference: Any) -> None:
        if engine == reference:
            return
        if isinstance(engine, list):
            same = sum(
                1
                for _ in itertools.takewhile(
                    lambda two: two[0] == two[1], zip(engine, reference, strict=False)
                )
            )
            engine, reference = engine[same:], reference[same:]
        if isinstance(engine, Counter):
            engine, reference = engine - reference, reference - engine
        raise Differs(f"{what} in {self.process}\n   engine: {engine}\nreference: {reference}")

    def engine_waits(self) -> list[tuple[str, ...]]:
        return sorted(self.key_of(each) for each in self.drive.waits.values())

    def game_waits(self) -> list[tuple[str, ...]]:
        return sorted(key_of_wait(each) for each in self.game.waits())

    def key_of(self, opened: Opened) -> tuple[str, ...]:
        kind, name, key, due = KINDS.get(type(opened), ""), "", "", ""
        if isinstance(opened, SubscriptionOpened):
            kind, name, key = opened.kind, opened.event, opened.correlation_key or ""
        elif isinstance(opened, TimerOpened):
            kind, due = "timer", opened.due_at.astimezone(SHANGHAI).isoformat()
        elif isinstance(opened, IncidentOpened):
            kind, name = "incident", opened.code
        elif isinstance(opened, ChildOpened):
            name = opened.process + text(opened.variables)
        return opened.element, kind, name, key, due, text(self.drive.visible(opened.scope))

    def pair(self) -> None:
        engine = sorted(self.drive.waits.values(), key=lambda each: (self.key_of(each), each.wait))
        game = sorted(self.game.waits(), key=lambda each: (key_of_wait(each), each.number))
        self.pairs = [Pair(self.key_of(a), a, b) for a, b in zip(engine, game, strict=True)]

    def game_thrown(self) -> list[str]:
        return [text(each) for each in self.game.thrown]

    def engine_end(self) -> str:
        ended = self.drive.ended
        return (
            ""
            if ended is None
            else f"{ended.state} {ended.code or ''} {text(ended.output)} {text(ended.sent)}"
        )

    def game_end(self) -> str:
        if self.game.ended is None:
            return ""
        state_, output = self.game.ended
        return f"{state_} {self.game.failure} {text(output)} {text(self.game.sent)}"

    def check_fold(self) -> None:
        """The stored state holds what can still matter and nothing else, and comes back as it was."""
        before = self.drive.body
        self.drive.restore()
        if state.dump(self.drive.case) != before:
            raise Differs(f"stored again it is another\n{before!r}\n{state.dump(self.drive.case)!r}")
        if self.drive.ended is not None:
            return
        body = json.loads(before)
        nodes = Counter(row[2].removesuffix("#each") for row in body["tokens"])
        live = Counter(run.node.id if run.around else "#process" for run in self.game.runs())
        self.same("live tokens", nodes, live)
        owned = {0}
        for row in body["tokens"]:
            owned |= {each for each in row[6:8] if each}
        pending = [each for done in body.get("done", {}).values() for each in done]
        while pending:
            each = pending.pop()
            owned |= {scope for scope in each[1:3] if scope}
            pending.extend(each[3] if len(each) > 3 else [])
        scopes = {0} | {each[0] for each in body["scopes"]}
        self.same("scopes", scopes, owned)

    # --- called instances ---

    def call(self) -> None:
        open_calls = {each.opened.wait: each for each in self.pairs if each.key[1] == "child"}
        for wait in [each for each in self.children if each not in open_calls]:
            del self.children[wait]
        for wait, pair in open_calls.items():
            if wait not in self.children and isinstance(pair.opened, ChildOpened) and self.depth < DEEP:
                twin = Twin(
                    self.files,
                    pair.opened.process,
                    plain(dict(pair.opened.variables)),
                    called_by=self,
                    now=self.drive.moment.now,
                )
                self.children[wait] = twin, pair
            elif wait in self.children:
                self.children[wait] = self.children[wait][0], pair

    def heed(self, wait: int) -> None:
        """Take what a called instance throws upwards, and its end."""
        twin = self.children[wait][0]
        steps, twin.drive.steps[:] = list(twin.drive.steps), twin.drive.steps[-1:]
        twin.read = 1
        upwards = [each for step in steps for each in step.thrown if isinstance(each, EscalationThrown)]
        for each in [] if twin.heeded else upwards:
            if wait in self.children:
                self.escalate(self.children[wait][1], each.code, plain(dict(each.variables)))
        twin.heeded = True
        ended = twin.drive.ended
        if ended is None or wait not in self.children:
            return
        pair = self.children[wait][1]
        if ended.state == "failed":
            self.throw(pair, ended.code or "", ended.message, **plain(dict(ended.sent)))
        else:
            self.complete(pair, plain(dict(ended.output)))

    def settle_children(self) -> None:
        """Hand on, from the innermost, what called instances have done; again while that lets others end."""
        while any(twin.is_to_be_heeded for twin, _pair in self.children.values()):
            for wait in list(self.children):
                if wait in self.children:
                    self.children[wait][0].settle_children()
                    self.heed(wait)

    @property
    def is_to_be_heeded(self) -> bool:
        return not self.heeded or any(twin.is_to_be_heeded for twin, _pair in self.children.values())


def key_of_wait(wait: Wait) -> tuple[str, ...]:
    due = wait.due.astimezone(SHANGHAI).isoformat() if wait.due else ""
    name = wait.name + text(wait.variables) if wait.kind == "child" else wait.name
    return wait.node.id, wait.kind, name, wait.key, due, text(wait.scope.visible())


def thrown(each: Any) -> str:
    if isinstance(each, MessageThrown):
        return text(["message", each.name, each.correlation_key, dict(each.variables)])
    if isinstance(each, EscalationThrown):
        return text(["escalation", each.code, dict(each.variables)])
    return text(["signal", each.name, dict(each.variables)])
