"""The item definitions of data that meet: they should be the same, or have the same structure.

Values carry their own types here, so a difference is an error only where BPMN leaves no way to bring both together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.bpmn.io_reader import is_drawn_only, reference
from engine.bpmn.problem import Level
from engine.bpmn.refused import run_parts
from engine.bpmn.xml_source import Problems, Xml, child, children, local_name, text_of

CARRYING = {
    "messageEventDefinition": ("messageRef", "itemRef"),
    "signalEventDefinition": ("signalRef", "structureRef"),
    "errorEventDefinition": ("errorRef", "structureRef"),
    "escalationEventDefinition": ("escalationRef", "structureRef"),
}
"""Events that bring or take something along: how they name it, and how that names its item definition."""
EVENTS = ("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")


class Types:
    """The item definitions of a file, and what refers to them."""

    def __init__(self, root: Xml, problems: Problems) -> None:
        """Index the file."""
        self.problems = problems
        self.by_id = {node.get("id", ""): node for node in run_parts(root) if node.get("id")}

    def item(self, name: str | None) -> Xml | None:
        """Return the item definition of data, a message or an event payload, by the id of that."""
        node = self.by_id.get(reference(name))
        if node is not None and local_name(node) == "dataObjectReference":
            node = self.by_id.get(reference(node.get("dataObjectRef")))
        given = (
            None
            if node is None
            else node.get("itemSubjectRef") or node.get("itemRef") or node.get("structureRef")
        )
        return self.by_id.get(reference(given))

    def differ(self, one: Xml | None, other: Xml | None, *, as_items: bool = False) -> bool:
        """Tell whether two item definitions cannot be the same thing; ``as_items``: the second is one item of the first."""
        if one is None or other is None or one is other:
            return as_items and one is not None and one is other and _is_list(one)
        structures = one.get("structureRef"), other.get("structureRef")
        lists = (_is_list(one), _is_list(other))
        return (
            None in structures
            or structures[0] != structures[1]
            or (as_items and lists[1])
            or (not as_items and lists[0] != lists[1])
        )


def check_types(root: Xml, problems: Problems) -> None:
    """Compare what meets: ends of associations, messages and their tasks, events and their data, lists and their items."""
    types = Types(root, problems)
    for node in run_parts(root):
        ask = _ASKED.get(local_name(node))
        if ask is not None:
            ask(node, types)


def _note(types: Types, sentence: str, node: Xml, level: Level = "error") -> None:
    types.problems.at("data-type", sentence, "Let both name the same item definition.", node, level=level)


def _name(node: Xml | None) -> str:
    return "nothing" if node is None else node.get("name") or node.get("id") or local_name(node)


def _association(node: Xml, types: Types) -> None:
    if (
        is_drawn_only(node)
        or child(node, "transformation") is not None
        or child(node, "assignment") is not None
    ):
        return
    target = types.item(text_of(child(node, "targetRef")))
    for source in children(node, "sourceRef"):
        if types.differ(types.item(text_of(source)), target):
            message = (
                f"The association at «{_name(node.getparent())}» copies between data of different types."
            )
            _note(types, message, node, "warning")


def _message_task(node: Xml, types: Types) -> None:
    holder, wanted = child(node, "ioSpecification"), types.item(node.get("messageRef"))
    tag, level = _CARRIED[local_name(node)]
    for data in () if holder is None else children(holder, tag):
        found = types.item(data.get("id"))
        if types.differ(found, wanted) or (found is None and wanted is not None):
            _note(types, f"The {tag} of «{_name(node)}» is of another type than its message.", node, level)


_CARRIED: Mapping[str, tuple[str, Level]] = {
    "sendTask": ("dataInput", "warning"),
    "receiveTask": ("dataOutput", "error"),
}


def _event(node: Xml, types: Types) -> None:
    """Compare what an event defines with the data that it brings or takes: one for each definition, in their order."""
    data = [each for tag in ("dataInput", "dataOutput") for each in children(node, tag)]
    payloads = list(_payloads(node, types))
    if not data:
        return
    if len(data) < len(payloads):
        message = f"«{_name(node)}» has {len(payloads)} events with data and only {len(data)} places for it."
        _note(types, message, node, "warning")
    for one, wanted in zip(data, payloads, strict=False):
        if types.differ(types.item(one.get("id")), wanted):
            _note(types, f"The data of «{_name(node)}» is of another type than what its event carries.", node)


def _payloads(node: Xml, types: Types) -> Iterator[Xml | None]:
    for definition in node.iterchildren():
        kind = CARRYING.get(local_name(definition))
        if kind is not None:
            yield types.item(definition.get(kind[0]))


def _loop(node: Xml, types: Types) -> None:
    activity = node.getparent()
    for listed, item in (("loopDataInputRef", "inputDataItem"), ("loopDataOutputRef", "outputDataItem")):
        many, one = child(node, listed), child(node, item)
        if many is None or one is None:
            continue
        if types.differ(types.item(text_of(many)), types.item(one.get("id")), as_items=True):
            _note(types, f"The {item} of «{_name(activity)}» is no item of its collection.", node)


def _is_list(node: Xml) -> bool:
    return node.get("isCollection", "false") == "true"


_ASKED: Mapping[str, Callable[[Xml, Types], None]] = {
    "dataInputAssociation": _association,
    "dataOutputAssociation": _association,
    "sendTask": _message_task,
    "receiveTask": _message_task,
    "multiInstanceLoopCharacteristics": _loop,
    **dict.fromkeys(EVENTS, _event),
}
