"""What the rules of the token-simulation suite add to the translation: nameless events match, choices are given.

"Conditions do not exist: ``choose_outgoing`` names the flows that a gateway takes." A gateway asks the variable
``choice_<gateway>``, a list of flow ids; see ``choices``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import etree

from engine.bpmn.xml_source import BPMN
from tests.conformance.bpmn.translating import ANY_KEY, Xml, child, extend, tag_of

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
CHOOSING = ("exclusiveGateway", "inclusiveGateway")
NAMELESS = "nameless"
NEVER = "= never"
LATER = "P1000D"
QUIET = (("cancelActivity", "false"), ("isInterrupting", "false"))


def simulated(waiting: Iterable[str]) -> Callable[[Xml], None]:
    """Return the further translation for a case whose tasks of these ids wait."""
    names = frozenset(waiting)

    def change(root: Xml) -> None:
        _tasks_that_wait(root, names)
        for kind in ("message", "signal", "error", "escalation"):
            _name_events(root, kind)
        for link in root.iter(f"{{{BPMN}}}linkEventDefinition"):
            link.set("name", link.get("name") or f"{NAMELESS}-link")
        for timer in root.iter(f"{{{BPMN}}}timerEventDefinition"):
            if not len(timer):
                _never_by_itself(timer)
        for condition in root.iter(f"{{{BPMN}}}condition"):
            condition.text = NEVER
        _ask_for_choices(root)

    return change


def choices(
    case: Mapping[str, Any], flows: Mapping[str, list[str]], passed: Callable[[str], int]
) -> dict[str, Any]:
    """Return what each gateway is to take next; ``passed`` tells how often a gateway was left."""
    found: dict[str, Any] = {}
    for gateway, outgoing in flows.items():
        by_passage = (case.get("choose_outgoing_by_passage") or {}).get(gateway)
        chosen = (case.get("choose_outgoing") or {}).get(gateway, outgoing)
        if by_passage:
            chosen = by_passage[min(passed(gateway), len(by_passage) - 1)]
        found[variable_of(gateway)] = list(chosen)
    return found


def variable_of(gateway: str) -> str:
    """Return the variable that a gateway asks."""
    return f"choice_{re.sub(r'[^A-Za-z0-9_]', '_', gateway)}"


def outgoing_flows(root: Xml) -> dict[str, list[str]]:
    """Return the ids of the flows out of each gateway that chooses."""
    gateways = {each.get("id") for tag in CHOOSING for each in root.iter(f"{{{BPMN}}}{tag}")}
    found: dict[str, list[str]] = {}
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        if flow.get("sourceRef") in gateways:
            found.setdefault(flow.get("sourceRef"), []).append(flow.get("id"))
    return found


def message_flows(root: Xml) -> dict[str, tuple[str, str]]:
    """Return source and target of each message flow by its id."""
    return {
        each.get("id", ""): (each.get("sourceRef", ""), each.get("targetRef", ""))
        for each in root.iter(f"{{{BPMN}}}messageFlow")
    }


def _tasks_that_wait(root: Xml, names: frozenset[str]) -> None:
    """Plain tasks that wait, or that events are attached to, become work for somebody."""
    attached = {each.get("attachedToRef") for each in root.iter(f"{{{BPMN}}}boundaryEvent")}
    for task in list(root.iter(f"{{{BPMN}}}task")):
        if task.get("id") in names or task.get("id") in attached:
            task.tag = f"{{{BPMN}}}userTask"
            extend(task, "assignmentDefinition", candidateGroups="anybody")


def _never_by_itself(timer: Xml) -> None:
    """Timers that say no time are triggered from outside; those that interrupt nothing as often as one likes."""
    again = any(timer.getparent().get(name) == value for name, value in QUIET)
    tag, text = ("timeCycle", f"R/{LATER}") if again else ("timeDuration", LATER)
    value: Xml = etree.SubElement(timer, f"{{{BPMN}}}{tag}")
    value.text = text


def _name_events(root: Xml, kind: str) -> None:
    """Events that name nothing match any of their kind: those that throw get one name, those that catch one or all."""
    for definition in root.iter(f"{{{BPMN}}}{kind}EventDefinition"):
        reference = definition.get(f"{kind}Ref")
        catches_all = kind in ("error", "escalation") and not _throws(definition.getparent())
        if reference is None and not catches_all:
            definition.set(f"{kind}Ref", _declare(root, kind))
    for each in root.iterchildren(f"{{{BPMN}}}{kind}"):
        if kind in ("error", "escalation") and not each.get(f"{kind}Code"):
            each.set(f"{kind}Code", each.get("name") or each.get("id"))
        if not each.get("name"):
            each.set("name", each.get("id"))


def _throws(event: Xml) -> bool:
    return tag_of(event) in ("endEvent", "intermediateThrowEvent")


def _declare(root: Xml, kind: str) -> str:
    name = f"{NAMELESS}-{kind}"
    if not root.xpath("*[@id=$id]", id=name):
        declared = etree.Element(f"{{{BPMN}}}{kind}", id=name, name=name)
        if kind == "message":
            extend(declared, "subscription", correlationKey=ANY_KEY)
        root.insert(0, declared)
    return name


def _ask_for_choices(root: Xml) -> None:
    flows = outgoing_flows(root)
    for node in root.iter(f"{{{BPMN}}}*"):
        node.attrib.pop("default", None)
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        old = child(flow, "conditionExpression")
        if old is not None:
            flow.remove(old)
        gateway = flow.get("sourceRef")
        if len(flows.get(gateway, ())) > 1:
            condition = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
            condition.set(XSI_TYPE, "tFormalExpression")
            condition.text = f'= list contains({variable_of(gateway)}, "{flow.get("id")}")'
