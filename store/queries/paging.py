"""Pages of lists: sort keys from an allow-list, a total order, a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, asc, desc, func, literal_column, select, true

from store.errors import BadQuery

T = TypeVar("T")
S = TypeVar("S")
MOST = 500
COUNTED = 1_000
"""Rows up to which a long list says exactly how many there are."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page (from 1) of which size, sorted how: a key of the list's own allow-list, ``-`` before it for downwards."""

    number: int = 1
    size: int = 50
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page and how many there are in all; ``uncounted``: there are more than ``total``, nobody counted them."""

    rows: tuple[T, ...]
    total: int
    number: int
    size: int
    uncounted: bool = False

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def more(self) -> bool:
        """Whether a page follows."""
        return self.number < self.pages or (self.uncounted and len(self.rows) == self.size)


@dataclass(frozen=True, slots=True)
class Sort:
    """What a long list is sorted by. Rows that lack it come last: ``present`` and ``absent`` part them.

    So each part is read along an index. ``present`` also ties the table of the column to the one of the list; ``key``
    is then what the rows of the list hold of that ``table``. Indexes are for SQLite, which is told which to take:
    ``along`` by table for the present, ``lacking`` for the absent of the list's table, the last of ``along``.
    """

    column: Any
    present: ColumnElement[bool] | None = None
    absent: ColumnElement[bool] | None = None
    table: Any = None
    key: Any = None
    along: tuple[tuple[Any, str], ...] = ()
    lacking: str = ""

    def parts(self, ids: Select[Any], last: Any, *, downwards: bool, database: str) -> Iterator[Select[Any]]:
        """Yield the list in the pieces that follow each other."""
        direction = desc if downwards else asc
        known, tie = ids if self.present is None else ids.where(self.present), last
        for table, index in self.along:
            known = told(known, table, index)
        if self.table is not None and database == "postgresql":
            known, tie = _by_each(self.table, known)
        yield known.order_by(direction(self.column), direction(tie))
        if self.absent is not None:
            rest = told(ids, self.along[-1][0], self.lacking) if self.lacking else ids
            yield rest.where(self.absent).order_by(direction(last))


def _by_each(table: Any, ids: Select[Any]) -> tuple[Select[Any], Any]:
    """Return a query that asks for the ids row by row of ``table``: PostgreSQL would rather ask for all at once.

    It takes conditions that hardly a row comes to for dear ones; behind an offset it cannot do so.
    """
    here = ids.correlate(table).offset(0).lateral()
    return select(*here.c).select_from(table).join(here, true()), next(iter(here.c))


def told(query: Select[Any], table: Any, index: str) -> Select[Any]:
    """Return the query that SQLite answers along an index: it keeps no figures to choose by unless it is told to."""
    return query.with_hint(table, f"INDEXED BY {index}", "sqlite")


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
    column, downwards = asked(paging, sorts)
    order = column.desc().nulls_last() if downwards else column.asc().nulls_last()
    total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    chosen = query.order_by(order, last).limit(paging.size).offset((paging.number - 1) * paging.size)
    rows = tuple(make(row) for row in connection.execute(chosen))
    return Page(rows, total, paging.number, paging.size)


def page_of_many(
    connection: Connection,
    ids: Select[Any],
    shown: Select[Any],
    paging: Paging,
    *,
    sorts: Mapping[str, Sort],
    make: Callable[[Row[Any]], T],
) -> Page[T]:
    """Run one page of a list that may hold a hundred thousand rows: no sorting of all, no counting beyond ``COUNTED``.

    ``ids`` selects one column, the ids of the list, ``shown`` what is shown of all rows, the id among it.
    """
    sort, downwards = asked(paging, sorts)
    before = (paging.number - 1) * paging.size
    found = ordered_ids(connection, ids, paging, sort, downwards=downwards)
    total = before + len(found)
    if len(found) == paging.size or (before and not found):
        total = _count(connection, ids, COUNTED + 1)
    return page_of_rows(map(make, in_order(connection, shown, found)), total, paging)


def ordered_ids(
    connection: Connection, ids: Select[Any], paging: Paging, sort: Sort, *, downwards: bool
) -> list[UUID]:
    """Read the ids of one page in their order, along the indexes of the sort."""
    (last,) = ids.selected_columns
    skipped = (paging.number - 1) * paging.size
    found: list[UUID] = []
    for part in sort.parts(ids, last, downwards=downwards, database=connection.dialect.name):
        here = connection.scalars(part.limit(paging.size - len(found)).offset(skipped)).all()
        found.extend(here)
        if len(found) == paging.size:
            break
        skipped = 0 if here or not skipped else max(0, skipped - _count(connection, part))
    return found


def in_order(connection: Connection, shown: Select[Any], ids: list[UUID]) -> list[Row[Any]]:
    """Read what is shown of the rows of one page, in the order of their ids."""
    if not ids:
        return []
    place = {each: number for number, each in enumerate(ids)}
    rows = connection.execute(shown.where(shown.selected_columns.id.in_(ids))).all()
    return sorted(rows, key=lambda row: place[row.id])


def page_of_rows(rows: Iterable[T], total: int, paging: Paging) -> Page[T]:
    """Return the page; ``total`` was counted up to one more than ``COUNTED``."""
    return Page(tuple(rows), min(total, COUNTED), paging.number, paging.size, uncounted=total > COUNTED)


def _count(connection: Connection, query: Select[Any], most: int | None = None) -> int:
    rows = query.with_only_columns(literal_column("1")).order_by(None).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(rows)) or 0


def asked(paging: Paging, sorts: Mapping[str, S]) -> tuple[S, bool]:
    """Return the sort that is asked for and whether downwards; raises BadQuery like ``page_of``."""
    if paging.number < 1 or not 1 <= paging.size <= MOST:
        raise BadQuery(f"There is no page {paging.number} of {paging.size} rows; ask for 1 to {MOST} rows.")
    wanted = paging.sort or next(iter(sorts))
    if wanted.removeprefix("-") not in sorts:
        raise BadQuery(f"This list cannot be sorted by «{wanted}»; it can by {', '.join(sorts)}.")
    return sorts[wanted.removeprefix("-")], wanted.startswith("-")
