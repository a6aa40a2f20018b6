"""What a cell of a decision table lets through, as sets of values: the tests that consist of constants.

Comparisons, ranges, lists, ``not(…)`` and ``-`` over numbers, strings, booleans, dates, times and durations. A cell that reads
a variable or computes something with ``?`` is no such set. The words of ``engine.feel`` are followed to the letter: a number
is neither in nor outside of ``not("a")``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.errors import ExpressionError
from engine.feel import DEFAULT, YearsMonths, syntax
from engine.feel.compiling.build import build
from engine.feel.reading.texts import parse_expression, parse_tests
from engine.feel.running import Run, Scope
from engine.feel.syntax import Node

ORDERED: tuple[type, ...] = (Decimal, str, date, datetime, time, timedelta, YearsMonths)
KINDS = frozenset({*ORDERED, bool})
_MAKERS = frozenset(
    {"date", "time", "date and time", "duration", "years and months duration", "number", "string"}
)


@dataclass(frozen=True, slots=True)
class Span:
    """All values between two ends of one kind; an end that is None is open for ever."""

    low: Any
    high: Any
    low_included: bool = False
    high_included: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one test lets through: spans by kind, and its answers for null and for values of other kinds.

    ``is_list``: it is a list, which lets the very same list through too.
    """

    spans: tuple[tuple[type, Span], ...]
    on_null: bool | None
    on_other: bool | None
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class CellSet:
    """What a whole cell lets through; without tests everything."""

    tests: tuple[Accepted, ...]
    negated: bool = False

    @property
    def everything(self) -> bool:
        """Whether the cell is ``-``."""
        return not self.tests

    @property
    def kinds(self) -> frozenset[type]:
        """The kinds of the constants in the cell."""
        return frozenset(kind for test in self.tests for kind, _ in test.spans)

    @property
    def names_null(self) -> bool:
        """Whether one of the tests is for null."""
        return any(test.on_null is True and test.on_other is False for test in self.tests)

    @property
    def asks_lists(self) -> bool:
        """Whether its answer for values of other kinds is another one for lists."""
        return any(test.is_list for test in self.tests)

    def spans(self, kind: type) -> tuple[tuple[Span, ...], bool]:
        """Return the values of a kind: those in the spans, or (True) those in none of them."""
        inside = tuple(span for test in self.tests for each, span in test.spans if each is kind)
        if not self.negated:
            return inside, not self.tests
        surely = all(
            test.on_other is False or kind in {each for each, _ in test.spans} for test in self.tests
        )
        return (inside, True) if surely else ((), False)

    def on_null(self) -> bool:
        """Tell whether null passes."""
        return self._answer([test.on_null for test in self.tests])

    def on_other(self) -> bool:
        """Tell whether a value passes whose kind no test of the cell knows."""
        return self._answer([test.on_other for test in self.tests])

    def _answer(self, answers: list[bool | None]) -> bool:
        if not answers:
            return True
        return all(answer is False for answer in answers) if self.negated else True in answers


EVERYTHING = CellSet(())
_NULL = Accepted((), on_null=True, on_other=False)
_NONE = object()


@lru_cache(maxsize=8192)
def cell_set(text: str, names: frozenset[str] = frozenset()) -> CellSet | None:
    """Return what the unary tests let through; None when that depends on more than the value."""
    if text.strip() in ("", "-"):
        return EVERYTHING
    try:
        root = parse_tests(text, names, depth=DEFAULT.limits.depth).root
    except ExpressionError:
        return None
    if not isinstance(root, syntax.Tests):
        return None
    tests = [_test(node) for node in root.tests]
    known = [test for test in tests if test is not None]
    return CellSet(tuple(known), root.negated) if len(known) == len(tests) else None


def constant(text: str, names: frozenset[str] = frozenset()) -> list[Any] | None:
    """Return the value of a constant expression, as a list of one; None when it depends on anything."""
    if not text:
        return [None]
    try:
        value = _constant(parse_expression(text, names, depth=DEFAULT.limits.depth).root)
    except ExpressionError:
        return None
    return None if value is _NONE else [value]


def constant_list(text: str, names: frozenset[str] = frozenset()) -> list[Any] | None:
    """Return the values of constant expressions with commas between them; None when one is none."""
    try:
        root = parse_expression(f"[{text}]", names, depth=DEFAULT.limits.depth).root
    except ExpressionError:
        return None
    found = [_constant(item) for item in root.items] if isinstance(root, syntax.ListOf) else [_NONE]
    return None if any(value is _NONE for value in found) else found


def _test(node: Node) -> Accepted | None:
    reader = _READERS.get(type(node))
    if reader is not None:
        return reader(node)
    value = _constant(node)
    if value is None:
        return _NULL
    return _point(value) if type(value) in KINDS and _plain(value) else None


def _point(value: Any) -> Accepted:
    span = Span(value, value, low_included=True, high_included=True)
    return Accepted(((type(value), span),), on_null=False, on_other=None)


def _half_range(node: syntax.HalfRange) -> Accepted | None:
    end = _constant(node.end)
    kind = type(end)
    if node.operator == "=" and kind in KINDS and _plain(end):
        return _point(end)
    if kind not in ORDERED or not _plain(end) or node.operator not in ("<", "<=", ">", ">="):
        return None
    included = node.operator.endswith("=")
    below = node.operator.startswith("<")
    span = Span(None, end, high_included=included) if below else Span(end, None, low_included=included)
    return Accepted(((kind, span),), on_null=None, on_other=None)


def _interval(node: syntax.Interval) -> Accepted | None:
    start, end = _constant(node.start), _constant(node.end)
    kind = type(start)
    if kind not in ORDERED or type(end) is not kind or not _plain(start) or not _plain(end):
        return None
    if start > end:
        return _NULL  # such a range is null
    span = Span(start, end, node.start_included, node.end_included)
    return Accepted(((kind, span),), on_null=None, on_other=None)


def _list(node: syntax.ListOf) -> Accepted | None:
    items = [_test(item) for item in node.items]
    known = [item for item in items if item is not None]
    if len(known) < len(items) or any(isinstance(item, syntax.ListOf) for item in node.items):
        return None
    spans = tuple(span for item in known for span in item.spans)
    return Accepted(spans, on_null=any(item.on_null for item in known), on_other=False, is_list=True)


_READERS: dict[type[Node], Callable[[Any], Accepted | None]] = {
    syntax.HalfRange: _half_range,
    syntax.Interval: _interval,
    syntax.ListOf: _list,
}


def _constant(node: Node) -> Any:
    """Return the value of an expression that reads nothing; ``_NONE`` for all others."""
    if not _reads_nothing(node):
        return _NONE
    run = Run(DEFAULT)
    try:
        value = build(node)(Scope({}, None, run))
    except (ArithmeticError, RecursionError):
        return _NONE
    return _NONE if value is None and not isinstance(node, syntax.Literal) else value


def _reads_nothing(node: Node) -> bool:
    if isinstance(node, syntax.Literal):
        return True
    if isinstance(node, syntax.Negate):
        return _reads_nothing(node.operand)
    if isinstance(node, syntax.Arithmetic):
        return _reads_nothing(node.left) and _reads_nothing(node.right)
    if isinstance(node, syntax.Call):
        made = isinstance(node.target, syntax.Name) and node.target.name in _MAKERS
        return made and all(_reads_nothing(argument) for argument in node.arguments)
    return False


def _plain(value: Any) -> bool:
    """Tell whether Python orders the value as FEEL does: a time with a zone is not compared with one without."""
    return not isinstance(value, datetime | time) or value.tzinfo is None


def kinds_of(cells: Collection[CellSet | None]) -> frozenset[type]:
    """Return the kinds of all constants in some cells."""
    return frozenset(kind for cell in cells if cell is not None for kind in cell.kinds)
