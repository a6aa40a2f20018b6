"""Who catches an error or an escalation: the nearest boundary event or event sub-process, from the token outwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.bpmn.model import ElementModel
from engine.bpmn.nodes.attaching import Catching
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.tokens import UNDOING, Token


class AttachedSpec(ElementSpec):
    """An event that waits beside a token; its own token begins when it has taken place."""

    def __init__(self, workflow: Any, name: str, element: ElementModel) -> None:
        """Wait for nothing until ``catching`` is set by the compiler."""
        super().__init__(workflow, name, element)
        self.catching = Catching("none")


class BoundarySpec(AttachedSpec):
    """A boundary event."""


class EventStartSpec(AttachedSpec):
    """The start event of an event sub-process."""

    process: ElementSpec


@dataclass(frozen=True, slots=True)
class Catcher:
    """The event that catches, and the token that it is attached to or whose inside it starts in."""

    holder: Token
    element: AttachedSpec


def find_catcher(token: Token, kind: str, code: str | None) -> Catcher | None:
    """Go outwards from a token to the first event that catches ``code``; a named code goes before a catch-all."""
    node, came_from = token, None
    while True:
        is_over = UNDOING in node.counts  # it stands for a token that is completed: nothing waits at it
        found = None if is_over else _best(node.task_spec.boundaries, kind, code)
        if found is not None:
            return Catcher(node, found)
        if node.host is None:
            return None
        came_from, node = node, node.host
        found = None if UNDOING in node.counts else _best(_open_to(node, came_from), kind, code)
        if found is not None:
            return Catcher(node, found)


def _open_to(host: Token, came_from: Token) -> list[ElementSpec]:
    """Return the event sub-processes of ``host`` that may start for what comes out of ``came_from``.

    Once an interrupting one runs, its siblings are over (BPMN 13.5.4); none catches what it throws itself.
    """
    processes = host.task_spec.event_processes
    running = came_from.task_spec
    for start in processes:
        if isinstance(start, EventStartSpec) and start.process is running:
            if start.element.interrupting:
                return []
            return [other for other in processes if other is not start]
    return processes


def _best(elements: list[ElementSpec], kind: str, code: str | None) -> AttachedSpec | None:
    fallback = None
    for element in elements:
        if not isinstance(element, AttachedSpec):
            continue
        if code and element.catching.catches(kind, code):
            return element
        if element.catching.catches(kind, None):
            fallback = fallback or element
    return fallback


def record_caught(token: Token, kind: str) -> None:
    """Add to the history that an event was caught."""
    token.workflow.happened("timer.fired" if kind == "timer" else f"{kind}.caught", token)


def spawn_caught(host: Token, element: ElementSpec, kind: str = "") -> Token:
    """Put a token before an event that has taken place already, so that it goes on behind it."""
    case = host.workflow
    token = case.spawn(host, element, "output")
    case.happened("element.entered", token)
    record_caught(token, kind or getattr(element, "catching", Catching("none")).kind)
    return token
