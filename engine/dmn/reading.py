"""From the bytes of a DMN file to its decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial

from engine.dmn.boxed import Reader, function_logic
from engine.dmn.cells import Cells, Read
from engine.dmn.decisions import Decisions
from engine.dmn.graph import Decision, InputItem, Knowledge, Node, cycle
from engine.dmn.importing import Import, circle, heading, import_nodes, import_types, offering
from engine.dmn.item_types import ItemTypes, component_names, read_item_types
from engine.dmn.names_and_types import check_types, unknown_names
from engine.dmn.services import Offering, service_logic
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


def parse(xml: bytes, *, file: str = "", beside: Mapping[str, bytes] | None = None) -> Decisions:
    """Return the decisions of a DMN file (1.1 to 1.5), everything compiled.

    What it imports is looked for by namespace among the files ``beside`` (by name; it may be one of them). DecisionError when
    it is no DMN file at all; mistakes inside are collected for ``check``, and a decision that has one raises when it is
    evaluated. A file that was read before is not read again, while what it imports is the same.
    """
    return _parse(xml, file, beside or {}, path=(), done={})


def _parse(
    xml: bytes, file: str, beside: Mapping[str, bytes], *, path: tuple[str, ...], done: dict[str, Decisions]
) -> Decisions:
    if file in done:
        return done[file]
    path = (*path, file)
    imports: list[tuple[Import, tuple[Decisions, ...]]] = []
    wanted = heading(xml, file=file).imports
    round_trip = circle(file, beside, wanted) if wanted else ()
    for imported in wanted:
        others = [name for name in offering(beside, imported.namespace) if name != file]
        found = [
            _parse(beside[name], name, beside, path=path, done=done) for name in others if name not in path
        ]
        imports.append((imported, tuple(found)))
    decisions = _read_once(xml, file, tuple(imports), round_trip)
    if not round_trip:
        done[file] = decisions
    return decisions


@lru_cache(maxsize=KEPT)
def _read_once(
    xml: bytes,
    file: str,
    imports: tuple[tuple[Import, tuple[Decisions, ...]], ...],
    round_trip: tuple[str, ...],
) -> Decisions:
    root = read_root(xml, file)
    vocabulary = frozenset(_names(root)).union(*(one.vocabulary for _, files in imports for one in files))
    cells = Cells(file, vocabulary | {imported.name for imported, _ in imports if imported.name})
    types, nodes = ItemTypes(), dict[str, Node]()
    _take_imports(root, imports, round_trip, cells=cells, types=types, nodes=nodes)
    read_item_types(root, cells, types)
    cells.given.update(_given(root))
    decisions = Decisions(file, nodes, types, (), ())
    reads = _read_nodes(root, Reader(cells, types), decisions)
    _check_graph(root, nodes, cells)
    check_types(root, types, cells)
    return replace(
        decisions,
        problems=tuple(cells.problems),
        unknown_functions=tuple(cells.functions),
        unknown_names=tuple(
            unknown_names(reads, nodes, file, known=component_names(root) | set(types.types))
        ),
        tables=tuple(Looked(make) for make in cells.sheets),
        written=tuple(cells.written),
        vocabulary=cells.names,
    )


def _read_nodes(root: Element, reader: Reader, decisions: Decisions) -> list[tuple[Node, list[Read]]]:
    """Read the nodes of a file into ``decisions``; return each with the names that it reads from outside."""
    cells, nodes = reader.cells, dict[str, Node]()
    reads: list[tuple[Node, list[Read]]] = []
    for element in children(root):
        read = _NODES.get(local(element))
        if read is None:
            continue
        cells.element = f"{local(element)} '{element.get('name', element.get('id', ''))}'"
        start = len(cells.reads)
        node = read(element, reader, decisions)
        if node.id in nodes:
            cells.problem(element, f"The id '{node.id}' is used twice.")
        nodes[node.id] = node
        reads.append((node, cells.reads[start:]))
    decisions.nodes.update(nodes)
    return reads


def _take_imports(
    root: Element,
    imports: tuple[tuple[Import, tuple[Decisions, ...]], ...],
    round_trip: tuple[str, ...],
    *,
    cells: Cells,
    types: ItemTypes,
    nodes: dict[str, Node],
) -> None:
    seen = set[str]()
    for imported, files in imports:
        cells.element = f"import '{imported.name}'"
        if not imported.is_dmn:
            cells.problem(imported.line, f"What is imported is no DMN: {imported.kind}.")
            continue
        if imported.name in seen:
            cells.problem(imported.line, f"Two imports have the name '{imported.name}'.")
        if round_trip:
            cells.problem(
                imported.line, f"The files import each other in a circle: {', '.join(round_trip)}; cut it."
            )
        elif not files:
            cells.problem(
                imported.line, f"There is no file with the namespace '{imported.namespace}'; deploy it too."
            )
        seen.add(imported.name)
        import_types(types, imported, files)
        for key, node in import_nodes(imported, files).items():
            local_key = key.rpartition("#")[2] if imported.namespace == root.get("namespace") else key
            if local_key in nodes:
                cells.problem(imported.line, f"'{node.name}' is in several files of the namespace.")
            nodes[local_key] = node


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
        function_logic(reader, encapsulated, _variable_type(element))
        if encapsulated is not None
        else lambda _variables, _session: None
    )
    return _known(element, reader, logic, _requires(element))


def _service(element: Element, reader: Reader, decisions: Decisions) -> Node:
    outputs, *inputs = (
        tuple(reference(part) for part in children(element, name))
        for name in ("outputDecision", "inputData", "inputDecision")
    )
    service = Offering(
        outputs, (*inputs[0], *inputs[1]), _variable_type(element), reader.cells.place(element)
    )
    logic = partial(service_logic, decisions, service)
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
