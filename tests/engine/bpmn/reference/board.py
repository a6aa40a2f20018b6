"""The board of the token game: scopes, runs (one activation of an element each), waits, and what is kept for undoing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.engine.bpmn.reference import words
from tests.engine.bpmn.reference.graph import Event, Graph, Node

Values = dict[str, Any]


class Trouble(Exception):
    """A token cannot go on: an incident."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class EndlessError(Exception):
    """The tokens feed each other: one move would never come to rest."""


@dataclass(eq=False, repr=False)
class Scope:
    """Variables; reading goes outwards, writing goes to the nearest scope that has the name, else to the root."""

    outer: Scope | None
    values: Values = field(default_factory=dict)
    counters: Values = field(default_factory=dict)

    def visible(self) -> Values:
        around = self.outer.visible() if self.outer else {}
        return {**around, **self.counters, **self.values}

    def write(self, name: str, value: Any) -> None:
        scope = self
        while name not in scope.values and scope.outer is not None:
            scope = scope.outer
        scope.values[name] = value


@dataclass(eq=False, repr=False)
class Done:
    """A completed element that can be undone, with the scopes that it had and what was done inside it."""

    node: Node
    role: str
    scope: Scope
    own: Scope | None
    inside: list[Done]


@dataclass(eq=False, repr=False)
class Wait:
    """Something awaited: by a run for itself, or beside it (a boundary, an event sub-process, behind a gateway)."""

    number: int
    run: Run
    node: Node
    kind: str
    scope: Scope
    event: Event | None = None
    name: str = ""
    key: str = ""
    due: datetime | None = None
    anchor: datetime | None = None
    fired: int = 0
    held: bool = False
    variables: Values = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        return self.node is self.run.node


@dataclass(eq=False, repr=False)
class Run:
    """One activation. ``role``: plain, body (around repetitions), one (a repetition), undone (stands for a completed one).

    ``phase``: new, entering, inside, output, leaving; ``ready``: it can take its next step.
    """

    number: int
    node: Node
    role: str
    around: Run | None
    scope: Scope
    phase: str = "new"
    ready: bool = True
    own: Scope | None = None
    inside: list[Run] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    chosen: list[Any] = field(default_factory=list)
    act: Any = None
    gone: bool = False
    items: list[Any] = field(default_factory=list)
    results: Values = field(default_factory=dict)
    index: int = 0
    begun: int = 0
    finished: int = 0
    enough: bool = False
    over: bool = False
    again: bool = False
    undoing: str = ""
    resets: bool = False

    @property
    def depth(self) -> int:
        return 0 if self.around is None else self.around.depth + 1

    @property
    def inner(self) -> Scope:
        return self.own or self.scope

    @property
    def is_container(self) -> bool:
        return self.node.is_container and self.role in ("plain", "one")

    def outwards(self) -> Iterator[Run]:
        run: Run | None = self
        while run is not None:
            yield run
            run = run.around


class Board(ABC):
    """One instance in the middle of its run, and what happened to it."""

    def __init__(self, graph: Graph, now: datetime, *, called: bool = False) -> None:
        self.graph, self.now, self.called = graph, now, called
        self.numbers = 0
        self.scope = Scope(None)
        self.arrived: dict[Run, dict[str, dict[str, int]]] = {}
        self.taken: dict[Run, dict[str, set[str]]] = {}
        self.history: list[tuple[str, str]] = []
        self.thrown: list[tuple[Any, ...]] = []
        self.ended: tuple[str, Values] | None = None
        self.terminated = False
        self.failure = ""
        self.sent: Values = {}
        self.root = Run(self.number(), graph.process, "plain", None, self.scope)
        self.root.own = self.scope

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    @property
    def is_over(self) -> bool:
        return self.ended is not None

    def happened(self, what: str, node: Node) -> None:
        self.history.append((what, node.id))

    def evaluate(self, text: str, scope: Scope) -> Any:
        return words.value(text, scope.visible())

    def truth(self, text: str, scope: Scope) -> bool:
        found = self.evaluate(text, scope)
        if isinstance(found, bool):
            return found
        raise Trouble("condition")

    def own_scope(self, run: Run) -> Scope:
        if run.own is None:
            run.own = Scope(run.scope)
        return run.own

    def runs(self) -> Iterator[Run]:
        """Every live run, outer ones first, older ones first."""
        pending = [self.root] if self.ended is None else []
        while pending:
            run = pending.pop(0)
            yield run
            pending.extend(run.inside)

    def waits(self) -> list[Wait]:
        found = [wait for run in self.runs() for wait in run.waits]
        return sorted(found, key=lambda wait: wait.number)

    def spawn(self, around: Run, node: Node, phase: str = "new") -> Run:
        role = "body" if node.loop and phase == "new" else "plain"
        run = Run(self.number(), node, role, around, around.inner, phase)
        around.inside.append(run)
        return run

    def remove(self, run: Run) -> None:
        run.gone, run.ready = True, False
        run.waits.clear()
        run.done.clear()
        self.arrived.pop(run, None)
        self.taken.pop(run, None)
        if run.around is not None:
            run.around.inside.remove(run)

    def cancel(self, run: Run) -> None:
        """Interrupt a run with everything inside it."""
        self.cancel_inside(run)
        if run.phase != "new":
            self.happened("cancelled", run.node)
        self.remove(run)

    def cancel_inside(self, run: Run) -> None:
        for each in list(run.inside):
            self.cancel(each)
        self.arrived.pop(run, None)
        self.taken.pop(run, None)

    def own_wait(self, run: Run, kind: str, **more: Any) -> Wait:
        """Let a run wait for itself, under its old number if it has waited before."""
        old = next((each for each in run.waits if each.is_own), None)
        if old is not None:
            run.waits.remove(old)
        wait = Wait(old.number if old else self.number(), run, run.node, kind, run.inner, **more)
        run.waits.append(wait)
        run.ready = False
        return wait

    def incident(self, run: Run, code: str) -> None:
        self.own_wait(run, "incident", name=code)

    def is_empty(self, run: Run) -> bool:
        return not run.inside and run not in self.arrived and run not in self.taken

    def finish(self, state: str) -> None:
        self.cancel_inside(self.root)
        self.ended = (state, dict(self.scope.values))

    # what the layers above add

    @abstractmethod
    def emptied(self, run: Run) -> None: ...

    @abstractmethod
    def throw(self, run: Run, event: Event) -> Any: ...

    @abstractmethod
    def compensate(self, run: Run, activity: str | None) -> bool: ...
