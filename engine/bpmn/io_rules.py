"""Data: associations have ends that hold data, sets name what stands beside them, calls and messages fit what they meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.bpmn.io_reader import ASSOCIATIONS, ITEMS, is_drawn_only, reference
from engine.bpmn.model import TASKS
from engine.bpmn.refused import run_parts
from engine.bpmn.xml_source import Problems, Xml, child, children, local_name, text_of

STORES = ("dataStore", "dataStoreReference")
REFERRED = (*ITEMS, "dataObjectReference")
HOLDERS = ("ioSpecification", "startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent")
THROWERS = ("intermediateThrowEvent",)
SPECIFIED = TASKS | frozenset(
    {
        "process",
        "callActivity",
        "globalTask",
        "globalUserTask",
        "globalManualTask",
        "globalScriptTask",
        "globalBusinessRuleTask",
    }
)


def check_io(root: Xml, problems: Problems) -> None:
    """Check everything that is about data and will be run."""
    parts = list(run_parts(root))
    by_id = {node.get("id", ""): node for node in parts if node.get("id")}
    for node in parts:
        ask = _ASKED.get(local_name(node))
        if ask is not None:
            ask(node, by_id, problems)


def shown(node: Xml) -> str:
    """Return the name of a node for a sentence, its id when it has none."""
    return node.get("name") or node.get("id") or local_name(node)


def around(node: Xml) -> Xml:
    """Return what a node stands in; the root has nothing to do with data, so there always is something."""
    parent = node.getparent()
    return node if parent is None else parent


def _association(node: Xml, by_id: Mapping[str, Xml], problems: Problems) -> None:
    """Check both ends of a data association and what it does."""
    if is_drawn_only(node):
        return
    inwards = local_name(node) == "dataInputAssociation"
    sources, targets = ([text_of(each) for each in children(node, tag)] for tag in ("sourceRef", "targetRef"))
    for name in (*sources, *targets):
        found = by_id.get(reference(name))
        if found is None or local_name(found) not in (*REFERRED, *STORES):
            what = "not in this file" if found is None else f"a {local_name(found)}"
            message = f"The association at «{shown(around(node))}» ends at «{name}», which is {what}."
            problems.at("data-end", message, "Lead it to data: an input, an output, a data object.", node)
        elif local_name(found) in STORES:
            message = f"The data store «{shown(found)}» is not read or written by an association."
            problems.at("not-run-data-store", message, "Let a service task do it.", node)
        elif _is_wrong_way(found, around(node), inwards=inwards, source=name in sources):
            message = f"The association at «{shown(around(node))}» goes the wrong way at «{shown(found)}»."
            problems.at("data-direction", message, "Read inputs and data objects; write outputs.", node)
    _contents(node, sources, problems)


def _is_wrong_way(data: Xml, owner: Xml, *, inwards: bool, source: bool) -> bool:
    """Tell whether an end is an output that is read from outside, an input that is written, or of another activity."""
    kind = local_name(data)
    holder = around(data)
    belongs = owner if local_name(holder) in (*HOLDERS[1:], *THROWERS) else around(holder)
    own = belongs is owner or holder is owner
    if kind not in ("dataInput", "dataOutput"):
        return False
    if own:
        return (kind == "dataInput") != inwards or source == inwards
    return local_name(belongs) != "process" or (kind == "dataOutput") == inwards


def _contents(node: Xml, sources: list[str], problems: Problems) -> None:
    for each in node.iterdescendants():
        if local_name(each) in ("transformation", "from", "to") and not text_of(each):
            message = f"The {local_name(each)} of the association at «{shown(around(node))}» is empty."
            problems.at("data-empty", message, "Give it an expression, or remove it.", node)
    tags = {local_name(each) for each in node.iterchildren()}
    if len(sources) > 1 and not tags & {"transformation", "assignment"}:
        message = f"The association at «{shown(around(node))}» copies from {len(sources)} places into one."
        problems.at("data-sources", message, "Say by a transformation what becomes of them.", node)


def _specification(node: Xml, _by_id: Mapping[str, Xml], problems: Problems) -> None:
    """Check that inputs and outputs stand where something can have them."""
    owner = around(node)
    if local_name(owner) not in SPECIFIED:
        message = f"«{shown(owner)}» is a {local_name(owner)}, which has no inputs and outputs of its own."
        problems.at("data-misplaced", message, "Put them on the activities inside.", owner)
    for tag, kind in (("dataInput", "inputSet"), ("dataOutput", "outputSet")):
        listed = {
            reference(text_of(each)) for one in children(node, kind) for each in children(one, f"{tag}Refs")
        }
        for data in children(node, tag):
            if data.get("id") not in listed:
                message = f"The {tag} «{shown(data)}» of «{shown(owner)}» is in no {kind}."
                problems.at("data-unlisted", message, f"List it in an {kind}.", data)


def _item(node: Xml, _by_id: Mapping[str, Xml], problems: Problems) -> None:
    if local_name(around(node)) not in (*HOLDERS, *THROWERS):
        message = f"The {local_name(node)} «{shown(node)}» stands outside of an input/output specification."
        problems.at("data-misplaced", message, "Move it into an ioSpecification.", node)


def _set(node: Xml, by_id: Mapping[str, Xml], problems: Problems) -> None:
    """Check what an input or output set names: data beside it, and sets that name it back."""
    kind, holder = local_name(node).removesuffix("Set").capitalize(), around(node)
    other = "Output" if kind == "Input" else "Input"
    listed = {reference(text_of(each)) for each in children(node, f"data{kind}Refs")}
    for name in listed:
        found = by_id.get(name)
        if found is None or local_name(found) != f"data{kind}" or around(found) is not holder:
            _note_set(node, name, f"is no data {kind.lower()} beside it", problems)
    for tag in (f"optional{kind}Refs", f"whileExecuting{kind}Refs"):
        for each in children(node, tag):
            if reference(text_of(each)) not in listed:
                _note_set(node, text_of(each), f"it does not list as data {kind.lower()}", problems)
    for each in children(node, f"{other.lower()}SetRefs"):
        found = by_id.get(reference(text_of(each)))
        back = [] if found is None else children(found, f"{kind.lower()}SetRefs")
        if node.get("id") not in {reference(text_of(one)) for one in back}:
            _note_set(node, text_of(each), "does not name it back", problems)


def _note_set(node: Xml, name: str, what: str, problems: Problems) -> None:
    owner = around(around(node)) if local_name(around(node)) == "ioSpecification" else around(node)
    whose = f"«{shown(owner)}» ({owner.get('id')})"
    message = f"The {local_name(node)} «{shown(node)}» of {whose} names «{name}», which {what}."
    problems.at("data-set", message, "Correct the set.", node)


def _message_task(node: Xml, _by_id: Mapping[str, Xml], problems: Problems) -> None:
    """Check that what a message carries is one thing (BPMN 2.0.2, 10.3.3)."""
    if node.get("messageRef") is None and node.get("operationRef") is None:
        return
    holder = child(node, "ioSpecification")
    for tag in _CARRIED[local_name(node)]:
        count = 0 if holder is None else sum(1 for _ in children(holder, tag))
        if count > 1:
            message = f"«{shown(node)}» has {count} of {tag}, and its message carries one thing."
            problems.at("data-message", message, "Keep one.", node)


_CARRIED = {"sendTask": ("dataInput", "inputSet"), "receiveTask": ("dataOutput", "outputSet")}


def _call(node: Xml, by_id: Mapping[str, Xml], problems: Problems) -> None:
    """Check that a call hands over what the called element of the file takes, and takes what it gives, name by name."""
    called = by_id.get(_called(node))
    ours, theirs = (
        child(node, "ioSpecification"),
        None if called is None else child(called, "ioSpecification"),
    )
    if called is None or ours is None:
        return
    for tag in ("dataInput", "dataOutput"):
        own, asked = _names(ours, tag), _names(theirs, tag)
        if own != asked:
            message = (
                f"The call «{shown(node)}» ({node.get('id')}) has {tag} {_told(own)}; "
                f"«{shown(called)}» ({called.get('id')}) has {_told(asked)}."
            )
            problems.at("data-call", message, "Give both the same inputs and outputs, by name.", node)


def _names(holder: Xml | None, tag: str) -> list[str]:
    return [] if holder is None else sorted(shown(each) for each in children(holder, tag))


def _told(names: list[str]) -> str:
    return ", ".join(names) or "none"


def _called(node: Xml) -> str:
    found: Iterator[str] = (
        each.get("processId", "") for each in node.iterdescendants() if local_name(each) == "calledElement"
    )
    return next(found, "")


_ASKED: Mapping[str, Callable[[Xml, Mapping[str, Xml], Problems], None]] = {
    **dict.fromkeys(ASSOCIATIONS, _association),
    "ioSpecification": _specification,
    "dataInput": _item,
    "dataOutput": _item,
    "inputSet": _set,
    "outputSet": _set,
    "sendTask": _message_task,
    "receiveTask": _message_task,
    "callActivity": _call,
}
