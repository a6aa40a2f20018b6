"""The extension elements we know: ``zeebe:`` of Camunda 8 and our own ``zf:``; anything else is a problem.

Each reader turns one extension element into fields of the value it stands in (see ``engine.bpmn.model``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from engine.bpmn.listener import Listener
from engine.bpmn.model import ACTIVITIES, FLOW_NODES, ClientView, Paper, VariableMapping
from engine.bpmn.xml_source import BPMN, ZEEBE, ZF, Problems, Xml, line_of, local_name, namespace

Fields = dict[str, Any]
Reader = Callable[[Xml, Fields, Problems], None]

TOLERATED_NAMESPACES = frozenset(
    {
        BPMN,
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://camunda.org/schema/modeler/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://www.w3.org/XML/1998/namespace",
    }
)
TOLERATED_ATTRIBUTES = frozenset(
    {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "templateId"}
)
PREFIXES = {ZEEBE: "zeebe", ZF: "zf"}
JOBS = frozenset(
    {
        "serviceTask",
        "sendTask",
        "scriptTask",
        "businessRuleTask",
        "intermediateThrowEvent",
        "endEvent",
    }
)
LABELLED = FLOW_NODES | {"process", "lane", "sequenceFlow", "participant"}


def read_extensions(node: Xml, kind: str, problems: Problems) -> Fields:
    """Return the fields that the extension elements of ``node`` set; what is unknown or out of place is a problem."""
    fields: Fields = {}
    for holder in node.iterchildren(f"{{{BPMN}}}extensionElements"):
        for extension in holder.iterchildren():
            _read(extension, kind, fields, problems)
    return fields


def check_attributes(node: Xml, problems: Problems) -> None:
    """Report attributes of foreign namespaces that carry behaviour we would not run."""
    for key in node.attrib:
        name = str(key)
        if not name.startswith("{"):
            continue
        space, _, local = name[1:].partition("}")
        if space in TOLERATED_NAMESPACES or (space == ZEEBE and local in TOLERATED_ATTRIBUTES):
            continue
        message = f"The attribute «{local}» of {space} is not understood here."
        problems.at(
            "attribute-unknown", message, "Remove it, or express it with zeebe: or zf: elements.", node
        )


def _read(extension: Xml, kind: str, fields: Fields, problems: Problems) -> None:
    space, local = namespace(extension), local_name(extension)
    if space in TOLERATED_NAMESPACES:
        return
    shown = f"{PREFIXES.get(space, space)}:{local}"
    found = EXTENSIONS.get((space, local))
    if found is None:
        message = f"The extension element «{shown}» is not understood here."
        problems.at(
            "extension-unknown", message, REPLACEMENTS.get(local, "Remove it; nothing is ignored."), extension
        )
        return
    kinds, reader = found
    if kind not in kinds:
        message = f"The extension element «{shown}» has no meaning on a {kind}."
        problems.at(
            "extension-misplaced",
            message,
            f"Remove it; it belongs on: {', '.join(sorted(kinds))}.",
            extension,
        )
        return
    _check_children(extension, shown, problems)
    reader(extension, fields, problems)


def _check_children(extension: Xml, shown: str, problems: Problems) -> None:
    allowed = CHILDREN.get(local_name(extension), {})
    for child in extension.iterchildren():
        if local_name(child) not in allowed:
            message = f"«{local_name(child)}» inside «{shown}» is not understood here."
            problems.at("extension-unknown", message, "Remove it; nothing is ignored.", child)
        else:
            _check_names(child, allowed[local_name(child)], problems)


def _check_names(node: Xml, names: Collection[str], problems: Problems) -> None:
    for key in node.attrib:
        name = str(key)
        if name not in names and name != "id" and not name.startswith("{"):
            message = f"«{local_name(node)}» has an attribute «{name}» that is not understood here."
            problems.at("attribute-unknown", message, "Remove it; nothing is ignored.", node)


def _attributes(names: Mapping[str, str]) -> Reader:
    """Return a reader that copies attributes to fields, known ones only."""

    def read(node: Xml, fields: Fields, problems: Problems) -> None:
        _check_names(node, names, problems)
        for name, field in names.items():
            value = node.get(name)
            if value is not None:
                fields[field] = value

    return read


def _pairs(tag: str, key: str, field: str) -> Reader:
    """Return a reader that makes a mapping of the children's key and value."""

    def read(node: Xml, fields: Fields, problems: Problems) -> None:
        _check_names(node, (), problems)
        rows = {each.get(key, ""): each.get("value", "") for each in node.iterchildren(f"{{{ZEEBE}}}{tag}")}
        fields[field] = {**fields.get(field, {}), **rows}

    return read


def _constant(field: str, value: object) -> Reader:
    def read(node: Xml, fields: Fields, problems: Problems) -> None:
        _check_names(node, (), problems)
        fields[field] = value

    return read


def _listeners(node: Xml, fields: Fields, problems: Problems) -> None:
    found = []
    for each in node.iterchildren(f"{{{ZEEBE}}}executionListener"):
        retries = each.get("retries", "3")
        if not retries.isdigit():
            message = f"The number of retries «{retries}» is not a whole number."
            problems.at("retries-unreadable", message, "Write a number such as 3.", each)
            retries = "3"
        found.append(Listener(each.get("eventType", ""), each.get("type", ""), int(retries)))
    fields["listeners"] = tuple(found)


def _io_mapping(node: Xml, fields: Fields, problems: Problems) -> None:
    found: dict[str, list[VariableMapping]] = {"input": [], "output": []}
    for each in node.iterchildren():
        source, target = each.get("source", ""), each.get("target", "")
        if local_name(each) not in found:
            continue
        if not source or not target:
            message = f"A mapping «{local_name(each)}» has no {'target variable' if source else 'source'}."
            problems.at("mapping-incomplete", message, "Give it source and target, or remove it.", each)
            continue
        found[local_name(each)].append(VariableMapping(source, target, line_of(each)))
    fields["inputs"], fields["outputs"] = tuple(found["input"]), tuple(found["output"])


def _separate_from(node: Xml, fields: Fields, problems: Problems) -> None:
    _check_names(node, ("element",), problems)
    fields["separate_from"] = (*fields.get("separate_from", ()), node.get("element", ""))


def _paper(node: Xml, fields: Fields, problems: Problems) -> None:
    names = ("code", "name", "nameEn")
    _check_names(node, names, problems)
    fields["papers"] = (*fields.get("papers", ()), Paper(*(node.get(name, "") for name in names)))


def _client_view(node: Xml, fields: Fields, problems: Problems) -> None:
    names = ("label", "labelEn", "expected", "expectedEn")
    _check_names(node, names, problems)
    fields["client_view"] = ClientView(*(node.get(name, "") for name in names))


_TASK_DEFINITION = {"type": "topic", "retries": "retries"}
_ASSIGNMENT = {
    "assignee": "assignee",
    "candidateGroups": "candidate_groups",
    "candidateUsers": "candidate_users",
}
_CALLED = {
    "processId": "process",
    "bindingType": "binding",
    "versionTag": "call_version_tag",
    "propagateAllChildVariables": "all_child_variables",
    "propagateAllParentVariables": "all_parent_variables",
}
_DECISION = {
    "decisionId": "decision",
    "resultVariable": "result_variable",
    "bindingType": "decision_binding",
    "versionTag": "decision_version_tag",
}
_LOOP = {
    "inputCollection": "collection",
    "inputElement": "item",
    "outputCollection": "output_collection",
    "outputElement": "output_item",
}
_PROCESS = {
    "owner": "owner",
    "key": "key",
    "title": "title",
    "titleEn": "title_en",
    "group": "group",
}
_USER = frozenset({"userTask", "manualTask"})

EXTENSIONS: Mapping[tuple[str, str], tuple[frozenset[str], Reader]] = {
    (ZEEBE, "taskDefinition"): (JOBS, _attributes(_TASK_DEFINITION)),
    (ZEEBE, "taskHeaders"): (JOBS | _USER, _pairs("header", "key", "headers")),
    (ZEEBE, "ioMapping"): (FLOW_NODES, _io_mapping),
    (ZEEBE, "userTask"): (frozenset({"userTask"}), _constant("native_user_task", value=True)),
    (ZEEBE, "assignmentDefinition"): (_USER, _attributes(_ASSIGNMENT)),
    (ZEEBE, "taskSchedule"): (_USER, _attributes({"dueDate": "due", "followUpDate": "follow_up"})),
    (ZEEBE, "priorityDefinition"): (_USER, _attributes({"priority": "priority"})),
    (ZEEBE, "formDefinition"): (_USER, _attributes({"formId": "form", "bindingType": "form_binding"})),
    (ZEEBE, "calledElement"): (frozenset({"callActivity"}), _attributes(_CALLED)),
    (ZEEBE, "calledDecision"): (frozenset({"businessRuleTask"}), _attributes(_DECISION)),
    (ZEEBE, "script"): (
        frozenset({"scriptTask"}),
        _attributes({"expression": "script", "resultVariable": "result_variable"}),
    ),
    (ZEEBE, "loopCharacteristics"): (frozenset({"loop"}), _attributes(_LOOP)),
    (ZEEBE, "subscription"): (frozenset({"message"}), _attributes({"correlationKey": "correlation_key"})),
    (ZEEBE, "properties"): (
        FLOW_NODES | {"process", "collaboration"},
        _pairs("property", "name", "properties"),
    ),
    (ZEEBE, "executionListeners"): (FLOW_NODES | {"process"}, _listeners),
    (ZEEBE, "versionTag"): (frozenset({"process"}), _attributes({"value": "version_tag"})),
    (ZF, "process"): (frozenset({"process"}), _attributes(_PROCESS)),
    (ZF, "role"): (frozenset({"lane"}), _attributes({"key": "role"})),
    (ZF, "separateFrom"): (_USER, _separate_from),
    (ZF, "waitsForClient"): (_USER | {"receiveTask"}, _constant("waits_for_client", value=True)),
    (ZF, "clientView"): (FLOW_NODES, _client_view),
    (ZF, "paper"): (FLOW_NODES, _paper),
    (ZF, "approval"): (ACTIVITIES, _attributes({"level": "approval"})),
    (ZF, "label"): (frozenset(LABELLED), _attributes({"en": "name_en"})),
    (ZF, "sop"): (FLOW_NODES | {"process"}, _attributes({"en": "sop_en"})),
    (ZF, "catchUp"): (
        frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"}),
        _attributes({"policy": "catch_up"}),
    ),
}
CHILDREN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "taskHeaders": {"header": ("key", "value")},
    "properties": {"property": ("name", "value")},
    "executionListeners": {"executionListener": ("eventType", "type", "retries")},
    "ioMapping": {"input": ("source", "target"), "output": ("source", "target")},
}
REPLACEMENTS = {
    "userTaskForm": "Embedded forms are not run: deploy the form as a file and name it in zeebe:formDefinition.",
    "taskListeners": "Listeners are not run: draw a service task instead.",
    "linkedResources": "Linked resources are not run: name the resource in a header.",
    "adHoc": "Remove it: an ad-hoc sub-process begins everything inside that no flow leads to.",
    "conditionalFilter": "Remove it: a condition is asked whenever a variable that it reads changes.",
}
