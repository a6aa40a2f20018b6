"""What one process tells the others on PostgreSQL: something is due. SQLite has no such word; its log file is looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from store.prepared import send

log = logging.getLogger(__name__)

CHANNEL = "zhangfang_due"
PATIENCE = 1.0
"""Seconds after which a listener looks whether it shall stop."""
AGAIN_AFTER = 2.0
"""Seconds after which a listener that lost its connection tries again."""


def has_notices(engine: Engine) -> bool:
    """Tell whether the database carries notices from one process to another."""
    return engine.dialect.name == "postgresql"


def tell(connection: Connection, sender: UUID) -> None:
    """Tell the others, once this transaction is committed, that something is due; ``sender`` wakes its own worker itself."""
    send(connection, f"NOTIFY {CHANNEL}, '{sender}'").close()


class Listener:
    """Hears, on a connection and a thread of its own, that another process has something due; never stops listening."""

    def __init__(self, engine: Engine, myself: UUID, heard: Callable[[], None]) -> None:
        """Call ``heard`` for each notice that is not from ``myself``, and whenever notices may have been missed."""
        self._engine, self._myself, self._heard = engine, str(myself), heard
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="zhangfang-listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no longer."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._engine.connect() as connection:
                    driver = connection.connection.driver_connection
                    connection.detach()  # it is closed afterwards, not handed to somebody else while it listens
                    self._listen(driver)
            except (DBAPIError, self._engine.dialect.loaded_dbapi.Error):
                log.warning("The listener lost the database; it tries again.", exc_info=True)
                self._stopped.wait(AGAIN_AFTER)

    def _listen(self, driver: Any) -> None:
        driver.set_autocommit(True)
        driver.execute(f"LISTEN {CHANNEL}")
        self._heard()
        while not self._stopped.is_set():
            for notice in driver.notifies(timeout=PATIENCE, stop_after=1):
                if notice.payload != self._myself:
                    self._heard()
