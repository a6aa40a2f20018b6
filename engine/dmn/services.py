"""Decision services: some decisions of the file as one function (DMN 1.5, 10.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.dmn.decisions import Decisions
from engine.dmn.graph import Decision, Imported, InputItem, Node
from engine.dmn.session import Session, Variables
from engine.feel import Function, Value
from engine.feel.functions import Parameter, Variant
from engine.feel.types import Type


def service_logic(
    decisions: Decisions,
    parts: Mapping[str, tuple[str, ...]],
    place: str,
    _given: Variables,
    session: Session,
) -> Value:
    """Return the function of a service: its parameters are the input data, then the input decisions."""
    nodes = decisions.nodes
    inputs = [nodes[one] for one in (*parts["inputData"], *parts["inputDecision"]) if one in nodes]
    parameters = tuple(
        Parameter(
            node.variable if isinstance(node, Decision) else node.name,
            type=_type(decisions, node),
        )
        for node in inputs
    )

    def call(*arguments: Value) -> Value:
        given = {node.id: argument for node, argument in zip(inputs, arguments, strict=True)}
        alone = replace(session, shared={})
        results = decisions.run(parts["outputDecision"], {}, alone, fixed=given)
        outputs = [nodes[one] for one in parts["outputDecision"] if one in nodes]
        values = {
            node.variable if isinstance(node, Decision) else node.name: results[node.id] for node in outputs
        }
        return values if len(values) > 1 else next(iter(values.values()), None)

    del place
    return Function("service", (Variant(parameters, call),))


def _type(decisions: Decisions, node: Node) -> Type:
    """Return the declared type of a parameter, as the file names it that declares it."""
    if isinstance(node, Imported):
        return _type(node.decisions, node.node)
    return decisions.types.reference(node.type_ref if isinstance(node, Decision | InputItem) else None)
