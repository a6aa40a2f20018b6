"""What BPMN asks of a file beside what makes it run: MIME types, names, flags. A hint each, where an engine can go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from engine.bpmn.refused import is_executable, run_parts
from engine.bpmn.xml_source import BPMN, ZEEBE, Problems, Xml, child, children, local_name, text_of

MIME = re.compile(r"[A-Za-z0-9][\w.+-]*/[\w.+-]+(\s*;.*)?")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+|[\w.~-]*(/[\w.~-]+)+")
LANGUAGES = frozenset(
    {
        "beanshell",
        "drools",
        "ecmascript",
        "el",
        "feel",
        "graal.js",
        "groovy",
        "java",
        "javascript",
        "jexl",
        "jruby",
        "js",
        "juel",
        "jython",
        "kotlin",
        "mvel",
        "nashorn",
        "python",
        "ruby",
        "sql",
        "uel",
        "xpath",
        "xquery",
    }
)
"""Names that other engines give script languages by (JSR 223), instead of the MIME type that BPMN asks for."""
MESSAGE_EVENTS = (
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
)


def check_formalities(root: Xml, problems: Problems) -> None:
    """Report what an editor should have written otherwise."""
    _languages(root, problems)
    for node in run_parts(root):
        ask = _ASKED.get(local_name(node))
        if ask is not None:
            ask(node, problems)
        if local_name(node) in _EXPRESSIONS:
            _languages(node, problems)
            if local_name(node) in _MAY_BE_EMPTY:
                _empty(node, problems)
    for process in children(root, "process"):
        if is_executable(process):
            _immediate(process, problems)
            _levels(process, problems)
            _unlisted(process, problems)
            if ZEEBE not in root.nsmap.values():
                _operations(process, problems)
    _message_ends(root, problems)


_MAY_BE_EMPTY = ("completionCondition", "activationCondition", "loopCondition", "loopCardinality")
"""Expressions whose absence means something; other empty ones are refused where they stand."""
_EXPRESSIONS = (
    "formalExpression",
    "conditionExpression",
    "completionCondition",
    "activationCondition",
    "loopCondition",
    "loopCardinality",
    "condition",
    "timeDate",
    "timeDuration",
    "timeCycle",
    "transformation",
    "from",
    "to",
)


def _warn(rule: str, message: str, advice: str, at: tuple[Xml, Problems]) -> None:
    node, problems = at
    problems.at(rule, message, advice, node, level="warning")


def _shown(node: Xml) -> str:
    return node.get("name") or node.get("id") or local_name(node)


def _annotation(node: Xml, problems: Problems) -> None:
    given = node.get("textFormat", "text/plain")
    if not MIME.fullmatch(given):
        message = f"The text format «{given}» of the annotation «{_shown(node)}» is no MIME type."
        _warn("text-format", message, "Write one such as text/plain, or leave it out.", (node, problems))


def _script(node: Xml, problems: Problems) -> None:
    given = node.get("scriptFormat") or node.get("scriptLanguage")
    if given is None:
        if text_of(child(node, "script")):
            message = f"The script of «{_shown(node)}» does not say which language it is in."
            _warn("script-format", message, "Give it a scriptFormat, which is a MIME type.", (node, problems))
    elif not MIME.fullmatch(given):
        known = given.casefold() in LANGUAGES
        message = f"The script format «{given}» of «{_shown(node)}» is no MIME type" + (
            "." if known else " and no script language that engines know."
        )
        advice = "Write one such as application/javascript."
        problems.at("script-format", message, advice, node, level="warning" if known else "error")


def _reference(node: Xml, problems: Problems) -> None:
    """Warn of a data object in a state whose reference is not named after it (BPMN 2.0.2, 10.4.1)."""
    state = child(node, "dataState")
    objects = node.getroottree().iter(f"{{{BPMN}}}dataObject")
    named = next((each for each in objects if each.get("id") == node.get("dataObjectRef")), None)
    if state is None or named is None or not named.get("name") or not state.get("name"):
        return
    wanted = f"{named.get('name')} [{state.get('name')}]"
    if " ".join(node.get("name", "").split()) != " ".join(wanted.split()):
        message = f"The data object «{_shown(node)}» is not named after its object and state."
        _warn("data-state-name", message, f"Call it «{wanted}».", (node, problems))


def _empty(node: Xml, problems: Problems) -> None:
    if not text_of(node):
        message = f"The {local_name(node)} is empty, so it says nothing."
        _warn("expression-empty", message, "Give it an expression, or remove it.", (node, problems))


def _languages(node: Xml, problems: Problems) -> None:
    for name in ("language", "expressionLanguage", "typeLanguage"):
        given = node.get(name)
        if given is not None and given.casefold() not in LANGUAGES and not URI.fullmatch(given):
            message = f"The {name} «{given}» is no URI."
            problems.at("language-uri", message, "Write one such as http://www.omg.org/spec/FEEL.", node)


def _immediate(process: Xml, problems: Problems) -> None:
    for flow in process.iter(f"{{{BPMN}}}sequenceFlow"):
        if flow.get("isImmediate") in ("false", "0"):
            message = f"The flow «{_shown(flow)}» is not immediate; in a process that is run every flow is."
            _warn("flow-immediate", message, "Remove isImmediate.", (flow, problems))


def _levels(process: Xml, problems: Problems) -> None:
    """Warn of a start event without any end event beside it, for which BPMN asks (2.0.2, 10.5.3)."""
    tags = ("process", "subProcess", "transaction")
    for level in process.iter(*(f"{{{BPMN}}}{tag}" for tag in tags)):
        if child(level, "endEvent") is None:
            for start in children(level, "startEvent"):
                message = (
                    f"There is no end event for the start event «{_shown(start)}»; every path just stops."
                )
                _warn("end-missing", message, "Add an end event.", (start, problems))


def _unlisted(process: Xml, problems: Problems) -> None:
    """Report a start or end event that alone does not list a flow, which the other end of the flow does list.

    Where other nodes list none either the file came without lists, and an editor has added some.
    """
    drawn: dict[tuple[str, str | None], list[str | None]] = {}
    for flow in process.iter(f"{{{BPMN}}}sequenceFlow"):
        for end in ("sourceRef", "targetRef"):
            drawn.setdefault((end, flow.get(end)), []).append(flow.get("id"))
    lists = process.iter(*(f"{{{BPMN}}}{tag}" for tag in _LISTS))
    listed = {(local_name(each), text_of(each).rpartition(":")[2]) for each in lists}
    bare = [
        (node, other, drawn[end, node.get("id")])
        for node in process.iter(f"{{{BPMN}}}*")
        for tag, (end, other) in _LISTS.items()
        if (end, node.get("id")) in drawn and child(node, tag) is None
    ]
    if any(_OUTER.get(local_name(node)) != other for node, other, _flows in bare):
        return
    for node, other, flows in bare:
        if any((other, name) in listed for name in flows):
            message = f"The {local_name(node)} «{_shown(node)}» does not list the flow that is drawn at it."
            advice = "Connect the flow anew, so that the editor writes both."
            problems.at("flow-unlisted", message, advice, node)


_LISTS = {"outgoing": ("sourceRef", "incoming"), "incoming": ("targetRef", "outgoing")}
_OUTER = {"startEvent": "incoming", "endEvent": "outgoing"}


def _operations(process: Xml, problems: Problems) -> None:
    """Warn of message events that name no operation; in files of our dialect a message goes by its name alone."""
    for event in process.iter(*(f"{{{BPMN}}}{name}" for name in MESSAGE_EVENTS)):
        for definition in children(event, "messageEventDefinition"):
            if child(definition, "operationRef") is None and definition.get("operationRef") is None:
                message = (
                    f"The message event «{_shown(event)}» names no operation; the message goes by its name."
                )
                _warn("operation-missing", message, "Name one, if other tools need it.", (event, problems))


def _message_ends(root: Xml, problems: Problems) -> None:
    """Warn of events that message flows lead out of or into and that have nothing to do with messages."""
    for event, end in _ends(root):
        if local_name(event) not in _FITTING[end]:
            continue  # no event, or one at the wrong end, which is refused
        kinds = {local_name(each) for each in event.iterchildren()}
        if not kinds & {"messageEventDefinition", "eventDefinitionRef"}:
            how, what = _WAYS[end]
            message = f"A message flow leads {how} the {local_name(event)} «{_shown(event)}», which {what} no message."
            _warn("message-flow-silent", message, "Make it a message event.", (event, problems))


_FITTING = {
    "sourceRef": ("endEvent", "intermediateThrowEvent"),
    "targetRef": ("startEvent", "intermediateCatchEvent", "boundaryEvent"),
}
_WAYS = {"sourceRef": ("out of", "sends"), "targetRef": ("into", "waits for")}


def _ends(root: Xml) -> Iterator[tuple[Xml, str]]:
    by_id = {node.get("id"): node for node in root.iter(f"{{{BPMN}}}*")}
    for flow in root.iter(f"{{{BPMN}}}messageFlow"):
        for end in _WAYS:
            found = by_id.get((flow.get(end) or "").rpartition(":")[2])
            if found is not None:
                yield found, end


_ASKED: Mapping[str, Callable[[Xml, Problems], None]] = {
    "textAnnotation": _annotation,
    "scriptTask": _script,
    "globalScriptTask": _script,
    "dataObjectReference": _reference,
}
