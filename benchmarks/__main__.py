"""``make bench``: measures, prints a table, writes ``benchmarks/results/latest.json``."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.engine_orders import EngineOrders
from benchmarks.measuring import Counter, Figures, figures, times_of
from benchmarks.plain_spiff import PlainSpiff

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "latest.json"
DIAGRAM = HERE / "order.bpmn"
ROUNDS, WARM_UP, TOGETHER = 500, 50, 100
WORK = "start, user task, service task, end"
SIDE_BY_SIDE = f"{WORK}: {TOGETHER} side by side"
OURS, PLAIN = "zhangfang, SQLite FULL", "plain SpiffWorkflow, one JSON row, SQLite FULL"

Measured = dict[str, dict[str, Figures]]


def measure(folder: Path, rounds: int) -> Measured:
    """Measure every system on the disk that ``folder`` is on, one after the other, in this process."""
    plain = PlainSpiff(DIAGRAM, folder / "plain.db")
    yardstick = figures(times_of(plain.run, rounds=rounds, warm_up=WARM_UP), sql=3, commits=2)
    expect(plain.finished(), rounds + WARM_UP)
    system = EngineOrders(DIAGRAM, f"sqlite:///{folder}/engine.db", folder)
    try:
        times = times_of(system.run, rounds=rounds, warm_up=WARM_UP)
        counter = Counter(system.store.engine)
        system.run(0)
        found = figures(times, sql=counter.statements, commits=counter.commits)
        many = side_by_side(system, rounds // TOGETHER)
        expect(system.finished(), rounds + WARM_UP + 1 + (rounds // TOGETHER) * TOGETHER)
    finally:
        system.close()
    return {WORK: {OURS: found, PLAIN: yardstick}, SIDE_BY_SIDE: {OURS: many}}


def side_by_side(system: EngineOrders, batches: int) -> Figures:
    """Measure instances that run side by side; times, SQL and commits are shares of one instance."""
    counter = Counter(system.store.engine)
    times = times_of(lambda _: system.run_many(range(TOGETHER)), rounds=batches, warm_up=0)
    share = batches * TOGETHER
    return figures(
        [seconds / TOGETHER for seconds in times for _ in range(TOGETHER)],
        sql=counter.statements / share,
        commits=counter.commits / share,
    )


def expect(found: int, wanted: int) -> None:
    """End with a sentence when a system did not finish its work: its figures would mean nothing."""
    if found != wanted:
        sys.exit(f"bench: {found} of {wanted} instances ended; the figures would mean nothing.")


def show(measured: Measured) -> None:
    """Print the table."""
    table = Table("work", "system", "per second", "median ms", "95 % ms", "SQL", "commits", title="Zhangfang")
    for work, systems in measured.items():
        for system, found in systems.items():
            row = (found.per_second, found.p50_ms, found.p95_ms, found.sql, found.commits)
            table.add_row(work, system, *(f"{value:.1f}" for value in row))
    Console().print(table)
    ours, plain = measured[WORK][OURS].per_second, measured[WORK][PLAIN].per_second
    print(f"{ours / plain:.2f} of plain SpiffWorkflow, which keeps no history, no work items and no jobs.")


def main() -> None:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory(dir=_disk()) as folder:
        measured = measure(Path(folder), ROUNDS)
    show(measured)
    body = {
        work: {name: found.plain() for name, found in systems.items()} for work, systems in measured.items()
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n")


def _disk() -> Path:
    """Return a folder on the project's own disk: /tmp may be memory, where a commit costs nothing."""
    folder = HERE.parent / "var"
    folder.mkdir(exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
