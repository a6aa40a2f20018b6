"""A worker process is killed with SIGKILL again and again while it is busy; then everything is counted."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.crash import firm_at_work
from tests.crash.checker import Findings, unfinished
from tests.crash.moments import fraction

KILLS = 25
SHORTEST, LONGEST = 0.02, 0.35
MOST = 1_000_000
PATIENCE = 60.0


@pytest.mark.crash
def test_a_killed_worker_loses_doubles_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    firm_at_work.set_up(tmp_path)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.firm_at_work"])
    for number in range(KILLS):
        process = begin(context, tmp_path, MOST)
        time.sleep(SHORTEST + (LONGEST - SHORTEST) * fraction(number))
        assert process.exitcode is None
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    left = unfinished(tmp_path / firm_at_work.DATABASE)

    began = time.monotonic()
    process = begin(context, tmp_path, firm_at_work.acknowledged(tmp_path) + 1)
    while unfinished(tmp_path / firm_at_work.DATABASE) or firm_at_work.acknowledged(tmp_path) == 0:
        assert time.monotonic() - began < PATIENCE, "some instance never ends"
        time.sleep(0.05)
    recovered = time.monotonic() - began
    process.kill()
    process.join()

    found = Findings(
        tmp_path / firm_at_work.DATABASE, tmp_path / firm_at_work.ACKNOWLEDGED, tmp_path / firm_at_work.SENT
    )
    orders = found.count("p")
    with capsys.disabled():
        repeated = sum(found.sent.values()) - len(found.sent)
        sys.stdout.write(
            f"\n{KILLS} kills, {orders} orders ({len(found.acknowledged)} acknowledged), "
            f"{sum(found.bookings.values())} bookings, {repeated} sendings repeated, "
            f"{left} unfinished at the last kill, all ended {recovered:.1f} s later\n"
        )
    assert found.integrity == ["ok"]
    assert found.dangling == []
    assert found.gaps == found.heads == []
    assert found.incidents == []
    # none lost: every acknowledged order is an instance; none doubled: an order is one instance and calls one child
    assert set(found.acknowledged) <= set(found.orders)
    assert len(found.orders) == len(set(found.orders)) == orders == found.count("child")
    # none stuck
    assert found.unfinished() == found.jobs == 0
    assert set(found.ends.values()) == {1}
    assert len(found.ends) == 2 * orders
    # no database effect twice, none missing; every element done once
    assert set(found.bookings.values()) == {1}
    assert sum(found.bookings.values()) == 3 * orders
    assert set(found.done.values()) == {1}
    # outside effects: at least once, and a repeat carries the same key
    assert len(found.sent) == orders


def begin(
    context: multiprocessing.context.ForkServerContext, folder: Path, most: int
) -> multiprocessing.context.ForkServerProcess:
    """Start the firm and return when it is at work."""
    ready = folder / firm_at_work.READY
    ready.unlink(missing_ok=True)
    process = context.Process(target=firm_at_work.work, args=(folder, most))
    process.start()
    while not ready.exists():
        assert process.exitcode is None, "the worker process ended by itself"
        time.sleep(0.002)
    return process
