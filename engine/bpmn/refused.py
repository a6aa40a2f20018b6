"""BPMN that we do not run, each with the sentence that refuses it; and BPMN that only documents and is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.xml_source import BPMN, Problems, Xml, local_name, namespace

ELEMENTS: Mapping[str, tuple[str, str]] = {
    "choreography": ("Choreographies are not run.", "Draw a process."),
    "globalChoreographyTask": ("Choreographies are not run.", "Draw a process."),
    "conversation": ("Conversations are not run.", "Draw a process."),
    "globalConversation": ("Conversations are not run.", "Draw a process."),
    "resourceRole": (
        "A resource role does not say what the resource does, so it is not run.",
        "Make it a humanPerformer or a potentialOwner.",
    ),
    "resourceParameterBinding": (
        "Parameters of resources are not run.",
        "Write an expression that names the people.",
    ),
    "whileExecutingInputRefs": (
        "Data that arrives while an activity runs is not run.",
        "Make it optional, or send it in a message.",
    ),
    "whileExecutingOutputRefs": (
        "Data that leaves while an activity runs is not run.",
        "Make it optional, or send it in a message.",
    ),
    "supportedInterfaceRef": (
        "A process that is offered as a service is not run.",
        "Start it by a message, or call it.",
    ),
    "ioBinding": ("A process that is offered as a service is not run.", "Start it by a message, or call it."),
    "correlationKey": ("BPMN correlation keys are not run.", "Use zeebe:subscription on the message."),
    "correlationProperty": ("BPMN correlation keys are not run.", "Use zeebe:subscription on the message."),
    "correlationSubscription": (
        "BPMN correlation keys are not run.",
        "Use zeebe:subscription on the message.",
    ),
    "import": (
        "Imports of other files are not run.",
        "Deploy everything that is needed as files of its own.",
    ),
}

ATTRIBUTES: Mapping[str, tuple[frozenset[str], str, str]] = {
    "eventGatewayType": (
        frozenset({"Exclusive"}),
        "Parallel event-based gateways are not run.",
        "Use one event for each, after a parallel gateway.",
    ),
}

CONTAINERS = {
    "process": "process",
    "subProcess": "sub process",
    "transaction": "transaction",
    "adHocSubProcess": "sub process",
}
MESSAGE_TASKS = frozenset({"sendTask", "receiveTask"})
OPERATION = ("Service operations are not run.", "Use a topic (zeebe:taskDefinition).")
"""Where a message is sent or awaited, its operation only documents: the message goes by its name."""

DOCUMENTING = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "flowNodeRef",
        "text",
        "textAnnotation",
        "association",
        "group",
        "category",
        "categoryValue",
        "categoryValueRef",
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "dataState",
        "dataInputAssociation",
        "dataOutputAssociation",
        "sourceRef",
        "targetRef",
        "auditing",
        "monitoring",
        "itemDefinition",
        "extension",
        "relationship",
        "participantMultiplicity",
        "participantAssociation",
        "resource",
        "resourceParameter",
        "endPoint",
        "interface",
        "operation",
        "inMessageRef",
        "outMessageRef",
        "errorRef",
        "interfaceRef",
        "endPointRef",
        "partnerRole",
        "partnerEntity",
        "participantRef",
        "supports",
    }
)
READ = frozenset(
    {
        "complexBehaviorDefinition",
        "event",
        "ioSpecification",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataInputRefs",
        "dataOutputRefs",
        "optionalInputRefs",
        "optionalOutputRefs",
        "inputSetRefs",
        "outputSetRefs",
        "transformation",
        "assignment",
        "from",
        "to",
        "loopDataInputRef",
        "loopDataOutputRef",
        "inputDataItem",
        "outputDataItem",
        "globalTask",
        "globalUserTask",
        "globalManualTask",
        "globalScriptTask",
        "globalBusinessRuleTask",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "resourceRef",
        "resourceAssignmentExpression",
        "formalExpression",
        "definitions",
        "process",
        "subProcess",
        "sequenceFlow",
        "conditionExpression",
        "laneSet",
        "lane",
        "childLaneSet",
        "message",
        "signal",
        "error",
        "escalation",
        "collaboration",
        "participant",
        "processRef",
        "messageFlow",
        "messageEventDefinition",
        "signalEventDefinition",
        "timerEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "terminateEventDefinition",
        "linkEventDefinition",
        "conditionalEventDefinition",
        "compensateEventDefinition",
        "cancelEventDefinition",
        "transaction",
        "adHocSubProcess",
        "property",
        "condition",
        "eventDefinitionRef",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "loopCondition",
        "complexGateway",
        "activationCondition",
        "completionCondition",
        "loopCardinality",
        "script",
        "source",
        "target",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)


def is_executable(process: Xml) -> bool:
    """Tell whether a process is to be run; one that does not say is."""
    return process.get("isExecutable", "true") in ("true", "1")


def run_parts(root: Xml) -> Iterator[Xml]:
    """Go through the BPMN elements of a file, but for those of processes that are never run."""
    for top in root.iterchildren(f"{{{BPMN}}}*"):
        if local_name(top) != "process" or is_executable(top):
            yield from top.iter(f"{{{BPMN}}}*")


def refuse_constructs(root: Xml, problems: Problems) -> None:
    """Report every BPMN element or attribute that we do not run or do not know; drawings that never run are left alone."""
    for top in root.iterchildren():
        if local_name(top) == "process" and not is_executable(top):
            continue
        if namespace(top) == BPMN:
            for node in top.iter(f"{{{BPMN}}}*"):
                _refuse(node, problems)
        elif not namespace(top).startswith("http://www.omg.org/spec/"):
            message = f"The element «{local_name(top)}» of {namespace(top)} is not understood here."
            problems.at("element-unknown", message, "Remove it.", top)


def _refuse(node: Xml, problems: Problems) -> None:
    tag = local_name(node)
    if tag in ELEMENTS:
        problems.at(f"not-run{_slug(tag)}", *ELEMENTS[tag], node)
    elif tag not in READ and not _documents(node) and not _inside_refused(node):
        around = next(node.iterancestors(*(f"{{{BPMN}}}{each}" for each in CONTAINERS)), None)
        where = (
            f"in the {CONTAINERS[local_name(around)]} «{around.get('id')}»" if around is not None else "here"
        )
        message = f"The BPMN element «{tag}» is not understood {where}."
        problems.at("element-unknown", message, "Remove it, or draw it with elements that are run.", node)
    _refuse_attributes(node, problems)


def _documents(node: Xml) -> bool:
    parent = node.getparent()
    if local_name(node) == "operationRef":
        return parent is not None and local_name(parent) == "messageEventDefinition"
    return local_name(node) in DOCUMENTING


def _inside_refused(node: Xml) -> bool:
    parent = node.getparent()
    return parent is not None and local_name(parent) in ELEMENTS


def _refuse_attributes(node: Xml, problems: Problems) -> None:
    for name, (allowed, message, advice) in ATTRIBUTES.items():
        value = node.get(name)
        if value is not None and value not in allowed:
            problems.at(f"not-run{_slug(name)}", message, advice, node)
    if node.get("operationRef") is not None and local_name(node) not in MESSAGE_TASKS:
        problems.at("not-run-operation-ref", *OPERATION, node)


def _slug(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in f"-{name}")
