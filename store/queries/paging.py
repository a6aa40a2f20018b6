"""Pages of lists: sort keys from an allow-list, a total order, a limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Select, func, select

from store.errors import BadQuery

T = TypeVar("T")
MOST = 500


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page (from 1) of which size, sorted how: a key of the list's own allow-list, ``-`` before it for downwards."""

    number: int = 1
    size: int = 50
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page and how many there are in all."""

    rows: tuple[T, ...]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // self.size))


def page_of(
    connection: Connection,
    query: Select[Any],
    paging: Paging,
    *,
    sorts: Mapping[str, Any],
    make: Callable[[Row[Any]], T],
    last: Any,
) -> Page[T]:
    """Run one page of ``query``. ``sorts`` is the allow-list (its first key is the default), ``last`` makes the order total.

    Raises BadQuery for a sort key that is not in the list or a page that cannot be.
    """
    if paging.number < 1 or not 1 <= paging.size <= MOST:
        raise BadQuery(f"There is no page {paging.number} of {paging.size} rows; ask for 1 to {MOST} rows.")
    wanted = paging.sort or next(iter(sorts))
    column = sorts.get(wanted.removeprefix("-"))
    if column is None:
        raise BadQuery(f"This list cannot be sorted by «{wanted}»; it can by {', '.join(sorts)}.")
    order = column.desc().nulls_last() if wanted.startswith("-") else column.asc().nulls_last()
    total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    chosen = query.order_by(order, last).limit(paging.size).offset((paging.number - 1) * paging.size)
    rows = tuple(make(row) for row in connection.execute(chosen))
    return Page(rows, total, paging.number, paging.size)
