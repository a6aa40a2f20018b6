"""Parallel joins that would wait for ever: a join is passed only when every flow into it can bring a token."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.case import Case
from engine.bpmn.migrating.carrying import Carrying
from engine.bpmn.migrating.places import home
from engine.bpmn.model import ProcessModel
from engine.bpmn.nodes.adhoc import AdHocSpec
from engine.bpmn.nodes.gateways import ParallelSpec
from engine.bpmn.specs import Spec
from engine.bpmn.tokens import Token

After = dict[str, list[tuple[str, str]]]


def check_joins(work: Carrying) -> None:
    """Note every parallel join that would wait for ever for a token, and did not before."""
    joins = _joins(work.places.new)
    if not joins:
        return
    after = {spec: _after(spec.process) for spec in (work.places.old, work.places.new)}
    for host in list(work.new.tasks.values()):
        if host.task_spec.name not in joins:
            continue
        found = dict(_starving(work.new, host, after[work.places.new]))
        old_host = work.old.tasks.get(host.id)
        known = dict(_starving(work.old, old_host, after[work.places.old])) if found and old_host else {}
        starved = {node.name for node in map(work.places.node, known) if node is not None}
        for name, flow in found.items():
            if name not in starved:
                element = work.places.new.process.elements[name]
                work.findings.add("join_starves", target=name, name=element.name, flow=flow)


def _joins(spec: Spec) -> set[str]:
    """Return the names of the nodes that have a parallel join inside."""
    found = set()
    for node in spec.nodes.values():
        place = home(spec, node) if _is_join(spec, node.name) else None
        if place is not None:
            found.add(place.name)
    return found


def _is_join(spec: Spec, name: str) -> bool:
    node = spec.nodes.get(name)
    return isinstance(node, ParallelSpec) and len(node.incoming) > 1


def _starving(case: Case, host: Token, after: After) -> Iterator[tuple[str, str]]:
    """Go through the joins inside ``host`` that some flow can bring a token to and another cannot: with that flow."""
    spec = case.definition
    waiting = case.arrivals.get(host.id, {})
    fed = {name: set(counts) for name, counts in waiting.items() if _is_join(spec, name)}
    pending = [case.tasks[number].task_spec.element.id for number in host.numbers_inside]
    pending += [name.partition("#")[0] for name in waiting if name not in fed]
    pending += [name for name, flows in fed.items() if len(flows) == len(spec.nodes[name].incoming)]
    if isinstance(host.task_spec, AdHocSpec):
        pending += [each.element.id for each in host.task_spec.first]
    seen: set[str] = set()
    while pending:
        element = pending.pop()
        if element in seen:
            continue
        seen.add(element)
        for flow, target in after.get(element, ()):
            if _is_join(spec, target):
                flows = fed.setdefault(target, set())
                flows.add(flow)
                if len(flows) < len(spec.nodes[target].incoming):
                    continue
            pending.append(target)
    for name, flows in fed.items():
        missing = [flow for flow in spec.nodes[name].incoming if flow not in flows]
        if missing:
            yield name, missing[0]


def _after(process: ProcessModel) -> After:
    """Return what a token at an element can come to next: by a flow, a boundary event, a link."""
    found: After = {}
    for flow in process.flows.values():
        found.setdefault(flow.source, []).append((flow.id, flow.target))
    links: dict[tuple[str | None, str], list[str]] = {}
    for element in process.elements.values():
        if element.attached_to:
            found.setdefault(element.attached_to, []).append(("", element.id))
        if element.event is not None and element.event.kind == "link":
            links.setdefault((element.parent, element.event.name), []).append(element.id)
    for elements in links.values():
        for source in elements:
            found.setdefault(source, []).extend(("", each) for each in elements if each != source)
    return found
