"""The values of one kind, cut at the constants of a column: constants and the open spans between them, in order.

Every test that consists of constants has one answer on each piece.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from typing import Any

from engine.dmn.cell_sets import CellSet, Span
from engine.feel import YearsMonths

Ranges = list[tuple[int, int]]
_MIDDAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Line:
    """The pieces of one kind: piece 2i+1 is the i-th of ``points``, piece 2i the open span before it.

    ``whole``: the kind is numbers, and only whole ones occur.
    """

    kind: type
    points: tuple[Any, ...]
    whole: bool = False

    @property
    def count(self) -> int:
        """The number of pieces."""
        return 2 * len(self.points) + 1

    def piece(self, value: Any) -> int:
        """Return the piece that holds a value of the kind."""
        place = bisect_left(self.points, value)
        return 2 * place + (place < len(self.points) and self.points[place] == value)

    def ranges(self, cell: CellSet) -> Ranges:
        """Return the first and last pieces of the stretches that a cell lets through, in order."""
        spans, outside = cell.spans(self.kind)
        merged = _merged(self._range(span) for span in spans)
        return _others(merged, self.count) if outside else merged

    def _range(self, span: Span) -> tuple[int, int]:
        first, last = 0, self.count - 1
        if span.low is not None:
            first = 2 * bisect_left(self.points, span.low) + (1 if span.low_included else 2)
        if span.high is not None:
            last = 2 * bisect_left(self.points, span.high) + (1 if span.high_included else 0)
        return first, last

    @cached_property
    def samples(self) -> tuple[Any, ...]:
        """A value of every piece; None for a piece that holds none."""
        return tuple(self._sample(piece) for piece in range(self.count))

    def _sample(self, piece: int) -> Any:
        place, is_point = divmod(piece, 2)
        if is_point:
            point = self.points[place]
            return None if self.whole and point != point.to_integral_value() else point
        low = self.points[place - 1] if place else None
        high = self.points[place] if place < len(self.points) else None
        try:
            return _BETWEEN[self.kind](low, high, self.whole)
        except (OverflowError, ValueError):
            return None


def line(kind: type, cells: Iterable[CellSet], *, whole: bool = False) -> Line:
    """Return the line of a kind, cut at all constants of the cells."""
    found = {
        end
        for cell in cells
        for test in cell.tests
        for each, span in test.spans
        if each is kind
        for end in (span.low, span.high)
        if end is not None
    }
    if kind is bool:
        found = {False, True}
    return Line(kind, tuple(sorted(found)), whole)


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    merged: Ranges = []
    for first, last in sorted(each for each in ranges if each[0] <= each[1]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _others(ranges: Ranges, count: int) -> Ranges:
    others, start = [], 0
    for first, last in ranges:
        if start < first:
            others.append((start, first - 1))
        start = last + 1
    return [*others, (start, count - 1)] if start < count else others


def _number(low: Decimal | None, high: Decimal | None, whole: bool) -> Decimal | None:  # noqa: FBT001
    if whole:
        if low is not None:
            after = low.to_integral_value(ROUND_FLOOR) + 1
            return after if high is None or after < high else None
        return Decimal(0) if high is None else (-(-high).to_integral_value(ROUND_FLOOR)) - 1
    if low is None or high is None:
        known = low if low is not None else high if high is not None else Decimal(0)
        return known + (1 if low is not None else -1)
    middle = (low + high) / 2
    return middle if low < middle < high else None


def _text(low: str | None, high: str | None, _whole: bool) -> str | None:  # noqa: FBT001
    if low is None:
        return (None if high == "" else "") if high is not None else "…"
    after = low + "\0"
    return (low + "…" if high is None else after) if high is None or after < high else None


def _truth(low: bool | None, high: bool | None, _whole: bool) -> bool | None:  # noqa: FBT001
    for value in (False, True):
        if (low is None or value > low) and (high is None or value < high):
            return value
    return None


def _day(low: date | None, high: date | None, _whole: bool) -> date | None:  # noqa: FBT001
    if low is None:
        return _MIDDAY if high is None else high - timedelta(days=1)
    after = low + timedelta(days=1)
    return after if high is None or after < high else None


def _moment(low: datetime | None, high: datetime | None, _whole: bool) -> datetime | None:  # noqa: FBT001
    if low is None or high is None:
        known = low or high or datetime(2000, 1, 1)  # noqa: DTZ001 - naive ones are analysed only
        return known + timedelta(days=1 if low else -1)
    middle = low + (high - low) / 2
    return middle if low < middle < high else None


def _time(low: time | None, high: time | None, whole: bool) -> time | None:  # noqa: FBT001
    start = datetime.combine(_MIDDAY, low or time.min) - (timedelta(0) if low else timedelta(microseconds=1))
    end = datetime.combine(_MIDDAY, high or time.max) + (timedelta(0) if high else timedelta(microseconds=1))
    found = _moment(start, end, whole)
    return None if found is None or found.date() != _MIDDAY else found.time()


def _duration(low: timedelta | None, high: timedelta | None, _whole: bool) -> timedelta | None:  # noqa: FBT001
    if low is None or high is None:
        known = low if low is not None else high if high is not None else timedelta(0)
        return known + timedelta(days=1 if low is not None else -1)
    middle = low + (high - low) / 2
    return middle if low < middle < high else None


def _months(low: YearsMonths | None, high: YearsMonths | None, _whole: bool) -> YearsMonths | None:  # noqa: FBT001
    if low is None:
        return YearsMonths(0 if high is None else high.months - 1)
    after = YearsMonths(low.months + 1)
    return after if high is None or after < high else None


_BETWEEN: dict[type, Any] = {
    Decimal: _number,
    str: _text,
    bool: _truth,
    date: _day,
    datetime: _moment,
    time: _time,
    timedelta: _duration,
    YearsMonths: _months,
}
