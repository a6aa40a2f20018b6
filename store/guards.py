"""A savepoint that most who might need one never do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from store.unit_of_work import UnitOfWork


class Guard:
    """A savepoint that most who might need one never do; ``used`` tells whether it was set."""

    def __init__(self, uow: UnitOfWork, before: Callable[[], None]) -> None:
        """Stand ready; ``UnitOfWork.guard`` is the only caller."""
        self._uow, self._before = uow, before
        self._inside = ExitStack()
        self.used = False

    def __enter__(self) -> Self:
        """Watch."""
        self._uow._guard = self  # noqa: SLF001 - two halves of one thing
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Watch no longer, and undo what was done when an error leaves."""
        self._uow._guard = None  # noqa: SLF001 - two halves of one thing
        self._inside.__exit__(kind, error, trace)

    def begin(self) -> None:
        """Set the savepoint: the database is about to be used."""
        self._uow._guard, self.used = None, True  # noqa: SLF001 - two halves of one thing
        self._before()
        self._inside.enter_context(self._uow.savepoint())
