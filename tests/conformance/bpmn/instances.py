"""One instance as the product keeps it: rows for its waits and variables, its body through the stored form at every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import feel
from engine.bpmn import runtime, state
from engine.bpmn.model import ElementModel
from engine.bpmn.specs import Spec
from engine.bpmn.step import Ended, Happened, IncidentOpened, Opened, Step, VariableSet


class Disagreement(AssertionError):
    """The engine's case and what its Steps said of it are not the same."""


@dataclass(eq=False)
class Instance:
    """A running or ended instance; ``called_by`` is the instance and wait that a child answers to."""

    number: int
    spec: Spec
    case: runtime.Case
    called_by: tuple[Instance, int] | None = None
    waits: dict[int, Opened] = field(default_factory=dict)
    variables: dict[tuple[int, str], Any] = field(default_factory=dict)
    history: list[Happened] = field(default_factory=list)
    ended: Ended | None = None

    def act(self, function: Callable[..., Step], *args: Any) -> Step:
        """Run one function of the runtime on the case as it is stored, and keep what it did."""
        rows = [
            (scope, name, feel.from_json(feel.to_json(value)))
            for (scope, name), value in self.variables.items()
        ]
        self.case = state.load(self.spec, state.dump(self.case), rows)
        return self.keep(function(self.case, *args))

    def keep(self, step: Step) -> Step:
        """Take over what a step did, and check that case and rows agree."""
        for closed in step.closed:
            if closed.wait not in self.waits:
                message = f"{closed} was not open."
                raise Disagreement(message)
            del self.waits[closed.wait]
        self.waits.update({opened.wait: opened for opened in step.opened})
        for change in step.variables:
            if isinstance(change, VariableSet):
                self.variables[change.scope, change.name] = change.value
            else:
                for key in [key for key in self.variables if key[0] == change.scope]:
                    del self.variables[key]
        self.history.extend(step.history)
        self.ended = step.ended
        self._check()
        return step

    def _check(self) -> None:
        if set(self.case.waits) != set(self.waits):
            message = f"The case waits at {sorted(self.case.waits)}, its rows at {sorted(self.waits)}."
            raise Disagreement(message)
        if self.ended is None and not self.waits and not self.case.ready:
            message = "The instance runs and waits for nothing."
            raise Disagreement(message)

    @property
    def incidents(self) -> list[IncidentOpened]:
        """What is left to an operator."""
        return [each for each in self.waits.values() if isinstance(each, IncidentOpened)]

    @property
    def root(self) -> Mapping[str, Any]:
        """The variables of the process."""
        return {name: value for (scope, name), value in self.variables.items() if scope == 0}

    def element(self, number: str) -> ElementModel:
        """Return an element of the process."""
        return self.spec.process.elements[number]

    def times(self, kind: str = "element.completed") -> Counter[str]:
        """Return how often each element has such a line of history."""
        return Counter(line.element for line in self.history if line.kind == kind)
