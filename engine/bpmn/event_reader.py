"""Reading events: what they throw or wait for, and the messages, signals, errors that they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.bpmn.correlation import Correlations
from engine.bpmn.dialect import Fields, read_extensions
from engine.bpmn.io_reader import Items
from engine.bpmn.model import EventModel, TimerModel
from engine.bpmn.xml_source import Problems, Xml, child, children, line_of, local_name, text_of

TIMER_KINDS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
CATCH_UP = ("once", "all", "none")


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
    resources: dict[str, str]
    items: Items
    correlations: Correlations

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
        resources = {node.get("id", ""): node.get("name", "") for node in children(root, "resource")}
        return cls(named, events, resources, Items.read(root), Correlations.read(root, problems))


def read_event(
    node: Xml, kind: str, found: Fields, *, shared: Definitions, problems: Problems
) -> EventModel | None:
    """Return what an event, a send or a receive task throws or waits for; None for anything else."""
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


def read_definition(node: Xml, definition: Xml, shared: Definitions, problems: Problems) -> EventModel:
    """Return one event that is defined away from any event of the flow."""
    return _defined(node, definition, {}, shared=shared, problems=problems)


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
    drawn = shared.correlations.of(node, (holder.get("messageRef") or "").rpartition(":")[2])
    if drawn is not None and target.correlation_key is not None:
        message = f"The message «{target.name}» has a correlation key and a zeebe:subscription."
        problems.at("correlation-twice", message, "Keep one of them.", node)
    return EventModel("message", target.name, None, target.correlation_key or drawn, line=line_of(holder))


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
