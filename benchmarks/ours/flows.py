"""Works (a) to (d) on ours: instances that go from wait to wait."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import diagrams
from benchmarks.catalogue import Sizes
from benchmarks.diagrams import BLOB, FEEL, PAIRS
from benchmarks.ours.alone import steps_alone
from benchmarks.ours.system import Ours, measured
from benchmarks.timing import Measured, Watch, each, expect, growth, rate, times_of, total
from engine.batches import run_batch

Lines = dict[str, Measured]
THREADS = 8
"""As many as the web server has; what waits for the writer shares its commit."""


def orders(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (a): each instance one after the other, then all side by side."""

    def run(system: Ours) -> Lines:
        count, warm_up = sizes["instances"], sizes["warm_up"]

        def one(amount: int) -> None:
            instance = system.start("order", {"amount": Decimal(amount)})
            system.complete(instance)

        system.counter.share(1)
        times_of(one, range(warm_up))
        cost = system.counter.share(warm_up)
        system.counter.stop()
        watch = Watch()
        times = times_of(one, range(count))
        lines = {"a.one": rate(count, watch, times, **cost)}
        lines["a.many"] = _side_by_side(system, count, cost)
        expect(system.finished(), warm_up + 2 * count, "instances of (a) that ended")
        return lines

    return measured(url, folder, {"order": diagrams.order()}, run)


def _side_by_side(system: Ours, count: int, cost: Measured) -> Measured:
    watch, parts = Watch(), {}
    with ThreadPoolExecutor(THREADS) as pool:
        started = list(
            pool.map(lambda amount: system.start("order", {"amount": Decimal(amount)}), range(count))
        )
        parts["start_ms"] = 1000 * watch.seconds / count
        list(pool.map(system.complete, started))
    parts["complete_ms"] = 1000 * watch.seconds / count - parts["start_ms"]
    return rate(count, watch, **parts, **cost)


def steps(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (b): the long process; a step is one of its twenty tasks."""

    def run(system: Ours) -> Lines:
        count, warm_up = sizes["instances"], sizes["warm_up"]
        tasks = 2 * PAIRS * count

        def together(many: int) -> None:
            given = {"letter": BLOB, "most": Decimal(many // 2)}
            started = [system.start("steps", {**given, "amount": Decimal(amount)}) for amount in range(many)]
            for _ in range(PAIRS):
                for instance in started:
                    system.complete(instance)
                system.worker.run_due(limit=many)

        for _ in range(warm_up):
            together(1)
        system.counter.share(1)
        together(1)
        one = system.counter.share(2 * PAIRS)
        together(warm_up)
        many = system.counter.share(2 * PAIRS * warm_up)
        system.counter.stop()
        watch = Watch()
        for _ in range(count):
            together(1)
        lines = {"b.one": each(tasks, watch, **one)}
        watch = Watch()
        together(count)
        lines["b.many"] = each(tasks, watch, **many)
        lines["b.alone"] = steps_alone(count)
        expect(system.finished(), 2 * warm_up + 1 + 2 * count, "instances of (b) that ended")
        return lines

    return measured(url, folder, {"steps": diagrams.steps(FEEL)}, run)


def items(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (c): one instance with a parallel multi-instance service task; results are collected."""
    loop = diagrams.loop(
        '<zeebe:loopCharacteristics inputCollection="= numbers" inputElement="number"'
        ' outputCollection="found" outputElement="= number"/>'
    )

    def run(system: Ours) -> Lines:
        lines = {}
        for key in ("few", "many"):
            count = sizes[key]
            system.counter.share(1)
            watch = Watch()
            system.start("items", {"numbers": [Decimal(number) for number in range(count)]})
            done = system.worker.run_due(limit=count)
            lines[f"c.{key}"] = total(watch, **system.counter.share(count))
            expect(done, count, "items of (c) that were done")
        expect(system.finished(), 2, "instances of (c) that ended")
        return lines

    return measured(url, folder, {"items": diagrams.items(loop)}, run)


def rounds(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (d): one instance that goes round; each round is a job and a commit."""

    def run(system: Ours) -> Lines:
        count = sizes["rounds"]
        system.start("rounds", {"count": Decimal(0), "most": Decimal(2)})
        system.worker.run_due()
        system.counter.share(1)
        watch = Watch()
        system.start("rounds", {"count": Decimal(0), "most": Decimal(count)})
        ends = [time.perf_counter()]
        while system.store.run(run_batch, 1):
            ends.append(time.perf_counter())
        times = [after - before for before, after in pairwise(ends)]
        expect((len(times), system.finished()), (count, 2), "rounds of (d) and instances that ended")
        lines = {"d.all": total(watch, **system.counter.share(count))}
        lines["d.growth"] = {"value": growth(times)}
        return lines

    return measured(url, folder, {"rounds": diagrams.rounds(FEEL)}, run)
