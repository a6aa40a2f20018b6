"""Who does a user task, in the words of BPMN: a performer is its assignee, potential owners are its candidates."""

from __future__ import annotations

import re

from engine.bpmn.dialect import Fields
from engine.bpmn.event_reader import Definitions
from engine.bpmn.formulas import is_feel
from engine.bpmn.refused import run_parts
from engine.bpmn.xml_source import Problems, Xml, child, children, local_name, text_of

PERFORMERS = ("performer", "humanPerformer")
OWNERS = "potentialOwner"
PEOPLE = ("userTask", "manualTask", "globalUserTask", "globalManualTask")
ONE = re.compile(r"\s*(?:(user|group)\s*\(([^()]*)\)|([^(),]+))\s*(?:,|$)")
OWN = ("assignee", "candidate_groups", "candidate_users")


def check_roles(root: Xml, problems: Problems) -> None:
    """Report resource roles of what no person does, and those that say twice who it is."""
    for role in (each for each in run_parts(root) if local_name(each) in (*PERFORMERS, OWNERS)):
        owner = role.getparent()
        if child(role, "resourceRef") is not None and child(role, "resourceAssignmentExpression") is not None:
            message = "A resource role names a resource and has an expression as well."
            problems.at("role-both", message, "Keep one of them.", role)
        if owner is not None and local_name(owner) not in PEOPLE:
            message = f"Nobody is asked at a {local_name(owner)}, so its {local_name(role)} is not run."
            problems.at("role-misplaced", message, "Make it a user task, or remove the role.", role)


def read_roles(node: Xml, found: Fields, shared: Definitions, problems: Problems) -> Fields:
    """Return assignee and candidates that the resource roles of a user task name.

    ``user(li), group(tax), reviewer`` names people and groups as Camunda 7 reads it: a bare name is a group.
    """
    roles: Fields = {}
    for tag in (*PERFORMERS, OWNERS):
        for role in children(node, tag):
            text = _text(role, shared, problems)
            if text:
                _add(roles, tag, text, (role, problems))
    if roles and any(field in found for field in OWN):
        message = f"Two places say who does «{node.get('name') or node.get('id')}»."
        problems.at("roles-twice", message, "Keep zeebe:assignmentDefinition, or the BPMN roles.", node)
    return roles


def _text(role: Xml, shared: Definitions, problems: Problems) -> str:
    reference, assigned = child(role, "resourceRef"), child(role, "resourceAssignmentExpression")
    if reference is None:
        text = text_of(assigned)
        if not text:
            problems.at("role-empty", "A resource role names nobody.", "Say who it is, or remove it.", role)
        return text
    name = text_of(reference).rpartition(":")[2]
    if name not in shared.resources:
        message = f"The resource «{name}» that it refers to does not exist."
        problems.at("reference-unknown", message, "Define the resource, or choose another.", role)
    return shared.resources.get(name, "")


def _add(roles: Fields, tag: str, text: str, at: tuple[Xml, Problems]) -> None:
    role, problems = at
    if tag in PERFORMERS:
        if "assignee" in roles:
            problems.at("role-several", "It has two performers.", "Keep one of them.", role)
        roles["assignee"] = text
    elif is_feel(text):
        if "candidate_groups" in roles:
            message = "An expression for potential owners stands beside other potential owners."
            problems.at("role-several", message, "Put all of them into one expression.", role)
        roles["candidate_groups"] = text
    else:
        _listed(roles, text, at)


def _listed(roles: Fields, text: str, at: tuple[Xml, Problems]) -> None:
    names: dict[str, list[str]] = {"candidate_users": [], "candidate_groups": []}
    place = 0
    while place < len(text):
        one = ONE.match(text, place)
        if one is None:
            message = f"The potential owners «{text}» cannot be read."
            at[1].at("role-unreadable", message, "Write them like user(li), group(tax).", at[0])
            return
        field = "candidate_users" if one[1] == "user" else "candidate_groups"
        names[field] += [each.strip() for each in (one[2] or one[3] or "").split(",") if each.strip()]
        place = one.end()
    for field, each in names.items():
        if each:
            before = [roles[field]] if field in roles else []
            roles[field] = ",".join([*before, *each])
