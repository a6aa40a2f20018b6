"""Dates beyond Python's years 1 to 9999, and moments finer than a microsecond (decision 17).

The calendar repeats every 400 years, weekdays included. So a date outside of Python's range is one inside of
it, ``near``, and a number of such cycles; all reckoning is done on the near date. Ordinary dates never come here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self, TypeAlias

from engine.feel.values import KINDS, SCALARS, Undefined, Value, YearsMonths, kind

MAX_YEAR = 999_999_999
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_DAY = timedelta(days=1)
_LENGTHS = (timedelta, YearsMonths)
_ANY_DAY = date(2000, 1, 1)
_LATE, _EARLY = 2000, 400
"""The near years: behind 9999 they are 2000 to 2399 (present zones), before 1 they are 400 to 799."""


class Nanos(datetime):
    """A date and time with digits behind its microseconds, 1 to 999."""

    nanos: int = 0

    def timetz(self) -> time:
        """Return the time, with its zone and nanoseconds."""
        return NanosTime.of(super().timetz(), self.nanos)

    @classmethod
    def of(cls, moment: datetime, nanos: int) -> Self:
        """Return ``moment`` and so many nanoseconds."""
        made = cls.combine(moment.date(), moment.timetz())
        made.nanos = nanos
        return made


class NanosTime(time):
    """A time with digits behind its microseconds, 1 to 999."""

    nanos: int = 0

    @classmethod
    def of(cls, clock: time, nanos: int) -> time:
        """Return ``clock`` and so many nanoseconds."""
        if not nanos:
            return clock
        made = cls(
            clock.hour, clock.minute, clock.second, clock.microsecond, tzinfo=clock.tzinfo, fold=clock.fold
        )
        made.nanos = nanos
        return made


def plain_time(clock: time) -> time:
    """Return a time without its nanoseconds."""
    return datetime.combine(_ANY_DAY, clock).timetz()


@dataclass(frozen=True, slots=True)
class WideDate:
    """A day of a year before 1 or behind 9999."""

    cycles: int
    near: date
    year: int = field(init=False)

    def __post_init__(self) -> None:
        """Compute the year."""
        object.__setattr__(self, "year", self.near.year + _CYCLE_YEARS * self.cycles)

    @property
    def month(self) -> int:
        """The month."""
        return self.near.month

    @property
    def day(self) -> int:
        """The day of the month."""
        return self.near.day

    def __str__(self) -> str:
        """Return the ISO 8601 text."""
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date and time of a year before 1 or behind 9999."""

    cycles: int
    near: datetime

    def date(self) -> AnyDate:
        """Return the day."""
        day: AnyDate = made(self.cycles, self.near.date(), 0)
        return day

    def timetz(self) -> time:
        """Return the time, with its zone."""
        return NanosTime.of(self.near.timetz(), getattr(self.near, "nanos", 0))

    @property
    def tzinfo(self) -> tzinfo | None:
        """The zone."""
        return self.near.tzinfo

    def __str__(self) -> str:
        """Return the ISO 8601 text; a zone as Python shows it."""
        return f"{self.date()}T{self.near.timetz()}"

    year = property(lambda self: self.near.year + _CYCLE_YEARS * self.cycles)
    month = property(lambda self: self.near.month)
    day = property(lambda self: self.near.day)


AnyDate: TypeAlias = date | WideDate
AnyMoment: TypeAlias = datetime | WideMoment
KINDS |= {WideDate: "date", WideMoment: "date and time", Nanos: "date and time", NanosTime: "time"}
MOMENTS = (datetime, WideMoment)
_WIDE = frozenset({WideDate, WideMoment, Nanos, NanosTime})
_DATED = frozenset({date, datetime, WideDate, WideMoment, Nanos})
SCALARS.update(_WIDE)


def make_date(year: int, month: int, day: int) -> AnyDate:
    """Return the date of that year, month and day; Undefined when there is none."""
    if abs(year) > MAX_YEAR:
        raise Undefined(f"There is no date {year}-{month}-{day} (years -{MAX_YEAR} to {MAX_YEAR})")
    cycles = _cycles(year)
    try:
        near = date(year - _CYCLE_YEARS * cycles, month, day)
    except (ValueError, OverflowError):
        raise Undefined(f"There is no date {year}-{month:02}-{day:02}") from None
    return WideDate(cycles, near) if cycles else near


def combine(day: AnyDate, clock: time, nanos: int = 0) -> AnyMoment:
    """Return the day at that time, and so many nanoseconds when the time has none of its own."""
    cycles, near, _ = parts(day)
    if isinstance(clock, NanosTime):
        nanos = clock.nanos
        clock = plain_time(clock)
    found: AnyMoment = made(cycles, datetime.combine(near, clock), nanos)
    return found


def parts(value: Value) -> tuple[int, Value, int]:
    """Return the cycles, the near date or moment and the nanoseconds of any date or moment."""
    if isinstance(value, WideDate | WideMoment):
        return value.cycles, plain(value.near), getattr(value.near, "nanos", 0)
    return 0, plain(value), getattr(value, "nanos", 0)


def plain(near: Value) -> Value:
    """Return a moment without its nanoseconds."""
    return datetime.combine(near.date(), plain_time(near.timetz())) if type(near) is Nanos else near


def made(cycles: int, near: Value, nanos: int) -> Value:
    """Return the simplest value for a date or moment ``cycles`` times 400 years from ``near``."""
    year = near.year + _CYCLE_YEARS * cycles
    if abs(year) > MAX_YEAR:
        raise Undefined(f"The year {year} is out of range (years -{MAX_YEAR} to {MAX_YEAR})")
    cycles = _cycles(year)
    near = near.replace(year=year - _CYCLE_YEARS * cycles)
    if nanos:
        near = Nanos.of(near, nanos)
    if not cycles:
        return near
    return WideMoment(cycles, near) if isinstance(near, datetime) else WideDate(cycles, near)


def is_apart(left: Value, right: Value) -> bool:
    """Tell whether two dates or two moments are of one kind, but not both of Python's own types."""
    return takes(left, right) and kind(left) == kind(right)


def instant(value: Value) -> tuple[bool, int]:
    """Return whether a date or moment has a zone, and its nanoseconds (a date: its days) for comparing."""
    if isinstance(value, time):
        value = combine(_ANY_DAY, value)
    cycles, near, nanos = parts(value)
    days = cycles * _CYCLE_DAYS + near.toordinal()
    if not isinstance(near, datetime):
        return False, days
    offset = near.utcoffset()
    clock = timedelta(
        hours=near.hour, minutes=near.minute, seconds=near.second, microseconds=near.microsecond
    )
    micros = (clock - (offset or timedelta())) // timedelta(microseconds=1)
    return offset is not None, (days * 86_400_000_000 + micros) * 1_000 + nanos


def shifted(value: Value, length: timedelta | YearsMonths) -> Value:
    """Return the date or moment a duration later."""
    cycles, near, nanos = parts(value)
    if not cycles:
        cycles = 0 if _EARLY <= near.year < 9_000 else 20 if near.year >= _LATE else -1  # noqa: PLR2004
        near = near.replace(year=near.year - _CYCLE_YEARS * cycles)
    if isinstance(length, YearsMonths):
        more, months = divmod(length.months, 12 * _CYCLE_YEARS)
        return made(cycles + more, _months_later(near, months), nanos)
    more, days = divmod(length.days, _CYCLE_DAYS)
    rest = timedelta(days=days, seconds=length.seconds, microseconds=length.microseconds)
    if not isinstance(near, datetime):
        return made(cycles + more, (datetime.combine(near, time()) + rest).date(), 0)
    later = near + rest if near.tzinfo is None else (near.astimezone(UTC) + rest).astimezone(near.tzinfo)
    return made(cycles + more, later, nanos)


def difference(left: Value, right: Value) -> timedelta:
    """Return the time from ``right`` to ``left``, to the microsecond; a date begins at midnight UTC."""
    moments = [
        value if kind(value) == "date and time" else combine(value, time(tzinfo=UTC))
        for value in (left, right)
    ]
    (zoned, end), (also, start) = (instant(moment) for moment in moments)
    if zoned != also:
        message = "A date and time with a zone and one without have no difference"
        raise Undefined(message)
    return timedelta(microseconds=(end - start) // 1_000)


def takes(left: Value, right: Value) -> bool:
    """Tell whether one of two values is not of Python's own types."""
    return type(left) in _WIDE or type(right) in _WIDE


def calculate(sign: str, left: Value, right: Value) -> Value:
    """Return ``left sign right`` of dates, moments and durations; None when the two do not go together."""
    if sign == "+" and type(left) in _LENGTHS:
        left, right = right, left
    if isinstance(left, NanosTime) and isinstance(right, timedelta):
        later = datetime.combine(_ANY_DAY, plain_time(left)) + (right if sign == "+" else -right) % _DAY
        return NanosTime.of(later.timetz(), left.nanos) if sign in "+-" else None
    if isinstance(left, time) and isinstance(right, time) and sign == "-":
        return difference(combine(_ANY_DAY, left), combine(_ANY_DAY, right))
    if type(left) not in _DATED:
        return None
    if isinstance(right, timedelta | YearsMonths):
        back = YearsMonths(-right.months) if isinstance(right, YearsMonths) else -right
        return shifted(left, right if sign == "+" else back) if sign in "+-" else None
    return difference(left, right) if sign == "-" and type(right) in _DATED else None


def in_zone(moment: AnyMoment, zone: tzinfo) -> Value:
    """Return the same instant seen in a zone; a moment without one is taken to be in it."""
    cycles, near, nanos = parts(moment)
    return made(cycles, near.astimezone(zone) if near.tzinfo else near.replace(tzinfo=zone), nanos)


def _cycles(year: int) -> int:
    if year > date.max.year:
        return (year - _LATE) // _CYCLE_YEARS
    return (year - _EARLY) // _CYCLE_YEARS if year < date.min.year else 0


def _months_later(near: Value, months: int) -> Value:
    year, month = divmod(near.year * 12 + near.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1).day
    return near.replace(year=year, month=month + 1, day=min(near.day, last))
