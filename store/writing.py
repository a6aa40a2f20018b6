"""The connections that commands write through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Connection, Engine, QueuePool
from sqlalchemy.exc import DBAPIError

from store.connecting import IMMEDIATE


class Writers:
    """On SQLite one connection, kept open, for one command of this process at a time; else one of the pool's for each."""

    def __init__(self, engine: Engine) -> None:
        """Open nothing yet."""
        self._engine = engine
        self._lock = Lock() if engine.dialect.name == "sqlite" else None
        self._keeps = isinstance(engine.pool, QueuePool)
        self._kept: Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hand out a connection with no transaction open."""
        if self._lock is None:
            with self._engine.connect() as connection:
                yield connection
            return
        with self._lock:
            connection = self._kept or self._open()
            try:
                yield connection
            except DBAPIError:
                self._drop(connection)
                raise
            if not self._keeps:
                self._drop(connection)

    def close(self) -> None:
        """Close the connection that is kept."""
        if self._kept is not None:
            self._drop(self._kept)

    def _open(self) -> Connection:
        self._kept = self._engine.connect().execution_options(**{IMMEDIATE: True})
        return self._kept

    def _drop(self, connection: Connection) -> None:
        self._kept = None
        connection.close()
