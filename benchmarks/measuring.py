"""How many SQL statements and commits a piece of work costs ours."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Counter:
    """Counts statements and commits of an SQLAlchemy engine; transaction control is not a statement of the work."""

    def __init__(self, engine: Engine) -> None:
        """Begin to count."""
        self.statements, self.commits = 0, 0
        self._engine = engine
        self._listeners = {"before_cursor_execute": self._statement, "commit": self._commit}
        for name, listener in self._listeners.items():
            event.listen(engine, name, listener)

    def share(self, pieces: int) -> dict[str, float]:
        """Return what one of some pieces of work has cost, and count anew."""
        found = {"sql": self.statements / pieces, "commits": self.commits / pieces}
        self.statements, self.commits = 0, 0
        return found

    def stop(self) -> None:
        """Count no more: to be listened to costs a statement of ours a tenth of its time."""
        for name, listener in self._listeners.items():
            event.remove(self._engine, name, listener)

    def _statement(self, *arguments: Any) -> None:
        self.statements += not arguments[2].lstrip().upper().startswith(CONTROL)

    def _commit(self, *arguments: Any) -> None:
        del arguments
        self.commits += 1
