"""Compiled expressions and unary tests: the face of the package."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from engine.errors import ExpressionError
from engine.feel.compiling.build import build
from engine.feel.compiling.code import Code
from engine.feel.compiling.operators import tests
from engine.feel.environment import DEFAULT, Environment, Limits
from engine.feel.reading.texts import parse_expression, parse_tests
from engine.feel.running import LimitExceeded, Run, Scope
from engine.feel.syntax import Parsed, Tests
from engine.feel.tokens import problem
from engine.feel.values import SCALARS, Value

_LIMITS = Limits()
_CAUGHT = (LimitExceeded, RecursionError, ArithmeticError)
_NO_NAMES: frozenset[str] = frozenset()


class Expression:
    """A FEEL expression, compiled; it may be evaluated by any number of threads."""

    __slots__ = ("_code", "functions", "maybe_variables", "text", "variables")

    def __init__(self, text: str, parsed: Parsed, code: Code) -> None:
        """Keep the code of ``text`` and the names it reads from outside.

        ``variables`` are surely read from the context, ``maybe_variables`` stand in a filter and may be
        properties of its items, ``functions`` are called by name.
        """
        self.text = text
        self.variables, self.maybe_variables = parsed.variables, parsed.maybe
        self.functions = parsed.functions
        self._code = code

    def evaluate(self, context: Mapping[str, Any], env: Environment = DEFAULT) -> Value:
        """Return the value; what the standard leaves undefined is None. ExpressionError past a limit."""
        run = Run(env)
        try:
            value = self._code(Scope(context, None, run))
            return value if type(value) in SCALARS else run.weigh(value)
        except _CAUGHT as caught:
            raise _beyond(self.text, caught) from None

    def evaluate_with_warnings(
        self, context: Mapping[str, Any], env: Environment = DEFAULT
    ) -> tuple[Value, tuple[str, ...]]:
        """Return the value and, for its author, a sentence for each place that became null."""
        run = Run(env)
        try:
            value = run.weigh(self._code(Scope(context, None, run)))
        except _CAUGHT as caught:
            raise _beyond(self.text, caught) from None
        return value, tuple(run.warnings or ())


class UnaryTests:
    """The tests of a decision table cell, compiled; the tested value is ``?``."""

    __slots__ = ("_check", "_negated", "always", "functions", "maybe_variables", "text", "variables")

    def __init__(self, text: str, parsed: Parsed, root: Tests) -> None:
        """Compile ``root``; without tests (``-``) it is ``always`` true."""
        self.text, self.always = text, not root.tests
        self.variables, self.maybe_variables = parsed.variables, parsed.maybe
        self.functions = parsed.functions
        self._negated = root.negated
        self._check: Callable[[Value, Scope], bool | None] = (
            tests(root.tests, build) if root.tests else lambda _value, _scope: True
        )

    def test(self, value: Value, context: Mapping[str, Any], env: Environment = DEFAULT) -> bool | None:
        """Tell whether ``value`` (a FEEL value) passes; None when that cannot be told."""
        run = Run(env)
        try:
            answer = self._check(value, Scope({"?": value}, Scope(context, None, run), run))
        except _CAUGHT as caught:
            raise _beyond(self.text, caught) from None
        return not answer if self._negated and answer is not None else answer


def compile_expression(
    text: str, *, names: Collection[str] = (), functions: Collection[str] = ()
) -> Expression:
    """Return the compiled expression (without a leading ``=``); the same text and names are compiled once.

    Names of several words need no declaration; ``names`` and ``functions`` are those that hold signs or
    keywords (``pre-tax amount``, ``rate and fee``). Raises ExpressionError with line and column.
    """
    return _expression(text, _known(names, functions))


def compile_unary(text: str, *, names: Collection[str] = (), functions: Collection[str] = ()) -> UnaryTests:
    """Return compiled unary tests (``< 5, [7..9]``, ``not("a")``, ``-``); raises ExpressionError."""
    return _tests(text, _known(names, functions))


def forget() -> None:
    """Forget all that was compiled, so that it is read anew (benchmarks)."""
    _expression.cache_clear()
    _tests.cache_clear()


def parsed_expression(text: str, names: Iterable[str] = ()) -> Parsed:
    """Return the tree of an expression within the limits; raises ExpressionError."""
    return _read(parse_expression, text, names)


def parsed_tests(text: str, names: Iterable[str] = ()) -> Parsed:
    """Return the tree of unary tests within the limits; raises ExpressionError."""
    return _read(parse_tests, text, names)


def _known(names: Collection[str], functions: Collection[str]) -> frozenset[str]:
    return frozenset((*names, *functions)) if names or functions else _NO_NAMES


@lru_cache(maxsize=8192)
def _expression(text: str, names: frozenset[str]) -> Expression:
    parsed = parsed_expression(text, names)
    return Expression(text, parsed, build(parsed.root))


@lru_cache(maxsize=8192)
def _tests(text: str, names: frozenset[str]) -> UnaryTests:
    parsed = parsed_tests(text, names)
    if not isinstance(parsed.root, Tests):
        message = "These are no unary tests."
        raise problem(message, text, 0)
    return UnaryTests(text, parsed, parsed.root)


def _read(parse: Callable[..., Parsed], text: str, names: Iterable[str]) -> Parsed:
    if len(text) > _LIMITS.text:
        message = f"The expression has more than {_LIMITS.text} characters (limit 'text'); split it."
        raise problem(message, text, 0)
    return parse(text, names, depth=_LIMITS.depth)


def _beyond(text: str, caught: Exception) -> ExpressionError:
    if isinstance(caught, LimitExceeded):
        return problem(str(caught), text, 0)
    if isinstance(caught, ArithmeticError):
        return problem("A variable holds a number that is none (not finite).", text, 0)
    return problem("The values of the expression are nested too deep (limit 'depth').", text, 0)
