"""The real server is killed with SIGKILL while people start instances and hand in work; then everything is counted."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash import firm_at_work, server_at_work
from tests.crash.checker import Findings, unfinished
from tests.crash.moments import fraction
from tests.crash.visitor import Visitor

KILLS = 55
PEOPLE = 3
SHORTEST, LONGEST = 0.1, 0.5
PATIENCE = 90.0

Context = multiprocessing.context.ForkServerContext


@pytest.mark.crash
@pytest.mark.long
def test_a_killed_server_loses_doubles_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server_at_work.set_up(tmp_path)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["tests.crash.server_at_work", "handlers.notify.mailer", "tests.crash.loaded"]
    )
    visitor = Visitor(free_port(), tmp_path / firm_at_work.DATABASE)
    for number in range(KILLS):
        server = begin(context, tmp_path, visitor)
        if not visitor.token:
            visitor.sign_in()
        people = [threading.Thread(target=visitor.work, args=(each,)) for each in range(PEOPLE)]
        for person in people:
            person.start()
        time.sleep(SHORTEST + (LONGEST - SHORTEST) * fraction(number))
        assert server.exitcode is None
        os.kill(server.pid or 0, signal.SIGKILL)
        server.join()
        for person in people:
            person.join()

    server = begin(context, tmp_path, visitor)
    visitor.complete_all()
    began = time.monotonic()
    while left := unfinished(visitor.database):
        assert time.monotonic() - began < PATIENCE, f"{left} instances never end"
        time.sleep(0.05)
    server.kill()
    server.join()

    found = Findings(visitor.database, acknowledged(tmp_path), tmp_path / firm_at_work.SENT)
    orders = found.count("p")
    with capsys.disabled():
        sys.stdout.write(
            f"\n{KILLS} kills of the server, {orders} instances ({len(visitor.started)} acknowledged), "
            f"{len(visitor.completed)} items acknowledged, {visitor.refused[409]} double clicks refused\n"
        )
    assert (found.integrity, found.dangling, found.gaps, found.heads, found.incidents) == (
        ["ok"],
        [],
        [],
        [],
        [],
    )
    # none lost: what the server said yes to is there; none doubled, none stuck
    assert visitor.started <= set(found.ends)
    assert orders >= len(visitor.started) > KILLS
    assert orders == found.count("child")
    assert len(found.ends) == 2 * orders
    assert set(found.ends.values()) == set(found.done.values()) == {1}
    assert found.unfinished() == found.jobs == 0
    # nobody was told twice that an item is done, and every item is done once
    assert set(visitor.completed.values()) == {1}
    assert items(visitor.database) == Counter({"completed": orders})
    # no database effect twice, none missing; outside effects at least once under the same key
    assert set(found.bookings.values()) == {1}
    assert sum(found.bookings.values()) == 3 * orders
    assert len(found.sent) == orders


def begin(context: Context, folder: Path, visitor: Visitor) -> multiprocessing.context.ForkServerProcess:
    """Start the server and return when it answers."""
    process = context.Process(target=server_at_work.serve, args=(folder, visitor.port))
    process.start()
    while not visitor.is_there():
        assert process.exitcode is None, "the server ended by itself"
        time.sleep(0.01)
    return process


def acknowledged(folder: Path) -> Path:
    """Return an empty list of orders: here nothing is told by message."""
    path = folder / firm_at_work.ACKNOWLEDGED
    path.touch()
    return path


def items(database: Path) -> Counter[str]:
    """Return how many work items are in each state."""
    with closing(sqlite3.connect(database)) as connection:
        return Counter(row[0] for row in connection.execute("SELECT state FROM work_items"))


def free_port() -> int:
    """Return a port that nobody listens at."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
        return found
