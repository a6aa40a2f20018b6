"""Reading one flow node: its loop, what it calls, its extension elements."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from engine.bpmn.behaviors import read_behavior
from engine.bpmn.dialect import Fields, read_extensions
from engine.bpmn.event_reader import Definitions, read_event
from engine.bpmn.io_reader import PLACEHOLDER, declared_objects, read_io
from engine.bpmn.loop_items import read_loop_items
from engine.bpmn.loop_model import LoopModel
from engine.bpmn.model import AdHocModel, CallModel, ElementModel
from engine.bpmn.roles import read_roles
from engine.bpmn.xml_source import Problems, Xml, child, children, line_of, local_name, text_of

KINDS = {"transaction": "subProcess", "adHocSubProcess": "subProcess"}
"""Tags that are read as another kind of element."""
GLOBAL = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
"""Global tasks, by what they are when they are called."""
PEOPLE = ("userTask", "manualTask")
MOST_TOKENS = 1000
_OWN_FIELDS = frozenset(field.name for field in fields(ElementModel))


def read_element(node: Xml, parent: str | None, shared: Definitions, problems: Problems) -> ElementModel:
    """Return the flow node as a value; what is missing or cannot be read is a problem."""
    tag = local_name(node)
    kind = KINDS.get(tag) or GLOBAL.get(tag) or tag
    found = read_extensions(node, kind, problems)
    _numbers(found, node, problems)
    _bindings(found, node, problems)
    if kind in PEOPLE:
        found |= read_roles(node, found, shared, problems)
    return ElementModel(
        id=node.get("id", ""),
        kind=kind,
        name=node.get("name", ""),
        documentation=text_of(child(node, "documentation")),
        line=line_of(node),
        parent=parent,
        event=read_event(node, kind, found, shared=shared, problems=problems),
        attached_to=node.get("attachedToRef"),
        interrupting=_interrupting(node),
        triggered=node.get("triggeredByEvent", "false") == "true",
        loop=_loop(node, shared, problems),
        data=read_io(node, shared.items, problems),
        for_compensation=node.get("isForCompensation", "false") == "true",
        transaction=local_name(node) == "transaction",
        ad_hoc=_ad_hoc(node, problems) if local_name(node) == "adHocSubProcess" else None,
        declares=declared(node, shared),
        all_events=node.get("eventGatewayType", "Exclusive") == "Parallel",
        instantiate=node.get("instantiate", "false") == "true",
        start_quantity=_quantity(node, "startQuantity", problems),
        completion_quantity=_quantity(node, "completionQuantity", problems),
        activation=text_of(child(node, "activationCondition")) or None,
        call=_call(node, found, problems) if kind == "callActivity" else None,
        **{name: value for name, value in found.items() if name in _OWN_FIELDS},
    )


def declared(node: Xml, shared: Definitions) -> tuple[str, ...]:
    """Return the variables that the properties and moved data objects of a process or flow node declare.

    The editor adds properties of its own to hold the ends of drawn data associations; they are none.
    """
    names = [str(each.get("name") or each.get("id") or "") for each in children(node, "property")]
    names += declared_objects(node, shared.items)
    return tuple(name for name in names if name not in {"", PLACEHOLDER})


def _quantity(node: Xml, name: str, problems: Problems) -> int:
    """Return how many tokens an activity takes to begin, or sends out through each flow when it is done."""
    given = node.get(name, "1")
    if given.isdigit() and 1 <= int(given) <= MOST_TOKENS:
        return int(given)
    message = f"The {name} «{given}» is no number from 1 to {MOST_TOKENS}."
    problems.at("quantity", message, "Write a number such as 2, or leave it out.", node)
    return 1


def _ad_hoc(node: Xml, problems: Problems) -> AdHocModel:
    ordering = node.get("ordering", "Parallel")
    if ordering not in ("Parallel", "Sequential"):
        message = f"The ordering «{ordering}» of an ad-hoc sub-process is unknown."
        problems.at("ad-hoc-ordering", message, "Use Parallel or Sequential.", node)
    return AdHocModel(
        ordering == "Sequential",
        text_of(child(node, "completionCondition")) or None,
        node.get("cancelRemainingInstances", "true") == "true",
    )


def _interrupting(node: Xml) -> bool:
    return node.get("cancelActivity", "true") == "true" and node.get("isInterrupting", "true") == "true"


def _numbers(found: Fields, node: Xml, problems: Problems) -> None:
    if "retries" not in found:
        return
    text = found.pop("retries")
    if text.isdigit():
        found["retries"] = int(text)
    else:
        message = f"The number of retries «{text}» is not a whole number."
        problems.at("retries-unreadable", message, "Write a number such as 3.", node)


def _bindings(found: Fields, node: Xml, problems: Problems) -> None:
    """Report what names a version in a way that is not run, and scripts in other languages."""
    for field, allowed in (("form_binding", ("latest",)), ("decision_binding", ("latest", "versionTag"))):
        binding = found.get(field, "latest")
        if binding not in allowed:
            message = f"The binding «{binding}» is not run."
            problems.at("binding-unknown", message, f"Use {' or '.join(allowed)}.", node)
    if found.get("decision_binding", "latest") == "latest":
        found.pop("decision_version_tag", None)
    if (
        local_name(node) in ("scriptTask", "globalScriptTask")
        and text_of(child(node, "script"))
        and "topic" not in found
    ):
        message = "A script in another language than FEEL is not run."
        problems.at("script-foreign", message, "Write it as FEEL (zeebe:script).", node)


def _loop(node: Xml, shared: Definitions, problems: Problems) -> LoopModel | None:
    loop = child(node, "multiInstanceLoopCharacteristics")
    rounds = child(node, "standardLoopCharacteristics")
    if loop is None:
        return _standard_loop(rounds, problems)
    if rounds is not None:
        message = "It is a standard loop and multi-instance at the same time."
        problems.at("loop-both", message, "Keep one of them; put the other into a sub-process.", node)
    found = read_extensions(loop, "loop", problems)
    read_loop_items(node, loop, found, shared=shared, problems=problems)
    if ("output_collection" in found) != bool(found.keys() & {"output_item", "output_variable"}):
        message = "Output collection and output element go together; one of them is missing."
        problems.at("output-incomplete", message, "Give both, or none.", node)
    completion, cardinality = child(loop, "completionCondition"), child(loop, "loopCardinality")
    if not found.keys() & {"collection", "collection_variable"} and cardinality is None:
        message = "The multi-instance activity does not say over what."
        problems.at("collection-missing", message, "Give it an input collection, such as = clients.", node)
    return LoopModel(
        sequential=loop.get("isSequential", "false") == "true",
        completion=text_of(completion) or None,
        cardinality=text_of(cardinality) or None,
        line=line_of(loop),
        throws=read_behavior(node, loop, shared, problems),
        **found,
    )


def _standard_loop(loop: Xml | None, problems: Problems) -> LoopModel | None:
    if loop is None:
        return None
    read_extensions(loop, "standardLoopCharacteristics", problems)
    condition, most = text_of(child(loop, "loopCondition")) or None, loop.get("loopMaximum")
    if most is not None and (not most.isdigit() or int(most) < 1):
        message = f"The loop may run at most «{most}» times, which is no number of 1 or more."
        problems.at("loop-maximum", message, "Write a number such as 3.", loop)
        most = "1"
    if condition is None and most is None:
        message = "The loop has neither a condition nor a maximum, so it never ends."
        problems.at("loop-endless", message, "Give it a loop condition, such as = amount < 100.", loop)
    return LoopModel(
        sequential=True,
        line=line_of(loop),
        standard=True,
        condition=condition,
        test_before=loop.get("testBefore", "false") == "true",
        maximum=None if most is None else int(most),
    )


def _call(node: Xml, found: Fields, problems: Problems) -> CallModel | None:
    process = found.get("process") or ""
    binding: Any = found.get("binding", "latest")
    if node.get("calledElement"):
        message = "The attribute calledElement is not run."
        problems.at("call-attribute", message, "Name the process in zeebe:calledElement.", node)
    if not process:
        problems.at(
            "call-missing", "The call activity names no process.", "Choose the process to call.", node
        )
    if binding not in ("latest", "versionTag", "deployment"):
        message = f"The binding «{binding}» is not run."
        problems.at("binding-unknown", message, "Use latest, deployment or versionTag.", node)
    if binding == "versionTag" and not found.get("call_version_tag"):
        message = "The call is bound to a version tag and names none."
        problems.at("version-tag-missing", message, "Give the version tag.", node)
    tag = found.get("call_version_tag") if binding == "versionTag" else None
    child_flag = found.get("all_child_variables")
    return CallModel(
        process,
        binding,
        tag,
        found.get("all_parent_variables", "true") == "true",
        None if child_flag is None else child_flag == "true",
    )
