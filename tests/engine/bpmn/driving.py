"""Driving a case as the product does: after every step it goes through its stored form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.bpmn import parser, runtime, specs, state
from engine.bpmn.step import (
    Ended,
    IncidentOpened,
    Opened,
    ScopeClosed,
    Step,
    SubscriptionOpened,
    TimerOpened,
    VariableSet,
)
from tests.engine.bpmn.drawing import bpmn

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)


class Drive:
    """One instance with what a database would hold of it: open waits, variables, the stored body."""

    def __init__(
        self, drawing: str | bytes, moment: runtime.Moment | None = None, process: str = "p"
    ) -> None:
        xml = drawing if isinstance(drawing, bytes) else bpmn(drawing, process)
        model = parser.parse(xml, f"{process}.bpmn")
        self.spec = specs.compile_spec(model, process, moment.functions if moment else ())
        self.moment = moment or runtime.Moment(NOON, SHANGHAI)
        self.case: Any = None
        self.body = b""
        self.waits: dict[int, Opened] = {}
        self.seen: set[int] = set()
        self.variables: dict[tuple[int, str], Any] = {}
        self.steps: list[Step] = []

    # --- acting ---

    def start(self, element: str | None = None, *, called: bool = False, **variables: Any) -> Drive:
        self.case, step = runtime.start(
            self.spec, values(variables), self.moment, element=element, called=called
        )
        self._took(step)
        return self

    def begin(self, variables: dict[str, Any]) -> Drive:
        """Start with variables whose names may be anything."""
        self.case, step = runtime.start(self.spec, values(variables), self.moment)
        self._took(step)
        return self

    def act(self, function: Callable[..., Step], *args: Any) -> Step:
        """Run one function of the runtime on the restored case."""
        self.restore()
        step = function(self.case, *args, self.moment)
        self._took(step)
        return step

    def complete(self, element: str, **variables: Any) -> Step:
        return self.act(runtime.complete, self.wait(element), values(variables))

    def complete_wait(self, wait: int, **variables: Any) -> Step:
        return self.act(runtime.complete, wait, values(variables))

    def throw(self, element: str, code: str, message: str = "", **variables: Any) -> Step:
        return self.act(runtime.throw_error, self.wait(element), code, message, values(variables))

    def retry(self, element: str) -> Step:
        return self.act(runtime.retry, self.wait(element))

    def set(self, scope: int = 0, **variables: Any) -> Step:
        return self.act(runtime.set_variables, scope, values(variables))

    def cancel(self) -> Step:
        return self.act(runtime.cancel)

    def at(self, moment: datetime) -> None:
        """Move the clock without firing anything."""
        self.moment = replace(self.moment, now=moment)

    def later(self, **span: float) -> list[str]:
        """Move the clock and fire each timer that comes due on the way; their elements in order."""
        return self.until(self.moment.now + timedelta(**span))

    def until(self, end: datetime) -> list[str]:
        fired: list[str] = []
        while True:
            due = sorted(
                (each.due_at, each.wait) for each in self.waits.values() if isinstance(each, TimerOpened)
            )
            if not due or due[0][0] > end:
                self.at(end)
                return fired
            self.at(max(due[0][0], self.moment.now))
            fired.append(self.waits[due[0][1]].element)
            self.complete_wait(due[0][1])

    # --- looking ---

    @property
    def open(self) -> list[str]:
        """The elements that wait, sorted, once for each wait."""
        return sorted(each.element for each in self.waits.values())

    @property
    def ended(self) -> Ended | None:
        return self.steps[-1].ended if self.steps else None

    @property
    def incidents(self) -> list[IncidentOpened]:
        return [each for each in self.waits.values() if isinstance(each, IncidentOpened)]

    @property
    def root(self) -> dict[str, Any]:
        return {name: value for (scope, name), value in self.variables.items() if scope == 0}

    def wait(self, element: str) -> int:
        """The wait of an element: the oldest of several."""
        found = sorted(each.wait for each in self.waits.values() if each.element == element)
        assert found, f"{element} does not wait; {self.open} do"
        return found[0]

    def opened(self, element: str) -> Any:
        return self.waits[self.wait(element)]

    def subscription(self, event: str) -> int:
        found = [
            each.wait
            for each in self.waits.values()
            if isinstance(each, SubscriptionOpened) and each.event == event
        ]
        return found[0]

    def visible(self, scope: int) -> dict[str, Any]:
        return runtime.visible(self.case, scope)

    def times(self, kind: str = "element.completed") -> Counter[str]:
        """How often each element has had such a line of history."""
        return Counter(line.element for step in self.steps for line in step.history if line.kind == kind)

    def restore(self) -> None:
        rows = [
            (scope, name, feel.from_json(feel.to_json(value)))
            for (scope, name), value in self.variables.items()
        ]
        self.case = state.load(self.spec, self.body, rows)

    # --- the database ---

    def _took(self, step: Step) -> None:
        self.steps.append(step)
        for closed in step.closed:
            assert closed.wait in self.waits, f"{closed} was not open"
            del self.waits[closed.wait]
        for opened in step.opened:
            if opened.wait not in self.waits:
                assert opened.wait not in self.seen, f"the number of {opened} was used before"
            self.seen.add(opened.wait)
            self.waits[opened.wait] = opened
        for change in step.variables:
            if isinstance(change, VariableSet):
                self.variables[change.scope, change.name] = change.value
            elif isinstance(change, ScopeClosed):
                for key in [key for key in self.variables if key[0] == change.scope]:
                    del self.variables[key]
        self._check(step)
        self.body = state.dump(self.case)

    def _check(self, step: Step) -> None:
        case = self.case
        assert set(case.waits) == set(self.waits), "the case and its rows disagree about what waits"
        assert {scope for scope, _name in self.variables} <= set(case.scopes), "variables of a closed scope"
        held = {
            (scope.id, name): value
            for scope in case.scopes.values()
            for name, value in (scope.values | scope.hidden).items()
        }
        assert held == self.variables, "the case and its rows disagree about variables"
        assert all(not token.data for token in case.tasks.values()), "task.data stays empty"
        assert all(
            count > 0
            for gateways in case.arrivals.values()
            for counts in gateways.values()
            for count in counts.values()
        )
        if step.ended is not None:
            assert not self.waits, "an ended instance waits for nothing"
            assert not case.arrivals
        else:
            assert self.waits or case.ready, "a running instance waits for something"


def values(variables: dict[str, Any]) -> dict[str, Any]:
    """Give FEEL values for Python ones."""
    return {name: feel.native(value) for name, value in variables.items()}


def number(value: int) -> Decimal:
    return Decimal(value)
