"""BPMN that we do not run, each with the sentence that refuses it; and BPMN that only documents and is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.bpmn.understood import DOCUMENTING, READ
from engine.bpmn.xml_source import BPMN, Problems, Xml, local_name, namespace


class Refusal(NamedTuple):
    """Why something is not run, what to draw instead, and what it would take to run it."""

    message: str
    advice: str
    needs: str


ELEMENTS: Mapping[str, Refusal] = {
    "choreography": Refusal(
        "Choreographies are not run.",
        "Draw a process.",
        "An engine for messages between parties that have no orchestrator; neither Camunda runs it.",
    ),
    "globalChoreographyTask": Refusal(
        "Choreographies are not run.",
        "Draw a process.",
        "As `choreography`.",
    ),
    "conversation": Refusal(
        "Conversations are not run.",
        "Draw a process.",
        "Nothing to run: it groups message flows; the keys in it are read.",
    ),
    "globalConversation": Refusal(
        "Conversations are not run.",
        "Draw a process.",
        "As `conversation`.",
    ),
    "resourceRole": Refusal(
        "A resource role does not say what the resource does, so it is not run.",
        "Make it a humanPerformer or a potentialOwner.",
        "A meaning: the standard gives it none of its own.",
    ),
    "resourceParameterBinding": Refusal(
        "Parameters of resources are not run.",
        "Write an expression that names the people.",
        "A directory that answers queries with parameters; ours has roles and people only.",
    ),
    "whileExecutingInputRefs": Refusal(
        "Data that arrives while an activity runs is not run.",
        "Make it optional, or send it in a message.",
        "Handing data to a handler or person who has begun already.",
    ),
    "whileExecutingOutputRefs": Refusal(
        "Data that leaves while an activity runs is not run.",
        "Make it optional, or send it in a message.",
        "Taking data from a handler or person who is not done yet.",
    ),
    "supportedInterfaceRef": Refusal(
        "A process that is offered as a service is not run.",
        "Start it by a message, or call it.",
        "A service of its own for every operation, with requests and answers kept as instances.",
    ),
    "ioBinding": Refusal(
        "A process that is offered as a service is not run.",
        "Start it by a message, or call it.",
        "As `supportedInterfaceRef`.",
    ),
    "import": Refusal(
        "Imports of other files are not run.",
        "Deploy everything that is needed as files of its own.",
        "Definitions of several files in one name space, versioned together.",
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
        problems.at(f"not-run{_slug(tag)}", *ELEMENTS[tag][:2], node)
    elif tag not in READ and not _documents(node) and not _inside_refused(node):
        around = next(node.iterancestors(*(f"{{{BPMN}}}{each}" for each in CONTAINERS)), None)
        where = (
            f"in the {CONTAINERS[local_name(around)]} «{around.get('id')}»" if around is not None else "here"
        )
        message = f"The BPMN element «{tag}» is not understood {where}."
        problems.at("element-unknown", message, "Remove it, or draw it with elements that are run.", node)
    if node.get("operationRef") is not None and tag not in MESSAGE_TASKS:
        problems.at("not-run-operation-ref", *OPERATION, node)


def _documents(node: Xml) -> bool:
    parent = node.getparent()
    if local_name(node) == "operationRef":
        return parent is not None and local_name(parent) == "messageEventDefinition"
    return local_name(node) in DOCUMENTING


def _inside_refused(node: Xml) -> bool:
    parent = node.getparent()
    return parent is not None and local_name(parent) in ELEMENTS


def _slug(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in f"-{name}")
