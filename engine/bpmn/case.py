"""A running instance in memory, on SpiffWorkflow's state machine, with indexes in place of its tree walks.

SpiffWorkflow's own workflow walks its whole task tree at every completion, loses tasks below depth 1000 and predicts
exponentially (facts: 2.5, 3.1). Here finished tokens are folded away, and every change of state passes through
``Token._set_state``, which keeps the indexes.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.formulas import Formula
from engine.bpmn.moment import Moment
from engine.bpmn.recording import Recording
from engine.bpmn.scopes import Scope
from engine.bpmn.step import Happened, Opened, VariableSet
from engine.bpmn.tokens import Attached, Done, Stage, Token, WaitInfo, WaitKind

if TYPE_CHECKING:
    from engine.bpmn.nodes.base import ElementSpec
    from engine.bpmn.specs import Spec

logging.getLogger("spiff").setLevel(logging.WARNING)  # its log of every transition repeats what Steps say
BEFORE_ANY = Moment(datetime.min.replace(tzinfo=UTC))
RUNNING = TaskState.STARTED | TaskState.WAITING


class NoScripts:
    """Stands where SpiffWorkflow keeps its Python script engine: nothing of a process file is ever Python."""

    def __getattr__(self, name: str) -> Any:
        """Refuse every use."""
        message = f"Python is not evaluated from process files (asked for «{name}»)."
        raise AttributeError(message)


class Case(BpmnWorkflow):  # type: ignore[misc]
    """One instance: its tokens, scopes, waits and counted arrivals. It is changed by ``engine.bpmn.runtime`` only."""

    tasks: dict[int, Token]
    task_tree: Token | None
    last_task: Token | None

    def __init__(self, spec: Spec, *, called: bool = False) -> None:
        """Begin without tokens; ``called`` says that another instance waits for this one."""
        super().__init__(spec.workflow, script_engine=NoScripts(), deserializing=True)
        del self.event_manager  # not used here, and a circle
        self.definition = spec
        self.called = called
        self.terminated = False
        self.start_node = ""
        self.last_number = 0
        self.root_scope = Scope(0, None)
        self.scopes: dict[int, Scope] = {0: self.root_scope}
        self.waits: dict[int, WaitInfo] = {}
        self.attached: dict[int, Attached] = {}
        self.done: dict[int, list[Done]] = {}
        self.arrivals: dict[int, dict[str, dict[str, int]]] = {}
        self.unsettled: set[int] = set()
        self.ready: list[tuple[int, int, int]] = []
        self.waiting: set[int] = set()
        self.conditions: dict[int, tuple[str, ...]] = {}
        self.readers: dict[str, set[int]] = {}
        self.changed: set[str] = set()
        self.unasked: set[int] = set()
        self.root: Token | None = None
        self.recording = Recording()
        self.moment: Moment = BEFORE_ANY

    def let_go(self) -> None:
        """Open the circle of case and tokens, so that they are gone as soon as nobody holds the case; it is not used again."""
        self.tasks.clear()
        self.root = self.task_tree = self.last_task = None

    def number(self) -> int:
        """Return the next number; waits, scopes and tokens share them, none is used twice."""
        self.last_number += 1
        return self.last_number

    def index(self, token: Token, state: int) -> None:
        """Follow a change of state of a token."""
        if state == TaskState.READY:
            heapq.heappush(self.ready, (token.depth_in_scopes, token.task_spec.turn, token.id))
        if state & RUNNING:
            self.waiting.add(token.id)
        else:
            self.waiting.discard(token.id)

    def next_ready(self) -> Token | None:
        """Take the READY token in the shallowest scope: of several one that begins to wait, else the oldest."""
        while self.ready:
            token = self.tasks.get(heapq.heappop(self.ready)[-1])
            if token is not None and token.has_state(TaskState.READY):
                return token
        return None

    def _task_completed_notify(self, task: Token) -> None:
        """Do nothing: the library would walk the whole tree here."""

    def _remove_task(self, task_id: int) -> None:
        token = self.tasks.pop(task_id)
        token.gone = True
        self.waiting.discard(task_id)
        self.arrivals.pop(task_id, None)
        self.forget_done(self.done.pop(task_id, []))
        if token.host is not None:
            token.host.forget(task_id)
            self.unsettle(token.host)

    def unsettle(self, host: Token) -> None:
        """Note that something moved inside ``host``: joins there that wait may have nothing more to wait for."""
        if host.id in self.arrivals:
            self.unsettled.add(host.id)

    def is_completed(self) -> bool:
        """Tell whether the instance is over."""
        return bool(self.completed)

    def happened(self, kind: str, token: Token, **detail: Any) -> None:
        """Add a line of history about a token's element."""
        element = token.task_spec.element
        self.recording.history.append(
            Happened(kind, element.id, element.name, token.wait or token.visited, detail)
        )

    def decided(self, token: Token, evaluated: Mapping[str, Any]) -> None:
        """Add a line of history about a decision that a token's element has asked."""
        element, wait = token.task_spec.element, token.wait or token.visited
        self.recording.history.append(
            Happened("decision.evaluated", element.id, element.name, wait, plain=evaluated)
        )

    def evaluate(self, formula: Formula, scope: Scope) -> Any:
        """Return the value of a formula in a scope; Trouble when it has none."""
        return formula.value(scope.lookup, self.moment.environment)

    def open_scope(self, parent: Scope) -> Scope:
        """Begin a scope inside ``parent``."""
        scope = Scope(self.number(), parent)
        self.scopes[scope.id] = scope
        self.recording.scope_opened(scope.id)
        return scope

    def close_scope(self, scope: Scope) -> None:
        """End a scope with all its variables."""
        del self.scopes[scope.id]
        self.recording.scope_closed(scope.id)

    def declare(self, scope: Scope, name: str, value: Any) -> None:
        """Set a variable in just this scope."""
        scope.put(name, value)
        if self.conditions:
            self.changed.add(name)
        self.recording.variables.append(VariableSet(scope.id, name, value))

    def assign(self, scope: Scope, name: str, value: Any) -> None:
        """Set a variable in the nearest scope that declares it, else in the root."""
        self.declare(scope.declaring(name), name, value)

    def open_wait(self, opened: Opened, kind: WaitKind, token: Token, event: str = "") -> None:
        """Note that something waits; a wait number that is open already is opened again."""
        new = opened.wait not in self.waits
        self.waits[opened.wait] = WaitInfo(opened.element, opened.scope, kind, token.id, event)
        if kind == "condition":
            self.conditions[opened.wait] = ()
            self.unasked.add(opened.wait)
        self.recording.open(opened, new=new)

    def close_wait(self, wait: int, reason: Literal["completed", "cancelled"]) -> None:
        """Note that a wait is over."""
        del self.waits[wait]
        for name in self.conditions.pop(wait, ()):
            self.readers[name].discard(wait)
        self.recording.close(wait, reason)

    def close_attached(self, token: Token) -> None:
        """Let go of all events that wait beside a token."""
        for wait in token.attached:
            del self.attached[wait]
            self.close_wait(wait, "cancelled")
        token.attached.clear()

    def spawn(self, host: Token, spec: ElementSpec, stage: Stage = "new") -> Token:
        """Put a READY token before ``spec`` inside ``host``."""
        token = Token(self, spec, host, self.number())
        token.stage = stage
        token.make_ready()
        return token

    def retire(self, token: Token) -> None:
        """Fold a finished token away with its waits and its scope."""
        if token.wait is not None:
            self.close_wait(token.wait, "completed")
            token.wait = None
        if token.attached:
            self.close_attached(token)
        self._close_scopes(token)
        self._remove_task(token.id)

    def _close_scopes(self, token: Token) -> None:
        for scope in (token.local, token.frame):
            if scope is not None:
                self.close_scope(scope)

    def forget_done(self, done: list[Done]) -> None:
        """Let go of what can no longer be undone, with the scopes that were kept for it."""
        for each in done:
            self.forget_done(each.inside)
            for scope in (each.local, each.frame):
                if scope is not None:
                    self.close_scope(self.scopes[scope])

    def cancel_token(self, token: Token) -> None:
        """Interrupt a token and everything inside it."""
        self.cancel_inside(token)
        token.mark(TaskState.CANCELLED)
        if token.stage != "new":
            self.happened("element.cancelled", token)
        if token.wait is not None:
            self.close_wait(token.wait, "cancelled")
            token.wait = None
        self.close_attached(token)
        self._close_scopes(token)
        self._remove_task(token.id)

    def cancel_inside(self, host: Token) -> None:
        """Interrupt everything inside a token, innermost first."""
        for token in reversed(list(host.inside())):
            self.cancel_token(token)
        self.arrivals.pop(host.id, None)
