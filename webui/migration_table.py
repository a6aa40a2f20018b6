"""What the page of a migration asks: where each element of the old version is in the new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.migrating import fits, match
from engine.bpmn.model import ElementModel, Flow, ProcessModel
from webui.language import by_language
from webui.words import word

ELEMENT, FLOW = "map.", "flow."
BY_ITSELF, GIVEN_UP = "?", "-"
JOINS = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that an element or flow may become."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One element or flow of the old version; ``waiting`` instances stand there, ``matched``: it is found by its id."""

    field: str
    name: str
    kind: str
    waiting: int
    matched: bool
    choices: tuple[Choice, ...]


def rows(
    old: ProcessModel, new: ProcessModel, waiting: Mapping[str, int], given: Mapping[str, str]
) -> tuple[Row, ...]:
    """Return a row for every element that something may wait at; what is open and what instances stand at comes first."""
    likely = match(old, new)
    found = [
        _row(each, new, likely[each.id], waiting=waiting.get(each.id, 0), given=given)
        for each in old.elements.values()
        if not _only_passed(each, old)
    ]
    found += _flow_rows(old, new, given)
    return tuple(sorted(found, key=lambda row: (row.matched, not row.waiting)))


def mapped(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping that the fields of the page say; what keeps its id is not in it."""
    found: dict[str, str] = {}
    for field, value in fields.items():
        if field.startswith(ELEMENT):
            element = field.removeprefix(ELEMENT)
            if value and value != element:
                found[element] = value
        elif field.startswith(FLOW) and value != BY_ITSELF:
            found[field.removeprefix(FLOW)] = "" if value == GIVEN_UP else value
    return found


def _row(
    element: ElementModel, new: ProcessModel, likely: str | None, *, waiting: int, given: Mapping[str, str]
) -> Row:
    field = f"{ELEMENT}{element.id}"
    chosen = given.get(field, likely or "")
    choices = [
        Choice(other.id, _label(other), other.id == chosen)
        for other in new.elements.values()
        if fits(other) == fits(element) or other.id == chosen
    ]
    name = by_language(element.name, element.name_en) or element.id
    matched = likely == element.id
    return Row(field, name, element.kind, waiting, matched, (Choice("", "–", not chosen), *choices))


def _label(element: ElementModel) -> str:
    name = by_language(element.name, element.name_en)
    return f"{name} ({element.id})" if name else element.id


def _only_passed(element: ElementModel, process: ProcessModel) -> bool:
    around = process.elements.get(element.parent or "")
    starts = element.kind == "startEvent" and not (around is not None and around.triggered)
    return starts or element.kind == "endEvent"


def _flow_rows(old: ProcessModel, new: ProcessModel, given: Mapping[str, str]) -> list[Row]:
    """Return a row for every flow into a join that leads there no more: something may have come by it."""
    found = []
    for flow in old.flows.values():
        there = new.flows.get(flow.id)
        if old.elements[flow.target].kind not in JOINS or (there is not None and there.target == flow.target):
            continue
        field = f"{FLOW}{flow.id}"
        chosen = given.get(field, BY_ITSELF)
        others = [each for each in new.flows.values() if new.elements[each.target].kind in JOINS]
        choices = [
            Choice(BY_ITSELF, str(word("mapping", "by_itself")), chosen == BY_ITSELF),
            Choice(GIVEN_UP, str(word("mapping", "given_up")), chosen == GIVEN_UP),
            *(Choice(each.id, _path(each, new), each.id == chosen) for each in others),
        ]
        found.append(Row(field, _path(flow, old), "sequenceFlow", 0, matched=False, choices=tuple(choices)))
    return found


def _path(flow: Flow, process: ProcessModel) -> str:
    ends = (process.elements[flow.source], process.elements[flow.target])
    return " → ".join(by_language(each.name, each.name_en) or each.id for each in ends)
