"""The installed handlers as element templates of the editor: one entry of the catalogue per topic."""

from __future__ import annotations

from typing import Any

from engine.service_tasks import Handler, Handlers, Parameter
from webui.language import by_language

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
TYPES = {"text": "String", "number": "String", "boolean": "Dropdown", "choice": "Dropdown", "feel": "String"}
EFFECTS = {
    "none": ("只计算", "computes only"),
    "database": ("写数据库", "database"),
    "outside": ("外部动作", "outside"),
}
YES_NO = (("true", "是", "yes"), ("false", "否", "no"))


def templates(handlers: Handlers) -> list[dict[str, Any]]:
    """Return the element templates of all handlers, in the page's language."""
    return [_template(handler) for handler in handlers]


def _template(handler: Handler) -> dict[str, Any]:
    area = handler.topic.partition(".")[0]
    return {
        "$schema": SCHEMA,
        "name": by_language(handler.title, handler.title_en),
        "id": f"zhangfang.{handler.topic}",
        "description": _description(handler),
        "version": 1,
        "category": {"id": area, "name": area},
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "entriesVisible": True,
        "groups": [{"id": "parameters", "label": by_language("参数", "Parameters")}],
        "properties": [_topic(handler), *(_property(each) for each in handler.parameters)],
    }


def _description(handler: Handler) -> str:
    effect = by_language(*EFFECTS[handler.effect])
    errors = by_language("可能的错误", "Errors")
    codes = f" · {errors}: {', '.join(handler.errors)}" if handler.errors else ""
    return f"{handler.topic} · {effect}{codes}"


def _topic(handler: Handler) -> dict[str, Any]:
    binding = {"type": "zeebe:taskDefinition", "property": "type"}
    return {"type": "Hidden", "value": handler.topic, "binding": binding}


def _property(parameter: Parameter) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": parameter.name,
        "group": "parameters",
        "label": by_language(parameter.label, parameter.label_en) or parameter.name,
        "type": TYPES[parameter.kind],
        "binding": _binding(parameter),
        "optional": not parameter.required,
    }
    if parameter.kind == "feel":
        made["feel"] = "required"
    elif parameter.kind in {"text", "number"} and parameter.binding == "input":
        made["feel"] = "optional"
    if parameter.default:
        made["value"] = parameter.default
    if parameter.description:
        made["description"] = parameter.description
    if parameter.required:
        made["constraints"] = {"notEmpty": True}
    choices = YES_NO if parameter.kind == "boolean" else parameter.choices
    if made["type"] == "Dropdown":
        made["choices"] = [{"name": by_language(zh, en), "value": value} for value, zh, en in choices]
    if made["type"] == "Dropdown" or parameter.required:
        made["optional"] = False
    return made


def _binding(parameter: Parameter) -> dict[str, str]:
    if parameter.binding == "input":
        return {"type": "zeebe:input", "name": parameter.name}
    return {"type": "zeebe:taskHeader", "key": parameter.name}
