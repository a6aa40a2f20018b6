"""Tokens: SpiffWorkflow tasks, whose parent is the token that they run inside of, and what waits at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.scopes import Scope

if TYPE_CHECKING:
    from engine.bpmn.case import Case
    from engine.bpmn.nodes.base import ElementSpec

Stage = Literal["new", "enter", "inside", "output", "leave"]
WaitKind = Literal["user", "job", "child", "timer", "message", "signal", "condition", "incident"]


@dataclass(frozen=True, slots=True)
class WaitInfo:
    """What stands behind a wait; ``token`` is the token that waits, or that the waiting event is attached to."""

    element: str
    scope: int
    kind: WaitKind
    token: int
    event: str = ""


UNDOING = "undoing"
"""Among the counts of a token: it undoes what was done, see ``nodes.compensating``."""
SKIPPED = "skipped"
"""Among the counts of a token: an operator let it pass its element undone, so there is nothing to undo."""


class Done(msgspec.Struct, array_like=True, omit_defaults=True):
    """An element that was completed and can be undone; ``local`` and ``frame`` are its scopes, kept open."""

    node: str
    local: int | None = None
    frame: int | None = None
    inside: list[Done] = []


@dataclass(slots=True)
class Attached:
    """An event that waits beside a token: at its boundary, for an event sub-process in it, or behind its gateway.

    ``held``: the condition that it waits for held when it was asked last; ``part``: which of a multiple event.
    """

    wait: int
    element: str
    holder: int
    fired: int = 0
    anchor: datetime | None = None
    due: datetime | None = None
    cycle: str | None = None
    held: bool = False
    part: int = 0


class Token(Task):  # type: ignore[misc]
    """A SpiffWorkflow task whose state changes keep the indexes of its case."""

    workflow: Case
    task_spec: ElementSpec
    id: int

    def __init__(
        self,
        case: Case,
        spec: ElementSpec,
        host: Token | None,
        number: int,
        *,
        state: int = TaskState.FUTURE,
    ) -> None:
        """Stand before ``spec`` inside ``host``."""
        super().__init__(case, spec, host, state, number)
        self._children: dict[int, None] = {}
        self.host = host
        self.depth_in_scopes: int = host.depth_in_scopes + 1 if host is not None else 0
        self.scope: Scope = host.inner_scope if host is not None else case.root_scope
        self.stage: Stage = "new"
        self.wait: int | None = None
        self.visited: int | None = None
        self.frame: Scope | None = None
        self.local: Scope | None = None
        self.attached: list[int] = []
        self.counts: dict[str, int] = {}
        self.chosen: tuple[Any, ...] | None = None
        self.act: Callable[[], None] | None = None
        self.gone = False
        case.index(self, state)

    @property
    def inner_scope(self) -> Scope:
        """The scope that tokens inside this one begin in."""
        return self.local or self.scope

    def framed(self, frame: Scope) -> None:
        """Run in a scope of its own that was made for it: one instance of a multi-instance activity."""
        self.frame = self.scope = frame

    def _child_added_notify(self, child: Token) -> None:
        self._children[child.id] = None

    def _add_child(self, task_spec: ElementSpec, state: int = TaskState.READY) -> Token:
        token = Token(self.workflow, task_spec, self, self.workflow.number())
        if state == TaskState.READY:
            token.make_ready()
        return token

    def _set_state(self, value: int) -> None:
        if self.gone:
            return  # interrupted by what it did itself: SpiffWorkflow's run() still wants to mark it
        self._state = value  # all that the library's own does beside writing a line of log for each change
        self.workflow.index(self, value)

    def collect_log_extras(self, dct: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return nothing: the history of a case is its Steps, and building this costs more than a transition."""
        return dct or {}

    def make_ready(self) -> None:
        """Let the step loop run this token."""
        self._ready()

    def mark(self, state: int) -> None:
        """Change the state, by the one way there is."""
        self._set_state(state)

    @property
    def numbers_inside(self) -> list[int]:
        """The numbers of the tokens directly inside this one."""
        return list(self._children)

    @property
    def is_empty(self) -> bool:
        """Tell whether no token is inside this one."""
        return not self._children

    def forget(self, number: int) -> None:
        """Let go of a token inside this one."""
        self._children.pop(number, None)

    def directly_inside(self) -> Iterator[Token]:
        """Go through the tokens directly inside this one, while nothing moves."""
        tasks = self.workflow.tasks
        return (tasks[number] for number in self._children)

    def inside(self) -> Iterator[Token]:
        """Go through all tokens inside this one, outer ones first."""
        pending = self.numbers_inside
        while pending:
            token = self.workflow.tasks[pending.pop()]
            yield token
            pending.extend(token.numbers_inside)
