"""Elements that tokens run inside of: the process itself, sub-processes, event sub-processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.bpmn.nodes import ending
from engine.bpmn.nodes.activities import ActivitySpec
from engine.bpmn.nodes.attaching import Opening, openings_of
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.catchers import AttachedSpec, spawn_caught
from engine.bpmn.tokens import Token


class ContainerSpec(ActivitySpec):
    """A sub-process: a scope of variables, a start, and event sub-processes."""

    start: ElementSpec

    def begin(self, token: Token) -> bool:
        """Put a token before the start event inside."""
        self.local_scope(token)
        token.workflow.spawn(token, self.start)
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
    """The process itself; its token stands for the instance."""

    def local_scope(self, token: Token) -> Any:
        """Return the root scope."""
        return token.workflow.root_scope

    def begin(self, token: Token) -> bool:
        """Put a token before the start event that the instance was started by."""
        case = token.workflow
        case.spawn(token, case.definition.nodes[case.start_node])
        case.start_node = ""
        return False

    def _on_complete_hook(self, my_task: Token) -> None:
        case = my_task.workflow
        case.happened("element.completed", my_task)
        ending.finish(case, "terminated" if case.terminated else "completed")
