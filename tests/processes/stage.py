"""One instance on the pure runtime with a clock of its own: what waits, what is known, what has been visited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.bpmn import runtime, specs, state
from engine.bpmn.moment import Decided
from engine.bpmn.step import Ended, IncidentOpened, Opened, ScopeClosed, Step, TimerOpened, VariableSet
from engine.calendar import add, parse_duration
from tests.processes.library import FUNCTIONS, Library

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Stage:
    """The instance of a rehearsal; it goes through its stored form at every step. An incident fails it."""

    def __init__(self, library: Library, process: str, now: str | datetime) -> None:
        self.library = library
        self.spec = specs.compile_spec(library.models[process], process, FUNCTIONS)
        self.at(moment(now))
        self.waits: dict[int, Opened] = {}
        self.variables: dict[tuple[int, str], Any] = {}
        self.visited: Counter[str] = Counter()
        self.escalated: list[str] = []
        self.ended: Ended | None = None
        self.case: Any = None
        self.body = b""

    def start(self, variables: Mapping[str, Any], element: str | None) -> None:
        self.case, step = runtime.start(self.spec, dict(variables), self.moment, element=element)
        self._took(step)

    def act(self, function: Callable[..., Step], *args: Any) -> None:
        rows = [(*place, feel.from_json(feel.to_json(value))) for place, value in self.variables.items()]
        self.case = state.load(self.spec, self.body, rows)
        self._took(function(self.case, *args, self.moment))

    def at(self, now: datetime) -> None:
        self.moment = runtime.Moment(now, SHANGHAI, functions=FUNCTIONS, decide=self._decide)

    def wait(self, text: str, between: Callable[[], None]) -> None:
        """Move the clock by a duration or to a moment; the timers due on the way fire in their order."""
        end = add(self.moment.now, parse_duration(text), SHANGHAI) if text.startswith("P") else moment(text)
        while due := [each for each in self.of(TimerOpened) if each.due_at <= end]:
            first = min(due, key=lambda each: (each.due_at, each.wait))
            self.at(max(first.due_at, self.moment.now))
            self.act(runtime.complete, first.wait, {})
            between()
        self.at(end)

    def of(self, kind: type[Any]) -> list[Any]:
        found = [each for each in self.waits.values() if isinstance(each, kind)]
        return sorted(found, key=lambda each: each.wait)

    @property
    def open(self) -> list[str]:
        elements = self.spec.process.elements
        here = [each.element for each in self.waits.values()]
        return sorted(each for each in here if elements[each].kind != "boundaryEvent")

    def visible(self, scope: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = runtime.visible(self.case, scope)
        return found

    def seen(self, scope: int, path: str) -> Any:
        """The value at a dotted path, as the scope sees it (0: the process, also after its end)."""
        name, *rest = path.split(".")
        value = self.variables.get((0, name)) if not scope else self.visible(scope).get(name)
        for key in rest:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _decide(self, decision: str, version_tag: str | None, context: Mapping[str, Any]) -> Decided:
        del version_tag
        found = self.library.decisions[decision].evaluate(decision, context, self.moment.environment)
        return Decided(found.value)

    def _took(self, step: Step) -> None:
        for closed in step.closed:
            del self.waits[closed.wait]
        self.waits |= {opened.wait: opened for opened in step.opened}
        for change in step.variables:
            if isinstance(change, VariableSet):
                self.variables[change.scope, change.name] = change.value
            elif isinstance(change, ScopeClosed):
                gone = [place for place in self.variables if place[0] == change.scope]
                for place in gone:
                    del self.variables[place]
        for line in step.history:
            self.visited[line.element] += line.kind == "element.entered"
            if line.kind == "escalation.thrown":
                self.escalated.append(str(line.detail.get("code")))
        self.ended = step.ended or self.ended
        self.body = state.dump(self.case)
        for incident in self.of(IncidentOpened):
            raise AssertionError(f"incident at {incident.element}: {incident.message}")


def moment(text: str | datetime) -> datetime:
    """Read a moment; one without an offset is in Shanghai."""
    found = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
