"""How points and ranges lie to each other (DMN 1.5, 10.3.4.9, table 78)."""

from __future__ import annotations

from engine.feel.builtins.registry import builtin
from engine.feel.comparing import equal, ordered, within
from engine.feel.reading_range import read_range
from engine.feel.values import Range, Undefined, Value


def _less(a: Value, b: Value) -> bool:
    return ordered("<", a, b)


def _ranged(value: Value) -> Range:
    """Take a point as the range of itself; refuse a range without both ends."""
    if not isinstance(value, Range):
        return Range(value, value)
    if value.start is None or value.end is None:
        message = "Ranges without a start or an end cannot be compared"
        raise Undefined(message)
    return value


@builtin("before(point1: any, point2: any)")
def before(first: Value, second: Value) -> bool:
    """Tell whether the first ends before the second begins."""
    a, b = _ranged(first), _ranged(second)
    return _less(a.end, b.start) or (
        bool(equal(a.end, b.start)) and not (a.end_included and b.start_included)
    )


@builtin("after(point1: any, point2: any)")
def after(first: Value, second: Value) -> bool:
    """Tell whether the first begins after the second ends."""
    return before(second, first)


@builtin("meets(range1: range, range2: range)")
def meets(first: Range, second: Range) -> bool:
    """Tell whether the first ends where the second begins."""
    a, b = _ranged(first), _ranged(second)
    return a.end_included and b.start_included and _same(a.end, b.start)


@builtin("met by(range1: range, range2: range)")
def met_by(first: Range, second: Range) -> bool:
    """Tell whether the first begins where the second ends."""
    return meets(second, first)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(first: Range, second: Range) -> bool:
    """Tell whether the two share a point."""
    return not before(first, second) and not before(second, first)


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(first: Range, second: Range) -> bool:
    """Tell whether the first begins earlier, and ends inside the second."""
    a, b = _ranged(first), _ranged(second)
    starts_first = _less(a.start, b.start) or (
        _same(a.start, b.start) and a.start_included and not b.start_included
    )
    ends_first = _less(a.end, b.end) or (_same(a.end, b.end) and (not a.end_included or b.end_included))
    return starts_first and ends_first and overlaps(a, b)


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(first: Range, second: Range) -> bool:
    """Tell whether the first begins inside the second, and ends later."""
    a, b = _ranged(first), _ranged(second)
    starts_later = _less(b.start, a.start) or (
        _same(a.start, b.start) and b.start_included and not a.start_included
    )
    ends_later = _less(b.end, a.end) or (_same(a.end, b.end) and (not b.end_included or a.end_included))
    return starts_later and ends_later and overlaps(a, b)


@builtin("finishes(point: any, range: range)", "finishes(range1: range, range2: range)")
def finishes(first: Value, second: Range) -> bool:
    """Tell whether the first lies in the second and ends with it."""
    a, b = _ranged(first), _ranged(second)
    if not isinstance(first, Range):
        return b.end_included and _same(first, b.end)
    return a.end_included == b.end_included and _same(a.end, b.end) and _starts_inside(a, b)


@builtin("finished by(range: range, point: any)", "finished by(range1: range, range2: range)")
def finished_by(first: Range, second: Value) -> bool:
    """Tell whether the second finishes the first."""
    return finishes(second, first)


@builtin("includes(range: range, point: any)", "includes(range1: range, range2: range)")
def includes(first: Range, second: Value) -> bool:
    """Tell whether all of the second lies in the first."""
    if not isinstance(second, Range):
        return within(second, first)
    a, b = _ranged(first), _ranged(second)
    return _starts_inside(b, a) and (
        _less(b.end, a.end) or (_same(a.end, b.end) and (a.end_included or not b.end_included))
    )


@builtin("during(point: any, range: range)", "during(range1: range, range2: range)")
def during(first: Value, second: Range) -> bool:
    """Tell whether all of the first lies in the second."""
    return includes(second, first)


@builtin("starts(point: any, range: range)", "starts(range1: range, range2: range)")
def starts(first: Value, second: Range) -> bool:
    """Tell whether the first lies in the second and begins with it."""
    a, b = _ranged(first), _ranged(second)
    if not isinstance(first, Range):
        return b.start_included and _same(first, b.start)
    ends_inside = _less(a.end, b.end) or (_same(a.end, b.end) and (not a.end_included or b.end_included))
    return _same(a.start, b.start) and a.start_included == b.start_included and ends_inside


@builtin("started by(range: range, point: any)", "started by(range1: range, range2: range)")
def started_by(first: Range, second: Value) -> bool:
    """Tell whether the second starts the first."""
    return starts(second, first)


@builtin("coincides(point1: any, point2: any)", "coincides(range1: range, range2: range)")
def coincides(first: Value, second: Value) -> bool:
    """Tell whether the two are the same."""
    answer = equal(first, second)
    if answer is None or first is None or second is None:
        message = "coincides() takes two points or two ranges"
        raise Undefined(message)
    return answer


@builtin("range(from: string)")
def range_of_text(text: str) -> Range:
    """Return the range a text shows, its ends literals."""
    return read_range(text)


def _same(a: Value, b: Value) -> bool:
    ordered("<=", a, b)
    return bool(equal(a, b))


def _starts_inside(inner: Range, outer: Range) -> bool:
    return _less(outer.start, inner.start) or (
        _same(outer.start, inner.start) and (outer.start_included or not inner.start_included)
    )
