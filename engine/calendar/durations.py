"""ISO 8601 durations as timers use them: calendar parts and clock parts kept apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil.relativedelta import relativedelta

from engine.errors import InvalidInput

_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?=\d|T\d)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)
_LONGEST_DAYS = 366 * 1000


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time: whole months and days by the calendar, the rest by the clock; all of one sign."""

    months: int = 0
    days: int = 0
    time: timedelta = timedelta(0)

    def __mul__(self, times: int) -> Duration:
        """Give the span taken `times` times, so that the n-th round is computed from the start."""
        return Duration(self.months * times, self.days * times, self.time * times)

    @property
    def rough(self) -> timedelta:
        """The span with a month of average length: for estimates and comparisons, never for due times."""
        return timedelta(days=self.months * 30.436875 + self.days) + self.time


def parse_duration(text: str) -> Duration:
    """Read an ISO 8601 duration such as `P1DT2H`, `P1M`, `PT0.5S` or `-P2W`; InvalidInput when it is none."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise InvalidInput(f"{text!r} is not an ISO 8601 duration; write it like P1DT2H, P1M or PT30M.")
    part = {name: int(match[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes")}
    sign = -1 if match["sign"] == "-" else 1
    days = part["years"] * 366 + part["months"] * 31 + part["weeks"] * 7 + part["days"]
    if days + part["hours"] // 24 + part["minutes"] // 1440 > _LONGEST_DAYS:
        raise InvalidInput(f"The duration {text!r} is longer than 1000 years; give a shorter one.")
    clock = timedelta(hours=part["hours"], minutes=part["minutes"], seconds=float(match["seconds"] or 0))
    return Duration(
        months=sign * (part["years"] * 12 + part["months"]),
        days=sign * (part["weeks"] * 7 + part["days"]),
        time=sign * clock,
    )


def add(moment: datetime, duration: Duration, zone: tzinfo) -> datetime:
    """Give the moment a duration later, in UTC: months and days by the clock of `zone`, the rest elapsed.

    31 January plus one month is the last day of February. `moment` must carry an offset; InvalidInput if
    it does not or when the result lies beyond the year 9999.
    """
    if moment.utcoffset() is None:
        raise InvalidInput(f"The moment {moment.isoformat()} has no offset from UTC; give one, as in +08:00.")
    try:
        wall = moment.astimezone(zone) + relativedelta(months=duration.months, days=duration.days)
        return wall.astimezone(UTC) + duration.time
    except (OverflowError, ValueError) as error:
        raise InvalidInput(
            f"{moment.isoformat()} plus the duration lies outside the years 1 to 9999."
        ) from error
