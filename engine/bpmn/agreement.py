"""Where a file says a thing twice, both must agree: references and what they name, flows and the lists of their ends."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.model import ACTIVITIES, EVENTS
from engine.bpmn.refused import is_executable
from engine.bpmn.xml_source import BPMN, Problems, Xml, children, local_name, text_of

REFERENCES: Mapping[tuple[str, str], str] = {
    ("message", "itemRef"): "itemDefinition",
    ("signal", "structureRef"): "itemDefinition",
    ("error", "structureRef"): "itemDefinition",
    ("escalation", "structureRef"): "itemDefinition",
    ("property", "itemSubjectRef"): "itemDefinition",
    ("dataObject", "itemSubjectRef"): "itemDefinition",
    ("dataObjectReference", "dataObjectRef"): "dataObject",
    ("dataStoreReference", "dataStoreRef"): "dataStore",
    ("partnerEntity", "participantRef"): "participant",
    ("partnerRole", "participantRef"): "participant",
    ("participant", "processRef"): "process",
    ("process", "definitionalCollaborationRef"): "collaboration",
    ("messageFlow", "messageRef"): "message",
    ("sendTask", "operationRef"): "operation",
    ("receiveTask", "operationRef"): "operation",
    ("messageEventDefinition", "operationRef"): "operation",
    ("dataInput", "itemSubjectRef"): "itemDefinition",
    ("dataOutput", "itemSubjectRef"): "itemDefinition",
    ("dataStore", "itemSubjectRef"): "itemDefinition",
    ("inputDataItem", "itemSubjectRef"): "itemDefinition",
    ("outputDataItem", "itemSubjectRef"): "itemDefinition",
    ("group", "categoryValueRef"): "categoryValue",
    ("operation", "inMessageRef"): "message",
    ("operation", "outMessageRef"): "message",
    ("operation", "errorRef"): "error",
    ("correlationKey", "correlationPropertyRef"): "correlationProperty",
    ("correlationPropertyRetrievalExpression", "messageRef"): "message",
    ("correlationPropertyBinding", "correlationPropertyRef"): "correlationProperty",
    ("correlationSubscription", "correlationKeyRef"): "correlationKey",
}
"""What an attribute (or child element) of an element may name."""
_BY_TAG = {
    tag: [(name, wanted) for (one, name), wanted in REFERENCES.items() if one == tag]
    for tag, _name in REFERENCES
}
PROPERTIED = ACTIVITIES | EVENTS | {"process", "transaction", "adHocSubProcess"}
EXPRESSIONS = (
    "condition",
    "conditionExpression",
    "completionCondition",
    "activationCondition",
    "loopCondition",
    "loopCardinality",
    "timeDate",
    "timeDuration",
    "timeCycle",
    "transformation",
    "messagePath",
    "dataPath",
    "from",
    "to",
)
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DIRECTIONS = {
    "Diverging": "is to diverge and has several flows into it, or not several out of it",
    "Converging": "is to converge and has several flows out of it, or not several into it",
    "Mixed": "is to be mixed and does not have several flows both in and out",
}


def check_agreement(root: Xml, problems: Problems) -> None:
    """Report references to things of another kind, and flows that their ends do not know of."""
    kinds = {node.get("id"): local_name(node) for node in root.iter(f"{{{BPMN}}}*") if node.get("id")}
    for node in root.iter(f"{{{BPMN}}}*"):
        for name, wanted in _BY_TAG.get(local_name(node), ()):
            _reference(node, name, wanted, kinds=kinds, problems=problems)
    _collections(root, problems)
    _informal(root, problems)
    for node in root.iter(f"{{{BPMN}}}property"):
        around = node.getparent()
        if around is not None and local_name(around) not in PROPERTIED:
            message = f"A property stands in a {local_name(around)}, which has none."
            problems.at(
                "property-misplaced", message, "Move it into a process, an activity or an event.", node
            )
    for process in children(root, "process"):
        if is_executable(process):
            _ends(process, problems)
            if process.get("processType") == "Public":
                message = "A public process shows what others see of it; it cannot be executable."
                problems.at("process-public", message, "Make it private, or not executable.", process)


def _reference(
    node: Xml, name: str, wanted: str, *, kinds: Mapping[str | None, str], problems: Problems
) -> None:
    named = [node.get(name), *(text_of(each) for each in children(node, name))]
    for full in named:
        reference = (full or "").rpartition(":")[2]
        found = kinds.get(reference, wanted if ":" in (full or "") else None)
        if reference and found != wanted:
            shown = node.get("name") or node.get("id")
            what = f"a {found}" if found else "not in this file"
            message = (
                f"The {local_name(node)} «{shown}» names «{reference}» as its {wanted}, which is {what}."
            )
            problems.at("reference-kind", message, f"Name a {wanted}, or leave it out.", node)


def _informal(root: Xml, problems: Problems) -> None:
    """Warn of expressions that the file does not mark as formal: by BPMN 2.0.2, 8.4.1 such a text is prose for people."""
    for node in root.iter(*(f"{{{BPMN}}}{name}" for name in EXPRESSIONS)):
        if text_of(node) and not (node.get(TYPE) or "").endswith("tFormalExpression"):
            owner = next((each for each in node.iterancestors() if each.get("id")), node)
            message = f"The {local_name(node)} «{text_of(node)}» is not marked as a formal expression; it is run as one."
            advice = 'Give it xsi:type="bpmn:tFormalExpression"; editors do so when it is entered anew.'
            problems.at("expression-informal", message, advice, owner, level="warning")


def _collections(root: Xml, problems: Problems) -> None:
    """Report data that are a list where their item definition is none, or the other way round."""
    lists = {each.get("id"): _is_list(each) for each in children(root, "itemDefinition")}
    for node in root.iter(*(f"{{{BPMN}}}{tag}" for tag in ("dataObject", "dataInput", "dataOutput"))):
        item = (node.get("itemSubjectRef") or "").rpartition(":")[2]
        if item in lists and lists[item] != _is_list(node):
            shown = node.get("name") or node.get("id")
            message = f"The {local_name(node)} «{shown}» and its item definition «{item}» differ on whether it is a list."
            problems.at("collection-differs", message, "Set isCollection the same on both.", node)


def _is_list(node: Xml) -> bool:
    return node.get("isCollection", "false") == "true"


def _ends(process: Xml, problems: Problems) -> None:
    flows = {each.get("id"): each for each in process.iter(f"{{{BPMN}}}sequenceFlow")}
    ends: dict[tuple[str, str | None], set[str | None]] = {}
    for name, flow in flows.items():
        ends.setdefault(("outgoing", flow.get("sourceRef")), set()).add(name)
        ends.setdefault(("incoming", flow.get("targetRef")), set()).add(name)
    lists = any(True for each in process.iter(f"{{{BPMN}}}incoming", f"{{{BPMN}}}outgoing"))
    for node in process.iter(f"{{{BPMN}}}*"):
        into, out = (ends.get((each, node.get("id")), set()) for each in ("incoming", "outgoing"))
        if lists and node.get("id"):
            for tag, drawn in (("incoming", into), ("outgoing", out)):
                _listed(node, tag, drawn, problems)
        if node.get("gatewayDirection") in DIRECTIONS:
            _direction(node, len(into), len(out), problems)


def _listed(node: Xml, tag: str, drawn: set[str | None], problems: Problems) -> None:
    """Report flows that a node lists and that do not touch it; those it does not list are only a hint.

    Editors list the flows that they draw, and leave the lists of a file alone that came without: bpmn-js does.
    """
    told: set[str | None] = {text_of(each).rpartition(":")[2] for each in children(node, tag)}
    wrong, unlisted = told - drawn, drawn - told
    if not told or not (wrong or unlisted):
        return
    shown = node.get("name") or node.get("id")
    flows = ", ".join(sorted(str(each) for each in wrong or unlisted))
    missed = f", and not {', '.join(sorted(map(str, unlisted)))}" if wrong and unlisted else ""
    message = f"«{shown}» lists other {tag} flows than are drawn: {flows}{missed}."
    advice = "Connect the flow anew, so that the editor writes both."
    problems.at("flow-list", message, advice, node, level="error" if wrong else "warning")


def _direction(node: Xml, into: int, out: int, problems: Problems) -> None:
    direction = node.get("gatewayDirection", "")
    fits = {
        "Diverging": into <= 1 and out > 1,
        "Converging": into > 1 and out <= 1,
        "Mixed": into > 1 and out > 1,
    }
    if not fits[direction]:
        shown = node.get("name") or node.get("id")
        message = f"The gateway «{shown}» {DIRECTIONS[direction]}."
        problems.at("gateway-direction", message, "Correct its flows, or leave the direction open.", node)
