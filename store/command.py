"""One run of a command, as the writers of the database take it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import Connection

if TYPE_CHECKING:
    from store.unit_of_work import Store, UnitOfWork

R = TypeVar("R")


class Command(Generic[R]):
    """A command of ``store`` that is to be run; ``result`` and ``uow`` are those of its last run."""

    result: R
    uow: UnitOfWork

    def __init__(self, store: Store, call: Callable[[UnitOfWork], R], *, apart: bool = False) -> None:
        """Stand ready."""
        self._store, self.call, self.apart = store, call, apart
        self.begin()

    def begin(self) -> None:
        """Begin anew."""
        self.done = self.leads = False
        self.error: Exception | None = None
        self.waits = Lock()
        self.waits.acquire()

    def run(self, connection: Connection) -> None:
        """Run it in the transaction of ``connection``."""
        self._store.work(self, connection)

    def committed(self) -> None:
        """Do what waited for the commit."""
        self.uow.committed()
