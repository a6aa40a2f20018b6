"""What an instance or a process did and does, for its diagram; and its history as sentences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from store.queries import decisions, element_counts, history, instances
from store.queries.scope import Scope
from webui import decision_words, drawings
from webui.formats import duration
from webui.history_words import NOISE, TOLD, Sentence, sentence_of
from webui.place import store

Elements = dict[str, dict[str, Any]]
COUNTED = {
    "element.completed": "visits",
    "element.skipped": "skipped",
    "element.cancelled": "cancelled",
}
"""Kind of history → what a diagram shows of it at a shape."""
LINKED = ("instance.restarted", "instance.continues")
"""Kinds of history that name another instance."""


def live_of(scope: Scope, instance_id: UUID) -> dict[str, Any]:
    """Return tokens, done path, late work and incidents of one instance, by element."""
    now = store().clock.now()
    elements: Elements = {}
    flows: list[str] = []
    for row in store().read(element_counts.passed, scope, instance_id):
        if row.kind == "flow.taken":
            flows.append(row.element)
        else:
            _count(elements, row.element, COUNTED[row.kind], row.count)
    _tokens(elements, store().read(instances.tokens, scope, instance_id=instance_id))
    for late in store().read(element_counts.late, scope, now, instance_id=instance_id):
        _count(elements, late.element, "late", late.count)
    return {"elements": elements, "flows": flows}


def live_of_process(scope: Scope, process: str, heat: str) -> dict[str, Any]:
    """Return the tokens of all running instances of a process and the heat by 'time' or 'incidents'."""
    elements: Elements = {}
    _tokens(elements, store().read(instances.tokens, scope, process=process))
    for late in store().read(element_counts.late, scope, store().clock.now(), process=process):
        _count(elements, late.element, "late", late.count)
    if heat == "time":
        taken = store().read(element_counts.taken, scope, process)
        most = max((row.seconds for row in taken), default=0) or 1
        for row in taken:
            elements.setdefault(row.element, {}).update(heat=row.seconds / most, note=duration(row.seconds))
    elif heat == "incidents":
        _incident_heat(elements, store().read(element_counts.incidents, scope, process))
    return {"elements": elements}


def _incident_heat(elements: Elements, rows: tuple[element_counts.Passed, ...]) -> None:
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.element] = totals.get(row.element, 0) + row.count
    most = max(totals.values(), default=0) or 1
    for element, count in totals.items():
        elements.setdefault(element, {}).update(heat=count / most, note=str(count))


def _tokens(elements: Elements, tokens: tuple[instances.Token, ...]) -> None:
    for token in tokens:
        _count(elements, token.element, "incidents" if token.kind == "incident" else "tokens", token.count)


def _count(elements: Elements, element: str, what: str, count: int) -> None:
    found = elements.setdefault(element, {})
    found[what] = found.get(what, 0) + count


def history_of(
    scope: Scope, instance_id: UUID, definition_id: UUID, *, element: str | None = None
) -> list[Sentence]:
    """Return the history of an instance as sentences, newest first, without the noise of tokens."""
    rows = store().read(history.of_instance, scope, instance_id)
    wanted = [row for row in rows if element in {None, row.element} and _is_told(definition_id, row)]
    told = [(row.id, sentence_of(row, _name(definition_id, row), _other(row))) for row in wanted]
    decided = store().read(decisions.of_instance, scope, instance_id)
    told += decision_words.sentences((row for row in decided if element in {None, row.element}), instance_id)
    return [sentence for _id, sentence in sorted(told, key=lambda pair: -pair[0])]


def _other(row: Any) -> str:
    """Return the address of the instance that a line of history leads to, if it leads to one."""
    if row.kind not in LINKED:
        return ""
    return url_for("instances.show", instance_id=row.detail["instance"])


def _is_told(definition_id: UUID, row: Any) -> bool:
    if row.kind in NOISE:
        return False
    if row.kind != "element.completed":
        return True
    shape = drawings.element_of(definition_id, row.element or "")
    return shape is not None and shape.kind in TOLD and bool(shape.name)


def _name(definition_id: UUID, row: Any) -> str:
    if row.kind.startswith("instance."):
        return drawings.process_name(definition_id, row.name)
    if not row.element:
        return str(row.name)
    shape = drawings.element_of(definition_id, row.element)
    return drawings.element_name(definition_id, row.element, shape.name if shape is not None else row.name)
