"""Every scenario of processes/ holds on the runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes import rehearsal
from tests.processes.library import ROOT, files, library, names

SCENARIOS = files("scenarios/*.yaml")
BRANCHES = {"standard", "refusal", "return", "late", "escalation"}


@pytest.mark.parametrize("path", SCENARIOS, ids=names(SCENARIOS))
def test_the_scenario_holds(path: Path) -> None:
    rehearsal.Rehearsal(library(), rehearsal.load(path)).run()


@pytest.mark.parametrize("process", sorted(path.stem for path in files("*.bpmn")))
def test_each_branch_of_a_process_is_walked_by_a_scenario(process: str) -> None:
    walked: set[str] = set()
    for path in (ROOT / process / "scenarios").glob("*.yaml"):
        branch = rehearsal.load(path)["branch"]
        walked |= {branch} if isinstance(branch, str) else set(branch)
    assert walked >= BRANCHES
