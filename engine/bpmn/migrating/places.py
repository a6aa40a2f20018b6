"""Where each element of a version is in another one: by its id, or as mapped by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.compiling import EACH
from engine.bpmn.migrating.findings import Findings
from engine.bpmn.model import ElementModel, ProcessModel
from engine.bpmn.nodes.activities import JobSpec
from engine.bpmn.nodes.attaching import Catching
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.catchers import AttachedSpec
from engine.bpmn.nodes.containers import ContainerSpec, EventProcessSpec, RootSpec
from engine.bpmn.nodes.events import CatchSpec, PassSpec
from engine.bpmn.nodes.rounds import BodySpec
from engine.bpmn.specs import Spec

Mapped = Mapping[str, str]
"""Ids of elements and flows of the version that is left → ids in the new one; what is not named keeps its id."""


@dataclass(frozen=True, slots=True)
class Places:
    """The elements of ``old`` in ``new``."""

    old: Spec
    new: Spec
    by_hand: Mapped
    images: frozenset[str]
    """Ids of the new version that stand for something of the old one."""

    def check(self, findings: Findings) -> None:
        """Note what the mapping names and neither version has."""
        before, after = self.old.process, self.new.process
        for source, target in self.by_hand.items():
            if source not in before.elements and source not in before.flows:
                findings.add("unknown_source", source, target)
            elif source in before.flows and not target:
                continue  # what came by this flow is given up
            elif target not in (after.flows if source in before.flows else after.elements):
                findings.add("unknown_target", source, target)

    def id_of(self, element: str) -> str:
        """Return the id that an element or flow has in the new version, if it has it at all."""
        return self.by_hand.get(element, element)

    def node(self, name: str) -> ElementSpec | None:
        """Return the node of the new version for the name of an old one; None when it is gone."""
        element = name.removesuffix(EACH)
        if element == self.old.process.id or element not in self.old.process.elements:
            return self.new.nodes.get(name)
        target = self.id_of(element)
        if target not in self.new.process.elements:
            return None
        return self.new.nodes.get(target + name[len(element) :])

    def has(self, element: str) -> bool:
        """Tell whether an old element is in the new version at all."""
        return self.id_of(element) in self.new.process.elements


def places_of(old: Spec, new: Spec, by_hand: Mapped) -> Places:
    """Return where the elements of a version are in another."""
    images = frozenset(by_hand.get(each, each) for each in old.process.elements)
    return Places(old, new, by_hand, images)


def around_of(places: Places, node: ElementSpec, host: ElementSpec) -> list[ElementSpec] | None:
    """Return the new plain sub-processes between ``host`` and a node in it, innermost first; None when it is not in it."""
    found: list[ElementSpec] = []
    place = home(places.new, node)
    while place is not None and place is not host:
        if not is_plain(place) or place.element.id in places.images:
            return None
        found.append(place)
        place = home(places.new, place)
    return None if place is None else found


def is_plain(node: ElementSpec) -> bool:
    """Tell whether a node is a sub-process without anything special: no event, transaction, ad-hoc or repeated one."""
    repeated = node.element.loop is not None
    return type(node) is ContainerSpec and not repeated and not node.element.transaction


def home(spec: Spec, node: ElementSpec) -> ElementSpec | None:
    """Return the node that tokens of this one run inside of; None for the process itself."""
    if isinstance(node, RootSpec):
        return None
    if node.name.endswith(EACH):
        return spec.nodes[node.element.id]
    parent = node.element.parent
    if parent is None:
        return spec.root
    return spec.nodes.get(f"{parent}{EACH}") or spec.nodes[parent]


def same_kind(old: ElementSpec, new: ElementSpec) -> bool:
    """Tell whether a token can stand at either."""
    return type(old) is type(new) and kind_of(old) == kind_of(new)


def kind_of(node: ElementSpec) -> str:
    """Return the kind of an element as findings name it."""
    element = node.element
    if isinstance(node, JobSpec):
        return "serviceTask"
    if element.kind == "manualTask":
        return "userTask"
    special = ("adHocSubProcess" if element.ad_hoc else "") or (
        "eventSubProcess" if element.triggered else ""
    )
    return special or element.kind


def awaits(node: ElementSpec) -> tuple[str, ...]:
    """Return the kinds of event that an element waits for."""
    if isinstance(node, CatchSpec | AttachedSpec):
        return tuple(each.kind for each in node.catching.each)
    return ()


def can_begin(node: ElementSpec) -> bool:
    """Tell whether a token that has not begun may be put before an element."""
    return not isinstance(node, AttachedSpec | EventProcessSpec | RootSpec) and not (
        isinstance(node, PassSpec) and node.element.kind == "startEvent"
    )


def repeats(node: ElementSpec) -> bool:
    """Tell whether an element is a body around an activity that runs several times."""
    return isinstance(node, BodySpec)


def same_event(old: Catching, new: Catching) -> bool:
    """Tell whether two events wait for the same, as it is written down."""
    return _written(old) == _written(new)


def _written(event: Catching) -> tuple[str | None, ...]:
    texts = (event.name, event.key, event.condition)
    return (event.kind, *(None if each is None else each.text for each in texts))


def match(old: ProcessModel, new: ProcessModel) -> dict[str, str | None]:
    """Propose where each element of a version is in another: by id, else by the only one of its name and kind, else None."""
    named: dict[tuple[str, str], list[str]] = {}
    for element in new.elements.values():
        if element.name and element.id not in old.elements:
            named.setdefault((element.name, fits(element)), []).append(element.id)
    found: dict[str, str | None] = {}
    for element in old.elements.values():
        there = new.elements.get(element.id)
        if there is not None and fits(there) == fits(element):
            found[element.id] = element.id
            continue
        likely = named.get((element.name, fits(element)), [])
        found[element.id] = likely[0] if len(likely) == 1 else None
    return found


def fits(element: ElementModel) -> str:
    """Return a text that is the same for elements that can take each other's place."""
    kind = "serviceTask" if element.topic else element.kind
    kind = "userTask" if kind == "manualTask" else kind
    events = () if element.event is None else tuple(each.kind for each in element.event.each)
    loop = "" if element.loop is None else ("while" if element.loop.standard else "each")
    flags = f"{'triggered' * element.triggered}{'ad-hoc' * (element.ad_hoc is not None)}"
    waiting = element.kind in ("intermediateCatchEvent", "receiveTask", "boundaryEvent", "startEvent")
    return f"{kind}/{'+'.join(events) if waiting else ''}/{loop}/{flags}"
