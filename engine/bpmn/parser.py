"""Reading a BPMN file into a Model: indexed without recursion, every problem collected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from engine.bpmn import element_reader
from engine.bpmn.agreement import check_agreement
from engine.bpmn.collaboration import check_collaborations
from engine.bpmn.dialect import Fields, check_attributes, read_extensions
from engine.bpmn.event_reader import Definitions
from engine.bpmn.formalities import check_formalities
from engine.bpmn.global_tasks import global_tasks
from engine.bpmn.io_reader import read_io
from engine.bpmn.io_rules import check_io
from engine.bpmn.item_types import check_types
from engine.bpmn.lanes import read_lanes
from engine.bpmn.model import (
    FLOW_NODES,
    ElementModel,
    Flow,
    LaneModel,
    Model,
    ProcessModel,
    ProcessSettings,
    StartModel,
)
from engine.bpmn.problem import Problem, refusing
from engine.bpmn.reaching import free_starts
from engine.bpmn.refused import is_executable, refuse_constructs
from engine.bpmn.roles import check_roles
from engine.bpmn.xml_source import (
    BPMN,
    Problems,
    Xml,
    child,
    children,
    line_of,
    local_name,
    read_tree,
    text_of,
)
from engine.errors import DeploymentRefused

KEPT = 256
KEY_POLICIES = ("client-period", "client", "none")


@lru_cache(maxsize=KEPT)
def parse(xml: bytes, file: str) -> Model:
    """Read one BPMN file; DeploymentRefused carries every problem found in reading it.

    The model of the same bytes is read once and shared: it never changes. Whether what it refers to exists, and whether its
    expressions can be read, is asked by ``gate.check``.
    """
    model, problems = read_once(xml, file)
    stopping = refusing(list(problems))
    if model is None or stopping:
        raise DeploymentRefused(stopping)
    return model


@lru_cache(maxsize=KEPT)
def read_once(xml: bytes, file: str) -> tuple[Model | None, tuple[Problem, ...]]:
    """Read as much of a file as can be read, and what is wrong with it: the gate asks first, whoever deploys asks again."""
    problems = Problems(file)
    return read(xml, problems), tuple(problems.found)


def reread(xml: bytes, file: str) -> Model:
    """Read a file that a gate has let through before: later, stricter rules do not stop what is running already."""
    problems = Problems(file)
    model = read(xml, problems)
    if model is None:
        raise DeploymentRefused(problems.found)
    return model


def read(xml: bytes, problems: Problems) -> Model | None:
    """Read as much of a file as can be read, noting what is wrong; None when it is no BPMN at all."""
    root = read_tree(xml, problems)
    if root is None:
        return None
    refuse_constructs(root, problems)
    _name_nameless(root)
    for node in root.iter(f"{{{BPMN}}}*"):
        check_attributes(node, problems)
    _check_ids(root, problems)
    check_collaborations(root, problems)
    check_agreement(root, problems)
    check_formalities(root, problems)
    check_roles(root, problems)
    check_io(root, problems)
    check_types(root, problems)
    shared = Definitions.read(root, problems)
    processes = [_process(node, shared, problems) for node in children(root, "process")]
    processes += global_tasks(root, shared, problems)
    return Model(
        file=problems.file,
        digest=hashlib.sha256(xml).hexdigest(),
        processes=tuple(process for process in processes if process.executable),
        drawings=tuple(process for process in processes if not process.executable),
    )


def _name_nameless(root: Xml) -> None:
    """Give event sub-processes without an id one by their position: nothing refers to them."""
    for number, node in enumerate(root.iter(f"{{{BPMN}}}subProcess")):
        if node.get("id") is None and node.get("triggeredByEvent") == "true":
            node.set("id", f"subProcess-{number}")


def _check_ids(root: Xml, problems: Problems) -> None:
    seen: dict[str, int] = {}
    for node in root.iter(f"{{{BPMN}}}*"):
        name = node.get("id")
        if name is None:
            if local_name(node) in FLOW_NODES | element_reader.KINDS.keys() | {"process"}:
                message = f"A {local_name(node)} has no id."
                problems.at("id-missing", message, "Give it an id in the properties panel.", node)
        elif name in seen:
            message = f"The id «{name}» is used twice, first in line {seen[name]}."
            problems.at("id-duplicate", message, "Give each element an id of its own.", node)
        else:
            seen[name] = line_of(node)


def _process(node: Xml, shared: Definitions, problems: Problems) -> ProcessModel:
    fields = read_extensions(node, "process", problems)
    lanes = read_lanes(node, problems)
    elements, flows = _contents(node, shared, lanes.by_element, problems)
    process = ProcessModel(
        id=node.get("id", ""),
        name=node.get("name", ""),
        name_en=fields.get("name_en", ""),
        documentation=text_of(child(node, "documentation")),
        sop_en=fields.get("sop_en", ""),
        version_tag=fields.get("version_tag"),
        executable=is_executable(node),
        elements=elements,
        flows=flows,
        lanes=lanes.lanes,
        start_events=(),
        settings=_settings(node, fields, problems),
        line=line_of(node),
        declares=element_reader.declared(node, shared),
        listeners=fields.get("listeners", ()),
        data=read_io(node, shared.items, problems),
    )
    return replace(process, start_events=tuple(_starts(process)))


def _settings(node: Xml, fields: Fields, problems: Problems) -> ProcessSettings:
    key: Any = fields.get("key", "none")
    if key not in KEY_POLICIES:
        message = f"The business-key policy «{key}» is unknown."
        problems.at("key-policy-unknown", message, f"Use one of: {', '.join(KEY_POLICIES)}.", node)
        key = "none"
    title = str(fields.get("title") or node.get("name", ""))
    return ProcessSettings(fields.get("owner"), key, title, fields.get("title_en", ""), fields.get("group"))


def _contents(
    process: Xml, shared: Definitions, lanes: dict[str, LaneModel], problems: Problems
) -> tuple[dict[str, ElementModel], dict[str, Flow]]:
    elements: dict[str, ElementModel] = {}
    flows: dict[str, Flow] = {}
    defaults: dict[str, Xml] = {}
    containers: list[tuple[Xml, str | None]] = [(process, None)]
    while containers:
        container, parent = containers.pop()
        for node in container.iterchildren(f"{{{BPMN}}}*"):
            tag = local_name(node)
            if (tag in FLOW_NODES or tag in element_reader.KINDS) and node.get("id"):
                element = element_reader.read_element(node, parent, shared, problems)
                elements[element.id] = _in_lane(element, lanes, elements)
                if node.get("default"):
                    defaults[node.get("default", "")] = node
            if (tag == "subProcess" or tag in element_reader.KINDS) and node.get("id"):
                containers.append((node, node.get("id")))
            if tag == "sequenceFlow":
                flow = _flow(node, len(flows), problems)
                flows[flow.id] = flow
    _connect_handlers(process, elements)
    for name, node in defaults.items():
        if name in flows and flows[name].source == node.get("id"):
            flows[name] = replace(flows[name], default=True)
        else:
            message = f"Its default flow «{name}» is no flow out of it."
            problems.at("default-unknown", message, "Choose another default flow.", node)
    return elements, flows


def _connect_handlers(process: Xml, elements: dict[str, ElementModel]) -> None:
    """Tell compensation boundary events of the activities that associations lead to."""
    for node in process.getroottree().iter(f"{{{BPMN}}}association"):
        ends = (node.get("sourceRef", ""), node.get("targetRef", ""))
        for event, handler in (ends, ends[::-1]):
            found = elements.get(event)
            undoes = found is not None and found.event is not None and found.event.kind == "compensation"
            if found is not None and undoes and found.kind == "boundaryEvent" and handler in elements:
                elements[event] = replace(found, handler=handler)


def _in_lane(
    element: ElementModel, lanes: dict[str, LaneModel], elements: dict[str, ElementModel]
) -> ElementModel:
    """Give the element its lane, or that of the sub-process around it."""
    lane = lanes.get(element.id)
    if lane is not None:
        return replace(element, lane=lane.name, lane_role=lane.role)
    around = elements.get(element.parent or "")
    return replace(element, lane=around.lane, lane_role=around.lane_role) if around else element


def _flow(node: Xml, count: int, problems: Problems) -> Flow:
    source, target = node.get("sourceRef", ""), node.get("targetRef", "")
    read_extensions(node, "sequenceFlow", problems)
    condition = child(node, "conditionExpression")
    return Flow(
        id=node.get("id") or f"flow-{count}-{source}-{target}",
        source=source,
        target=target,
        name=node.get("name", ""),
        condition=text_of(condition) if condition is not None else None,
        line=line_of(node),
    )


def _starts(process: ProcessModel) -> Iterator[StartModel]:
    """Go through the ways to start the process; where none is drawn it is started at what no flow leads to."""
    elements = process.elements
    behind = {
        flow.target
        for flow in process.flows.values()
        if flow.source in elements and elements[flow.source].instantiate
    }
    for element in elements.values():
        starts = element.kind == "startEvent" or element.instantiate or element.id in behind
        if starts and element.parent is None and element.event is not None:
            for event in element.event.each:
                yield StartModel(element.id, event.kind, event.name, event.timer, event.condition)
    for name in free_starts(process)[None][:1]:
        yield StartModel(name, "none")
