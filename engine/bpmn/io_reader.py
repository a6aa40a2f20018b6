"""Data as BPMN draws it: data objects are variables of their scope, associations copy between them and inputs and outputs.

An association that an editor has only drawn, with one end nowhere, documents: every variable can be read everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.io_model import Copy, InputsOutputs
from engine.bpmn.xml_source import BPMN, Problems, Xml, child, children, line_of, local_name, text_of

ITEMS = ("dataObject", "property", "dataInput", "dataOutput", "inputDataItem", "outputDataItem")
ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
PLACEHOLDER = "__targetRef_placeholder"
"""How bpmn-js calls the property that holds the end of an association it has drawn."""


@dataclass(frozen=True, slots=True)
class Items:
    """What holds data in a file, by id: the variable's name; ``moved``: the data objects that are more than drawn."""

    names: Mapping[str, str]
    moved: frozenset[str]

    @classmethod
    def read(cls, root: Xml) -> Items:
        """Index a file."""
        names = {
            node.get("id", ""): str(node.get("name") or node.get("id"))
            for node in root.iter(*(f"{{{BPMN}}}{tag}" for tag in ITEMS))
            if node.get("id") and node.get("name") != PLACEHOLDER
        }
        objects = {
            node.get("id", ""): reference(node.get("dataObjectRef"))
            for node in root.iter(f"{{{BPMN}}}dataObjectReference")
        }
        names |= {name: names[target] for name, target in objects.items() if target in names}
        ends = [
            end for each in root.iter(*(f"{{{BPMN}}}{tag}" for tag in ASSOCIATIONS)) for end in _ends(each)
        ]
        ends += [reference(text_of(each)) for each in root.iter(*_LOOP_REFERENCES)]
        return cls(names, frozenset(objects.get(end, end) for end in ends))

    def of(self, name: str) -> str | None:
        """Return the variable that an id stands for, None when nothing of that id holds data."""
        return self.names.get(reference(name))


_LOOP_REFERENCES = (f"{{{BPMN}}}loopDataInputRef", f"{{{BPMN}}}loopDataOutputRef")


def reference(text: str | None) -> str:
    """Return the id that a reference names, without its prefix."""
    return (text or "").strip().rpartition(":")[2]


def is_drawn_only(association: Xml) -> bool:
    """Tell whether an association has an end that is nowhere: editors draw it so."""
    owner = association.getparent()
    properties = () if owner is None else children(owner, "property")
    placeholders = {each.get("id") for each in properties if each.get("name") == PLACEHOLDER}
    ends = [
        reference(text_of(each)) for tag in ("sourceRef", "targetRef") for each in children(association, tag)
    ]
    tags = {local_name(each) for each in association.iterchildren()}
    if tags & {"transformation", "assignment"}:
        return False
    return not {"sourceRef", "targetRef"} <= tags or bool(placeholders & set(ends))


def _ends(association: Xml) -> Iterator[str]:
    if not is_drawn_only(association):
        for tag in ("sourceRef", "targetRef"):
            yield from (reference(text_of(each)) for each in children(association, tag))


def declared_objects(container: Xml, items: Items) -> Iterator[str]:
    """Go through the variables that the data objects of a process or sub-process are, when something moves them."""
    for node in children(container, "dataObject"):
        if node.get("id") in items.moved:
            yield items.names[node.get("id", "")]


def read_io(node: Xml, items: Items, problems: Problems) -> InputsOutputs | None:
    """Return the inputs and outputs of an activity, event or process and what is copied; None when it has neither."""
    holder = child(node, "ioSpecification")
    holder = node if holder is None else holder
    into, out = (
        _moves(node, "dataInputAssociation", items, problems),
        _moves(node, "dataOutputAssociation", items, problems),
    )
    loop = child(node, "multiInstanceLoopCharacteristics")
    of_loop = (
        set() if loop is None else {items.of(text_of(each)) for each in loop.iterchildren(*_LOOP_REFERENCES)}
    )
    inputs = [items.of(each.get("id", "")) or "" for each in children(holder, "dataInput")]
    outputs = [items.of(each.get("id", "")) or "" for each in children(holder, "dataOutput")]
    found = InputsOutputs(
        inputs=tuple(each for each in inputs if each not in of_loop),
        outputs=tuple(each for each in outputs if each not in of_loop),
        moves_in=tuple(each for each in into if each.target[0] not in of_loop),
        moves_out=tuple(each for each in out if each.source is None or each.source not in of_loop),
        needs=tuple(_sets(holder, "inputSet", items, of_loop)),
        gives=tuple(_sets(holder, "outputSet", items, of_loop)),
    )
    return found if found != InputsOutputs() else None


def _sets(holder: Xml, tag: str, items: Items, left_out: set[str | None]) -> Iterator[tuple[str, ...]]:
    """Go through the sets of an input/output specification: what each of them must have."""
    kind = tag.removesuffix("Set").capitalize()
    for each in children(holder, tag):
        optional = {items.of(text_of(one)) for one in children(each, f"optional{kind}Refs")}
        named = [items.of(text_of(one)) for one in children(each, f"data{kind}Refs")]
        needed = tuple(name for name in named if name and name not in optional | left_out)
        if needed or len(list(children(holder, tag))) > 1:
            yield needed


def _moves(node: Xml, tag: str, items: Items, problems: Problems) -> list[Copy]:
    moves: list[Copy] = []
    for association in children(node, tag):
        if is_drawn_only(association):
            continue
        sources = [items.of(text_of(each)) for each in children(association, "sourceRef")]
        target = items.of(text_of(child(association, "targetRef")))
        moves.extend(_changes(association, sources, target, problems))
    return moves


def _changes(
    association: Xml, sources: list[str | None], target: str | None, problems: Problems
) -> Iterator[Copy]:
    """Go through what one association does: its transformation, else its assignments, else a copy of its source."""
    line, transformation = line_of(association), child(association, "transformation")
    assignments = list(children(association, "assignment"))
    if target is None:
        return  # reported by the rules on data
    if transformation is not None:
        yield Copy(None, text_of(transformation), (target,), line)
    elif not assignments and len(sources) == 1 and sources[0]:
        yield Copy(sources[0], "", (target,), line)
    for each in assignments:
        to = _place(each, target, association)
        if to is None:
            message = f"An assignment goes to «{text_of(child(each, 'to'))}», which is not in «{target}»."
            problems.at(
                "data-assignment", message, f"Write {target}, or a path such as {target}.amount.", association
            )
        else:
            yield Copy(None, text_of(child(each, "from")), to, line)


def _place(assignment: Xml, target: str, association: Xml) -> tuple[str, ...] | None:
    """Return the variable and the path in it that an assignment goes to; it names the target, by name or by id."""
    written = text_of(child(assignment, "to")).removeprefix("=").strip()
    ids = reference(text_of(child(association, "targetRef")))
    for name in (target, ids):
        if written == name or written.startswith(f"{name}."):
            path = tuple(written[len(name) + 1 :].split(".")) if written != name else ()
            return (target, *path) if all(path) else None
    return None
