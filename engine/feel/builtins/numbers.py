"""Numbers: rounding and mathematics (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

import decimal
from datetime import timedelta
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.values import EXACT, Undefined, Value, YearsMonths

_LEAST_SCALE, _MOST_SCALE = -6111, 6176
_DIRECTIONS = {
    "decimal": decimal.ROUND_HALF_EVEN,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
}


def rounded(number: Decimal, scale: Decimal, direction: str) -> Decimal:
    """Return ``number`` with ``scale`` decimal places (negative: tens, hundreds …)."""
    places = int(scale)
    if not _LEAST_SCALE <= places <= _MOST_SCALE:
        raise Undefined(f"The scale {scale} is out of range ({_LEAST_SCALE} to {_MOST_SCALE})")
    if number.as_tuple().exponent == -places:
        return number
    unit = Decimal(1).scaleb(-places)
    if number.adjusted() + places >= EXACT.prec:
        return number
    return number.quantize(unit, rounding=direction, context=EXACT)


def _register_rounding(name: str, direction: str) -> None:
    @builtin(f"{name}(n: number, scale: number)")
    def to_scale(number: Decimal, scale: Decimal) -> Decimal:
        return rounded(number, scale, direction)


for _name, _direction in _DIRECTIONS.items():
    _register_rounding(_name, _direction)


@builtin("floor(n: number, scale?: number)")
def floor(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    """Round towards minus infinity."""
    return rounded(number, scale, decimal.ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def ceiling(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    """Round towards plus infinity."""
    return rounded(number, scale, decimal.ROUND_CEILING)


@builtin("abs(n: number|dtd|ymd)")
def absolute(value: Value) -> Value:
    """Return the number or duration without its sign."""
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return abs(value) if isinstance(value, timedelta) else EXACT.abs(value)


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return the remainder; it has the sign of the divisor."""
    if not divisor:
        message = "modulo() by zero"
        raise Undefined(message)
    try:
        rest = EXACT.remainder(dividend, divisor)
    except ArithmeticError:
        message = "modulo() of numbers too far apart"
        raise Undefined(message) from None
    return EXACT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt(number: number)")
def square_root(number: Decimal) -> Decimal:
    """Return the square root of a number that is not negative."""
    if number < 0:
        raise Undefined(f"sqrt() of the negative number {number}")
    return EXACT.sqrt(number)


@builtin("log(number: number)")
def logarithm(number: Decimal) -> Decimal:
    """Return the natural logarithm of a positive number."""
    if number <= 0:
        raise Undefined(f"log() of {number}, which is not positive")
    return EXACT.ln(number)


@builtin("exp(number: number)")
def exponential(number: Decimal) -> Decimal:
    """Return e to the power of the number."""
    try:
        return EXACT.exp(number)
    except ArithmeticError:
        raise Undefined(f"exp({number}) is out of range") from None


@builtin("odd(number: number)")
def odd(number: Decimal) -> bool:
    """Tell whether the number is odd."""
    return _is_whole(number) and not _is_even(number)


@builtin("even(number: number)")
def even(number: Decimal) -> bool:
    """Tell whether the number is even."""
    return _is_whole(number) and _is_even(number)


def _is_even(whole: Decimal) -> bool:
    return whole.adjusted() > EXACT.prec or EXACT.remainder(whole, Decimal(2)) == 0


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()
