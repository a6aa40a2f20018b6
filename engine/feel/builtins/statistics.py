"""Counting and averaging lists (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import wraps

from engine.feel.arithmetic import calculate
from engine.feel.builtins.registry import builtin
from engine.feel.comparing import ordered
from engine.feel.values import EXACT, Undefined, Value, YearsMonths

_SUMMED = (Decimal, timedelta, YearsMonths)


def _of_list(name: str) -> Callable[[Callable[[list[Value]], Value]], Callable[..., Value]]:
    """Register a function that takes one list or its items as arguments."""

    def register(call: Callable[[list[Value]], Value]) -> Callable[..., Value]:
        builtin(f"{name}(list: list)")(call)

        @builtin(f"{name}(n: any ...)")
        @wraps(call)
        def of_items(*items: Value) -> Value:
            return call(list(items))

        return call

    return register


@builtin("count(list: list)")
def count(items: list[Value]) -> Decimal:
    """Return how many items the list has."""
    return Decimal(len(items))


@_of_list("min")
def minimum(items: list[Value]) -> Value:
    """Return the least item."""
    return _extreme(items, "<")


@_of_list("max")
def maximum(items: list[Value]) -> Value:
    """Return the greatest item."""
    return _extreme(items, ">")


@_of_list("sum")
def total(items: list[Value]) -> Decimal | timedelta | YearsMonths:
    """Add the items up."""
    found: Decimal | timedelta | YearsMonths = _total(items)
    return found


def _total(items: list[Value]) -> Value:
    if not items:
        message = "sum() of an empty list"
        raise Undefined(message)
    if any(not isinstance(item, _SUMMED) for item in items):
        message = "sum() takes numbers or durations only"
        raise Undefined(message)
    result = items[0]
    for item in items[1:]:
        result = calculate("+", result, item)
    return result


@_of_list("product")
def product(items: list[Value]) -> Decimal:
    """Multiply the items."""
    result = Decimal(1)
    for item in _numbers(items, "product"):
        result = calculate("*", result, item)
    return result


@_of_list("mean")
def mean(items: list[Value]) -> Decimal | timedelta | YearsMonths:
    """Return the average."""
    average: Decimal | timedelta | YearsMonths = calculate("/", _total(items), Decimal(len(items)))
    return average


@_of_list("median")
def median(items: list[Value]) -> Decimal:
    """Return the middle one, or the average of the two in the middle."""
    numbers = sorted(_numbers(items, "median"))
    half, odd = divmod(len(numbers), 2)
    if odd:
        return numbers[half]
    return EXACT.divide(EXACT.add(numbers[half - 1], numbers[half]), Decimal(2))


@_of_list("stddev")
def standard_deviation(items: list[Value]) -> Decimal:
    """Return the standard deviation of a sample of at least two."""
    numbers = _numbers(items, "stddev")
    if len(numbers) < 2:  # noqa: PLR2004
        message = "stddev() needs at least two numbers"
        raise Undefined(message)
    average = EXACT.divide(_total(list(numbers)), Decimal(len(numbers)))
    squares = [EXACT.power(EXACT.subtract(number, average), Decimal(2)) for number in numbers]
    variance: Decimal = EXACT.divide(_total(list(squares)), Decimal(len(numbers) - 1))
    return EXACT.sqrt(variance)


@_of_list("mode")
def mode(items: list[Value]) -> list[Decimal]:
    """Return the most frequent numbers, the least first."""
    if not items:
        return []
    counted = Counter(_numbers(items, "mode"))
    most = max(counted.values())
    return sorted(number for number, times in counted.items() if times == most)


def _extreme(items: Sequence[Value], sign: str) -> Value:
    if not items:
        message = "min() or max() of an empty list"
        raise Undefined(message)
    best = items[0]
    if len(items) == 1:
        ordered(sign, best, best)
    for item in items[1:]:
        if ordered(sign, item, best):
            best = item
    return best


def _numbers(items: Sequence[Value], name: str) -> list[Decimal]:
    if not items:
        raise Undefined(f"{name}() of an empty list")
    if any(not isinstance(item, Decimal) for item in items):
        raise Undefined(f"{name}() takes numbers only")
    return list(items)
