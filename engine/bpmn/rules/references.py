"""What a process refers to exists: handlers, forms, decisions, processes, roles, elements."""

from __future__ import annotations

from engine.bpmn.formulas import is_feel
from engine.bpmn.model import ElementModel
from engine.bpmn.rules.asking import Question, shown

PEOPLE = ("userTask", "manualTask")


def check(question: Question) -> None:
    """Check the lanes, then every element."""
    _roles_of_process(question)
    for element in question.elements:
        _outside(question, element)
        _separated(question, element)
        if element.kind in PEOPLE:
            _assigned(question, element)


def _outside(question: Question, element: ElementModel) -> None:
    known, called = question.known, element.call.process if element.call else None
    asked = (
        (element.topic, known.topics, "topic-unknown", "No installed handler answers to the topic «{}»"),
        (element.form, known.forms, "form-unknown", "There is no form «{}»"),
        (element.decision, known.decisions, "decision-unknown", "There is no decision «{}»"),
        (called, known.processes, "process-unknown", "There is no process «{}»"),
    )
    for use, text in (("topic", element.topic), ("form", element.form)):
        if text and is_feel(text):
            message = f"The {use} of «{shown(element)}» is the expression «{text}»; it is one name, known beforehand."
            advice = f"Write the {use} itself; where it differs, draw a gateway and several tasks."
            question.note(f"{use}-expression", message, advice, element)
    for name, names, rule, sentence in asked:
        if name and names is not None and not is_feel(name) and name not in names:
            message = f"{sentence.format(name)} that «{shown(element)}» names."
            question.note(rule, message, _advice(name, names), element)


def _advice(name: str, names: frozenset[str]) -> str:
    similar = sorted(each for each in names if each.split(".")[0] == name.split(".", maxsplit=1)[0])[:3]
    hint = f", such as {', '.join(similar)}" if similar else ""
    return f"Choose an existing one{hint}, or deploy it along."


def _separated(question: Question, element: ElementModel) -> None:
    for other in element.separate_from:
        found = question.process.elements.get(other)
        if found is None or found.kind not in PEOPLE:
            message = f"«{shown(element)}» is to be done by somebody else than «{other}», which is no user task here."
            question.note(
                "separation-unknown", message, "Name the id of a user task of this process.", element
            )
        elif found.id == element.id:
            message = f"«{shown(element)}» is to be done by somebody else than itself."
            question.note("separation-self", message, "Name another user task.", element)


def _assigned(question: Question, element: ElementModel) -> None:
    roles, groups = question.known.roles, element.candidate_groups
    if groups and not is_feel(groups) and roles is not None:
        for group in [each.strip() for each in groups.split(",") if each.strip()]:
            if group not in roles:
                message = f"«{shown(element)}» may be done by the role «{group}», which does not exist."
                question.note("role-unknown", message, f"Use one of: {', '.join(sorted(roles))}.", element)
    if not (groups or element.candidate_users or element.assignee or element.lane_role):
        message = (
            f"Nobody may do «{shown(element)}»: it has no assignee, no candidates and no lane with a role."
        )
        question.note("nobody-assigned", message, "Put it into a lane, or give it candidate groups.", element)


def _roles_of_process(question: Question) -> None:
    roles, process = question.known.roles, question.process
    if roles is None:
        return
    used = {element.lane for element in question.elements if element.kind in PEOPLE}
    for lane in process.lanes:
        if lane.role is None and lane.name in used:
            message = f"The lane «{lane.name}» is no role of the firm, and user tasks lie in it."
            _note_lane(question, message, lane.id, lane.name, line=lane.line)
        elif lane.role is not None and lane.role not in roles:
            message = f"The lane «{lane.name}» belongs to the role «{lane.role}», which does not exist."
            _note_lane(question, message, lane.id, lane.name, line=lane.line)
    owner = process.settings.owner
    if owner is not None and owner not in roles:
        message = f"The owner of the process is the role «{owner}», which does not exist."
        _note_lane(question, message, process.id, process.name, line=process.line)


def _note_lane(question: Question, message: str, element: str, name: str, *, line: int) -> None:
    roles = ", ".join(sorted(question.known.roles or ()))
    question.problems.add(
        "role-unknown",
        message,
        f"Name a role (zf:role key): one of {roles}.",
        line=line,
        element=element,
        name=name,
    )
