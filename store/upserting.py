"""INSERT … ON CONFLICT in the words of both databases."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def insert_new(connection: Connection, table: Any) -> Insert:
    """Return an INSERT that leaves alone what is there already; its ``rowcount`` tells how many rows were new."""
    return _insert_new(connection.dialect.name, table)


def upsert(connection: Connection, table: Any, *, keys: tuple[str, ...], values: tuple[str, ...]) -> Insert:
    """Return an INSERT that writes ``values`` over a row that has the same ``keys``."""
    return _upsert(connection.dialect.name, table, keys, values)


def _insert(dialect: str, table: Any) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _insert_new(dialect: str, table: Any) -> Insert:
    new = _insert(dialect, table).on_conflict_do_nothing()
    return new.execution_options(preserve_rowcount=True)


@cache
def _upsert(dialect: str, table: Any, keys: tuple[str, ...], values: tuple[str, ...]) -> Insert:
    statement = _insert(dialect, table)
    new = {name: statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)
