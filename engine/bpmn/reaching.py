"""Asked on the graph: which elements can be reached at all, and which flows into an inclusive gateway from where."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.bpmn.model import ElementModel, ProcessModel


def flows_reached(process: ProcessModel, gateway: str) -> dict[str, frozenset[str]]:
    """Return for every element the flows into the gateway that a token can come through from there.

    Paths that visit the gateway itself do not count (BPMN 2.0.2, 13.4.3). An activity reaches what its boundary
    events reach; a throwing link reaches its catching link.
    """
    found: dict[str, set[str]] = {}
    for flow, elements in upstream(process, gateway).items():
        for element in elements:
            found.setdefault(element, set()).add(flow)
    return {element: frozenset(flows) for element, flows in found.items()}


def upstream(process: ProcessModel, gateway: str) -> dict[str, frozenset[str]]:
    """Return for every flow into the gateway the elements that a token can come to it from, as in ``flows_reached``."""
    before = _predecessors(process)
    return {
        flow.id: _reaching(flow.source, gateway, before)
        for flow in process.flows.values()
        if flow.target == gateway
    }


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
    pending += after.free[None]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in seen and name in process.elements:
            seen.add(name)
            pending.extend(after.of(process.elements[name]))
    return frozenset(seen)


def free_starts(process: ProcessModel) -> dict[str | None, tuple[str, ...]]:
    """Return by level (a sub-process, None for the process) what is begun where no start event is drawn.

    A level without start and end events begins with everything that no flow leads to, all at once (BPMN 2.0.2, 10.5.1).
    """
    levels: dict[str | None, list[ElementModel]] = {None: []}
    for element in process.elements.values():
        levels.setdefault(element.parent, []).append(element)
    led_to = {flow.target for flow in process.flows.values()}
    return {
        level: _free(inside, led_to) for level, inside in levels.items() if not _is_ad_hoc(process, level)
    }


def _free(inside: list[ElementModel], led_to: set[str]) -> tuple[str, ...]:
    if any(each.kind in {"startEvent", "endEvent"} or each.instantiate for each in inside):
        return ()
    free = (each for each in inside if each.id not in led_to and begins_ad_hoc(each))
    return tuple(each.id for each in free if not each.kind.startswith("intermediate"))


def _is_ad_hoc(process: ProcessModel, level: str | None) -> bool:
    around = process.elements.get(level or "")
    return around is not None and (around.ad_hoc is not None or around.triggered)


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
        self.free = free_starts(process)
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
        yield from self.free.get(element.id, ())
        for each in self.inside(element.id):
            free = element.ad_hoc is not None and each.id not in self.led_to and begins_ad_hoc(each)
            if _begins(each) or free:
                yield each.id


def _begins(element: ElementModel) -> bool:
    return element.kind == "startEvent" or element.triggered or element.instantiate


def _is_link(element: ElementModel) -> bool:
    return element.event is not None and element.event.kind == "link"
