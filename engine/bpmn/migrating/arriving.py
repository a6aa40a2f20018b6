"""Joins: what has come to them by which flow, and whether they can still be completed in the new version."""

from __future__ import annotations

from engine.bpmn.case import Case
from engine.bpmn.migrating.carrying import Carrying
from engine.bpmn.migrating.places import around_of, same_kind
from engine.bpmn.migrating.placing import wrap_all
from engine.bpmn.model import ProcessModel
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.complex import ComplexSpec
from engine.bpmn.nodes.gateways import ParallelSpec
from engine.bpmn.reaching import upstream
from engine.bpmn.tokens import Token


def carry_arrivals(work: Carrying) -> None:
    """Carry over what has been counted at joins."""
    for number, gateways in work.old.arrivals.items():
        host = work.token(number)
        if host is None:
            continue
        for name, counts in gateways.items():
            _arrivals(work, host, name, counts)


def complete_joins(case: Case) -> None:
    """Let joins go on that wait for nothing more in the new version."""
    for number, gateways in list(case.arrivals.items()):
        for name, counts in list(gateways.items()):
            node = case.definition.nodes[name.partition("#")[0]]
            if isinstance(node, ParallelSpec) and node.complete(case, case.tasks[number], counts):
                node.join(case, case.tasks[number], counts)


def _arrivals(work: Carrying, host: Token, name: str, counts: dict[str, int]) -> None:
    gateway, sign, rest = name.partition("#")
    old = work.places.old.nodes[gateway]
    new = work.places.node(gateway)
    element, target = old.element, work.places.id_of(gateway)
    if new is None or not same_kind(old, new):
        work.findings.add("gone", element.id, target, name=element.name)
        return
    if isinstance(old, ComplexSpec) and old.element.activation != new.element.activation:
        work.findings.add("activation", element.id, target, name=element.name)
        return
    around = around_of(work.places, new, host.task_spec)
    if around is None:
        work.findings.add("nesting", element.id, target, name=element.name)
        return
    inside, key = wrap_all(work, host, around), f"{new.name}{sign}{rest}"
    if key in work.new.arrivals.get(inside.id, {}):
        work.findings.add("arrivals_merged", element.id, target, name=element.name)
    if carried := _flows(work, old, new, counts):
        work.new.arrivals.setdefault(inside.id, {})[key] = carried
    if element.id != new.element.id:
        work.findings.add("moved", element.id, new.element.id, name=element.name)


def _flows(work: Carrying, old: ElementSpec, new: ElementSpec, counts: dict[str, int]) -> dict[str, int]:
    """Return the counts by the flows of the new version; note flows that lead there no more."""
    images = [work.places.id_of(flow) for flow in old.incoming]
    carried: dict[str, int] = {}
    lost: list[str] = []
    for flow, count in counts.items():
        target = work.places.id_of(flow)
        if not target:
            work.findings.add("arrival_dropped", flow, new.element.id)
        elif target in new.incoming and images.count(target) == 1:
            carried[target] = count
        else:
            lost.append(flow)
    for flow in lost:
        free = [each for each in new.incoming if each not in carried and each not in images]
        fitting = [each for each in free if _replaces(work, (old, new), flow, each)]
        if len(fitting) != 1 or flow in work.places.by_hand:
            work.findings.add("flow_gone", old.element.id, new.element.id, name=old.element.name, flow=flow)
            continue
        carried[fitting[0]] = counts[flow]
        work.findings.add("arrival_moved", flow, fitting[0])
    return carried


def _replaces(work: Carrying, gateways: tuple[ElementSpec, ElementSpec], lost: str, flow: str) -> bool:
    """Tell whether a token from behind the source of a lost flow comes by a flow of the new version."""
    old, new = gateways
    before, after = work.places.old.process.flows, work.places.new.process
    sources, direct = (
        _with_surroundings(after, work.places.id_of(before[lost].source)),
        after.flows[flow].source,
    )
    others = {work.places.id_of(before[each].source) for each in old.incoming if each != lost}
    reaches = not sources.isdisjoint(upstream(after, new.element.id)[flow])
    return reaches and (direct in sources or direct not in others)


def _with_surroundings(process: ProcessModel, element: str) -> set[str]:
    """Return an element and the sub-processes that it lies in."""
    found: set[str] = set()
    around: str | None = element
    while around is not None and around in process.elements:
        found.add(around)
        around = process.elements[around].parent
    return found
