"""No command walks a table that grows: SQLite is asked how it would find the rows of each statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from engine.batches import run_batch
from engine.commands import instances, jobs, leases, messages, signals, work_items
from engine.service_tasks import Handlers
from store.clock import TestClock
from store.tables import Instance
from tests.engine.commands.playing import Play

GROWING = {
    "instances", "work_items", "jobs", "history", "instance_variables", "candidates", "subscriptions", "incidents",
    "messages", "chain_heads",
}  # fmt: skip
CHILD = "startEvent s\nuserTask inside groups=bookkeeper\nendEvent e\ns -> inside -> e"
ALL = """
startEvent s
parallelGateway split
userTask u groups=bookkeeper
serviceTask inside topic=here
serviceTask outside topic=there
serviceTask bad topic=bad
callActivity call calls=child
intermediateCatchEvent timer timer=duration:PT1H
intermediateCatchEvent paid message='paid@= number'
intermediateCatchEvent closed signal=closed
s -> split -> u
split -> inside
split -> outside
split -> bad
split -> call
split -> timer -> e1
split -> paid -> e2
split -> closed -> e3
endEvent e1
endEvent e2
endEvent e3
"""

Sent = list[tuple[str, Any]]


@pytest.fixture
def busy(play: Play, handlers: Handlers) -> Play:
    if play.store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by what its tables hold, and those of a test hold nothing")
    handlers.service_task("here", effect="database")(lambda call, uow: {})
    handlers.service_task("there", effect="outside")(lambda call, outside: {})

    def bad(call: Any, uow: Any) -> None:
        raise ValueError(call.topic)

    handlers.service_task("bad", effect="database")(bad)
    play.deploy(CHILD, "child")
    play.deploy(ALL)
    for number in range(3):
        start(play, number)
    return play


def start(play: Play, number: int) -> None:
    play.store.run(
        instances.start,
        "p",
        {"number": str(number)},
        by=None,
        client=play.firm.client,
        business_key=f"key {number}",
    )


@contextmanager
def sent_by(play: Play) -> Iterator[Sent]:
    """Collect statements with what stands for their parameters."""
    found: Sent = []

    def note(_connection: Any, _cursor: Any, *sent: Any) -> None:
        sql, values, _, many = sent
        found.append((sql, values[0] if many else values))

    event.listen(play.store.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(play.store.engine, "before_cursor_execute", note)


def _plan(connection: Connection, sql: str, values: Any) -> Sequence[str]:
    return connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).scalars(3).all()


def walked(play: Play, sent: Sent) -> list[str]:
    """Return the statements that walk a table which grows, with their plan."""
    found = []
    for sql, values in sent:
        if not sql.startswith(("SELECT", "UPDATE", "DELETE")):
            continue
        plan = play.store.read(_plan, sql, values)
        found += [
            f"{line}: {sql}" for line in plan if line.split()[0] == "SCAN" and line.split()[1] in GROWING
        ]
    return found


ACTS: dict[str, Callable[[Play], Callable[[], object]]] = {
    "start": lambda play: partial(start, play, 9),
    "complete": lambda play: command(play, work_items.complete, play.item("u"), {}, by=play.firm.bao),
    "claim": lambda play: command(play, work_items.claim, play.item("u"), by=play.firm.bao),
    "jobs and timers": lambda play: command(play, run_batch, 50),
    "a job alone": lambda play: command(play, run_batch, 1),
    "lease": lambda play: command(play, leases.take, "w", 10),
    "when next": lambda play: partial(play.store.read, jobs.next_due),
    "message": lambda play: command(play, messages.publish, "paid", "1", {}),
    "signal": lambda play: command(play, signals.broadcast, "closed", {}),
    "what was called": lambda play: command(
        play, work_items.complete, play.item("inside"), {}, by=play.firm.bao
    ),
    "suspend": lambda play: command(play, instances.suspend, one(play), reason="r", by=play.firm.ma),
    "cancel": lambda play: command(play, instances.cancel, one(play), reason="r", by=play.firm.ma),
}
"""What finds out what is acted on, and returns the act."""


def command(play: Play, run: Any, *args: Any, **kwargs: Any) -> Callable[[], object]:
    return partial(play.store.run, run, *args, **kwargs)


def one(play: Play) -> Any:
    return play.rows(select(Instance.id).where(Instance.process == "p"))[0][0]


@pytest.mark.parametrize("act", ACTS)
def test_no_command_walks_a_table_that_grows(busy: Play, clock: TestClock, act: str) -> None:
    clock.advance(timedelta(hours=2))
    busy.store.surroundings.cases.take(one(busy))
    found = ACTS[act](busy)
    with sent_by(busy) as sent:
        found()
    assert sent
    assert walked(busy, sent) == []
