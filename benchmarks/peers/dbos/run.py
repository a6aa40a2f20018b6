"""DBOS Transact: workflows as Python functions, each step kept in PostgreSQL, as its documentation recommends for production."""

from __future__ import annotations

import json
import logging
import sys
import time
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig

from benchmarks.timing import CannotDo, Measured, Watch, each, expect, growth, rate, times_of, total, write

PAIRS = 10
BLOB = "帐" * 3_400
WAIT = 60
"""Seconds that a workflow waits for its person at most."""

Lines = dict[str, Measured]
Sizes = dict[str, int]
QUEUE, POLL = "items", 0.05


@DBOS.step()
def serve(amount: int) -> int:
    """Do next to nothing."""
    return amount


@DBOS.workflow()
def order(amount: int) -> int:
    """Wait for a person, then call a service."""
    DBOS.recv("approved", timeout_seconds=WAIT)
    return serve(amount)


@DBOS.workflow()
def steps(amount: int, letter: str, most: int) -> int:
    """Ten times: wait for a person, call a service, decide."""
    for number in range(PAIRS):
        DBOS.recv(f"asked {number}", timeout_seconds=WAIT)
        amount = serve(amount) if amount > most else serve(amount + len(letter) * 0)
    return amount


@DBOS.workflow()
def item(number: int) -> int:
    """Be one item of many."""
    return serve(number)


@DBOS.workflow()
def items(count: int) -> int:
    """Call one child for each item through a queue and wait for all."""
    queue = DBOS.retrieve_queue(QUEUE)
    handles = [queue.enqueue(item, number) for number in range(count)]
    return len([handle.get_result() for handle in handles])


@DBOS.workflow()
def rounds(count: int) -> list[float]:
    """Call a service again and again."""
    ends = [time.perf_counter()]
    for number in range(count):
        serve(number)
        ends.append(time.perf_counter())
    return ends


def measure_orders(sizes: Sizes) -> Lines:
    """Measure (a)."""
    count = sizes["instances"]

    def one(amount: int) -> None:
        handle = DBOS.start_workflow(order, amount)
        DBOS.send(handle.get_workflow_id(), "yes", "approved")
        handle.get_result()

    times_of(one, range(sizes["warm_up"]))
    watch = Watch()
    lines = {"a.one": rate(count, watch, times_of(one, range(count)))}
    watch = Watch()
    handles = [DBOS.start_workflow(order, amount) for amount in range(count)]
    for handle in handles:
        DBOS.send(handle.get_workflow_id(), "yes", "approved")
    expect(sorted(handle.get_result() for handle in handles), list(range(count)), "results of (a)")
    lines["a.many"] = rate(count, watch)
    return lines


def measure_steps(sizes: Sizes) -> Lines:
    """Measure (b)."""
    count = sizes["instances"]
    tasks = 2 * PAIRS * count

    def together(many: int) -> None:
        handles = [DBOS.start_workflow(steps, amount, BLOB, many // 2) for amount in range(many)]
        for number in range(PAIRS):
            for handle in handles:
                DBOS.send(handle.get_workflow_id(), "yes", f"asked {number}")
        expect(len([handle.get_result() for handle in handles]), many, "results of (b)")

    for _ in range(sizes["warm_up"]):
        together(1)
    watch = Watch()
    for _ in range(count):
        together(1)
    lines = {"b.one": each(tasks, watch)}
    watch = Watch()
    together(count)
    lines["b.many"] = each(tasks, watch)
    return lines


def measure_items(sizes: Sizes) -> Lines:
    """Measure (c)."""
    lines = {}
    for key in ("few", "many"):
        watch = Watch()
        expect(items(sizes[key]), sizes[key], "items of (c)")
        lines[f"c.{key}"] = total(watch)
    return lines


def measure_rounds(sizes: Sizes) -> Lines:
    """Measure (d)."""
    watch = Watch()
    ends = rounds(sizes["rounds"])
    times = [after - before for before, after in pairwise(ends)]
    return {"d.all": total(watch), "d.growth": {"value": growth(times)}}


WORKS: dict[str, Any] = {
    "a": measure_orders,
    "b": measure_steps,
    "c": measure_items,
    "d": measure_rounds,
}
CANNOT = {
    "e": "a sleeping workflow holds a thread or a coroutine of its process",
    "f": "a waiting workflow holds a thread of its process",
    "g": "has no work list",
    "h": "workflows are Python code: nothing is deployed",
}


def about() -> dict[str, str]:
    """Return the settings."""
    return {
        "version": version("dbos"),
        "store": "PostgreSQL over loopback, the same server as ours: fsync on, synchronous_commit on; LISTEN/NOTIFY on",
        "left out": "roles, work items, forms, diagrams",
    }


def main(work: str, sizes: str, folder: str, out: str, url: str) -> None:
    """Do one work."""
    del folder
    logging.disable(logging.WARNING)

    def measure() -> Lines:
        if work not in WORKS:
            raise CannotDo(CANNOT[work])
        config: DBOSConfig = {
            "name": "bench",
            "system_database_url": url,
            "log_level": "ERROR",
        }
        DBOS(config=config)
        DBOS.launch()
        DBOS.register_queue(QUEUE, polling_interval_sec=POLL)
        try:
            found: Lines = WORKS[work](json.loads(sizes))
        finally:
            DBOS.destroy()
        return found

    write(Path(out), measure, about)


if __name__ == "__main__":
    main(*sys.argv[1:6])
