"""Work (g) on ours: pages of the desk over a great many work items, for every queue and filter that the page has."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.catalogue import Sizes
from benchmarks.ours.filling import PEOPLE, PERIODS, PROCESSES, fill
from benchmarks.ours.system import Ours, measured
from benchmarks.timing import Measured, percentile
from engine.commands import people
from store.queries import completed_items, work_items
from store.queries.desk_filter import DeskFilter
from store.queries.paging import Paging
from store.queries.scope import Scope

Question = Callable[[Connection], object]

FILTERS: dict[str, dict[str, Any]] = {
    "no filter": {},
    "text in every name": {"text": "客户"},
    "text in few names": {"text": "客户17"},
    "text of a step": {"text": "step 3"},
    "text nowhere": {"text": "nowhere"},
    "process": {"process": f"process_{PROCESSES // 2}"},
    "role": {"role": "bookkeeper"},
    "assignee": {"assignee": f"person_{PEOPLE // 2}"},
    "period": {"period": PERIODS[3]},
    "process, period, text": {"process": "process_3", "period": PERIODS[3], "text": "客户1"},
}
SORTS = ("-priority", "client", "process", "-opened_at")
"""What the page offers beside the due date."""
VIEWS = ("mine", "unassigned", "team", "overdue", "waiting", "postponed")
LATE = "late, today and week"


def pages(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (g): all questions of the page, by three people with different rights."""

    def run(system: Ours) -> dict[str, Measured]:
        fill(system.store, sizes)
        now = system.store.clock.now()
        times = {
            name: _ask(system, question, sizes["rounds"])
            for name, question in _questions(system, sizes["people"], now)
        }
        slowest = sorted(times, key=lambda name: percentile(times[name], 0.95), reverse=True)
        shown = {name: round(1000 * percentile(times[name], 0.95), 2) for name in slowest[:8]}
        every = [each for found in times.values() for each in found]
        return {
            "g.p50": {"value": 1000 * percentile(every, 0.5), "questions": len(times)},
            "g.all": {"value": 1000 * percentile(every, 0.95)},
            "g.p95": {"value": 1000 * percentile(times[slowest[0]], 0.95), "slowest": shown},
        }

    return measured(url, folder, {}, run)


def _ask(system: Ours, question: Question, rounds: int) -> list[float]:
    system.store.read(question)
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        system.store.read(question)
        found.append(time.perf_counter() - begin)
    return found


def _questions(system: Ours, people_asked: int, now: datetime) -> Iterator[tuple[str, Question]]:
    for who, scope in islice(_people(system), people_asked):
        for view in VIEWS:
            for name, given in FILTERS.items():
                yield f"{who}: {view}, {name}", _page(scope, now, view, DeskFilter(**given), Paging())
            for sort in SORTS:
                yield f"{who}: {view} by {sort}", _page(scope, now, view, DeskFilter(), Paging(sort=sort))
        for days in (0, 1, 7):
            until = DeskFilter(due_before=now + timedelta(days=days))
            yield f"{who}: mine, due in {days} days", _page(scope, now, "mine", until, Paging())
        yield f"{who}: all, page 20", _page(scope, now, "all", DeskFilter(), Paging(20))
        yield f"{who}: done", lambda connection, scope=scope: completed_items.mine(connection, scope)  # type: ignore[misc]
        yield (
            f"{who}: done, text",
            lambda connection, scope=scope: completed_items.mine(connection, scope, text="客户17"),  # type: ignore[misc]
        )
        yield f"{who}: counts", lambda connection, scope=scope: work_items.counts(connection, scope, now)  # type: ignore[misc]


def _page(scope: Scope, now: datetime, view: Any, filters: DeskFilter, paging: Paging) -> Question:
    return lambda connection: work_items.desk(
        connection, scope, now, view=view, filters=filters, paging=paging
    )


def _people(system: Ours) -> Iterator[tuple[str, Scope]]:
    for who, login in (("manager", "manager"), ("bookkeeper", "person_1"), ("reviewer", "person_2")):
        person = system.store.run(people.by_login, login)
        may_see_all = person.may("clients.view_all")
        yield who, Scope(person.id, person.login, person.roles, person.teams, may_see_all)
