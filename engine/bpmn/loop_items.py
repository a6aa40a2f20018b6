"""The collections of a multi-instance activity where BPMN refers to data instead of writing an expression."""

from __future__ import annotations

from engine.bpmn.dialect import Fields
from engine.bpmn.event_reader import Definitions
from engine.bpmn.io_reader import is_drawn_only, reference
from engine.bpmn.xml_source import Problems, Xml, child, children, text_of


def read_loop_items(node: Xml, loop: Xml, found: Fields, *, shared: Definitions, problems: Problems) -> None:
    """Add to the loop's fields what ``loopDataInputRef`` and its siblings say; beside ``zeebe:`` it is said twice.

    The collection is the data object that the referred input is filled from, or itself; likewise for the output.
    """
    for tag, fields in _REFERENCES.items():
        named = child(loop, tag)
        if named is None:
            continue
        if fields & found.keys():
            message = "Two places say over what it is multi-instance."
            problems.at("loop-data-twice", message, "Keep zeebe:loopCharacteristics, or BPMN's own.", loop)
            continue
        variable = _variable(node, reference(text_of(named)), tag, shared)
        if variable is None:
            message = f"The {tag} «{text_of(named)}» of «{node.get('name') or node.get('id')}» names no data."
            problems.at("loop-data-unknown", message, "Name a data input or a data object.", loop)
        else:
            found["collection_variable" if tag == "loopDataInputRef" else "output_collection"] = variable
    for tag, field in (("inputDataItem", "item"), ("outputDataItem", "output_variable")):
        item = child(loop, tag)
        if item is not None and (field == "item" or "output_collection" in found):
            found.setdefault(field, item.get("name") or item.get("id") or tag)


_REFERENCES = {
    "loopDataInputRef": frozenset({"collection"}),
    "loopDataOutputRef": frozenset({"output_collection"}),
}


def _variable(node: Xml, name: str, tag: str, shared: Definitions) -> str | None:
    """Return the variable around the activity that a reference stands for, following the association at it."""
    near, far = ("targetRef", "sourceRef") if tag == "loopDataInputRef" else ("sourceRef", "targetRef")
    kind = "dataInputAssociation" if tag == "loopDataInputRef" else "dataOutputAssociation"
    for association in children(node, kind):
        if reference(text_of(child(association, near))) == name and not is_drawn_only(association):
            return shared.items.of(text_of(child(association, far)))
    return shared.items.of(name)
