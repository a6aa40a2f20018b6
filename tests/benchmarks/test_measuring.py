from __future__ import annotations

from pathlib import Path

from benchmarks.__main__ import OURS, PLAIN, TOGETHER, WORK, measure


def test_both_systems_finish_their_instances_and_ours_keeps_its_budget(tmp_path: Path) -> None:
    measured = measure(tmp_path, TOGETHER)

    ours, plain = measured[WORK][OURS], measured[WORK][PLAIN]
    assert ours.per_second > 0
    assert plain.per_second > 0
    assert ours.sql <= 24
    assert ours.commits <= 3
    assert set(ours.plain()) == {"per_second", "p50_ms", "p95_ms", "sql", "commits"}
