"""Names that nothing gives and types that nobody defines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.dmn.cells import Cells, Read
from engine.dmn.graph import Imported, InputItem, Node, requires
from engine.dmn.item_types import ItemTypes
from engine.dmn.problem import Problem
from engine.dmn.source import Element, child, children, line, local


def unknown_names(
    reads: Sequence[tuple[Node, Sequence[Read]]],
    nodes: Mapping[str, Node],
    file: str,
    *,
    known: Collection[str],
) -> Iterator[tuple[str, Problem]]:
    """Yield each name that the logic of a node reads and that it is not given, with a warning.

    A file that declares no input at all takes its variables from whoever asks, so its names may be any; but a
    decision of the file itself is given to those only that require it.
    """
    takes_any = not any(isinstance(node, InputItem) for node in nodes.values())
    of_file = {name for node in nodes.values() for name in _names(node)}
    for node, names in reads:
        given = {name for needed in requires(node) if needed in nodes for name in _names(nodes[needed])}
        seen = set[str]()
        for read in names:
            first = read.name.partition(".")[0]
            if {read.name, first} & (given | seen) or read.name in known:
                continue
            seen.add(read.name)
            if read.name in of_file - _names(node):
                message = f"It reads '{read.name}' without requiring it; draw the requirement."
            elif takes_any:
                continue
            else:
                message = (
                    f"It reads '{read.name}', which no input, required decision or knowledge model gives."
                )
            yield read.name, Problem(file, read.line, read.element, message, "warning")


def check_types(root: Element, types: ItemTypes, cells: Cells) -> None:
    """Report types that are used and defined nowhere, and inputs without one."""
    for element in children(root):
        cells.element = f"{local(element)} '{element.get('name', element.get('id', ''))}'"
        seen = set[str]()
        for part in element.iter("{*}*"):
            written = (part.text or "" if local(part) == "typeRef" else part.get("typeRef", "")).strip()
            if local(part) and written and written not in seen and types.undefined(written):
                cells.problem(part, f"There is no type '{written}'; define it, or use one of FEEL's.")
            seen.add(written)
        if local(element) == "inputData":
            variable = child(element, "variable")
            if variable is None or not variable.get("typeRef"):
                cells.problem(
                    line(element), "The input has no type; with one its values are checked.", level="warning"
                )


def _names(node: Node) -> set[str]:
    if isinstance(node, Imported):
        return {node.source or node.name}
    if isinstance(node, InputItem):
        return {node.id, node.name}
    return {node.id, node.read_as}
