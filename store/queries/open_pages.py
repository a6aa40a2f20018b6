"""Pages of open work items. What is rare is gathered and sorted; what is frequent is read in the order of the page.

A hundred thousand items are neither read nor sorted for fifty of them. ``Way`` says which index leads to what is asked
for; SQLite, which keeps no figures about its tables, is told to take it, PostgreSQL chooses by its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    asc,
    desc,
    func,
    literal_column,
    select,
    true,
    union,
    union_all,
)

from store.queries.paging import COUNTED, Paging, Sort, ordered_ids, told
from store.tables import IS_OPEN, WorkItem

MANY = 10_000
"""Items up to which ways are counted; those that lead to more are as good as the usual one."""
SORTED = 3_000
"""Items that are sorted for one page of them when a way leads to no more."""


class Branch(NamedTuple):
    """A condition, and the index of open items that finds all rows for which it holds; without one: by their ids."""

    by: str
    condition: ColumnElement[bool]


Way = tuple[Branch, ...]
"""Branches that together find all that is asked for; two of them may find the same row."""


class Part(NamedTuple):
    """A condition of a question; ``way`` leads to just the rows for which it holds, if indexes do.

    ``apart``: no two branches of the way find the same row. ``dear``: it looks into another table, row by row.
    """

    condition: ColumnElement[bool]
    way: Way = ()
    apart: bool = True
    dear: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: parts that all hold.

    ``usual`` holds as well; its way is gone when none of the others leads to few, without counting where it leads.
    """

    parts: Sequence[Part]
    usual: Part | None = None

    def conditions(self, but: Part | None = None) -> list[ColumnElement[bool]]:
        """Return the conditions of all parts, or of all but the one whose way is gone; the dear ones last."""
        every = [*self.parts, self.usual] if self.usual else self.parts
        return [part.condition for part in sorted(every, key=lambda part: part.dear) if part is not but]


ALL = Part(true(), (Branch("due_at", true()),))
"""The way to all that is open: through the index that holds all that items are narrowed by."""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of one page in their order, and how many there are in all, counted up to one more than ``COUNTED``."""

    ids: list[UUID]
    total: int


def along(query: Select[Any], index: str) -> Select[Any]:
    """Return the query that SQLite answers along an index of open items."""
    return told(query, WorkItem, f"ix_work_items_open_{index}") if index else query


def find(connection: Connection, question: Question, paging: Paging, sort: Sort, *, downwards: bool) -> Found:
    """Find one page of what is asked for."""
    part, led = _cheapest(connection, question)
    most = max(COUNTED, led) if led <= SORTED else COUNTED
    begin = (paging.number - 1) * paging.size
    some = _rows(question, part, sort, most)
    listed = _listed(some, sort, downwards=downwards).add_columns(func.count().over())
    found = connection.execute(listed.limit(paging.size).offset(begin)).all()
    total = found[0][1] if found else _total(connection, some) if begin else 0
    if total <= most:
        return Found([row[0] for row in found], total)
    rows = select(WorkItem.id).where(IS_OPEN, *question.conditions())
    return Found(ordered_ids(connection, rows, paging, sort, downwards=downwards), total)


def _total(connection: Connection, rows: FromClause) -> int:
    return connection.scalar(select(func.count()).select_from(rows)) or 0


def counted(way: Way, *conditions: ColumnElement[bool], most: int | None = None) -> ColumnElement[int]:
    """Return how many rows each branch of a way finds, all together, as one column; ``most`` of each are counted."""
    counts = []
    for branch in way:
        rows = along(select(literal_column("1")).select_from(WorkItem), branch.by)
        some = rows.where(IS_OPEN, branch.condition, *conditions).limit(most).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery())
    return reduce(add, counts)


def _cheapest(connection: Connection, question: Question) -> tuple[Part, int]:
    """Return the part whose way leads to the fewest rows, and to how many: more than ``MANY`` when nobody counted."""
    parts = [part for part in question.parts if part.way]
    if parts:
        columns = (counted(part.way, most=MANY + 1) for part in parts)
        counts = list(connection.execute(select(*columns)).one())
        if min(counts) <= MANY:
            return parts[counts.index(min(counts))], min(counts)
    return question.usual or ALL, MANY + 1


def _rows(question: Question, part: Part, sort: Sort, most: int) -> FromClause:
    """Return ids and what they are sorted by, of what the way leads to: of one row more than ``most``."""
    conditions, key = question.conditions(but=part), sort.column if sort.key is None else sort.key
    ids = select(WorkItem.id, key.label("key")).where(IS_OPEN)
    rows = [along(ids, by).where(condition, *conditions) for by, condition in part.way]
    if len(rows) == 1:
        return rows[0].limit(most + 1).subquery()
    if part.apart:
        return union_all(*rows).limit(most + 1).subquery()
    return union(*(select(each.limit(most + 1).subquery()) for each in rows)).subquery()


def _listed(rows: FromClause, sort: Sort, *, downwards: bool) -> Select[Any]:
    """Return the ids of ``rows`` in the order of the page: those that lack what is sorted by come last."""
    query, column = select(rows.c.id), rows.c.key
    if sort.table is not None:
        column = sort.column
        query = query.outerjoin(sort.table, sort.table.id == rows.c.key)
    direction = desc if downwards else asc
    return query.order_by(column.is_(None), direction(column), direction(rows.c.id))
