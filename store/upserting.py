"""INSERT … ON CONFLICT in the words of both databases, which go by SQLAlchemy's names."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


@cache
def insert_new(database: str, table: Any) -> Insert:
    """Return an INSERT that leaves alone what is there already; its ``rowcount`` tells how many rows were new."""
    new = _insert(database, table).on_conflict_do_nothing()
    return new.execution_options(preserve_rowcount=True)


@cache
def upsert(database: str, table: Any, *, keys: tuple[str, ...], values: tuple[str, ...]) -> Insert:
    """Return an INSERT that writes ``values`` over a row that has the same ``keys``."""
    statement = _insert(database, table)
    new = {name: statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)


def _insert(database: str, table: Any) -> Insert:
    return postgresql.insert(table) if database == "postgresql" else sqlite.insert(table)
