"""Conditional events: asked when they begin to wait, and whenever a variable that they read has changed.

An event takes place when its condition *becomes* true (BPMN 2.0.2, 10.5.5): one that stays true does not fire again.
"""

from __future__ import annotations

from engine.bpmn.case import Case
from engine.bpmn.formulas import Feel, Formula, Trouble
from engine.bpmn.nodes.attaching import Catching
from engine.bpmn.nodes.firing import rank, resume
from engine.bpmn.step import Happened


def ask(case: Case) -> None:
    """Let every awaited condition that has become true take place, before another token runs."""
    while case.changed or case.unasked:
        names, unasked = set(case.changed), set(case.unasked)
        case.changed.clear()
        case.unasked.clear()
        for wait in unasked:
            note(case, wait)
        concerned = unasked.union(*(case.readers.get(name, ()) for name in names)) & case.conditions.keys()
        for wait in sorted(concerned, key=lambda wait: rank(case, wait)):
            if wait in case.conditions and not case.completed:
                _ask_one(case, wait, _condition(case, wait))


def note(case: Case, wait: int) -> None:
    """Note which variables the condition that is awaited at ``wait`` reads, to be asked when they change."""
    if wait in case.conditions:
        formula = _condition(case, wait)
        names = formula.names if isinstance(formula, Feel) else ()
        case.conditions[wait] = names
        for name in names:
            case.readers.setdefault(name, set()).add(wait)


def _condition(case: Case, wait: int) -> Formula:
    record, info = case.attached.get(wait), case.waits[wait]
    node = case.definition.nodes[record.element] if record else case.tasks[info.token].task_spec
    catching = getattr(node, "catching", Catching("none")).each[record.part if record else 0]
    if catching.condition is None:
        raise TypeError(info.element)
    return catching.condition


def _ask_one(case: Case, wait: int, formula: Formula) -> None:
    info, record = case.waits[wait], case.attached.get(wait)
    try:
        holds = case.evaluate(formula, case.scopes[info.scope]) is True
    except Trouble as trouble:
        holds = False
        detail = {"code": trouble.code, "message": trouble.message}
        case.recording.history.append(Happened("condition.failed", info.element, "", wait, detail))
    became = holds and not (record is not None and record.held)
    if record is not None:
        record.held = holds
    if became:
        resume(case, wait, {})
