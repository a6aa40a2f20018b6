"""Reading one flow node: its event, its loop, its extension elements."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from engine.bpmn.dialect import Fields, read_extensions
from engine.bpmn.model import AdHocModel, CallModel, ElementModel, EventModel, LoopModel, TimerModel
from engine.bpmn.xml_source import Problems, Xml, child, children, line_of, local_name, text_of

KINDS = {"transaction": "subProcess", "adHocSubProcess": "subProcess"}
"""Tags that are read as another kind of element."""
TIMER_KINDS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
CATCH_UP = ("once", "all", "none")
_OWN_FIELDS = frozenset(field.name for field in fields(ElementModel))


@dataclass(frozen=True, slots=True)
class Named:
    """A message, signal, error or escalation that events refer to."""

    name: str
    code: str | None
    correlation_key: str | None


@dataclass(frozen=True, slots=True)
class Definitions:
    """What the file declares beside its processes, by id."""

    named: dict[tuple[str, str], Named]
    events: dict[str, Xml]

    @classmethod
    def read(cls, root: Xml, problems: Problems) -> Definitions:
        """Index messages, signals, errors, escalations and shared event definitions."""
        named: dict[tuple[str, str], Named] = {}
        for kind in ("message", "signal", "error", "escalation"):
            for node in children(root, kind):
                found = read_extensions(node, kind, problems)
                code = node.get(f"{kind}Code")
                value = Named(node.get("name", ""), code, found.get("correlation_key"))
                named[kind, node.get("id", "")] = value
        events = {
            node.get("id", ""): node
            for node in root.iterchildren()
            if local_name(node).endswith("EventDefinition")
        }
        return cls(named, events)


def read_element(node: Xml, parent: str | None, shared: Definitions, problems: Problems) -> ElementModel:
    """Return the flow node as a value; what is missing or cannot be read is a problem."""
    kind = KINDS.get(local_name(node), local_name(node))
    found = read_extensions(node, kind, problems)
    _numbers(found, node, problems)
    _bindings(found, node, problems)
    return ElementModel(
        id=node.get("id", ""),
        kind=kind,
        name=node.get("name", ""),
        documentation=text_of(child(node, "documentation")),
        line=line_of(node),
        parent=parent,
        event=_event(node, kind, found, shared=shared, problems=problems),
        attached_to=node.get("attachedToRef"),
        interrupting=_interrupting(node),
        triggered=node.get("triggeredByEvent", "false") == "true",
        loop=_loop(node, problems),
        for_compensation=node.get("isForCompensation", "false") == "true",
        transaction=local_name(node) == "transaction",
        ad_hoc=_ad_hoc(node, problems) if local_name(node) == "adHocSubProcess" else None,
        declares=declared(node),
        instantiate=node.get("instantiate", "false") == "true",
        activation=text_of(child(node, "activationCondition")) or None,
        call=_call(node, found, problems) if kind == "callActivity" else None,
        **{name: value for name, value in found.items() if name in _OWN_FIELDS},
    )


def declared(node: Xml) -> tuple[str, ...]:
    """Return the variables that the properties of a process or flow node declare.

    The editor adds properties of its own to hold the ends of drawn data associations; they are none.
    """
    names = [str(each.get("name") or each.get("id") or "") for each in children(node, "property")]
    return tuple(name for name in names if name not in {"", "__targetRef_placeholder"})


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
    if local_name(node) == "scriptTask" and text_of(child(node, "script")) and "topic" not in found:
        message = "A script in another language than FEEL is not run."
        problems.at("script-foreign", message, "Write it as FEEL (zeebe:script).", node)


def _event(
    node: Xml, kind: str, found: Fields, *, shared: Definitions, problems: Problems
) -> EventModel | None:
    if kind in ("receiveTask", "sendTask"):
        reference = node.get("messageRef")
        return _message(node, node, shared, problems) if reference is not None else None
    if not kind.endswith("Event"):
        return None
    definitions = [each for each in node.iterchildren() if local_name(each).endswith("EventDefinition")]
    for holder in children(node, "eventDefinitionRef"):
        target = shared.events.get(text_of(holder).rpartition(":")[2])
        if target is None:
            message = f"The event definition «{text_of(holder)}» does not exist."
            problems.at("reference-unknown", message, "Define it, or define the event here.", node)
        else:
            definitions.append(target)
    if not definitions:
        return EventModel("none", line=line_of(node))
    parts = tuple(_defined(node, each, found, shared=shared, problems=problems) for each in definitions)
    if len(parts) == 1:
        return parts[0]
    parallel = node.get("parallelMultiple", "false") == "true"
    return EventModel("multiple", line=line_of(node), parts=parts, parallel=parallel)


def _defined(
    node: Xml, definition: Xml, found: Fields, *, shared: Definitions, problems: Problems
) -> EventModel:
    kind: Any = local_name(definition).removesuffix("EventDefinition")
    line = line_of(definition)
    if kind == "timer":
        return EventModel("timer", timer=_timer(node, definition, found, problems), line=line)
    if kind == "message":
        return _message(node, definition, shared, problems)
    if kind in ("signal", "error", "escalation"):
        reference = definition.get(f"{kind}Ref")
        target = _referred(node, kind, reference, shared=shared, problems=problems)
        return EventModel(kind, target.name, target.code, line=line)
    return _plain(definition, kind, problems)


def _plain(definition: Xml, kind: Any, problems: Problems) -> EventModel:
    """Return an event that refers to nothing outside of its definition."""
    line = line_of(definition)
    if kind == "link":
        return EventModel("link", definition.get("name", ""), line=line)
    if kind == "conditional":
        read_extensions(definition, "conditionalEventDefinition", problems)
        return EventModel("condition", line=line, condition=text_of(child(definition, "condition")) or None)
    if kind == "compensate":
        if definition.get("waitForCompletion", "true") != "true":
            message = "Compensation that nobody waits for is not run."
            problems.at("not-run-wait-for-completion", message, "Let the event wait for it.", definition)
        return EventModel("compensation", line=line, activity=definition.get("activityRef"))
    if kind in ("terminate", "cancel"):
        return EventModel(kind, line=line)
    return EventModel("none", line=line)  # refused by its tag already


def _referred(
    node: Xml, kind: str, reference: str | None, *, shared: Definitions, problems: Problems
) -> Named:
    if reference is None:
        return Named("", None, None)
    target = shared.named.get((kind, reference.rpartition(":")[2]))
    if target is None:
        message = f"The {kind} «{reference}» that it refers to does not exist."
        problems.at("reference-unknown", message, f"Define the {kind}, or choose another.", node)
        return Named("", None, None)
    return target


def _message(node: Xml, holder: Xml, shared: Definitions, problems: Problems) -> EventModel:
    target = _referred(node, "message", holder.get("messageRef"), shared=shared, problems=problems)
    return EventModel("message", target.name, None, target.correlation_key, line=line_of(holder))


def _timer(node: Xml, definition: Xml, found: Fields, problems: Problems) -> TimerModel | None:
    catch_up: Any = found.get("catch_up", "once")
    if catch_up not in CATCH_UP:
        message = f"The catch-up policy «{catch_up}» is unknown."
        problems.at("catch-up-unknown", message, f"Use one of: {', '.join(CATCH_UP)}.", node)
        catch_up = "once"
    for tag, kind in TIMER_KINDS.items():
        value = child(definition, tag)
        if value is not None and text_of(value):
            known: Any = kind
            return TimerModel(known, text_of(value), catch_up)
    message = "The timer says neither date, duration nor cycle."
    problems.at("timer-missing", message, "Give it a time, such as the duration PT2H.", node)
    return None


def _loop(node: Xml, problems: Problems) -> LoopModel | None:
    loop = child(node, "multiInstanceLoopCharacteristics")
    if loop is None:
        return _standard_loop(child(node, "standardLoopCharacteristics"), problems)
    found = read_extensions(loop, "loop", problems)
    if ("output_collection" in found) != ("output_item" in found):
        message = "Output collection and output element go together; one of them is missing."
        problems.at("output-incomplete", message, "Give both, or none.", node)
    completion, cardinality = child(loop, "completionCondition"), child(loop, "loopCardinality")
    if "collection" not in found and cardinality is None:
        message = "The multi-instance activity does not say over what."
        problems.at("collection-missing", message, "Give it an input collection, such as = clients.", node)
    return LoopModel(
        sequential=loop.get("isSequential", "false") == "true",
        completion=text_of(completion) or None,
        cardinality=text_of(cardinality) or None,
        line=line_of(loop),
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
    if binding not in ("latest", "versionTag"):
        message = f"The binding «{binding}» is not run."
        problems.at("binding-unknown", message, "Use latest or versionTag.", node)
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
