"""Arithmetic, logic, comparison and tests."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import arithmetic, comparing, syntax
from engine.feel.compiling.code import Build, Code, constant, mentions, undefined
from engine.feel.running import Run, Scope
from engine.feel.syntax import Node
from engine.feel.types import Named
from engine.feel.values import EXACT, Range, Undefined, Value, kind

_FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": EXACT.add,
    "-": EXACT.subtract,
    "*": EXACT.multiply,
}
_NUMBERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CHARACTERS_PER_STEP = 16
_SAME_POWER = {"+": "+-", "-": "+-", "*": "*/", "/": "*/", "**": ""}


def arithmetic_(node: syntax.Arithmetic, build: Build) -> Code:
    """Build ``a + b - c``: a whole chain of one power at once."""
    steps: list[tuple[str, Code]] = []
    left: Node = node
    while isinstance(left, syntax.Arithmetic) and (
        left is node or left.operator in _SAME_POWER[node.operator]
    ):
        steps.append((left.operator, build(left.right)))
        left = left.left
    first = build(left)
    steps.reverse()
    if len(steps) == 1:
        sign, second = steps[0]
        return lambda scope: _combine(sign, first(scope), second(scope), scope.run)

    def chain(scope: Scope) -> Value:
        value = first(scope)
        for sign, right in steps:
            value = _combine(sign, value, right(scope), scope.run)
        return value

    return chain


def _combine(sign: str, left: Value, right: Value, run: Run) -> Value:
    try:
        if type(left) is Decimal and type(right) is Decimal and sign in _FAST:
            return _FAST[sign](left, right)
        value = arithmetic.calculate(sign, left, right)
    except (Undefined, ArithmeticError) as problem:
        run.warn(f"{problem}." if isinstance(problem, Undefined) else "A number is out of range.")
        return None
    if type(value) is str:
        run.length(len(value))
        run.tick(len(value) // _CHARACTERS_PER_STEP)
    return value


def negate(node: syntax.Negate, build: Build) -> Code:
    """Build ``-a``; a written number becomes a constant."""
    written = constant(node)
    if type(written) is Decimal:
        return lambda _scope: written
    operand = build(node.operand)

    def code(scope: Scope) -> Value:
        try:
            return arithmetic.negate(operand(scope))
        except Undefined as problem:
            return undefined(scope.run, problem)

    return code


def logic(node: syntax.Logic, build: Build) -> Code:
    """Build ``a and b and c`` or the same with ``or``: three-valued, stops where the answer is sure."""
    operands: list[Code] = []
    left: Node = node
    while isinstance(left, syntax.Logic) and left.operator == node.operator:
        operands.append(build(left.right))
        left = left.left
    operands.append(build(left))
    operands.reverse()
    sure = node.operator == "or"

    def code(scope: Scope) -> bool | None:
        answer: bool | None = not sure
        for operand in operands:
            value = operand(scope)
            if value is sure:
                return bool(sure)
            if value is not answer:
                answer = None
                if value is not None and type(value) is not bool:
                    scope.run.warn(f"'{node.operator}' needs true or false, not a {kind(value)}.")
        return answer

    return code


def comparison(node: syntax.Comparison, build: Build) -> Code:
    """Build ``a < b`` and its kind; two numbers take the short way, one that stands in the text a shorter one."""
    left, right, sign = build(node.left), build(node.right), node.operator
    numbers, written = _NUMBERS[sign], constant(node.right)
    if type(written) is Decimal:

        def with_number(scope: Scope) -> bool | None:
            a = left(scope)
            return numbers(a, written) if type(a) is Decimal else compare(sign, a, written, scope.run)

        return with_number
    if type(written) is str and sign in ("=", "!="):

        def with_text(scope: Scope) -> bool | None:
            a = left(scope)
            return numbers(a, written) if type(a) is str else compare(sign, a, written, scope.run)

        return with_text

    def code(scope: Scope) -> bool | None:
        a, b = left(scope), right(scope)
        if type(a) is Decimal and type(b) is Decimal:
            return numbers(a, b)
        return compare(sign, a, b, scope.run)

    return code


def compare(sign: str, left: Value, right: Value, run: Run) -> bool | None:
    """Return ``left sign right`` for any values; null with a warning when they cannot be compared."""
    try:
        if sign not in ("=", "!="):
            return comparing.ordered(sign, left, right)
    except Undefined as problem:
        run.warn(f"{problem}.")
        return None
    same = comparing.equal(left, right, run.tick)
    if same is None:
        run.warn(f"'{sign}' cannot compare a {kind(left)} and a {kind(right)}.")
        return None
    return same == (sign == "=")


def between(node: syntax.Between, build: Build) -> Code:
    """Build ``value between low and high``."""
    value, low, high = build(node.value), build(node.low), build(node.high)

    def code(scope: Scope) -> bool | None:
        found = value(scope)
        above = compare(">=", found, low(scope), scope.run)
        below = compare("<=", found, high(scope), scope.run)
        if above is None or below is None:
            return None
        return above and below

    return code


def half_range(node: syntax.HalfRange, build: Build) -> Code:
    """Build ``< 5`` as a value."""
    end, sign = build(node.end), node.operator

    def code(scope: Scope) -> Range:
        value = end(scope)
        if sign in ("=", "!="):
            return Range(value, value, operator=sign)
        if sign[0] == "<":
            return Range(None, value, start_included=False, end_included=sign == "<=", operator=sign)
        return Range(value, None, start_included=sign == ">=", end_included=False, operator=sign)

    return code


def in_(node: syntax.In, build: Build) -> Code:
    """Build ``value in (tests)``."""
    value = build(node.value)
    check = tests(node.tests, build)
    rebinds = any(mentions(test, "?") for test in node.tests)

    def code(scope: Scope) -> bool | None:
        found = value(scope)
        return check(found, Scope({"?": found}, scope, scope.run) if rebinds else scope)

    return code


def tests(nodes: tuple[Node, ...], build: Build) -> Callable[[Value, Scope], bool | None]:
    """Build positive unary tests: true when one holds, null when none does and one cannot tell."""
    checks = [_test(node, build) for node in nodes]
    if len(checks) == 1:
        return checks[0]

    def code(value: Value, scope: Scope) -> bool | None:
        answer: bool | None = False
        for check in checks:
            found = check(value, scope)
            if found:
                return True
            if found is None:
                answer = None
        return answer

    return code


def _test(node: Node, build: Build) -> Callable[[Value, Scope], bool | None]:
    if isinstance(node, syntax.HalfRange):
        end, sign = build(node.end), node.operator
        numbers = _NUMBERS[sign]

        def half(value: Value, scope: Scope) -> bool | None:
            limit = end(scope)
            if type(value) is Decimal and type(limit) is Decimal:
                return numbers(value, limit)
            return compare(sign, value, limit, scope.run)

        return half
    if (
        isinstance(node, syntax.Interval)
        and type(constant(node.start)) is type(constant(node.end)) is Decimal
    ):
        return _between_numbers(node, build)
    code, own = build(node), mentions(node, "?")

    def check(value: Value, scope: Scope) -> bool | None:
        found = code(scope)
        if own and (found is None or type(found) is bool):
            return found  # it asks about the value itself; what it cannot tell does not make a null fit
        return matches(value, found, scope.run)

    return check


def _between_numbers(node: syntax.Interval, build: Build) -> Callable[[Value, Scope], bool | None]:
    code, low, high = build(node), constant(node.start), constant(node.end)
    above = operator.ge if node.start_included else operator.gt
    below = operator.le if node.end_included else operator.lt

    def check(value: Value, scope: Scope) -> bool | None:
        if type(value) is Decimal and low <= high:
            return bool(above(value, low) and below(value, high))
        return matches(value, code(scope), scope.run)

    return check


def matches(value: Value, test: Value, run: Run) -> bool | None:
    """Tell whether ``value`` is ``test``, lies in it or is one of it."""
    if type(test) is Range and type(value) is not Range:
        try:
            return comparing.within(value, test)
        except Undefined as problem:
            run.warn(f"{problem}.")
            return None
    if type(test) is list:
        run.tick(len(test))
        return comparing.equal(value, test, run.tick) or any(
            _is_or_lies_in(value, item, run) for item in test
        )
    return compare("=", value, test, run)


def _is_or_lies_in(value: Value, item: Value, run: Run) -> bool:
    if comparing.equal(value, item, run.tick):
        return True
    try:
        return type(item) is Range and comparing.within(value, item)
    except Undefined:
        return False


def instance_of(node: syntax.InstanceOf, build: Build) -> Code:
    """Build ``value instance of type``."""
    value, type_ = build(node.value), node.type

    def code(scope: Scope) -> bool | None:
        found = value(scope)
        answer = type_.conforms(found, scope.run.environment.types)
        if answer is None:
            scope.run.warn(f"There is no type '{type_.name if isinstance(type_, Named) else type_}'.")
        return answer

    return code
