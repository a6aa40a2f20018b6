"""Asked on the graph: which elements can be reached at all, and which lie upstream of an inclusive gateway."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.bpmn.model import ElementModel, ProcessModel


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


def stretches(process: ProcessModel, joins: Collection[str]) -> dict[str, frozenset[str]]:
    """Return for every flow into one of the joins what a token can come from to it, back to the joins before it."""
    before = _predecessors(process)
    return {
        flow.id: _reaching(flow.source, flow.target, before, joins)
        for flow in process.flows.values()
        if flow.target in joins
    }


def _reaching(
    source: str, gateway: str, before: dict[str, list[str]], stops: Collection[str] = ()
) -> frozenset[str]:
    seen: set[str] = set()
    pending = [source]
    while pending:
        element = pending.pop()
        if element in seen or element == gateway:
            continue
        seen.add(element)
        if element not in stops:
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


def reached(process: ProcessModel) -> frozenset[str]:
    """Return the elements that some token can come to."""
    after = _Successors(process)
    pending = [element.id for element in after.inside(None) if _begins(element)]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in seen and name in process.elements:
            seen.add(name)
            pending.extend(after.of(process.elements[name]))
    return frozenset(seen)


def begins_ad_hoc(element: ElementModel) -> bool:
    """Tell whether an element in an ad-hoc sub-process is begun by it, when no flow leads to it."""
    return not (
        element.attached_to
        or element.triggered
        or element.for_compensation
        or element.kind in ("startEvent", "endEvent")
    )


class _Successors:
    """What a token at an element can bring tokens to next."""

    def __init__(self, process: ProcessModel) -> None:
        self.contents: dict[str | None, list[ElementModel]] = {}
        self.after: dict[str, list[str]] = {}
        self.links: dict[tuple[str | None, str], list[str]] = {}
        self.led_to = {flow.target for flow in process.flows.values()}
        for flow in process.flows.values():
            self.after.setdefault(flow.source, []).append(flow.target)
        for element in process.elements.values():
            self.contents.setdefault(element.parent, []).append(element)
            if element.attached_to:
                self.after.setdefault(element.attached_to, []).append(element.id)
            if _is_link(element) and element.event and element.kind == "intermediateCatchEvent":
                self.links.setdefault((element.parent, element.event.name), []).append(element.id)

    def inside(self, parent: str | None) -> list[ElementModel]:
        return self.contents.get(parent, [])

    def of(self, element: ElementModel) -> Iterator[str]:
        yield from self.after.get(element.id, ())
        if element.handler:
            yield element.handler
        if _is_link(element) and element.event and element.kind == "intermediateThrowEvent":
            yield from self.links.get((element.parent, element.event.name), ())
        for each in self.inside(element.id):
            free = element.ad_hoc is not None and each.id not in self.led_to and begins_ad_hoc(each)
            if _begins(each) or free:
                yield each.id


def _begins(element: ElementModel) -> bool:
    return element.kind == "startEvent" or element.triggered or element.instantiate


def _is_link(element: ElementModel) -> bool:
    return element.event is not None and element.event.kind == "link"
