"""A process as a chapter of the handbook: its lanes, its steps in their order, time limits, papers, approvals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine import feel
from engine.bpmn.model import ElementModel, ProcessModel
from store.queries import firm_settings
from webui import flow_order, settings_words
from webui.language import by_language, language
from webui.place import store
from webui.words import role_name

STEPS = frozenset(
    {"userTask", "manualTask", "serviceTask", "sendTask", "businessRuleTask", "scriptTask", "callActivity"}
)
BY_PEOPLE = frozenset({"userTask", "manualTask"})
_WORKDAYS = re.compile(r"add working days\(\s*today\(\)\s*,\s*(?:settings\.(\w+)|(\d+)|([\w.]+))\s*\)")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does what by when, with which papers."""

    id: str
    number: int
    name: str
    role: str
    by_people: bool
    text: str
    due: str
    due_setting: str
    papers: tuple[str, ...]
    approval: str
    separate: tuple[str, ...]
    calls: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane with the numbers of its people's steps."""

    role: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A process as the handbook tells it."""

    purpose: str
    steps: tuple[Step, ...]
    lanes: tuple[Lane, ...]


def chapter(process: ProcessModel) -> Chapter:
    """Return a process as a chapter, its steps in the order of the flows."""
    values = _values()
    places = flow_order.order(process)
    shapes = sorted(
        (each for each in process.elements.values() if each.kind in STEPS and each.name),
        key=lambda each: places.get(each.id, len(places)),
    )
    steps = tuple(_step(process, each, number, values) for number, each in enumerate(shapes, 1))
    roles = dict.fromkeys(step.role for step in steps if step.role)
    lanes = (
        Lane(role, tuple(step for step in steps if step.role == role and step.by_people)) for role in roles
    )
    purpose = by_language(process.documentation, process.sop_en)
    return Chapter(purpose, steps, tuple(lane for lane in lanes if lane.steps))


def fits(process: ProcessModel, title: str, words: str) -> list[str]:
    """Return the lines of a process that hold the words, the best first; its title counts."""
    wanted = words.lower()
    lines = [title, *by_language(process.documentation, process.sop_en).splitlines()]
    for each in process.elements.values():
        lines += [
            by_language(each.name, each.name_en),
            *by_language(each.documentation, each.sop_en).splitlines(),
        ]
        lines += [by_language(paper.name, paper.name_en) for paper in each.papers]
    return list(dict.fromkeys(line.strip() for line in lines if wanted in line.lower()))


def _step(process: ProcessModel, each: ElementModel, number: int, values: Mapping[str, Any]) -> Step:
    due, setting = _due(each, values)
    others = (process.elements[one] for one in each.separate_from if one in process.elements)
    return Step(
        id=each.id,
        number=number,
        name=by_language(each.name, each.name_en),
        role=role_name(each.lane_role or "") or (each.lane or ""),
        by_people=each.kind in BY_PEOPLE,
        text=by_language(each.documentation, each.sop_en),
        due=due,
        due_setting=setting,
        papers=tuple(by_language(paper.name, paper.name_en) for paper in each.papers),
        approval=_one_language(each.approval or ""),
        separate=tuple(by_language(other.name, other.name_en) for other in others),
        calls=each.call.process if each.call is not None and not each.call.process.startswith("=") else "",
    )


def _due(each: ElementModel, values: Mapping[str, Any]) -> tuple[str, str]:
    """Return a step's time limit in words, and the setting that it comes from."""
    text = (each.due or "").strip()
    if not text:
        return "", ""
    found = _WORKDAYS.fullmatch(text.removeprefix("=").strip())
    if found is None:
        return (_("不晚于申报截止日") if "due_on" in text else text.removeprefix("=")), ""
    setting, days, _computed = found.groups()
    if setting:
        return _("%(n)s 个工作日", n=values.get(setting, "?")), setting
    return (_("%(n)s 个工作日", n=days) if days else _("按决策表")), ""


def _values() -> dict[str, Any]:
    factory = {key: each.factory for key, each in settings_words.described().items()}
    rows = store().read(firm_settings.list_)
    own = {row.key: feel.from_json(row.value["value"]) for row in rows if "value" in row.value}
    return {**factory, **own}


def _one_language(text: str) -> str:
    """Take the half of «组长 / team lead» that is in the page's language."""
    zh, slash, en = text.partition(" / ")
    return (en if language() == "en" else zh) if slash else text
