"""Which elements lie upstream of a join: asked on the graph, for inclusive gateways."""

from __future__ import annotations

from engine.bpmn.model import ProcessModel


def upstream(process: ProcessModel, gateway: str) -> dict[str, frozenset[str]]:
    """Return for every flow into the gateway the elements from which a token can come through it.

    Paths that visit the gateway itself do not count (BPMN 2.0.2, 13.4.3). An activity reaches what its boundary
    events reach; a throwing link reaches its catching link.
    """
    before = _predecessors(process)
    found = {}
    for flow in process.flows.values():
        if flow.target == gateway:
            found[flow.id] = _reaching(flow.source, gateway, before)
    return found


def _reaching(source: str, gateway: str, before: dict[str, list[str]]) -> frozenset[str]:
    seen: set[str] = set()
    pending = [source]
    while pending:
        element = pending.pop()
        if element in seen or element == gateway:
            continue
        seen.add(element)
        pending.extend(before.get(element, ()))
    return frozenset(seen)


def _predecessors(process: ProcessModel) -> dict[str, list[str]]:
    before: dict[str, list[str]] = {}
    for flow in process.flows.values():
        before.setdefault(flow.target, []).append(flow.source)
    links: dict[tuple[str | None, str], list[str]] = {}
    for element in process.elements.values():
        if element.attached_to:
            before.setdefault(element.id, []).append(element.attached_to)
        if element.event is not None and element.event.kind == "link":
            links.setdefault((element.parent, element.event.name), []).append(element.id)
    for elements in links.values():
        for target in elements:
            before.setdefault(target, []).extend(each for each in elements if each != target)
    return before
