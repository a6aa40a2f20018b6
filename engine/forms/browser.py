"""FEEL that the browser (form-js on feelin) evaluates otherwise than we do; the gate refuses it in forms.

Found by evaluating both on a grid of operators, functions and values. What remains is common ground; on it our conditions
give what the browser's give, which ``tests/forms_in_browser`` checks for every form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionError
from engine.feel import BUILTIN_NAMES, Limits
from engine.feel.reading.texts import parse_expression
from engine.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Filter,
    For,
    FunctionOf,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Negate,
    Node,
)

UNKNOWN_THERE = frozenset(
    {
        *("coincides", "duplicate values", "during", "finished by", "finishes", "get or else", "is blank"),
        *("is defined", "is empty", "last day of month", "overlaps after", "overlaps before", "partition"),
        *("range", "started by", "starts", "trim"),
    }
)
OTHERWISE_THERE = {
    "string": "12.50 is «12.50» here and «12.5» there",
    "today": "it reads the clock and the zone of the browser",
    "now": "it reads the clock and the zone of the browser",
    "time": "it reads the zone of the browser",
    "date and time": "it reads the zone of the browser",
    "decimal": "it rounds a half to the even digit, and halves are not exact there; use round half up",
    "median": "it sorts numbers as texts there: 10 before 9",
    "mode": "it does not sort its result there",
    "mean": "its result is not exact there; compare sum(…) and count(…)",
    "stddev": "its result is not exact there",
    "sqrt": "its result is not exact there",
    "exp": "its result is not exact there",
    "log": "its result is not exact there",
    "is": "values of different types are null there, false here",
    "before": "null comes before everything there",
    "after": "null comes before everything there",
    "concatenate": "null becomes an element there",
    "insert before": "a position outside of the list is not null there",
    "remove": "a position outside of the list is not null there",
    "sublist": "a position outside of the list is not null there",
    "list replace": "a position outside of the list is not null there",
    "index of": "dates and contexts are not found there",
    "union": "it fails on what is no list there",
}
ROUNDED = frozenset(
    {
        *("round half up", "round half down", "round up", "round down", "floor", "ceiling", "count"),
        *("string length", "modulo"),
    }
)
MOMENTS = frozenset({"date", "duration", "years and months duration"})
EXACT_SUMS = "0.1 + 0.2 = 0.3 is false in the browser; round, as in round half up(a + b, 2) = c"
ONE_IS_A_LIST = (
    "a list of one element equals that element in the browser; compare count(…) or use list contains"
)
Finding = str | None


def differs_in_browser(text: str, *, condition: bool = True) -> Finding:
    """Return what in an expression (without its ``=``) the browser evaluates otherwise; None when nothing does.

    ``condition``: its result decides (hide, readonly, required, bounds), so results must be the same, too; else it is
    enough that the browser can evaluate it. A text that is no FEEL gives None; that is told elsewhere.
    """
    try:
        root = parse_expression(text, (), depth=Limits().depth).root
    except ExpressionError:
        return None
    if condition and _calls(root, frozenset({"not"})):
        return "a leading not(…) is read as a negated test there, where null is false; write … = false"
    for node in nodes(root):
        found = _unknown(node) or (_otherwise(node) if condition else None)
        if found is not None:
            return found
    return None


def _unknown(node: Node) -> Finding:
    if isinstance(node, InstanceOf):
        return "«instance of» does not work in the browser"
    if isinstance(node, Call) and isinstance(node.target, Name):
        name = node.target.name
        if name in UNKNOWN_THERE or name not in BUILTIN_NAMES:
            return f"the browser has no function «{name}»"
    return None


def _otherwise(node: Node) -> Finding:
    ask = _QUESTIONS.get(type(node))
    return ask(node) if ask is not None else None


def _call(node: Call) -> Finding:
    name = node.target.name if isinstance(node.target, Name) else ""
    reason = OTHERWISE_THERE.get(name)
    return None if reason is None else f"«{name}» gives other results in the browser: {reason}"


def _comparison(node: Comparison) -> Finding:
    sides = (node.left, node.right)
    if any(isinstance(side, ListOf | For) or _selects(side) for side in sides):
        return ONE_IS_A_LIST
    kinds = {_kind(side) for side in sides} - {None}
    if len(kinds) > 1:
        return f"{' and '.join(sorted(str(kind) for kind in kinds))} are compared: false in the browser, null here"
    return EXACT_SUMS if any(map(_inexact, sides)) and "text" not in kinds else None


def _between(node: Between) -> Finding:
    return EXACT_SUMS if any(map(_inexact, (node.value, node.low, node.high))) else None


def _in(node: In) -> Finding:
    [first, *more] = node.tests
    tests = first.items if isinstance(first, ListOf) and not more else node.tests
    if not all(isinstance(test, Literal) for test in tests):
        return (
            "«in» a variable or range treats null otherwise in the browser; use list contains(…) or between"
        )
    return EXACT_SUMS if _inexact(node.value) else None


def _filter(node: Filter) -> Finding:
    if not _selects(node):
        return None
    return "a filter of null is null in the browser, empty here; use some … in … satisfies …"


def _function(_node: FunctionOf) -> Finding:
    return "a function of one's own behaves otherwise in the browser"


_QUESTIONS: dict[type[Node], Callable[[Any], Finding]] = {
    Call: _call,
    Comparison: _comparison,
    Between: _between,
    In: _in,
    Filter: _filter,
    FunctionOf: _function,
}


def _selects(node: Node) -> bool:
    """Tell whether a filter picks by a condition, not by a position."""
    if not isinstance(node, Filter):
        return False
    place = node.condition.operand if isinstance(node.condition, Negate) else node.condition
    return not (isinstance(place, Literal) and isinstance(place.value, Decimal))


def _inexact(node: Node) -> bool:
    """Tell whether a number is computed that binary numbers may miss; rounding it makes it right again."""
    if _calls(node, ROUNDED):
        return False
    parts = list(nodes(node))
    if any(_calls(part, MOMENTS) or _kind(part) in ("text", "date") for part in parts):
        return False
    if isinstance(node, Arithmetic):
        return not all(map(_is_whole, (node.left, node.right))) or node.operator == "/"
    return _calls(node, frozenset({"sum", "product"})) or any(map(_inexact, _children(node)))


def _is_whole(node: Node) -> bool:
    if isinstance(node, Literal) and isinstance(node.value, Decimal):
        return node.value == node.value.to_integral_value()
    return _calls(node, frozenset({"count", "string length"}))


def _kind(node: Node) -> Finding:
    if not isinstance(node, Literal) or node.value is None:
        return None
    kinds = {bool: "truth values", Decimal: "numbers", str: "text"}
    return kinds.get(type(node.value), "date")


def _calls(node: Node, names: frozenset[str]) -> bool:
    return isinstance(node, Call) and isinstance(node.target, Name) and node.target.name in names


def nodes(root: Node) -> Iterator[Node]:
    """Go through all parts of an expression, outer ones first."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(list(_children(node))))


def _children(node: Node) -> Iterator[Node]:
    for part in fields(node):
        yield from _parts(getattr(node, part.name))


def _parts(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _parts(each)
