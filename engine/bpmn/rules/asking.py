"""A process under examination: its graph, what is known, and where problems are noted."""

from __future__ import annotations

from functools import cached_property

from engine.bpmn.known import Known
from engine.bpmn.model import ElementModel, Flow, ProcessModel
from engine.bpmn.reaching import reached
from engine.bpmn.xml_source import Problems


class Question:
    """One process with its graph indexed for the rules."""

    def __init__(self, process: ProcessModel, known: Known, problems: Problems) -> None:
        """Ask about ``process``."""
        self.process, self.known, self.problems = process, known, problems

    @property
    def elements(self) -> tuple[ElementModel, ...]:
        """All flow nodes."""
        return tuple(self.process.elements.values())

    @cached_property
    def outgoing(self) -> dict[str, list[Flow]]:
        """Flows by source; only those whose two ends exist."""
        return self._by("source")

    @cached_property
    def incoming(self) -> dict[str, list[Flow]]:
        """Flows by target; only those whose two ends exist."""
        return self._by("target")

    @cached_property
    def reached(self) -> frozenset[str]:
        """The elements that some token can come to."""
        return reached(self.process)

    def inside(self, parent: str | None) -> list[ElementModel]:
        """Return the elements directly in a sub-process, or in the process itself."""
        return [element for element in self.elements if element.parent == parent]

    def parent_of(self, element: ElementModel) -> ElementModel | None:
        """Return the sub-process that an element lies in."""
        return self.process.elements.get(element.parent or "")

    def note(self, rule: str, message: str, advice: str, element: ElementModel | Flow) -> None:
        """Note a problem of an element or a sequence flow."""
        self.problems.add(rule, message, advice, line=element.line, element=element.id, name=element.name)

    def warn(self, rule: str, message: str, advice: str, element: ElementModel | Flow) -> None:
        """Note what can be deployed, and is perhaps not meant so."""
        self.problems.add(
            rule,
            message,
            advice,
            line=element.line,
            element=element.id,
            name=element.name,
            level="warning",
        )

    def _by(self, end: str) -> dict[str, list[Flow]]:
        found: dict[str, list[Flow]] = {}
        for flow in self.process.flows.values():
            if flow.source in self.process.elements and flow.target in self.process.elements:
                found.setdefault(getattr(flow, end), []).append(flow)
        return found


def shown(element: ElementModel) -> str:
    """Return the name of an element for a sentence, its id when it has none."""
    return element.name or element.id
