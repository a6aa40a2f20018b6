"""How commands come to be written: one after the other, those that wait for SQLite's only writer with one commit."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from time import perf_counter
from typing import Protocol

from sqlalchemy import Connection, Engine, QueuePool
from sqlalchemy.exc import DBAPIError

from store.connecting import IMMEDIATE
from store.errors import CommitUnknown
from store.prepared import send

LONGEST = 0.05
"""Seconds after which no further piece joins a transaction: whoever was first waits for all of it."""
LOST = "The database went away at the very moment of keeping a change. Look whether it is there before you do it again."


class Piece(Protocol):
    """A command on its way. Once it is ``done``, ``error`` is what it raised; then nothing of it was kept.

    ``apart``: it takes long, and joins nobody's transaction. ``waits`` is held until it is done or, when it ``leads``, until
    its thread may write.
    """

    apart: bool
    done: bool
    error: Exception | None
    waits: Lock
    leads: bool

    def run(self, connection: Connection) -> None:
        """Run it from the beginning; after a rollback it may be run again."""

    def committed(self) -> None:
        """Do what waited for the commit."""


class Writers:
    """Runs pieces on connections of an engine, each in a transaction.

    On SQLite one connection, kept open, is for all pieces of this process. Threads that come while it is in use queue up;
    then the first of them leads: it runs its piece and those behind it in one transaction, a savepoint for each, with one
    commit, wakes their threads and hands over to the next in the queue. On other databases each piece has a connection and
    a transaction of its own.
    """

    def __init__(self, engine: Engine) -> None:
        """Open nothing yet."""
        self._engine = engine
        self._alone = engine.dialect.name == "sqlite"
        self._keeps = isinstance(engine.pool, QueuePool)
        self._kept: Connection | None = None
        self._queue: deque[Piece] = deque()
        self._led = False
        self._door = Lock()

    def run(self, piece: Piece) -> None:
        """Run a piece and commit. Raises what it raises, the DBAPIError of the transaction, or CommitUnknown."""
        if not self._alone:
            with self._engine.connect() as connection, _transaction(connection):
                piece.run(connection)
            piece.committed()
            return
        try:
            self._stand(piece)
            piece.waits.acquire()
            if not piece.done:
                self._run_next()
        except BaseException:
            with self._door, suppress(ValueError):
                self._queue.remove(piece)  # its thread is told to stop; nobody else shall run it
            raise
        finally:
            if piece.leads:
                self._hand_over()
        if piece.error is not None:
            raise _taken(piece.error, piece)

    def close(self) -> None:
        """Close the connection that is kept."""
        if self._kept is not None:
            self._drop(self._kept)

    def _stand(self, piece: Piece) -> None:
        """Take a place in the queue; who finds nobody writing leads."""
        with self._door:
            self._queue.append(piece)
            if not self._led:
                self._led = True
                _let_lead(piece)

    def _hand_over(self) -> None:
        with self._door:
            self._led = bool(self._queue)
            if self._queue:
                _let_lead(self._queue[0])

    def _run_next(self) -> None:
        """Run the piece that has waited for longest, and with it those that have come meanwhile."""
        pieces = [self._queue.popleft()]
        try:
            with self._writing() as connection, _transaction(connection):
                pieces[0].run(connection)
                if not pieces[0].apart:
                    self._let_join(connection, pieces)
        except Exception as error:  # noqa: BLE001 - it belongs to the thread whose piece it is
            if len(pieces) == 1:
                pieces[0].error = error
            else:  # of one that had joined, or of the commit: each finds out by itself
                for piece in pieces:
                    self._run_alone(piece)
        except BaseException:
            self._queue.extendleft(reversed(pieces))
            raise
        try:
            for piece in pieces:
                _tell(piece)
        finally:  # whatever happens to this thread, nobody waits for ever
            for piece in pieces:
                _wake(piece)

    def _let_join(self, connection: Connection, pieces: list[Piece]) -> None:
        began = perf_counter()
        while self._queue and not self._queue[0].apart and perf_counter() - began < LONGEST:
            pieces.append(self._queue.popleft())
            _in_savepoint(connection, pieces[-1])

    def _run_alone(self, piece: Piece) -> None:
        piece.error = None
        try:
            with self._writing() as connection, _transaction(connection):
                piece.run(connection)
        except Exception as error:  # noqa: BLE001 - it belongs to the thread whose piece it is
            piece.error = error

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Hand out the connection with no transaction open."""
        connection = self._kept or self._open()
        try:
            yield connection
        except DBAPIError:
            self._drop(connection)
            raise
        if not self._keeps:
            self._drop(connection)

    def _open(self) -> Connection:
        self._kept = self._engine.connect().execution_options(**{IMMEDIATE: True})
        return self._kept

    def _drop(self, connection: Connection) -> None:
        self._kept = None
        connection.close()


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """Commit what is done inside; CommitUnknown when the connection is lost meanwhile."""
    done = False
    try:
        with connection.begin():
            yield
            done = True
    except DBAPIError as error:
        if done and error.connection_invalidated:
            raise CommitUnknown(LOST) from error
        raise


def _in_savepoint(connection: Connection, piece: Piece) -> None:
    """Run a piece that joins others: what it raises undoes only itself, unless it is the database's."""
    send(connection, "SAVEPOINT joined").close()
    try:
        piece.run(connection)
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 - it belongs to the thread whose piece it is
        send(connection, "ROLLBACK TO SAVEPOINT joined").close()
        piece.error = error
    send(connection, "RELEASE SAVEPOINT joined").close()


def _taken(error: Exception, piece: Piece) -> Exception:
    """Return the error of a piece, which is to be raised: kept in the piece it would hold itself by its traceback."""
    piece.error = None
    return error


def _let_lead(piece: Piece) -> None:
    piece.leads = True
    piece.waits.release()


def _tell(piece: Piece) -> None:
    """Do what waited for the commit of a piece."""
    try:
        if piece.error is None:
            piece.committed()
    except Exception as error:  # noqa: BLE001 - it belongs to the thread whose piece it is
        piece.error = error


def _wake(piece: Piece) -> None:
    piece.done = True
    if not piece.leads:
        piece.waits.release()
