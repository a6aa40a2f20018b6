"""Work (e) on ours: a great many waiting instances, and many timers that fall due in the same second."""

from __future__ import annotations

import time
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select

from benchmarks import diagrams
from benchmarks.catalogue import Sizes
from benchmarks.ours.system import Ours, measured
from benchmarks.timing import Measured, Watch, expect, percentile
from engine.commands import instances
from store.tables import HistoryEvent, Instance, Job
from store.unit_of_work import UnitOfWork

TOGETHER = 500
"""Instances that one transaction starts: making them is not what is measured."""
FAR = timedelta(days=3_650)
LONGEST = 120
"""Seconds after which timers that have not fired count as lost."""


def timers(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (e): the worker runs as it does in production, in this process, which does nothing else meanwhile."""

    def run(system: Ours) -> dict[str, Measured]:
        now = system.store.clock.now()
        made = Watch()
        _start_many(system, sizes["waiting"] - sizes["due"], now + FAR)
        each = made.seconds / (sizes["waiting"] - sizes["due"])
        ahead = timedelta(seconds=sizes["idle_seconds"] + 4 + 3 * each * sizes["due"])
        due = (system.store.clock.now() + ahead).replace(microsecond=0)
        _start_many(system, sizes["due"], due)
        system.worker.start()
        try:
            time.sleep(2)  # the worker's first look is not idleness
            idle = _idle(sizes["idle_seconds"])
            late = _lateness(system, sizes, due)
        finally:
            system.worker.stop()
        return {"e.idle": idle, "e.late": late}

    return measured(url, folder, {"timer": diagrams.timer()}, run)


def _start_many(system: Ours, count: int, until: datetime) -> None:
    for begin in range(0, count, TOGETHER):
        system.store.run(_start, min(TOGETHER, count - begin), until)


def _start(uow: UnitOfWork, count: int, until: datetime) -> None:
    for _ in range(count):
        instances.start(uow, "timer", {"until": until}, by=None)


def _idle(seconds: int) -> Measured:
    watch = Watch()
    time.sleep(seconds)
    return {"value": 100 * watch.cpu / watch.seconds, "seconds": watch.seconds}


def _lateness(system: Ours, sizes: Sizes, due: datetime) -> Measured:
    commits: list[datetime] = []
    event.listen(system.store.engine, "commit", lambda _: commits.append(system.store.clock.now()))
    time.sleep(max(0.0, (due - system.store.clock.now()).total_seconds()))
    watch, wanted = Watch(), sizes["due"]
    while system.store.read(_is_left, due) and watch.seconds < LONGEST:
        time.sleep(0.25)
    busy = watch.cpu
    time.sleep(1)
    fired, again, left = system.store.read(_outcome)
    expect((fired, again, left), (wanted, 0, sizes["waiting"] - wanted), "timers fired, twice, left")
    late = sorted((_committed(commits, ended) - due).total_seconds() for ended in system.store.read(_ends))
    parts = {name: percentile(late, part) for name, part in (("p50", 0.5), ("p95", 0.95))}
    return {"value": percentile(late, 0.99), **parts, "max": late[-1], "first": late[0], "cpu_s": busy}


def _is_left(connection: Connection, due: datetime) -> bool:
    """Tell whether a timer waits that is due: a question that costs the worker next to nothing."""
    query = select(Job.id).where(Job.held.is_(False), Job.outside.is_(False), Job.due_at <= due)
    return connection.scalar(query.limit(1)) is not None


def _committed(commits: list[datetime], began: datetime) -> datetime:
    """Return when the transaction that began then was committed: only that makes it true."""
    return commits[min(bisect_left(commits, began), len(commits) - 1)]


def _ends(connection: Connection) -> list[datetime]:
    query = select(Instance.ended_at).where(Instance.state == "completed")
    return [at.astimezone(UTC) for at in connection.scalars(query) if at is not None]


def _outcome(connection: Connection) -> tuple[int, int, int]:
    """Return instances whose end is in the history, those with more than one end, and timers that still wait."""
    ends = select(HistoryEvent.instance_id, func.count().label("ends")).where(
        HistoryEvent.kind == "instance.completed"
    )
    found = ends.group_by(HistoryEvent.instance_id).subquery()
    fired = connection.scalar(select(func.count()).select_from(found)) or 0
    again = connection.scalar(select(func.count()).select_from(found).where(found.c.ends > 1)) or 0
    left = connection.scalar(select(func.count()).select_from(Job)) or 0
    return fired, again, left
