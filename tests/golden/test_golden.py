"""Every stored state that a release wrote is loaded and run to its end by this one."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.bpmn import state
from tests.golden.playing import FOLDER, Golden, act, kept, loaded, outcome

FILES = sorted(FOLDER.glob("format-*/*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_stored_state_is_loaded_and_finished(path: Path) -> None:
    golden = msgspec.json.decode(path.read_bytes(), type=Golden)
    drive = loaded(path.with_suffix(".bpmn").read_bytes(), golden)
    for each in golden.after:
        act(drive, each)
    assert outcome(drive) == (golden.state, golden.output, golden.completed)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_loaded_state_is_stored_again_with_nothing_lost(path: Path) -> None:
    golden = msgspec.json.decode(path.read_bytes(), type=Golden)
    drive = loaded(path.with_suffix(".bpmn").read_bytes(), golden)
    body, variables = kept(drive)
    again = loaded(
        path.with_suffix(".bpmn").read_bytes(),
        msgspec.structs.replace(golden, body=body, variables=variables),
    )
    assert (kept(again), again.case.waits) == (kept(drive), drive.case.waits)


def test_the_present_format_has_golden_files() -> None:
    assert any(path.parent.name == f"format-{state.FORMAT}" for path in FILES)
