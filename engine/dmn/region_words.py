"""A region of a table in words: ``销售额 > 30万 and ≤ 50万, 纳税人 = "小规模"``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine import feel
from engine.dmn.axes import Axis, Region
from engine.dmn.lines import Line

ANYTHING = "anything"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TEN_THOUSAND = 10_000
_SHOWN = 6
_DAY = timedelta(days=1)
_TEXT = feel.compile("string(value)")


def words(region: Region, axes: Sequence[Axis]) -> str:
    """Return the columns in which a region is not everything, with their values."""
    told = [
        f"{axis.column.label} {_values(pieces, axis)}"
        for pieces, axis in zip(region, axes, strict=True)
        if pieces & axis.occurs != axis.occurs
    ]
    return ", ".join(told) or ANYTHING


def _values(pieces: int, axis: Axis) -> str:
    told: list[str] = []
    offset = 0
    for each in axis.lines:
        wanted = pieces >> offset & ((1 << each.count) - 1)
        here = axis.occurs >> offset & ((1 << each.count) - 1)
        if wanted & here:
            told += _of_line(wanted & here, here, each, chinese=bool(_HAN.search(axis.column.label)))
        offset += each.count
    if pieces >> offset & 1:
        told.append("= null")
    if pieces >> (offset + 1) & 1:
        told.append("of another kind")
    more = [f"{len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
    return " or ".join([*told[:_SHOWN], *more])


def _of_line(pieces: int, occurs: int, line: Line, *, chinese: bool) -> list[str]:
    single = [line.points[at] for at in range(len(line.points)) if pieces >> (2 * at + 1) & 1]
    between = [at for at in range(0, line.count, 2) if pieces >> at & 1]
    if line.kind is str and between == [at for at in range(0, line.count, 2) if occurs >> at & 1] != []:
        others = [line.points[at] for at in range(len(line.points)) if not pieces >> (2 * at + 1) & 1]
        shown = ", ".join(_shown(each, chinese=chinese) for each in others[:_SHOWN])
        return [f"≠ {shown}{' …' if len(others) > _SHOWN else ''}"]
    if line.kind in (str, bool) and not between:
        return [f"= {' or '.join(_shown(each, chinese=chinese) for each in single)}"]
    return [_stretch(first, last, line, chinese=chinese) for first, last in _stretches(pieces, occurs, line)]


def _stretches(pieces: int, occurs: int, line: Line) -> Iterator[tuple[int, int]]:
    """Yield the first and last piece of what is in one piece; one that cannot occur parts nothing."""
    start, last = None, 0
    for piece in range(line.count):
        if pieces >> piece & 1:
            start, last = piece if start is None else start, piece
        elif start is not None and occurs >> piece & 1:
            yield start, last
            start = None
    if start is not None:
        yield start, last


def _stretch(first: int, last: int, line: Line, *, chinese: bool) -> str:
    if first == last and first % 2:
        return f"= {_shown(line.points[first // 2], chinese=chinese)}"
    low = None if first == 0 else line.points[(first - 1) // 2]
    high = None if last == line.count - 1 else line.points[last // 2]
    low_sign, high_sign = "≥" if first % 2 else ">", "≤" if last % 2 else "<"
    if line.kind is date:  # days are told with the day itself
        low, low_sign = (low + _DAY if low and low_sign == ">" else low), "≥"
        high, high_sign = (high - _DAY if high and high_sign == "<" else high), "≤"
        if low is not None and low == high:
            return f"= {low}"
    ends = [(low_sign, low), (high_sign, high)]
    told = [f"{sign} {_shown(end, chinese=chinese)}" for sign, end in ends if end is not None]
    return " and ".join(told) or "of any value"


def _shown(value: Any, *, chinese: bool) -> str:
    if isinstance(value, Decimal):
        if chinese and abs(value) >= _TEN_THOUSAND and value % _TEN_THOUSAND == 0:
            return f"{value / _TEN_THOUSAND:f}".removesuffix(".0") + "万"
        return f"{value:f}"
    if isinstance(value, str):
        return f'"{value}"'
    return str(_TEXT.evaluate({"value": value}))
