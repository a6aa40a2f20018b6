"""A process as drawn, read from its XML with nothing of the engine: nodes, flows, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
ZF = "{http://zhangfang.example/schema/1.0}"
NODES = frozenset(
    {
        *(
            "task",
            "userTask",
            "manualTask",
            "serviceTask",
            "sendTask",
            "receiveTask",
            "scriptTask",
            "callActivity",
        ),
        *("subProcess", "transaction", "adHocSubProcess"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"),
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
    }
)
CONTAINERS = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
AWAITED = frozenset({"message", "signal", "timer", "conditional"})


@dataclass(eq=False, repr=False)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None
    default: bool


@dataclass(frozen=True)
class Event:
    """``kind`` as in ``…EventDefinition``; ``form`` and ``text`` of a timer (timeDuration, PT1H)."""

    kind: str
    name: str = ""
    code: str = ""
    key: str = ""
    form: str = ""
    text: str = ""
    activity: str | None = None


@dataclass(frozen=True)
class Loop:
    """Multi-instance; or, ``standard``, a loop while a condition holds."""

    standard: bool
    sequential: bool = False
    collection: str = ""
    cardinality: str = ""
    item: str = ""
    into: str = ""
    result: str = ""
    enough: str = ""
    condition: str = ""
    before: bool = False
    most: int | None = None


@dataclass(eq=False, repr=False)
class Node:
    id: str
    tag: str
    parent: Node | None = None
    xml: Any = None
    events: tuple[Event, ...] = ()
    loop: Loop | None = None
    inputs: list[tuple[str, str]] = field(default_factory=list)
    outputs: list[tuple[str, str]] = field(default_factory=list)
    topic: str = ""
    called: str = ""
    properties: tuple[str, ...] = ()
    script: str = ""
    variable: str = ""
    condition: str = ""
    catch_up: str = "once"
    outgoing: list[Flow] = field(default_factory=list)
    incoming: list[Flow] = field(default_factory=list)
    contents: list[Node] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    handler: Node | None = None

    def says(self, attribute: str, value: str = "true") -> bool:
        return self.xml is not None and self.xml.get(attribute) == value

    @property
    def interrupting(self) -> bool:
        return not (self.says("cancelActivity", "false") or self.says("isInterrupting", "false"))

    @property
    def is_event_process(self) -> bool:
        return self.says("triggeredByEvent")

    @property
    def is_container(self) -> bool:
        return self.tag in CONTAINERS

    @property
    def is_activity(self) -> bool:
        return self.tag not in GATEWAYS and not self.tag.endswith("Event")

    @property
    def start(self) -> Node:
        return next(each for each in self.contents if each.tag == "startEvent")

    @property
    def event_processes(self) -> list[Node]:
        return [each for each in self.contents if each.is_event_process]

    @property
    def undoing_process(self) -> Node | None:
        """The event sub-process that undoes this sub-process."""
        for each in self.event_processes:
            if any(event.kind == "compensate" for event in each.start.events):
                return each
        return None


class Graph:
    """One process of a file."""

    def __init__(self, xml: bytes, process: str) -> None:
        self.root = etree.fromstring(xml)
        self.shared: dict[str, Any] = {each.get("id", ""): each for each in self.root}
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        node = self.shared[process]
        self.process = Node(process, "process", xml=node)
        self._read(node, self.process)
        for flow in self.flows.values():
            self.nodes[flow.source].outgoing.append(flow)
            self.nodes[flow.target].incoming.append(flow)
        for each in self.nodes.values():
            if each.xml.get("attachedToRef"):
                self.nodes[each.xml.get("attachedToRef")].boundaries.append(each)
        self._links()
        self._handlers()

    def _read(self, holder: Any, around: Node) -> None:
        for xml in holder:
            tag = str(xml.tag).removeprefix(BPMN)
            if tag in NODES:
                node = self._node(xml, tag, around)
                self.nodes[node.id] = node
                around.contents.append(node)
                if node.is_container:
                    self._read(xml, node)
            elif tag == "sequenceFlow":
                source = next(each for each in holder if each.get("id") == xml.get("sourceRef"))
                name, default = xml.get("id"), source.get("default") == xml.get("id")
                self.flows[name] = Flow(
                    name,
                    xml.get("sourceRef"),
                    xml.get("targetRef"),
                    xml.findtext(f"{BPMN}conditionExpression"),
                    default,
                )

    def _node(self, xml: Any, tag: str, around: Node) -> Node:
        node = Node(xml.get("id"), tag, around, xml)
        node.events = tuple(self._event(each) for each in xml if str(each.tag).endswith("EventDefinition"))
        if tag == "receiveTask" or (tag == "sendTask" and xml.get("messageRef")):
            node.events = (self._event(xml, "message"),)
        for each in xml.iterfind(f"{BPMN}extensionElements/{ZEEBE}ioMapping/{ZEEBE}input"):
            node.inputs.append((each.get("source"), each.get("target")))
        for each in xml.iterfind(f"{BPMN}extensionElements/{ZEEBE}ioMapping/{ZEEBE}output"):
            node.outputs.append((each.get("source"), each.get("target")))
        node.properties = tuple(str(each.get("name")) for each in xml.iterfind(f"{BPMN}property"))
        node.topic = _said(xml, f"{ZEEBE}taskDefinition", "type")
        node.called = _said(xml, f"{ZEEBE}calledElement", "processId")
        node.script, node.variable = (
            _said(xml, f"{ZEEBE}script", "expression"),
            _said(xml, f"{ZEEBE}script", "resultVariable"),
        )
        node.catch_up = _said(xml, f"{ZF}catchUp", "policy") or "once"
        node.condition = xml.findtext(f"{BPMN}completionCondition") or xml.findtext(
            f"{BPMN}activationCondition", ""
        )
        node.loop = _loop(xml)
        return node

    def _event(self, xml: Any, kind: str = "") -> Event:
        kind = kind or str(xml.tag).removeprefix(BPMN).removesuffix("EventDefinition")
        shared = self.shared.get(str(xml.get(f"{kind}Ref", "")))
        form = next((each for each in xml if str(each.tag).startswith(f"{BPMN}time")), None)
        return Event(
            kind,
            name=xml.get("name", "") if shared is None else shared.get("name", ""),
            code="" if shared is None else shared.get(f"{kind}Code", ""),
            key="" if shared is None else _said(shared, f"{ZEEBE}subscription", "correlationKey"),
            form="" if form is None else str(form.tag).removeprefix(BPMN),
            text=xml.findtext(f"{BPMN}condition", "") if form is None else form.text,
            activity=xml.get("activityRef"),
        )

    def _links(self) -> None:
        """A throwing link leads to the catching one of that name beside it (BPMN 2.0.2, 10.5.1)."""
        for throw in self.nodes.values():
            for catch in self.nodes.values():
                names = [
                    each.events[0].name if each.events and each.events[0].kind == "link" else None
                    for each in (throw, catch)
                ]
                kinds = (throw.tag, catch.tag) == ("intermediateThrowEvent", "intermediateCatchEvent")
                if kinds and names[0] and names[0] == names[1] and throw.parent is catch.parent:
                    throw.outgoing.append(Flow(f"link:{throw.id}", throw.id, catch.id, None, default=False))

    def _handlers(self) -> None:
        for xml in self.root.iter(f"{BPMN}association"):
            event, handler = (
                self.nodes.get(xml.get("sourceRef", "")),
                self.nodes.get(xml.get("targetRef", "")),
            )
            if event is not None and handler is not None and event.tag == "boundaryEvent":
                self.nodes[event.xml.get("attachedToRef")].handler = handler


def _said(xml: Any, tag: str, attribute: str) -> str:
    found = xml.find(f"{BPMN}extensionElements/{tag}")
    return "" if found is None else str(found.get(attribute, ""))


def _loop(xml: Any) -> Loop | None:
    multi, rounds = (xml.find(f"{BPMN}{each}LoopCharacteristics") for each in ("multiInstance", "standard"))
    if rounds is not None:
        most = rounds.get("loopMaximum")
        return Loop(
            standard=True,
            condition=rounds.findtext(f"{BPMN}loopCondition", ""),
            before=rounds.get("testBefore") == "true",
            most=None if most is None else int(most),
        )
    if multi is None:
        return None
    words = ("inputCollection", "inputElement", "outputCollection", "outputElement")
    collection, item, into, result = (_said(multi, f"{ZEEBE}loopCharacteristics", each) for each in words)
    return Loop(
        standard=False,
        sequential=multi.get("isSequential") == "true",
        collection=collection,
        item=item,
        into=into,
        result=result,
        cardinality=multi.findtext(f"{BPMN}loopCardinality", ""),
        enough=multi.findtext(f"{BPMN}completionCondition", ""),
    )
