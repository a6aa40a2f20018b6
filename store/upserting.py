"""INSERT … ON CONFLICT in the words of both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def insert_for(connection: Connection, table: Any) -> Insert:
    """Return an INSERT that knows ON CONFLICT for the database at hand."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def upsert(connection: Connection, table: Any, *, keys: tuple[str, ...], values: tuple[str, ...]) -> Insert:
    """Return an INSERT that writes ``values`` over a row that has the same ``keys``."""
    statement = insert_for(connection, table)
    new = {name: statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)
