"""How the two databases are opened: SQLite with full durability and one writer at a time, PostgreSQL as it is."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, FromClause, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from store.prepared import send

IMMEDIATE = "zhangfang_immediate"
"""Execution option of a connection whose transactions take SQLite's write lock at once."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32000",
)
_PASSING_SQLSTATES = frozenset({"40001", "40P01", "55P03", "57P01", "08006", "08003"})
_PASSING_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Hinting(SQLiteCompiler):
    """Writes the hints of a statement behind its tables: SQLite keeps no statistics unless it is told to."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        """Return the hint, an ``INDEXED BY`` clause."""
        del table
        return text


def connect(url: str) -> Engine:
    """Return the engine for a database URL; nothing is opened yet."""
    engine = create_engine(make_url(url))
    if engine.dialect.name == "sqlite":
        engine.dialect.statement_compiler = Hinting
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_passing(error: DBAPIError) -> bool:
    """Tell whether the same transaction may succeed when it is tried again."""
    if error.connection_invalidated:
        return True  # the server was restarted, or cut the connection; a new one is opened
    original: Any = error.orig
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _PASSING_SQLITE
    return getattr(original, "sqlstate", None) in _PASSING_SQLSTATES


def _open_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    del record
    connection.isolation_level = None  # the driver begins no transactions of its own; _begin_sqlite does
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    send(connection, "BEGIN IMMEDIATE" if immediate else "BEGIN").close()
