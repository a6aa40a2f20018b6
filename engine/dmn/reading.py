"""From the bytes of a DMN file to its decisions."""

from __future__ import annotations

from functools import lru_cache, partial

from engine.dmn.boxed import Reader, function_logic
from engine.dmn.cells import Cells
from engine.dmn.decisions import Decisions
from engine.dmn.graph import Decision, InputItem, Knowledge, Node, cycle
from engine.dmn.item_types import component_names, read_item_types
from engine.dmn.services import service_logic
from engine.dmn.session import Logic
from engine.dmn.source import Element, child, children, line, local, read_root, reference
from engine.dmn.table_checks import Looked

KEPT = 200
_REQUIREMENTS = {
    "informationRequirement": ("requiredDecision", "requiredInput"),
    "knowledgeRequirement": ("requiredKnowledge",),
}
_BOXED = frozenset(
    {
        "literalExpression",
        "decisionTable",
        "context",
        "invocation",
        "list",
        "relation",
        "functionDefinition",
        "conditional",
        "for",
        "some",
        "every",
        "filter",
    }
)


def parse(xml: bytes, *, file: str = "") -> Decisions:
    """Return the decisions of a DMN file (1.1 to 1.5), everything compiled.

    DecisionError when it is no DMN file at all; mistakes inside are collected for ``check``, and a decision
    that has one raises when it is evaluated. A file that was read before is not read again.
    """
    return _read_once(xml, file)


@lru_cache(maxsize=KEPT)
def _read_once(xml: bytes, file: str) -> Decisions:
    root = read_root(xml, file)
    cells = Cells(file, frozenset(_names(root)))
    types = read_item_types(root, cells)
    cells.given.update(_given(root))
    reader = Reader(cells, types)
    nodes: dict[str, Node] = {}
    decisions = Decisions(file, nodes, types, (), ())
    for element in children(root):
        read = _NODES.get(local(element))
        if read is None:
            continue
        cells.element = f"{local(element)} '{element.get('name', element.get('id', ''))}'"
        node = read(element, reader, decisions)
        if node.id in nodes:
            cells.problem(element, f"The id '{node.id}' is used twice.")
        nodes[node.id] = node
    _check_graph(root, nodes, cells)
    for element in children(root, "import"):
        cells.element = f"import '{element.get('name', '')}'"
        cells.problem(element, "Imports are not supported; copy what is needed into this file.")
    tables = tuple(Looked(make) for make in cells.sheets)
    return Decisions(file, nodes, types, tuple(cells.problems), tuple(cells.functions), tables)


def _names(root: Element) -> set[str]:
    named = {str(element.get("name")) for element in root.iter("{*}*") if element.get("name")}
    return {name for name in named | component_names(root) if name != root.get("name") and name.strip()}


def _given(root: Element) -> dict[str, str]:
    """Return the declared types of the variables of input data, decisions and knowledge, by name."""
    variables = (child(part, "variable") for part in children(root, "inputData", "decision"))
    return {v.get("name", ""): v.get("typeRef", "") for v in variables if v is not None and v.get("typeRef")}


def _input(element: Element, reader: Reader, _decisions: Decisions) -> Node:
    variable = child(element, "variable")
    holder = element if variable is None else variable
    name = str(holder.get("name") or element.get("name", ""))
    return InputItem(_id(element), name, holder.get("typeRef"), reader.cells.place(element))


def _decision(element: Element, reader: Reader, _decisions: Decisions) -> Node:
    boxed = next((part for part in children(element) if local(part) in _BOXED), None)
    logic: Logic = reader.logic(boxed) if boxed is not None else lambda _variables, _session: None
    if boxed is None:
        reader.cells.problem(element, "The decision has no logic; add a decision table or an expression.")
    variable, logic = reader.variable(element, logic)
    return Decision(
        _id(element),
        element.get("name", ""),
        variable or element.get("name", ""),
        _variable_type(element),
        logic,
        _requires(element),
        line(element),
        reader.cells.place(element),
        boxed is not None and local(boxed) == "decisionTable",
    )


def _knowledge(element: Element, reader: Reader, _decisions: Decisions) -> Node:
    encapsulated = child(element, "encapsulatedLogic")
    if encapsulated is None:
        reader.cells.problem(element, "The business knowledge model has no logic.")
    logic: Logic = (
        function_logic(reader, encapsulated)
        if encapsulated is not None
        else lambda _variables, _session: None
    )
    return _known(element, reader, logic, _requires(element))


def _service(element: Element, reader: Reader, decisions: Decisions) -> Node:
    parts = {
        name: tuple(reference(part) for part in children(element, name))
        for name in ("outputDecision", "encapsulatedDecision", "inputDecision", "inputData")
    }
    logic = partial(service_logic, decisions, parts, reader.cells.place(element))
    return _known(element, reader, logic, ())


def _known(element: Element, reader: Reader, logic: Logic, requires: tuple[str, ...]) -> Node:
    variable = child(element, "variable")
    own = variable.get("name") if variable is not None else None
    name = str(own or element.get("name", ""))
    return Knowledge(_id(element), name, logic, requires, reader.cells.place(element))


def _requires(element: Element) -> tuple[str, ...]:
    return tuple(
        reference(target)
        for kind, names in _REQUIREMENTS.items()
        for requirement in children(element, kind)
        for target in children(requirement, *names)
    )


def _variable_type(element: Element) -> str | None:
    variable = child(element, "variable")
    return None if variable is None else variable.get("typeRef")


def _id(element: Element) -> str:
    return str(element.get("id") or element.get("name", ""))


def _check_graph(root: Element, nodes: dict[str, Node], cells: Cells) -> None:
    for element in children(root, "decision", "businessKnowledgeModel"):
        cells.element = f"{local(element)} '{element.get('name', '')}'"
        for needed in _requires(element):
            if needed not in nodes:
                cells.problem(element, f"It requires '{needed}', which is not in this file.")
    for node_id in cycle(nodes):
        node = nodes[node_id]
        if isinstance(node, Decision):
            cells.element = f"decision '{node.name}'"
            cells.problem(
                node.line, "The decision requires itself, directly or through others; cut the circle."
            )


_NODES = {
    "inputData": _input,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}
