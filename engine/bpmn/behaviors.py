"""Events that a multi-instance activity throws when one of its instances is done (BPMN 2.0.2, 10.3.8)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.event_reader import Definitions, read_definition
from engine.bpmn.loop_model import Thrown
from engine.bpmn.xml_source import Problems, Xml, child, children, local_name, text_of

REFERENCES = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}
COMPLEX, ALL = "Complex", "All"
KINDS = frozenset({"message", "signal", "error", "escalation"})


def read_behavior(node: Xml, loop: Xml, shared: Definitions, problems: Problems) -> tuple[Thrown, ...]:
    """Return what the activity throws: at every instance (None), at the first (One), or by conditions (Complex)."""
    behavior = loop.get("behavior", ALL)
    thrown = tuple(_thrown(node, loop, behavior, shared=shared, problems=problems))
    for each in thrown:
        if each.event.kind not in KINDS:
            message = f"«{_shown(node)}» throws a {each.event.kind} event when an instance is done."
            problems.at("behavior-event", message, "Throw a message, signal, error or escalation.", loop)
    definitions = list(children(loop, "complexBehaviorDefinition"))
    if behavior != COMPLEX and definitions:
        message = f"«{_shown(node)}» defines events and its behavior is {behavior}, so they are never thrown."
        problems.at("behavior-unused", message, "Set the behavior to Complex, or remove them.", loop)
    return thrown


def _thrown(
    node: Xml, loop: Xml, behavior: str, *, shared: Definitions, problems: Problems
) -> Iterator[Thrown]:
    if behavior == COMPLEX:
        for each in children(loop, "complexBehaviorDefinition"):
            yield from _complex(node, each, shared, problems)
    elif behavior in REFERENCES:
        name = loop.get(REFERENCES[behavior], "").rpartition(":")[2]
        definition = shared.events.get(name)
        if definition is None:
            message = f"«{_shown(node)}» has the behavior {behavior} and refers to no event definition."
            problems.at("behavior-event", message, f"Name one in {REFERENCES[behavior]}.", loop)
        else:
            yield Thrown(read_definition(node, definition, shared, problems), first=behavior == "One")
    elif behavior != ALL:
        message = f"The behavior «{behavior}» of «{_shown(node)}» is unknown."
        problems.at("behavior-event", message, "Use All, One, None or Complex.", loop)


def _complex(node: Xml, definition: Xml, shared: Definitions, problems: Problems) -> Iterator[Thrown]:
    condition = text_of(child(definition, "condition"))
    if not condition:
        message = f"An event of «{_shown(node)}» does not say when it is thrown."
        problems.at("behavior-condition", message, "Give it a condition.", definition)
    for event in children(definition, "event"):
        for each in event.iterchildren():
            if local_name(each).endswith("EventDefinition"):
                yield Thrown(read_definition(node, each, shared, problems), condition=condition)


def _shown(node: Xml) -> str:
    return node.get("name") or node.get("id") or local_name(node)
