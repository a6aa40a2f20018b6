"""What a draft changes of a deployed file: shapes or fields added, changed, removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from engine.bpmn import parser
from engine.bpmn.model import ElementModel, Flow, Model
from engine.errors import DeploymentRefused
from webui.language import by_language


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of what was added, changed and removed, by id."""

    added: Mapping[str, str]
    changed: Mapping[str, str]
    removed: Mapping[str, str]

    @property
    def marks(self) -> dict[str, Any]:
        """What the diagram of the draft marks."""
        kinds = {**dict.fromkeys(self.added, "added"), **dict.fromkeys(self.changed, "changed")}
        return {"elements": {element: {"change": kind} for element, kind in kinds.items()}}

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.added or self.changed or self.removed)


def of_process(before: bytes, after: bytes, path: str) -> Changes | None:
    """Return the changes of a diagram; None when one of the two cannot be read."""
    try:
        old, new = parser.parse(before, path), parser.parse(after, path)
    except DeploymentRefused:
        return None
    return _compared(_shapes(old), _shapes(new))


def of_form(before: bytes, after: bytes) -> Changes | None:
    """Return the changes of a form by the keys of its fields; None when one of the two cannot be read."""
    try:
        return _compared(_fields(json.loads(before)), _fields(json.loads(after)))
    except (ValueError, AttributeError):
        return None


def _compared(old: Mapping[str, tuple[str, Any]], new: Mapping[str, tuple[str, Any]]) -> Changes:
    return Changes(
        added={key: name for key, (name, _) in new.items() if key not in old},
        changed={key: name for key, (name, value) in new.items() if key in old and old[key][1] != value},
        removed={key: name for key, (name, _) in old.items() if key not in new},
    )


def _shapes(model: Model) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for process in (*model.processes, *model.drawings):
        for element in process.elements.values():
            found[element.id] = (by_language(element.name, element.name_en) or element.id, _plain(element))
        for flow in process.flows.values():
            found[flow.id] = (flow.name or flow.id, _plain(flow))
    return found


def _plain(value: ElementModel | Flow | Any) -> Any:
    """Return a value without the line numbers inside it: moving a shape in the file changes nothing."""
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    if not hasattr(value, "__dataclass_fields__"):
        return value
    return tuple(
        (each.name, _plain(getattr(value, each.name))) for each in fields(value) if each.name != "line"
    )


def _fields(schema: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for component in schema.get("components", []):
        key = component.get("key") or component.get("path") or component.get("id", "")
        found[key] = (component.get("label") or key, component)
    return found
