"""Timers: when they are due, and when a repeating one is due again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine import calendar
from engine.bpmn.formulas import Constant, Formula, Trouble, formula
from engine.bpmn.model import CatchUp, TimerModel
from engine.bpmn.moment import Moment
from engine.errors import InvalidInput
from engine.feel import YearsMonths

Evaluate = Callable[[Formula], Any]
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer is due, and the cycle that it follows after that, if it repeats."""

    at: datetime
    cycle: str | None = None


@dataclass(frozen=True, slots=True)
class TimerSpec:
    """A compiled timer."""

    model: TimerModel
    when: Formula

    def first(self, evaluate: Evaluate, moment: Moment) -> Due:
        """Return when a timer opened now is due first; Trouble when its value cannot be read."""
        value = evaluate(self.when)
        try:
            if self.model.kind == "cycle":
                text = _cycle_text(value)
                due = calendar.parse_cycle(text).next(moment.now, 0, moment.now, moment.zone)
            else:
                text, due = None, _FIRST[self.model.kind](value, moment)
        except InvalidInput as error:
            raise Trouble("timer", f"The timer «{self.when.text}» cannot be read: {error}") from error
        if due is None:
            raise Trouble("timer", f"The timer «{self.when.text}» is over before it began.")
        return Due(due, text)


@dataclass(frozen=True, slots=True)
class Round:
    """A repeating timer that has come due: opened at ``anchor``, due at ``due``, fired ``fired`` times before."""

    cycle: str
    catch_up: CatchUp
    anchor: datetime
    due: datetime
    fired: int

    def missed(self, moment: Moment) -> bool:
        """Tell whether policy ``none`` passes over this round: the next one is due already."""
        if self.catch_up != "none":
            return False
        following = self._cycle.next(self.due, 0, self.anchor, moment.zone)
        return following is not None and following <= moment.now

    def following(self, moment: Moment, fired: int) -> datetime | None:
        """Return when it is due next after having fired ``fired`` times, None when it is over.

        Policy ``all`` lists every round that was missed, else they are skipped.
        """
        after = self.due if self.catch_up == "all" else max(self.due, moment.now)
        return self._cycle.next(after, fired, self.anchor, moment.zone)

    @property
    def _cycle(self) -> calendar.Cycle:
        return calendar.parse_cycle(self.cycle)


def first_start(timer: TimerModel, moment: Moment, names: frozenset[str] = frozenset()) -> Due:
    """Return when a timer start event of a process deployed now is due first.

    Its expression sees no variables. InvalidInput when it cannot be read, which the gate has mostly ruled out.
    """
    spec = compile_timer(timer, names)
    try:
        return spec.first(lambda when: when.value(_nothing, moment.environment), moment)
    except Trouble as trouble:
        raise InvalidInput(trouble.message) from trouble


def _nothing(_name: str) -> tuple[bool, Any]:
    return False, None


def compile_timer(model: TimerModel, names: frozenset[str] = frozenset()) -> TimerSpec:
    """Compile a timer; constant text is read at once, so InvalidInput and ExpressionError come early."""
    when = formula(model.text, names)
    if isinstance(when, Constant):
        _READ[model.kind](when.text)
    return TimerSpec(model, when)


def as_moment(value: Any, zone: ZoneInfo, *, of_day: time = time.min) -> datetime:
    """Return a FEEL date, date and time, or ISO text as a moment in UTC; what names no zone is read in ``zone``."""
    if isinstance(value, str):
        value = _read_date(value)
    if isinstance(value, datetime):
        return (value if value.utcoffset() is not None else value.replace(tzinfo=zone)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, of_day, zone).astimezone(UTC)
    message = f"{value!r} is neither a date nor a date and time."
    raise InvalidInput(message)


def _date(value: Any, moment: Moment) -> datetime:
    return as_moment(value, moment.zone)


def _duration(value: Any, moment: Moment) -> datetime:
    return calendar.add(moment.now, _as_duration(value), moment.zone)


def _as_duration(value: Any) -> calendar.Duration:
    if isinstance(value, timedelta):
        return calendar.Duration(time=value)
    if isinstance(value, YearsMonths):
        return calendar.Duration(months=value.months)
    if isinstance(value, str):
        return calendar.parse_duration(value)
    message = f"{value!r} is not a duration."
    raise InvalidInput(message)


def _cycle_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, YearsMonths):
        return f"R/{value}"
    if isinstance(value, timedelta):
        return f"R/PT{int(value.total_seconds())}S"
    message = f"{value!r} is neither a cycle such as R/P1M nor a cron line."
    raise InvalidInput(message)


def _read_date(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not an ISO 8601 date and time such as 2026-01-31T09:00:00+08:00."
        raise InvalidInput(message) from error


_FIRST: dict[str, Callable[[Any, Moment], datetime]] = {
    "date": _date,
    "duration": _duration,
}
_READ: dict[str, Callable[[str], Any]] = {
    "date": _read_date,
    "duration": calendar.parse_duration,
    "cycle": calendar.parse_cycle,
}
