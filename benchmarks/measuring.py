"""How the benchmarks measure: rates and times of repeated work, SQL statements and commits of one piece of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass(frozen=True, slots=True)
class Figures:
    """What a system did: pieces of work a second, milliseconds for one (median, 95th), SQL and commits for one."""

    per_second: float
    p50_ms: float
    p95_ms: float
    sql: float
    commits: float

    def plain(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


class Counter:
    """Counts statements and commits of an SQLAlchemy engine; transaction control is not a statement of the work."""

    def __init__(self, engine: Engine) -> None:
        """Begin to count."""
        self.statements = self.commits = 0
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, *arguments: Any) -> None:
        control = (
            arguments[2].lstrip().upper().startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT"))
        )
        self.statements += not control

    def _commit(self, *arguments: Any) -> None:
        del arguments
        self.commits += 1


def times_of(work: Callable[[int], None], *, rounds: int, warm_up: int) -> list[float]:
    """Return the seconds of each of ``rounds`` pieces of work, after some that are not counted."""
    for number in range(warm_up):
        work(number)
    found = []
    for number in range(rounds):
        begin = time.perf_counter()
        work(warm_up + number)
        found.append(time.perf_counter() - begin)
    return found


def figures(times: list[float], *, sql: float = 0, commits: float = 0) -> Figures:
    """Return the figures of measured times."""
    ordered = sorted(times)
    return Figures(
        per_second=len(times) / sum(times),
        p50_ms=1000 * ordered[len(ordered) // 2],
        p95_ms=1000 * ordered[int(len(ordered) * 0.95)],
        sql=sql,
        commits=commits,
    )
