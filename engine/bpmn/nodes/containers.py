"""Elements that tokens run inside of: the process itself, sub-processes, event sub-processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.bpmn.case import Case
from engine.bpmn.model import ElementModel
from engine.bpmn.nodes import ending
from engine.bpmn.nodes.activities import ActivitySpec
from engine.bpmn.nodes.attaching import Opening, openings_of
from engine.bpmn.nodes.base import ElementSpec, FlowSpec
from engine.bpmn.nodes.catchers import AttachedSpec, spawn_caught
from engine.bpmn.nodes.events import CatchSpec
from engine.bpmn.step import Happened
from engine.bpmn.tokens import Token


class ContainerSpec(ActivitySpec):
    """A sub-process: a scope of variables, a start, and event sub-processes.

    ``free``: what it begins with, all at once, where no start event is drawn.
    """

    start: ElementSpec
    free: Sequence[ElementSpec] = ()

    def __init__(self, workflow: Any, name: str, element: ElementModel) -> None:
        """Hold nothing until the compiler tells."""
        super().__init__(workflow, name, element)
        self.inside: list[ElementSpec] = []

    def begin(self, token: Token) -> bool:
        """Put a token before the start event inside."""
        self.local_scope(token)
        for start in self.free or (self.start,):
            token.workflow.spawn(token, start)
        return False

    def openings(self, token: Token) -> Sequence[Opening]:
        """Evaluate the boundary events and the start events of event sub-processes."""
        scope = self.local_scope(token)
        starts = [
            (start, start.catching) for start in self.event_processes if isinstance(start, AttachedSpec)
        ]
        return [*super().openings(token), *openings_of(token.workflow, starts, scope)]


class EventProcessSpec(ContainerSpec):
    """An event sub-process: begins by its start event, never by a flow."""

    def begin(self, token: Token) -> bool:
        """Put a token behind the start event, which has taken place."""
        spawn_caught(token, self.start)
        return False


class RootSpec(ContainerSpec):
    """The process itself; its token stands for the instance.

    What started it may be an event behind an instantiating gateway, or a receive task: it has taken place already.
    """

    def local_scope(self, token: Token) -> Any:
        """Return the root scope."""
        return token.workflow.root_scope

    def begin(self, token: Token) -> bool:
        """Put a token before the start event that the instance was started by."""
        case = token.workflow
        start = case.definition.nodes[case.start_node]
        case.start_node = ""
        if start in self.free:
            return super().begin(token)
        if not isinstance(start, CatchSpec):
            case.spawn(token, start)
            return False
        for flow, gateway in _choosing(case, start):
            for kind in ("element.entered", "element.completed"):
                case.recording.history.append(Happened(kind, gateway.id, gateway.name))
            case.recording.history.append(Happened("flow.taken", flow.id))
        others = _awaited_too(case, start)
        spawn_caught(token, start)
        for flow in others:
            case.recording.history.append(Happened("flow.taken", flow.id))
            case.spawn(token, flow.target)
        return False

    def _on_complete_hook(self, my_task: Token) -> None:
        case = my_task.workflow
        case.happened("element.completed", my_task)
        ending.finish(case, "terminated" if case.terminated else "completed")


def _awaited_too(case: Case, start: ElementSpec) -> list[FlowSpec]:
    """Return the flows to the other events of a gateway that waits for all of them (BPMN 2.0.2, 10.6.6)."""
    gateways = (each for each in case.definition.nodes.values() if each.element.all_events)
    beside = (each for each in gateways if any(flow.target is start for flow in each.flows))
    return [flow for gateway in beside for flow in gateway.flows if flow.target is not start]


def _choosing(case: Case, start: ElementSpec) -> Iterator[tuple[FlowSpec, ElementModel]]:
    """Find the instantiating gateway that the starting event stands behind, if any."""
    for node in case.definition.nodes.values():
        if node.element.instantiate:
            yield from ((flow, node.element) for flow in node.flows if flow.target is start)
