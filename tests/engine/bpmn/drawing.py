"""A few words for drawing small BPMN files in tests.

One element a line: its kind, its id, then words; ``a -> b -> c`` are flows, ``a -> b : = x > 1`` one with a condition,
``a => b`` a default flow, ``a ~> b`` an association; ``subProcess s {`` … ``}`` holds what lies inside.
"""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:zf="http://zhangfang.example/schema/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://zhangfang.example">\n'
)
FORMAL = 'xsi:type="bpmn:tFormalExpression"'
TIMERS = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}
ATTRIBUTES = {"on": "attachedToRef", "name": "name", "lane": "lane"}
FLAGS = {
    "triggered": 'triggeredByEvent="true"',
    "undoes": 'isForCompensation="true"',
    "one_by_one": 'ordering="Sequential"',
    "go_on": 'cancelRemainingInstances="false"',
    "starts": 'instantiate="true"',
    "together": 'parallelMultiple="true"',
    "quiet": 'cancelActivity="false" isInterrupting="false"',
}
EXTENSIONS = {
    "topic": ("zeebe:taskDefinition", "type"),
    "retries": ("zeebe:taskDefinition", "retries"),
    "form": ("zeebe:formDefinition", "formId"),
    "groups": ("zeebe:assignmentDefinition", "candidateGroups"),
    "users": ("zeebe:assignmentDefinition", "candidateUsers"),
    "assignee": ("zeebe:assignmentDefinition", "assignee"),
    "due": ("zeebe:taskSchedule", "dueDate"),
    "follow_up": ("zeebe:taskSchedule", "followUpDate"),
    "priority": ("zeebe:priorityDefinition", "priority"),
    "script": ("zeebe:script", "expression"),
    "result": ("zeebe:script", "resultVariable"),
    "decision": ("zeebe:calledDecision", "decisionId"),
    "answer": ("zeebe:calledDecision", "resultVariable"),
    "calls": ("zeebe:calledElement", "processId"),
    "binding": ("zeebe:calledElement", "bindingType"),
    "tag": ("zeebe:calledElement", "versionTag"),
    "all_child": ("zeebe:calledElement", "propagateAllChildVariables"),
    "all_parent": ("zeebe:calledElement", "propagateAllParentVariables"),
    "separate_from": ("zf:separateFrom", "element"),
    "catch_up": ("zf:catchUp", "policy"),
}
CONDITIONS = {"enough": "completionCondition", "activation": "activationCondition"}
LOOP = {
    "each": "inputCollection",
    "item": "inputElement",
    "collect": "outputCollection",
    "from": "outputElement",
}


def formal(tag: str, text: str) -> str:
    """Return an expression as editors write it."""
    return f"<bpmn:{tag} {FORMAL}>{escape(text)}</bpmn:{tag}>"


def bpmn(text: str, process: str = "p") -> bytes:
    """Return the file that ``text`` draws: one executable process."""
    return Drawing().file(text, process)


class Drawing:
    """Turns words into XML; messages, signals, errors and escalations are declared as they are met."""

    def __init__(self) -> None:
        self.declared: dict[str, str] = {}
        self.numbers = itertools.count(1)

    def file(self, text: str, process: str) -> bytes:
        lines = iter([line.strip() for line in text.strip().splitlines() if line.strip()])
        body = "\n".join(self.block(lines))
        shared = "\n".join(self.declared.values())
        opening = f'<bpmn:process id="{process}" name="{process}" isExecutable="true">'
        return f"{HEAD}{opening}\n{body}\n</bpmn:process>\n{shared}\n</bpmn:definitions>".encode()

    def block(self, lines: Iterator[str]) -> list[str]:
        written: list[str] = []
        defaults: dict[str, str] = {}
        for line in lines:
            if line == "}":
                break
            if line.startswith("<"):
                written.append(line)
            elif "~>" in line:
                source, target = (each.strip() for each in line.split("~>"))
                written.append(
                    f'<bpmn:association id="{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'
                )
            elif "->" in line.split("=")[0] or "=>" in line:
                written.extend(self.flows(line, defaults))
            else:
                written.append(self.element(line, lines))
        return [self.with_default(each, defaults) for each in written]

    def with_default(self, xml: str, defaults: dict[str, str]) -> str:
        for source, flow in defaults.items():
            xml = xml.replace(f' id="{source}"', f' id="{source}" default="{flow}"', 1)
        return xml

    def flows(self, line: str, defaults: dict[str, str]) -> Iterator[str]:
        if "=>" in line:
            source, target = (each.strip() for each in line.split("=>"))
            defaults[source] = f"{source}_{target}"
            yield f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
            return
        path, _, condition = line.partition(" : ")
        inner = ""
        if condition:
            inner = formal("conditionExpression", condition)
        for source, target in itertools.pairwise(each.strip() for each in path.split("->")):
            name = f"{source}_{target}"
            if name in self.declared:
                name = f"{name}_{next(self.numbers)}"
            self.declared[name] = ""
            yield f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'

    def element(self, line: str, lines: Iterator[str]) -> str:
        kind, name, *words = shlex.split(line)
        attributes, extensions, inner = [f'id="{name}"'], dict[str, list[str]](), list[str]()
        mappings: list[str] = []
        loop: dict[str, str] = {}
        for word in words:
            key, _, value = word.partition("=")
            if word == "{":
                inner.extend(self.block(lines))
            elif key in FLAGS and not value:
                attributes.append(FLAGS[key])
            elif key in ATTRIBUTES:
                attributes.append(f"{ATTRIBUTES[key]}={quoteattr(value)}")
            elif key in EXTENSIONS:
                tag, attribute = EXTENSIONS[key]
                extensions.setdefault(tag, []).append(f"{attribute}={quoteattr(value)}")
            elif key in CONDITIONS:
                inner.append(formal(CONDITIONS[key], value))
            elif key in LOOP or key in ("sequential", "until", "times", "while", "before", "most"):
                loop[key] = value
            elif key in ("in", "out"):
                target, _, source = value.partition(":")
                tag = "input" if key == "in" else "output"
                mappings.append(f"<zeebe:{tag} source={quoteattr(source)} target={quoteattr(target)}/>")
            else:
                self.event(kind, word, attributes, inner)
        written = [f"<{tag} {' '.join(found)}/>" for tag, found in extensions.items()]
        if mappings:
            written.append(f"<zeebe:ioMapping>{''.join(mappings)}</zeebe:ioMapping>")
        head = f"<bpmn:extensionElements>{''.join(written)}</bpmn:extensionElements>" if written else ""
        body = head + "".join(inner) + (self.loop(loop) if loop else "")
        return f"<bpmn:{kind} {' '.join(attributes)}>{body}</bpmn:{kind}>"

    def loop(self, words: dict[str, str]) -> str:
        found = " ".join(f"{LOOP[key]}={quoteattr(value)}" for key, value in words.items() if key in LOOP)
        extension = f"<bpmn:extensionElements><zeebe:loopCharacteristics {found}/></bpmn:extensionElements>"
        if "while" in words or "most" in words:
            return self.standard_loop(words)
        sequential = 'isSequential="true"' if "sequential" in words else ""
        inner = extension if found else ""
        if "times" in words:
            inner += formal("loopCardinality", words["times"])
        if "until" in words:
            inner += formal("completionCondition", words["until"])
        tag = "bpmn:multiInstanceLoopCharacteristics"
        return f"<{tag} {sequential}>{inner}</{tag}>"

    def standard_loop(self, words: dict[str, str]) -> str:
        most = f'loopMaximum="{words["most"]}"' if "most" in words else ""
        before = 'testBefore="true"' if "before" in words else ""
        inner = formal("loopCondition", words["while"]) if "while" in words else ""
        tag = "bpmn:standardLoopCharacteristics"
        return f"<{tag} {most} {before}>{inner}</{tag}>"

    def event(self, kind: str, word: str, attributes: list[str], inner: list[str]) -> None:
        key, _, value = word.partition("=")
        if key == "timer":
            form, _, when = value.partition(":")
            tag = TIMERS[form]
            inner.append(f"<bpmn:timerEventDefinition>{formal(tag, when)}</bpmn:timerEventDefinition>")
        elif key == "condition":
            inner.append(
                f"<bpmn:conditionalEventDefinition>{formal('condition', value)}</bpmn:conditionalEventDefinition>"
            )
        elif key == "compensation":
            activity = f'activityRef="{value}"' if value else ""
            inner.append(f"<bpmn:compensateEventDefinition {activity}/>")
        elif key == "cancel":
            inner.append("<bpmn:cancelEventDefinition/>")
        elif key == "terminate":
            inner.append("<bpmn:terminateEventDefinition/>")
        elif key == "link":
            inner.append(f'<bpmn:linkEventDefinition name="{value}"/>')
        elif key in ("message", "signal", "error", "escalation"):
            reference = self.declare(key, value) if value else ""
            attribute = f'{key}Ref="{reference}"' if reference else ""
            if kind in ("receiveTask", "sendTask"):
                attributes.append(attribute)
            else:
                inner.append(f"<bpmn:{key}EventDefinition {attribute}/>")
        else:
            message = f"What does {word!r} mean?"
            raise ValueError(message)

    def declare(self, kind: str, value: str) -> str:
        name, _, key = value.partition("@")
        reference = f"{kind}-{name}"
        code = f'{kind}Code="{name}"' if kind in ("error", "escalation") else ""
        extension = (
            f"<bpmn:extensionElements><zeebe:subscription correlationKey={quoteattr(key)}/></bpmn:extensionElements>"
            if key
            else ""
        )
        self.declared[reference] = (
            f'<bpmn:{kind} id="{reference}" name={quoteattr(name)} {code}>{extension}</bpmn:{kind}>'
        )
        return reference
