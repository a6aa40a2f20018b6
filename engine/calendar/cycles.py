"""Repeating timers: ISO 8601 cycles that stay true to the calendar, and cron lines in a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from cronsim import CronSim, CronSimError

from engine.calendar.durations import Duration, add, parse_duration
from engine.errors import InvalidInput

_MOST_PARTS = 2
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@hourly": "0 * * * *",
}


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating timer: a cron line, or an interval with an optional start, end and number of rounds."""

    text: str
    interval: Duration | None = None
    start: datetime | None = None
    end: datetime | None = None
    rounds: int | None = None
    cron: str | None = None

    def next(self, after: datetime, count_done: int, anchor: datetime, zone: tzinfo) -> datetime | None:
        """Give the first due moment later than `after`, in UTC, or None when the cycle is over.

        `count_done` is how often it has fired; `anchor` is when the timer was opened, used by a cycle that
        names no start: its first round is one interval after it (a named start is itself the first round).
        Round n is always start + n intervals, so months do not drift. Missed rounds are skipped, not listed.
        Moments must carry an offset; a start written without one is read in `zone`.
        """
        if self.rounds is not None and count_done >= self.rounds:
            return None
        if self.cron is not None:
            return _next_cron(self.cron, after, zone)
        begin = _in_zone(self.start, zone) if self.start else anchor
        due = _next_round(begin, self._interval, after, zone, first=0 if self.start else 1)
        return None if self.end and due > _in_zone(self.end, zone) else due

    @property
    def _interval(self) -> Duration:
        if self.interval is None:
            raise InvalidInput(f"The cycle {self.text!r} has neither an interval nor a cron line.")
        return self.interval


def parse_cycle(text: str) -> Cycle:
    """Read `R/P1M`, `R3/PT1H`, `R/2026-01-31T09:00:00+08:00/P1M`, `R/PT1H/2026-12-31T00:00Z` or a cron line.

    Cron lines have five fields (minute hour day month weekday), six with seconds first, or are @yearly,
    @monthly, @weekly, @daily, @hourly. InvalidInput says what is wrong with anything else.
    """
    stripped = text.strip()
    if not stripped.startswith("R"):
        return Cycle(text=stripped, cron=_checked_cron(stripped))
    repeat, *parts = stripped.split("/")
    at = next((i for i, part in enumerate(parts) if part.lstrip("+-").startswith("P")), None)
    if at is None or len(parts) > _MOST_PARTS:
        raise InvalidInput(
            f"The cycle {text!r} needs one interval, as in R3/PT1H or R/2026-01-31T09:00:00+08:00/P1M."
        )
    interval = parse_duration(parts[at])
    if interval.rough.total_seconds() <= 0:
        raise InvalidInput(f"The interval of the cycle {text!r} must be longer than nothing.")
    moments = [_moment(part, text) for part in parts[:at]], [_moment(part, text) for part in parts[at + 1 :]]
    return Cycle(
        text=stripped,
        interval=interval,
        start=moments[0][0] if moments[0] else None,
        end=moments[1][0] if moments[1] else None,
        rounds=_rounds(repeat, text),
    )


def next_in_cycle(start: datetime, interval: str, after: datetime, zone: tzinfo = UTC) -> datetime:
    """Give the first of start, start + interval, start + 2 intervals … that is later than `after`, in UTC."""
    return _next_round(start, parse_duration(interval), after, zone, first=0)


def _next_round(
    begin: datetime, interval: Duration, after: datetime, zone: tzinfo, *, first: int
) -> datetime:
    nth = max(first, (after - begin) // interval.rough)
    while nth > first and add(begin, interval * (nth - 1), zone) > after:
        nth -= 1
    while (due := add(begin, interval * nth, zone)) <= after:
        nth += 1
    return due


def _next_cron(cron: str, after: datetime, zone: tzinfo) -> datetime | None:
    due = next(CronSim(cron, after.astimezone(zone)), None)
    return due.astimezone(UTC) if due else None


def _checked_cron(text: str) -> str:
    line = _NICKNAMES.get(text.lower(), text)
    try:
        CronSim(line, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        message = f"{text!r} is neither a cycle such as R/P1M nor a cron line such as '0 9 * * 1-5': {error}."
        raise InvalidInput(message) from error
    return line


def _rounds(repeat: str, text: str) -> int | None:
    number = repeat[1:]
    if not number:
        return None
    if not (number.isascii() and number.isdigit()):
        raise InvalidInput(
            f"The cycle {text!r} must begin with R or R and a number of rounds, not with {repeat!r}."
        )
    return int(number)


def _moment(part: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(part)
    except ValueError as error:
        raise InvalidInput(f"{part!r} in the cycle {text!r} is not an ISO 8601 date and time.") from error


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
