"""The public translator: a BPMN file of anybody in the dialect that we run, the same way for every file.

It adds what our dialect demands and BPMN has no word for (topics, assignments, correlation keys), turns expressions into
FEEL and the extensions of other engines into ``zeebe:``, and marks every process executable. It repairs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from engine.bpmn.dialect import TOLERATED_NAMESPACES
from engine.bpmn.xml_source import BPMN, ZEEBE, ZF
from tests.conformance.bpmn.foreign import feel_of, text_or_feel

Xml = Any
KNOWN = TOLERATED_NAMESPACES | {ZEEBE, ZF}
ANY_KEY = "any"
NAMING = {
    "http://activiti.org/bpmn",
    "http://camunda.org/schema/1.0/bpmn",
    "http://flowable.org/bpmn",
}
"""Engines that read ``loopDataInputRef`` as the name of a variable when nothing in the file has such an id."""
ROLES = ("performer", "humanPerformer", "potentialOwner")
TOPIC, SCRIPT_TOPIC = "work", "script"


def translate(xml: bytes, *also: Callable[[Xml], None]) -> bytes:
    """Return the file in our dialect; ``also`` are further changes that a suite's own rules ask for."""
    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return xml
    for node in root.iter(f"{{{BPMN}}}*"):
        change = CHANGES.get(tag_of(node))
        if change is not None:
            change(node)
    _leave_out_foreign(root)
    for step in also:
        step(root)
    return etree.tostring(root)


def tag_of(node: Xml) -> str:
    """Return the BPMN tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def child(node: Xml, tag: str) -> Xml | None:
    """Return the first BPMN child with a tag."""
    return node.find(f"{{{BPMN}}}{tag}")


def attribute(node: Xml, name: str) -> str | None:
    """Return an attribute of another engine's namespace, whichever it is."""
    for key, value in node.attrib.items():
        space, _, local = str(key)[1:].partition("}")
        if str(key).startswith("{") and local == name and space not in KNOWN:
            return str(value)
    return None


def extend(node: Xml, tag: str, **attributes: str) -> Xml:
    """Add a ``zeebe:`` element to the extensions of a node and return it."""
    holder = child(node, "extensionElements")
    if holder is None:
        holder = etree.Element(f"{{{BPMN}}}extensionElements")
        documented = [number for number, each in enumerate(node) if tag_of(each) == "documentation"]
        node.insert(documented[-1] + 1 if documented else 0, holder)
    return etree.SubElement(holder, f"{{{ZEEBE}}}{tag}", attributes)


def has_extension(node: Xml, tag: str) -> bool:
    """Tell whether a node has a ``zeebe:`` extension."""
    return node.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}{tag}") is not None


def add_message(node: Xml, name: str) -> str:
    """Declare a message that anything may be sent under, and return its id."""
    root = node.getroottree().getroot()
    number = f"message-{name}"
    if not root.xpath("*[@id=$id]", id=number):
        message = etree.Element(f"{{{BPMN}}}message", id=number, name=name)
        extend(message, "subscription", correlationKey=ANY_KEY)
        root.insert(0, message)
    return number


def _process(node: Xml) -> None:
    node.set("isExecutable", "true")


def _work(node: Xml) -> None:
    if not has_extension(node, "taskDefinition"):
        extend(node, "taskDefinition", type=TOPIC)


def _send(node: Xml) -> None:
    if node.get("messageRef") is None:
        _work(node)


def _decide(node: Xml) -> None:
    if not has_extension(node, "calledDecision"):
        _work(node)


def _script(node: Xml) -> None:
    if has_extension(node, "script") or has_extension(node, "taskDefinition"):
        return
    extend(node, "taskDefinition", type=SCRIPT_TOPIC)
    body = child(node, "script")
    headers = extend(node, "taskHeaders")
    etree.SubElement(
        headers, f"{{{ZEEBE}}}header", key="body", value=(body.text or "").strip() if body is not None else ""
    )


def _receive(node: Xml) -> None:
    if node.get("messageRef") is None:
        node.set("messageRef", add_message(node, f"for {node.get('id', '')}"))


def _person(node: Xml) -> None:
    if has_extension(node, "assignmentDefinition") or any(child(node, each) is not None for each in ROLES):
        return
    given = {
        "assignee": attribute(node, "assignee"),
        "candidateGroups": attribute(node, "candidateGroups"),
        "candidateUsers": attribute(node, "candidateUsers"),
    }
    found = {name: text_or_feel(value) for name, value in given.items() if value}
    extend(node, "assignmentDefinition", **(found or {"candidateGroups": "anybody"}))


def _message(node: Xml) -> None:
    root = node.getroottree().getroot()
    drawn = root.xpath(
        "//*[local-name()='correlationPropertyRetrievalExpression'][@messageRef=$id]", id=node.get("id")
    )
    if not drawn and not has_extension(node, "subscription"):
        extend(node, "subscription", correlationKey=ANY_KEY)


def _call(node: Xml) -> None:
    called = node.attrib.pop("calledElement", None)
    if called is None or has_extension(node, "calledElement"):
        return
    inputs, outputs = list(_mappings(node, "in")), list(_mappings(node, "out"))
    target = extend(node, "calledElement", processId=text_or_feel(str(called).rpartition(":")[2]))
    if inputs:
        target.set("propagateAllParentVariables", "false")
    if inputs or outputs:
        mapping = extend(node, "ioMapping")
        for tag, found in (("input", inputs), ("output", outputs)):
            for source, name in found:
                etree.SubElement(mapping, f"{{{ZEEBE}}}{tag}", source=source, target=name)


def _mappings(node: Xml, tag: str) -> Iterator[tuple[str, str]]:
    for each in node.iterfind(f"{{{BPMN}}}extensionElements/*"):
        if tag_of(each) == tag and etree.QName(each).namespace not in KNOWN and each.get("target"):
            yield feel_of(each.get("source") or each.get("sourceExpression", "")), each.get("target")


def _loop(node: Xml) -> None:
    collection, item = attribute(node, "collection"), attribute(node, "elementVariable")
    root, named = node.getroottree().getroot(), child(node, "loopDataInputRef")
    if (
        named is not None
        and NAMING & set(root.nsmap.values())
        and not root.xpath("//*[@id=$id]", id=named.text)
    ):
        collection, one = named.text, child(node, "inputDataItem")
        item = one.get("name") if one is not None else None
        for each in (named, one):
            if each is not None:
                node.remove(each)
    if collection:
        found = {"inputCollection": feel_of(collection)}
        extend(node, "loopCharacteristics", **(found | ({"inputElement": item} if item else {})))


def _expression(node: Xml) -> None:
    node.text = feel_of(node.text or "")


def _value(node: Xml) -> None:
    node.text = text_or_feel(node.text or "")


CHANGES: Mapping[str, Callable[[Xml], None]] = {
    "process": _process,
    "serviceTask": _work,
    "businessRuleTask": _decide,
    "sendTask": _send,
    "scriptTask": _script,
    "receiveTask": _receive,
    "globalScriptTask": _script,
    "globalBusinessRuleTask": _decide,
    "globalUserTask": _person,
    "globalManualTask": _person,
    "formalExpression": _value,
    "userTask": _person,
    "manualTask": _person,
    "message": _message,
    "callActivity": _call,
    "multiInstanceLoopCharacteristics": _loop,
    "conditionExpression": _expression,
    "completionCondition": _expression,
    "loopCardinality": _value,
    "loopCondition": _expression,
    "condition": _expression,
    "activationCondition": _expression,
    "transformation": _expression,
    "messagePath": _expression,
    "dataPath": _expression,
    "from": _expression,
    "timeDate": _value,
    "timeDuration": _value,
    "timeCycle": _value,
}


def _leave_out_foreign(root: Xml) -> None:
    """Drop what other engines and editors added: their attributes, extension elements and top-level elements."""
    for node in root.iter(f"{{{BPMN}}}*"):
        for key in [str(key) for key in node.attrib if str(key).startswith("{")]:
            if key[1:].partition("}")[0] not in KNOWN:
                del node.attrib[key]
    for holder in [*root.iter(f"{{{BPMN}}}extensionElements"), root]:
        for each in list(holder):
            if isinstance(each.tag, str) and not _is_ours(each):
                holder.remove(each)


def _is_ours(node: Xml) -> bool:
    space = etree.QName(node).namespace or ""
    return space in KNOWN or space.startswith("http://www.omg.org/spec/")
