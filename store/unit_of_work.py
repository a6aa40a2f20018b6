"""The unit of work: one transaction, one place that commits, rolls back and retries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import local
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from store import notices
from store.clock import Clock
from store.command import Command
from store.connecting import connect, is_passing
from store.documents import DocumentStore
from store.errors import StoreBusy
from store.guards import Guard
from store.prepared import send
from store.writing import Writers

P = ParamSpec("P")
R = TypeVar("R")
Listener = Callable[[datetime], None]

ATTEMPTS = 8
FIRST_PAUSE = 0.01


class UnitOfWork:
    """One transaction and what a command may know: the time, the zone, documents, and what the engine attached.

    ``cache`` lives as long as the transaction. Core statements go through ``connection``, mapped objects through
    ``session`` (made when first asked for, on the same connection, so both see the same rows).
    """

    def __init__(self, store: Store, connection: Connection) -> None:
        """Begin to work on ``connection``; ``Store.run`` is the only caller."""
        self._connection = connection
        self.now = store.clock.now()
        self.zone = store.zone
        self.documents = store.documents
        self.surroundings = store.surroundings
        self.cache: dict[str, Any] = {}
        self.due_at: datetime | None = None
        self.refusal: Exception | None = None
        self._session: Session | None = None
        self._guard: Guard | None = None
        self._savepoints: list[str] = []
        self._committed: list[Callable[[], None]] = []

    @property
    def connection(self) -> Connection:
        """The connection of this transaction."""
        if self._guard is not None:
            self._guard.begin()
        return self._connection

    @property
    def session(self) -> Session:
        """The ORM session of this transaction."""
        if self._session is None:
            self._session = Session(
                self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            )
        return self._session

    def new_id(self) -> UUID:
        """Return a new id; later ones sort after earlier ones (UUID version 7)."""
        return uuid7()

    def wake(self, due_at: datetime) -> None:
        """Ask that the worker wakes no later than ``due_at`` once this transaction is committed."""
        if self.due_at is None or due_at < self.due_at:
            self.due_at = due_at

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` when the transaction is committed; forget it when it is rolled back."""
        self._committed.append(action)

    def raise_after_commit(self, error: Exception) -> None:
        """Keep what this command has done and raise ``error`` all the same: a wrong password must be counted."""
        self.refusal = error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what happens inside when an exception leaves it."""
        self.finish_session()
        name, committed, due_at = f"uow_{len(self._savepoints)}", len(self._committed), self.due_at
        self._savepoints.append(name)
        send(self.connection, f"SAVEPOINT {name}").close()
        try:
            yield
            self.finish_session()
        except BaseException:
            if self._session is not None:
                self._session.close()
                self._session = None
            if not self._connection.invalidated:
                send(self._connection, f"ROLLBACK TO SAVEPOINT {name}").close()
                send(self._connection, f"RELEASE SAVEPOINT {name}").close()
            del self._committed[committed:]
            self.due_at = due_at
            raise
        else:
            send(self._connection, f"RELEASE SAVEPOINT {name}").close()
        finally:
            self._savepoints.remove(name)

    def guard(self, before: Callable[[], None]) -> Guard:
        """Return a savepoint that is set, after a call of ``before``, only when what is inside uses the database."""
        return Guard(self, before)

    def flush(self) -> None:
        """Send what mapped objects hold to the database, so that statements that follow find it."""
        if self._session is not None:
            self._session.flush()

    def finish_session(self) -> None:
        """Write what the ORM session still holds."""
        if self._session is not None:
            self._session.commit()
            self._session.close()
            self._session = None

    def abandon_session(self) -> None:
        """Let go of what the ORM session holds: the transaction is rolled back."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def committed(self) -> None:
        """Do what waited for the commit."""
        for action in self._committed:
            action()
        self.let_go()

    def let_go(self) -> None:
        """Forget what the transaction has gathered, and so the circles in it: a busy server would fill with them."""
        self.cache.clear()
        self._committed.clear()


class Store:
    """The database and the documents. ``run`` is the only commit of the product.

    ``surroundings`` is what the engine needs beside the rows (``engine.commands.attach`` sets it).
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        documents_folder: Path,
        zone: ZoneInfo | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Connect lazily to the SQLAlchemy ``url``; ``pause(seconds)`` waits between attempts."""
        self.id = uuid7()
        self.engine = connect(url)
        self.clock = clock
        self.zone = zone or ZoneInfo("Asia/Shanghai")
        self.documents = DocumentStore(documents_folder)
        self.surroundings: Any = None
        self._pause = pause
        self._listeners: list[Listener] = []
        self._here = local()
        self._writers = Writers(self.engine)
        self._notices = notices.has_notices(self.engine)

    def run(
        self, command: Callable[Concatenate[UnitOfWork, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a command in one transaction and return its result.

        Tried again from the start when the database was held by somebody else (a command does nothing that a
        rollback cannot undo). Raises StoreBusy after eight attempts. Commands that wait for each other are committed
        together, and may run in the thread of one of them.
        """
        return self._insist(Command(self, lambda uow: command(uow, *args, **kwargs)))

    def run_apart(
        self, command: Callable[Concatenate[UnitOfWork, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a command that takes long: as ``run``, but nobody else waits for its commit."""
        return self._insist(Command(self, lambda uow: command(uow, *args, **kwargs), apart=True))

    def read(self, query: Callable[Concatenate[Connection, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on a consistent view of the database and return its rows; nothing it does is kept.

        Asked once more when the connection turns out to be cut: the server may have been restarted since it was used.
        """
        try:
            with self.engine.connect() as connection:
                return query(connection, *args, **kwargs)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        with self.engine.connect() as connection:
            return query(connection, *args, **kwargs)

    def look(
        self, command: Callable[Concatenate[UnitOfWork, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run something that needs a unit of work but changes nothing; what it should change all the same is not kept."""
        with self.engine.connect() as connection:
            uow = UnitOfWork(self, connection)
            try:
                result = command(uow, *args, **kwargs)
            finally:
                uow.abandon_session()
            connection.rollback()
        uow.committed()
        return result

    def on_commit(self, listener: Listener) -> None:
        """Call ``listener(due_at)`` after each commit that opened something due, with its earliest time."""
        self._listeners.append(listener)

    def dispose(self) -> None:
        """Close all connections."""
        self._writers.close()
        self.engine.dispose()

    def _insist(self, command: Command[R]) -> R:
        """Run a command until it is committed, or was tried often enough."""
        if getattr(self._here, "running", False):
            raise RuntimeError(
                "A command may not run another one through the store; call it with the same uow."
            )
        for attempt in range(ATTEMPTS):
            command.begin()
            try:
                self._writers.run(command)
            except DBAPIError as error:
                if not is_passing(error):
                    raise
                if attempt == ATTEMPTS - 1:
                    raise StoreBusy(
                        f"The database was held by others {ATTEMPTS} times in a row; nothing was changed, try again."
                    ) from error
                self._pause(FIRST_PAUSE * 2**attempt)
            else:
                break
        self._tell(command.uow.due_at)
        if command.uow.refusal is not None:
            raise command.uow.refusal
        return command.result

    def work(self, command: Command[R], connection: Connection) -> None:
        """Run a command in the transaction of ``connection``; ``Command`` is the only caller."""
        self._here.running = True
        uow = command.uow = UnitOfWork(self, connection)
        try:
            command.result = command.call(uow)
            uow.finish_session()
            if self._notices and uow.due_at is not None:
                notices.tell(connection, self.id)
        except BaseException:
            uow.abandon_session()
            uow.let_go()
            raise
        finally:
            self._here.running = False

    def _tell(self, due_at: datetime | None) -> None:
        if due_at is not None:
            for listener in self._listeners:
                listener(due_at)


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Collect the SQL statements that pass meanwhile; for tests and benchmarks."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        del connection, cursor, rest
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
