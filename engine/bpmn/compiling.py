"""From a process model to specifications: one pass for the elements, one for what connects them."""

from __future__ import annotations

from collections.abc import Mapping

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.bpmn.formulas import Variable, formula, optional
from engine.bpmn.loop_model import LoopModel
from engine.bpmn.model import (
    ElementModel,
    EventModel,
    ProcessModel,
    VariableMapping,
)
from engine.bpmn.nodes.activities import (
    CallSpec,
    DecisionSpec,
    FormulasSpec,
    JobSpec,
    ScriptSpec,
    TaskSpec,
    UserSpec,
)
from engine.bpmn.nodes.adhoc import AdHocSpec
from engine.bpmn.nodes.attaching import Catching
from engine.bpmn.nodes.base import Assignment, ElementSpec, FlowSpec
from engine.bpmn.nodes.catchers import AttachedSpec, BoundarySpec, EventStartSpec
from engine.bpmn.nodes.complex import ComplexSpec
from engine.bpmn.nodes.containers import ContainerSpec, EventProcessSpec, RootSpec
from engine.bpmn.nodes.events import CatchSpec, EndSpec, PassSpec, ReceiveSpec, ThrowSpec
from engine.bpmn.nodes.gateways import EventGatewaySpec, ExclusiveSpec, InclusiveSpec, ParallelSpec
from engine.bpmn.nodes.inputs_outputs import compile_io
from engine.bpmn.nodes.multi import LoopSpec, MultiSpec, ThrownSpec
from engine.bpmn.nodes.rounds import BodySpec, RoundsSpec, WhileSpec
from engine.bpmn.nodes.undoing import CancelSpec, CompensateSpec
from engine.bpmn.reaching import begins_ad_hoc, flows_reached, free_starts
from engine.bpmn.timers import compile_timer
from engine.feel import Expression

ROOT = "#process"
EACH = "#each"
CLASSES: Mapping[str, type[ElementSpec]] = {
    "task": TaskSpec,
    "userTask": UserSpec,
    "manualTask": UserSpec,
    "serviceTask": JobSpec,
    "receiveTask": ReceiveSpec,
    "sendTask": ThrowSpec,
    "scriptTask": ScriptSpec,
    "businessRuleTask": DecisionSpec,
    "callActivity": CallSpec,
    "subProcess": ContainerSpec,
    "exclusiveGateway": ExclusiveSpec,
    "parallelGateway": ParallelSpec,
    "inclusiveGateway": InclusiveSpec,
    "complexGateway": ComplexSpec,
    "eventBasedGateway": EventGatewaySpec,
    "startEvent": PassSpec,
    "endEvent": EndSpec,
    "intermediateThrowEvent": ThrowSpec,
    "intermediateCatchEvent": CatchSpec,
    "boundaryEvent": BoundarySpec,
}
FORMULAS = (
    "assignee",
    "candidate_groups",
    "candidate_users",
    "due",
    "follow_up",
    "priority",
    "script",
    "decision",
)


class Compiler:
    """The specifications of one process as they come into being."""

    def __init__(self, process: ProcessModel, names: frozenset[str]) -> None:
        """Begin with an empty workflow specification."""
        self.process, self.names = process, names
        self.workflow = BpmnProcessSpec(name=f"process:{process.id}", filename=None)
        self.nodes: dict[str, ElementSpec] = {}
        self.root = RootSpec(self.workflow, ROOT, _of_process(process))
        self.root.io = compile_io(process.data, names)
        self.nodes[ROOT] = self.root

    def run(self) -> tuple[Mapping[str, ElementSpec], RootSpec]:
        """Compile everything."""
        for element in self.process.elements.values():
            self._add(element)
        for element in self.process.elements.values():
            self._place(element)
        for level, names in free_starts(self.process).items():
            around = self._inside(level)
            if isinstance(around, ContainerSpec):
                around.free = [self.nodes[name] for name in names]
        self._connect()
        drawn = {name: number for number, name in enumerate(self.process.elements)}
        for node in self.nodes.values():
            node.event_processes.sort(key=lambda start: drawn[start.element.parent or ""])
            if isinstance(node, InclusiveSpec):
                node.reached_from = flows_reached(self.process, node.element.id)
        return self.nodes, self.root

    def _add(self, element: ElementModel) -> None:
        node = self._node(_class_of(element, self.process), element.id, element)
        if element.loop is None:
            return
        each = f"{element.id}{EACH}"
        node.name = each
        body = self._body(element)
        body.inner = node
        self.nodes[each], self.nodes[element.id] = node, body
        body.name = element.id

    def _node(self, cls: type[ElementSpec], name: str, element: ElementModel) -> ElementSpec:
        inner = EACH if element.loop is not None else ""
        node = cls(self.workflow, f"element:{element.id}{inner}", element)
        node.name = name
        node.inputs_mapped = self._assignments(element.inputs)
        node.outputs_mapped = self._assignments(element.outputs)
        node.io = compile_io(element.data, self.names)
        if isinstance(node, FormulasSpec):
            found = {name: optional(getattr(element, name), self.names) for name in FORMULAS}
            found["process"] = optional(element.call.process if element.call else None, self.names)
            node.formulas = {name: each for name, each in found.items() if each is not None}
        if isinstance(node, CatchSpec | ThrowSpec | AttachedSpec) and element.event is not None:
            node.catching = self._catching(element.event)
        if isinstance(node, CompensateSpec) and element.event is not None:
            node.activity = element.event.activity
        if isinstance(node, AdHocSpec) and element.ad_hoc is not None:
            node.sequential, node.interrupts = element.ad_hoc.sequential, element.ad_hoc.interrupts
            node.completion = optional(element.ad_hoc.completion, self.names)
        if isinstance(node, ComplexSpec):
            node.activation = optional(element.activation, self.names)
        self.nodes[name] = node
        return node

    def _assignments(self, mappings: tuple[VariableMapping, ...]) -> tuple[Assignment, ...]:
        return tuple(
            Assignment(formula(each.source, self.names), tuple(each.target.split("."))) for each in mappings
        )

    def _catching(self, event: EventModel) -> Catching:
        return Catching(
            event.kind,
            optional(event.name, self.names),
            optional(event.correlation_key, self.names),
            compile_timer(event.timer, self.names) if event.timer else None,
            event.code,
            optional(event.condition, self.names),
            tuple(self._catching(part) for part in event.parts),
            event.parallel,
        )

    def _body(self, element: ElementModel) -> BodySpec:
        loop = element.loop
        if loop is None:
            raise AssertionError(element.id)
        name = f"element:{element.id}"
        if loop.standard:
            rounds = RoundsSpec(self.workflow, name, element)
            rounds.loop = WhileSpec(optional(loop.condition, self.names), loop.test_before, loop.maximum)
            return rounds
        body = MultiSpec(self.workflow, name, element)
        body.loop = self._loop(loop)
        return body

    def _loop(self, loop: LoopModel) -> LoopSpec:
        output = optional(loop.output_item, self.names)
        named = Variable(loop.collection_variable) if loop.collection_variable else None
        if loop.output_variable and output is None:
            output = Variable(loop.output_variable)
        expression = getattr(output, "expression", None)
        simple = isinstance(expression, Expression) and expression.text.strip() in expression.variables
        return LoopSpec(
            sequential=loop.sequential,
            collection=named or optional(loop.collection, self.names),
            cardinality=optional(loop.cardinality, self.names),
            item=loop.item,
            output_collection=loop.output_collection,
            output_item=output,
            output_variable=expression.text.strip() if simple and expression else loop.output_variable,
            completion=optional(loop.completion, self.names),
            throws=tuple(
                ThrownSpec(self._catching(each.event), each.first, optional(each.condition, self.names))
                for each in loop.throws
            ),
        )

    def _place(self, element: ElementModel) -> None:
        """Tell an element's surroundings of it: boundaries, starts and event sub-processes."""
        node = self.nodes[element.id]
        if isinstance(node, BoundarySpec) and element.attached_to:
            self.nodes[element.attached_to].boundaries.append(node)
        around = self._inside(element.parent)
        if isinstance(node, EventStartSpec):
            node.process = around
            self._inside(around.element.parent).event_processes.append(node)
        if element.kind == "startEvent" and isinstance(around, ContainerSpec):
            around.start = node
        if isinstance(around, AdHocSpec) and begins_ad_hoc(element):
            around.inside.append(node)
        if element.event is not None and element.event.kind == "compensation":
            self._place_undoing(element)

    def _place_undoing(self, element: ElementModel) -> None:
        """Tell what can be undone of its handler, and everything around it."""
        undone = None
        if element.attached_to and element.handler:
            undone = self.process.elements[element.attached_to]
            self.nodes[undone.id].handler = self.nodes[element.handler]
        elif element.kind == "startEvent":
            process = self.process.elements[element.parent or ""]
            undone = self.process.elements.get(process.parent or "")
            self._inside(process.parent).undo_process = self.nodes[process.id]
        while undone is not None:
            for name in (undone.id, f"{undone.id}{EACH}"):
                if name in self.nodes:
                    self.nodes[name].compensable = not undone.for_compensation
            undone = self.process.elements.get(undone.parent or "")

    def _inside(self, parent: str | None) -> ElementSpec:
        """Return the node that tokens inside a sub-process run in."""
        if parent is None:
            return self.root
        return self.nodes.get(f"{parent}{EACH}") or self.nodes[parent]

    def _connect(self) -> None:
        for flow in self.process.flows.values():
            target = self.nodes[flow.target]
            target.incoming.append(flow.id)
            compiled = FlowSpec(flow.id, target, optional(flow.condition, self.names), flow.default)
            self.nodes[flow.source].flows.append(compiled)
        catches = {
            (each.parent, each.event.name): each.id
            for each in self.process.elements.values()
            if each.kind == "intermediateCatchEvent" and each.event and each.event.kind == "link"
        }
        for element in self.process.elements.values():
            if element.kind == "intermediateThrowEvent" and element.event and element.event.kind == "link":
                target = self.nodes[catches[element.parent, element.event.name]]
                self.nodes[element.id].flows.append(FlowSpec(f"link:{element.id}", target))


def _class_of(element: ElementModel, process: ProcessModel) -> type[ElementSpec]:
    kind = element.event.kind if element.event is not None else ""
    around = process.elements.get(element.parent or "")
    special: tuple[tuple[bool, type[ElementSpec]], ...] = (
        (bool(element.topic), JobSpec),
        (element.ad_hoc is not None, AdHocSpec),
        (element.kind == "subProcess" and element.triggered, EventProcessSpec),
        (element.kind == "startEvent" and around is not None and around.triggered, EventStartSpec),
        (element.kind in _THROWING and kind == "compensation", CompensateSpec),
        (element.kind in _THROWING and kind == "cancel", CancelSpec),
        (kind == "link", PassSpec),
    )
    return next((spec for holds, spec in special if holds), CLASSES[element.kind])


_THROWING = ("endEvent", "intermediateThrowEvent")


def _of_process(process: ProcessModel) -> ElementModel:
    return ElementModel(
        id=process.id,
        kind="process",
        name=process.name,
        line=process.line,
        declares=process.declares,
        listeners=process.listeners,
    )
