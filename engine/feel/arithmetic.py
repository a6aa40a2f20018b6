"""``+ - * / **`` of numbers, strings, dates and durations (DMN 1.5, tables 57 to 60)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from engine.feel import wide
from engine.feel.comparing import to_utc
from engine.feel.temporal import MIDNIGHT
from engine.feel.values import EXACT, Undefined, Value, YearsMonths, kind

Operation = Callable[[Value, Value], Value]
_MICROSECOND = timedelta(microseconds=1)
_MILLION = Decimal(1_000_000)
_DAY = timedelta(days=1)
_MOST_MONTHS = 12_000_000_000


def calculate(sign: str, left: Value, right: Value) -> Value:
    """Return ``left sign right``; Undefined when the standard gives null."""
    operation = OPERATIONS.get((sign, type(left), type(right)))
    if operation is None:
        found = wide.calculate(sign, left, right) if wide.takes(left, right) else None
        if found is not None:
            return found
        raise Undefined(f"'{sign}' cannot combine {kind(left)} and {kind(right)}")
    try:
        return operation(left, right)
    except ArithmeticError as problem:
        found = wide.calculate(sign, left, right)
        if found is not None:
            return found
        raise Undefined(_reason(sign, left, right, problem)) from None


def negate(value: Value) -> Value:
    """Return the number or duration with the other sign."""
    if isinstance(value, Decimal):
        return EXACT.minus(value)
    if isinstance(value, timedelta):
        return -value
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    raise Undefined(f"'-' cannot be applied to {kind(value)}")


def seconds(length: timedelta) -> Decimal:
    """Return the exact seconds of a duration."""
    return EXACT.divide(Decimal(length // _MICROSECOND), _MILLION)


def shift_months(moment: date | datetime, months: int) -> date | datetime:
    """Return the day ``months`` later, the last of its month when it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    first_next = divmod(month + 1, 12)
    if not 1 <= year <= date.max.year:
        raise OverflowError
    last = 31 if month == 11 else (date(year + first_next[0], first_next[1] + 1, 1) - _DAY).day  # noqa: PLR2004
    day = date(year, month + 1, min(moment.day, last))
    return datetime.combine(day, moment.timetz()) if isinstance(moment, datetime) else day


def shift_time(moment: datetime, length: timedelta) -> datetime:
    """Return the instant ``length`` later, in the zone of ``moment``."""
    if moment.tzinfo is None:
        return moment + length
    return (to_utc(moment) + length).astimezone(moment.tzinfo)


def _difference(left: date | datetime, right: date | datetime) -> timedelta:
    start, end = _moment(right), _moment(left)
    if (start.tzinfo is None) != (end.tzinfo is None):
        message = "A date and time with a zone and one without have no difference"
        raise Undefined(message)
    return (end if end.tzinfo is None else to_utc(end)) - (start if start.tzinfo is None else to_utc(start))


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, MIDNIGHT, UTC)


def _time_difference(left: time, right: time) -> timedelta:
    any_day = date(2000, 1, 1)
    return _difference(datetime.combine(any_day, left), datetime.combine(any_day, right))


def _shift_clock(clock: time, length: timedelta) -> time:
    return (datetime.combine(date(2000, 1, 1), clock) + timedelta(seconds=length.seconds)).timetz()


def _shift_date(day: date, length: timedelta) -> date:
    return (datetime.combine(day, MIDNIGHT) + length).date()


def _scale(length: timedelta, factor: Decimal) -> timedelta:
    micros = EXACT.multiply(Decimal(length // _MICROSECOND), factor)
    return timedelta(microseconds=int(micros.to_integral_value(ROUND_HALF_EVEN)))


def _scale_months(length: YearsMonths, factor: Decimal) -> YearsMonths:
    return _months(EXACT.multiply(Decimal(length.months), factor))


def _share(length: timedelta, divisor: Decimal) -> timedelta:
    micros = EXACT.divide(Decimal(length // _MICROSECOND), divisor)
    return timedelta(microseconds=int(micros.to_integral_value(ROUND_HALF_EVEN)))


def _share_months(length: YearsMonths, divisor: Decimal) -> YearsMonths:
    return _months(EXACT.divide(Decimal(length.months), divisor))


def _months(count: Decimal) -> YearsMonths:
    if abs(count) > _MOST_MONTHS:
        message = "The duration is too long"
        raise Undefined(message)
    return YearsMonths(int(count))


def _ratio(left: timedelta, right: timedelta) -> Decimal:
    return EXACT.divide(Decimal(left // _MICROSECOND), Decimal(right // _MICROSECOND))


def _ratio_months(left: YearsMonths, right: YearsMonths) -> Decimal:
    return EXACT.divide(Decimal(left.months), Decimal(right.months))


def _reason(sign: str, left: Value, right: Value, problem: ArithmeticError) -> str:
    if sign == "/" and right in (0, timedelta(), YearsMonths(0)):
        return "Division by zero"
    del problem
    return f"'{sign}' of {kind(left)} and {kind(right)} is out of range"


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if not base and not exponent:
        return Decimal(1)
    return EXACT.power(base, exponent)


_N, _S, _D, _M, _T, _L, _Y = Decimal, str, date, datetime, time, timedelta, YearsMonths
OPERATIONS: dict[tuple[str, type, type], Operation] = {
    ("+", _N, _N): EXACT.add,
    ("-", _N, _N): EXACT.subtract,
    ("*", _N, _N): EXACT.multiply,
    ("/", _N, _N): EXACT.divide,
    ("**", _N, _N): _power,
    ("+", _S, _S): lambda a, b: a + b,
    ("+", _L, _L): lambda a, b: a + b,
    ("-", _L, _L): lambda a, b: a - b,
    ("+", _Y, _Y): lambda a, b: YearsMonths(a.months + b.months),
    ("-", _Y, _Y): lambda a, b: YearsMonths(a.months - b.months),
    ("+", _D, _Y): lambda a, b: shift_months(a, b.months),
    ("+", _Y, _D): lambda a, b: shift_months(b, a.months),
    ("-", _D, _Y): lambda a, b: shift_months(a, -b.months),
    ("+", _M, _Y): lambda a, b: shift_months(a, b.months),
    ("+", _Y, _M): lambda a, b: shift_months(b, a.months),
    ("-", _M, _Y): lambda a, b: shift_months(a, -b.months),
    ("+", _D, _L): _shift_date,
    ("+", _L, _D): lambda a, b: _shift_date(b, a),
    ("-", _D, _L): lambda a, b: _shift_date(a, -b),
    ("+", _M, _L): shift_time,
    ("+", _L, _M): lambda a, b: shift_time(b, a),
    ("-", _M, _L): lambda a, b: shift_time(a, -b),
    ("+", _T, _L): _shift_clock,
    ("+", _L, _T): lambda a, b: _shift_clock(b, a),
    ("-", _T, _L): lambda a, b: _shift_clock(a, -b),
    ("-", _D, _D): _difference,
    ("-", _M, _M): _difference,
    ("-", _D, _M): _difference,
    ("-", _M, _D): _difference,
    ("-", _T, _T): _time_difference,
    ("*", _L, _N): _scale,
    ("*", _N, _L): lambda a, b: _scale(b, a),
    ("*", _Y, _N): _scale_months,
    ("*", _N, _Y): lambda a, b: _scale_months(b, a),
    ("/", _L, _N): _share,
    ("/", _Y, _N): _share_months,
    ("/", _L, _L): _ratio,
    ("/", _Y, _Y): _ratio_months,
}
