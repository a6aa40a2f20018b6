"""Conditional start events: nobody waits at them, so they are asked when somebody hands in variables."""

from __future__ import annotations

from engine.bpmn.formulas import Trouble, formula
from engine.bpmn.moment import Moment
from engine.bpmn.specs import Spec
from engine.bpmn.step import Variables


def starts_that_hold(spec: Spec, variables: Variables, moment: Moment) -> tuple[str, ...]:
    """Return the conditional start events of a process whose condition is true for these variables, each once."""
    found: dict[str, None] = {}
    for start in spec.process.start_events:
        if start.condition and _holds(start.condition, variables, moment):
            found[start.element] = None
    return tuple(found)


def _holds(text: str, variables: Variables, moment: Moment) -> bool:
    asked = formula(text, frozenset(moment.functions))
    try:
        return asked.value(lambda name: (name in variables, variables.get(name)), moment.environment) is True
    except Trouble:
        return False  # it passes a limit, so it does not hold
