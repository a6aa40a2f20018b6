"""In which order a reader meets the shapes of a drawing: breadth first along the flows."""

from __future__ import annotations

from collections import deque

from engine.bpmn.model import ProcessModel


def order(process: ProcessModel, *, with_boundaries: bool = True) -> dict[str, int]:
    """Return the place of each element; a sub-process is followed by what is in it.

    Without boundaries what is reached only when something goes wrong or takes too long is left out.
    """
    after: dict[str, list[str]] = {}
    inside: dict[str, list[str]] = {}
    for flow in process.flows.values():
        after.setdefault(flow.source, []).append(flow.target)
    for each in process.elements.values():
        if each.kind == "startEvent" and each.parent is not None:
            inside.setdefault(each.parent, []).append(each.id)
        elif with_boundaries and each.attached_to is not None:
            after.setdefault(each.attached_to, []).append(each.id)
    found: dict[str, int] = {}
    _walk([start.element for start in process.start_events], after, inside, found)
    return found


def _walk(
    starts: list[str], after: dict[str, list[str]], inside: dict[str, list[str]], found: dict[str, int]
) -> None:
    """Give a number to what is reached from the starts, as deep as sub-processes lie in each other."""
    waiting = deque(starts)
    while waiting:
        element = waiting.popleft()
        if element not in found:
            found[element] = len(found)
            _walk(inside.get(element, []), after, inside, found)
            waiting.extend(after.get(element, ()))
