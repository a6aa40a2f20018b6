"""Whole processes with the firm's own handlers: only called processes are stood in for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.rehearsal import read, rehearse
from handlers import handlers
from tests.processes.library import ROOT

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))
LIBRARY = {
    str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(ROOT.rglob("*")) if path.is_file()
}
TOPICS = frozenset(handler.topic for handler in handlers)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_process_runs_with_the_real_handlers(path: Path) -> None:
    scenario = replace(read(path.read_bytes(), file=path.name), real=TOPICS)

    assert rehearse(scenario, LIBRARY, handlers).differences == ()
