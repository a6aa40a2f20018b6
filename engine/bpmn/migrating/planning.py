"""Planning a timer again whose definition has changed.

Its anchor stays: a duration counts from when the timer was opened, so that a longer or shorter one is right for what has
waited already; one that is over by that is due at once. A cycle keeps its anchor and the rounds that it has had; its next
round is the first of the new cycle that is still to come, so none of the past is made up for.
"""

from __future__ import annotations

from datetime import datetime

from engine import calendar
from engine.bpmn.migrating.carrying import Carrying
from engine.bpmn.scopes import Scope
from engine.bpmn.timers import Due, TimerSpec


def differs(one: TimerSpec, other: TimerSpec) -> bool:
    """Tell whether two timers are planned differently; what is done about missed rounds plans nothing."""
    return (one.model.kind, one.model.text) != (other.model.kind, other.model.text)


def planned_again(
    work: Carrying,
    timer: TimerSpec,
    scope: Scope,
    wait: int,
    *,
    anchor: datetime | None = None,
    fired: int = 0,
) -> Due | None:
    """Return when the timer of the new version is due next; None when it is over. Trouble when it cannot be read."""
    moment = work.began(wait, anchor)
    case = work.new
    case.moment = moment
    try:
        due = timer.first(lambda formula: case.evaluate(formula, scope), moment)
    finally:
        case.moment = work.moment
    if due.cycle is None:
        return None if fired else due
    cycle = calendar.parse_cycle(due.cycle)
    following = cycle.next(max(moment.now, work.moment.now), fired, moment.now, moment.zone)
    return None if following is None else Due(following, due.cycle)
