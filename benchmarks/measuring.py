"""How many SQL statements and commits a piece of work costs ours."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Engine, event

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Counter:
    """Counts statements and commits of an SQLAlchemy engine; transaction control is not a statement of the work."""

    def __init__(self, engine: Engine) -> None:
        """Begin to count."""
        self.statements, self.committed = 0, list[float]()
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    @property
    def commits(self) -> int:
        """How many transactions were committed."""
        return len(self.committed)

    def share(self, pieces: int) -> dict[str, float]:
        """Return what one of some pieces of work has cost, and count anew."""
        found = {"sql": self.statements / pieces, "commits": self.commits / pieces}
        self.statements, self.committed = 0, []
        return found

    def _statement(self, *arguments: Any) -> None:
        self.statements += not arguments[2].lstrip().upper().startswith(CONTROL)

    def _commit(self, *arguments: Any) -> None:
        del arguments
        self.committed.append(time.perf_counter())
