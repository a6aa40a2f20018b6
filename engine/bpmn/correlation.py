"""Correlation as BPMN draws it (2.0.2, 8.4.2): keys of properties, read out of messages by whoever sends them.

A receiving process says by a subscription what the properties are for its instances. Both become FEEL texts, as
``zeebe:subscription`` has one: a key of one property is its value, one of several their values joined by commas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.xml_source import BPMN, Problems, Xml, child, children, local_name, text_of

THROWING = ("sendTask", "endEvent", "intermediateThrowEvent", "multiInstanceLoopCharacteristics")
Paths = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Correlations:
    """The key of a message: as it is sent, and as a process waits for it (by process and message)."""

    sent: Mapping[str, str]
    awaited: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, root: Xml, problems: Problems) -> Correlations:
        """Read the properties, keys and subscriptions of a file."""
        properties = {
            each.get("id", ""): _retrieved(each, problems) for each in children(root, "correlationProperty")
        }
        keys = {
            each.get("id", ""): [_referred(text_of(one)) for one in children(each, "correlationPropertyRef")]
            for each in root.iter(f"{{{BPMN}}}correlationKey")
        }
        sent: dict[str, str] = {}
        awaited: dict[tuple[str, str], str] = {}
        for key, names in keys.items():
            for message in _messages(names, properties):
                paths = [properties[name].get(message, "") for name in names if name in properties]
                if message in sent or not all(paths):
                    _note(root, key, message, problems)
                else:
                    sent[message] = _joined(paths)
        for process, subscription in _subscriptions(root):
            names = keys.get(_referred(subscription.get("correlationKeyRef")), [])
            bound = _bound(subscription)
            for path in bound.values():
                _is_feel(path, "data path", subscription, problems)
            if not names or not all(bound.get(name) for name in names):
                message = "A correlation subscription does not bind every property of a key."
                problems.at("correlation-incomplete", message, "Give each a data path.", subscription)
                continue
            for message in _messages(names, properties):
                awaited[process, message] = _joined([bound[name] for name in names])
        return cls(sent, awaited)

    def of(self, node: Xml, message: str) -> str | None:
        """Return the key of a message at an event or task, None when no key says anything of it."""
        if local_name(node) in THROWING:
            return self.sent.get(message)
        process = next(node.iterancestors(f"{{{BPMN}}}process"), None)
        return None if process is None else self.awaited.get((process.get("id", ""), message))


def _referred(text: str | None) -> str:
    return (text or "").strip().rpartition(":")[2]


def _retrieved(node: Xml, problems: Problems) -> dict[str, str]:
    """Return how a property is read out of each message."""
    found = {}
    for each in children(node, "correlationPropertyRetrievalExpression"):
        path = text_of(child(each, "messagePath"))
        if not path:
            message = f"The correlation property «{node.get('name') or node.get('id')}» does not say where it stands."
            problems.at("correlation-incomplete", message, "Give it a message path, such as = number.", node)
        _is_feel(path, "message path", node, problems)
        found[_referred(each.get("messageRef"))] = path
    return found


def _bound(subscription: Xml) -> dict[str, str]:
    return {
        _referred(each.get("correlationPropertyRef")): text_of(child(each, "dataPath"))
        for each in children(subscription, "correlationPropertyBinding")
    }


def _subscriptions(root: Xml) -> Iterator[tuple[str, Xml]]:
    for process in children(root, "process"):
        for each in children(process, "correlationSubscription"):
            yield process.get("id", ""), each


def _messages(names: list[str], properties: Mapping[str, Paths]) -> list[str]:
    """Return the messages that some property of a key is read out of."""
    return sorted({message for name in names for message in properties.get(name, {})})


def _note(root: Xml, key: str, message: str, problems: Problems) -> None:
    node = next(each for each in root.iter(f"{{{BPMN}}}correlationKey") if each.get("id", "") == key)
    sentence = (
        f"The message «{message}» does not have all of the key «{node.get('name') or key}», or has two keys."
    )
    problems.at("correlation-incomplete", sentence, "Read every property of one key out of it.", node)


def _is_feel(text: str, tag: str, node: Xml, problems: Problems) -> None:
    if text and not text.startswith("="):
        message = f"The {tag} «{text}» is no FEEL expression."
        problems.at("not-feel", message, f"Begin it with =, as in = {text}.", node)


def _joined(paths: list[str]) -> str:
    if len(paths) == 1:
        return paths[0]
    parts = ", ".join(f"string({each.removeprefix('=').strip()})" for each in paths)
    return f'= string join([{parts}], ",")'
