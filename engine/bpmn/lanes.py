"""Lanes: which lane an element lies in, and which role works in the lane."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.dialect import read_extensions
from engine.bpmn.model import LaneModel
from engine.bpmn.xml_source import BPMN, Problems, Xml, children, line_of
from engine.people import ROLES


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a process and the innermost lane of each element."""

    lanes: tuple[LaneModel, ...]
    by_element: dict[str, LaneModel]


def read_lanes(process: Xml, problems: Problems) -> Lanes:
    """Read all lanes of a process, nested ones included; inner lanes come later in the file and win."""
    found: list[LaneModel] = []
    by_element: dict[str, LaneModel] = {}
    for lane_set in children(process, "laneSet"):
        for node in lane_set.iter(f"{{{BPMN}}}lane"):
            lane = _lane(node, problems)
            found.append(lane)
            for reference in children(node, "flowNodeRef"):
                by_element[(reference.text or "").strip()] = lane
    return Lanes(tuple(found), by_element)


def role_named(name: str) -> str | None:
    """Return the key of the role that has this key, Chinese or English name."""
    wanted = name.strip().casefold()
    for key, (chinese, english, _actions) in ROLES.items():
        if wanted in (key, chinese.casefold(), english.casefold()):
            return key
    return None


def _lane(node: Xml, problems: Problems) -> LaneModel:
    fields = read_extensions(node, "lane", problems)
    name = node.get("name", "")
    role = fields.get("role") or role_named(name)
    return LaneModel(node.get("id", ""), name, fields.get("name_en", ""), role, line_of(node))
