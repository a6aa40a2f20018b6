"""Dates, times and durations as text and back (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.9; XML Schema part 2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from engine.feel.values import Undefined, Value, YearsMonths
from engine.feel.wide import (
    AnyDate,
    AnyMoment,
    NanosTime,
    combine,
    made,
    make_date,
    parts,
    plain_time,
    shifted,
)

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?", re.ASCII
)
_YEARS_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-?)P(?=\d|T)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII
)
_MAX_DIGITS = 12
_MAX_OFFSET = timedelta(hours=14)
_LAST_MINUTE = 59
MIDNIGHT = time()
MIDNIGHT_UTC = time(tzinfo=UTC)


def parse(text: str) -> Value:
    """Return what an at-literal stands for; Undefined when it is neither date nor time nor duration."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_datetime(text)
    return parse_date(text) if _DATE.fullmatch(text) else parse_time(text)


def parse_date(text: str) -> AnyDate:
    """Return the date for ``2026-11-30``."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise Undefined(f"'{text}' is not a date such as 2026-11-30")
    sign, year, month, day = match.groups()
    return make_date(int(sign + year), int(month), int(day))


def parse_time(text: str) -> time:
    """Return the time for ``10:30:00``, ``10:30:00Z``, ``10:30:00+08:00`` or ``10:30:00@Asia/Shanghai``."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Undefined(f"'{text}' is not a time such as 10:30:00 or 10:30:00+08:00")
    hour, minute, second, fraction, zone = match.groups()
    try:
        clock = time(
            int(hour), int(minute), int(second), _micros(fraction), tzinfo=parse_zone(zone) if zone else None
        )
    except ValueError:
        raise Undefined(f"There is no time {text}") from None
    return NanosTime.of(clock, int((fraction or "")[6:9].ljust(3, "0")))


def parse_datetime(text: str) -> AnyMoment:
    """Return the date and time for ``2026-11-30T10:30:00``, zone or not; a bare date means midnight."""
    day, separator, clock = text.partition("T")
    if not separator:
        return combine(parse_date(day), MIDNIGHT)
    if clock.startswith("24:00:00") and not clock[8:].strip(".0"):
        return combine(shifted(parse_date(day), timedelta(days=1)), MIDNIGHT)
    return combine(parse_date(day), parse_time(clock))


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Return the duration for ``P1Y2M`` or ``P1DT2H3M4.5S``; the two kinds do not mix."""
    match = _YEARS_MONTHS.fullmatch(text)
    if match is not None:
        sign, years, months = match.groups()
        return YearsMonths((-1 if sign else 1) * (_whole(years) * 12 + _whole(months)))
    match = _DAYS_TIME.fullmatch(text)
    if match is None:
        raise Undefined(f"'{text}' is not a duration such as P1Y2M or P1DT2H")
    sign, days, hours, minutes, seconds, fraction = match.groups()
    try:
        length = timedelta(
            days=_whole(days),
            hours=_whole(hours),
            minutes=_whole(minutes),
            seconds=_whole(seconds),
            microseconds=_micros(fraction),
        )
    except OverflowError:
        raise Undefined(f"The duration {text} is too long") from None
    return -length if sign else length


def parse_zone(text: str) -> tzinfo:
    """Return the zone for ``Z``, ``+08:00`` or ``@Asia/Shanghai``."""
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        return named_zone(text[1:])
    parts = [int(part) for part in text[1:].split(":")]
    hours, minutes, seconds = [*parts, 0][:3]
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset > _MAX_OFFSET or minutes > _LAST_MINUTE or seconds > _LAST_MINUTE:
        raise Undefined(f"There is no zone {text}")
    return timezone(-offset if text[0] == "-" else offset)


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo:
    """Return the zone of the IANA database, such as Asia/Shanghai."""
    if name not in _zones():
        raise Undefined(f"There is no time zone '{name}'")
    return ZoneInfo(name)


def show_datetime(value: AnyMoment) -> str:
    """Return the ISO 8601 text, a named zone behind ``@``."""
    cycles, near, nanos = parts(value)
    return f"{made(cycles, near.date(), 0)}T{show_time(NanosTime.of(near.timetz(), nanos), near)}"


def show_time(value: time, moment: datetime | None = None) -> str:
    """Return the ISO 8601 text of a time (of ``moment``, which decides its offset)."""
    nanos = getattr(value, "nanos", 0)
    body = plain_time(value).replace(tzinfo=None).isoformat(timespec="microseconds" if nanos else "auto")
    if nanos:
        body += f"{nanos:03}"
    if "." in body:
        body = body.rstrip("0")
    zone = value.tzinfo
    if zone is None:
        return body
    if isinstance(zone, ZoneInfo):
        return f"{body}@{zone.key}"
    offset = zone.utcoffset(moment)
    return body + (show_offset(offset) if offset else "Z")


def show_offset(offset: timedelta) -> str:
    """Return ``+08:00``."""
    seconds = int(offset.total_seconds())
    minutes, second = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return text + (f":{second:02}" if second else "")


def show_duration(value: timedelta) -> str:
    """Return the ISO 8601 text, PT0S for nothing."""
    length = abs(value)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or length.microseconds:
        fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
        clock += f"{seconds}{fraction}S"
    body = (f"{length.days}D" if length.days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + "P" + (body or "T0S")


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _whole(digits: str | None) -> int:
    if digits is not None and len(digits) > _MAX_DIGITS:
        raise Undefined(f"The number {digits} of a duration is too large")
    return int(digits or 0)


def _micros(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def make_time(hour: int, minute: int, second: int, *, micros: int, offset: timedelta | None) -> time:
    """Return the time of its parts, with the zone of an offset if one is given."""
    try:
        return time(hour, minute, second, micros, tzinfo=None if offset is None else timezone(offset))
    except ValueError:
        raise Undefined(f"There is no time {hour}:{minute}:{second}") from None
