"""Decision services: some decisions of the file as one function (DMN 1.5, 10.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.dmn.decisions import Decisions
from engine.dmn.graph import Decision, Imported, InputItem, Node
from engine.dmn.session import Session, Variables
from engine.feel import Function, Value
from engine.feel.functions import Parameter, Variant
from engine.feel.types import Type


@dataclass(frozen=True, slots=True)
class Offering:
    """The decisions that a service gives, in what is given to it, and the declared type of its result."""

    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    type_ref: str | None
    place: str


def service_logic(decisions: Decisions, service: Offering, _given: Variables, session: Session) -> Value:
    """Return the function of a service: its parameters are the input data, then the input decisions."""
    nodes, types = decisions.nodes, decisions.types
    inputs = [nodes[one] for one in service.inputs if one in nodes]
    parameters = tuple(
        Parameter(
            node.variable if isinstance(node, Decision) else node.name,
            type=_type(decisions, node),
        )
        for node in inputs
    )
    result = types.result(service.type_ref)

    def call(*arguments: Value) -> Value:
        given = {
            node.id: _allowed(decisions, node, argument, session)
            for node, argument in zip(inputs, arguments, strict=True)
        }
        results = decisions.run(service.outputs, {}, replace(session, shared={}), fixed=given)
        outputs = [nodes[one] for one in service.outputs if one in nodes]
        values = {
            node.variable if isinstance(node, Decision) else node.name: results[node.id] for node in outputs
        }
        value = values if len(values) > 1 else next(iter(values.values()), None)
        return types.fit_type(value, result, session, place=service.place)

    return Function("service", (Variant(parameters, call),), result)


def _allowed(decisions: Decisions, node: Node, value: Value, session: Session) -> Value:
    """Return an argument as what is given declares it, with the values that it allows."""
    if isinstance(node, Imported):
        return _allowed(node.decisions, node.node, value, session.within(node.decisions.types.types))
    if isinstance(node, InputItem | Decision):
        return decisions.types.fit(value, node.type_ref, session, node.place)
    return value


def _type(decisions: Decisions, node: Node) -> Type:
    """Return the declared type of a parameter, as the file names it that declares it."""
    if isinstance(node, Imported):
        return _type(node.decisions, node.node)
    return decisions.types.reference(node.type_ref if isinstance(node, Decision | InputItem) else None)
