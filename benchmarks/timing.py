"""How time is taken, for ours and for peers alike; standard library only, since peers run in environments of their own."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Measured = dict[str, Any]
"""One line of the table: its ``value``, and what else was seen (percentiles, SQL, commits, CPU)."""


class CannotDo(Exception):
    """The system has nothing for this work; the sentence says why."""


class Watch:
    """Seconds and CPU seconds of this process since it was made."""

    def __init__(self) -> None:
        """Begin."""
        self._begun, self._cpu = time.perf_counter(), time.process_time()

    @property
    def seconds(self) -> float:
        """What the clock on the wall says."""
        return time.perf_counter() - self._begun

    @property
    def cpu(self) -> float:
        """What this process has computed meanwhile, all its threads."""
        return time.process_time() - self._cpu


def times_of(work: Callable[[int], object], numbers: Sequence[int]) -> list[float]:
    """Return the seconds of ``work`` for each number."""
    found = []
    for number in numbers:
        begin = time.perf_counter()
        work(number)
        found.append(time.perf_counter() - begin)
    return found


def percentile(times: Sequence[float], part: float) -> float:
    """Return the least of the times that ``part`` of them do not exceed (nearest rank)."""
    return sorted(times)[max(0, math.ceil(len(times) * part) - 1)]


def rate(count: int, watch: Watch, times: Sequence[float] = (), /, **more: float) -> Measured:
    """Return pieces of work a second, the CPU that one costs, and its percentiles when each was timed."""
    seconds, cpu = watch.seconds, watch.cpu
    spread = {f"p{part}_ms": 1000 * percentile(times, part / 100) for part in (50, 95)} if times else {}
    return {"value": count / seconds, "cpu_ms": 1000 * cpu / count, **spread, **more}


def each(count: int, watch: Watch, **more: float) -> Measured:
    """Return milliseconds for one of ``count`` pieces, and their CPU."""
    seconds, cpu = watch.seconds, watch.cpu
    return {"value": 1000 * seconds / count, "cpu_ms": 1000 * cpu / count, **more}


def total(watch: Watch, **more: float) -> Measured:
    """Return the seconds of the whole work, and its CPU."""
    seconds, cpu = watch.seconds, watch.cpu
    return {"value": seconds, "cpu_s": cpu, **more}


def growth(times: Sequence[float]) -> float:
    """Return how much longer the last tenth took than the first."""
    tenth = max(1, len(times) // 10)
    return sum(times[-tenth:]) / sum(times[:tenth])


def expect(found: object, wanted: object, what: str) -> None:
    """End with a sentence when a system did not do its work: its figures would mean nothing."""
    if found != wanted:
        sys.exit(f"{what}: {found} instead of {wanted}; the figures would mean nothing.")


def write(out: Path, measure: Callable[[], dict[str, Measured]], about: Callable[[], dict[str, str]]) -> None:
    """Measure and write lines and settings, or why the work cannot be done."""
    try:
        result: dict[str, Any] = {"lines": measure(), "settings": about()}
    except CannotDo as reason:
        result = {"cannot": str(reason)}
    out.write_text(json.dumps(result, ensure_ascii=False, indent=2))
