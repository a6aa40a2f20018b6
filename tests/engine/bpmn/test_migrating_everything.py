"""Every construct of the golden cases in the middle of its run: to a twin of its version, and to one where all ids differ."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import migrating, parser, specs, state
from engine.bpmn.case import Case
from engine.bpmn.step import Step
from tests.engine.bpmn.driving import Drive
from tests.golden.playing import FOLDER, Golden, act, loaded, outcome

FILES = sorted(FOLDER.glob(f"format-{state.FORMAT}/*.json"))
NAMING = r"\b(?:id|sourceRef|targetRef|attachedToRef|activityRef)"
named = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def begun(path: Path) -> tuple[Drive, Golden, bytes]:
    golden = msgspec.json.decode(path.read_bytes(), type=Golden)
    xml = path.with_suffix(".bpmn").read_bytes()
    return loaded(xml, golden), golden, xml


def migrated(drive: Drive, xml: bytes, mapped: dict[str, str]) -> migrating.Migration:
    spec = specs.compile_spec(parser.parse(xml, "new.bpmn"), drive.spec.process.id)
    assert spec is not drive.spec
    drive.restore()
    since = dict.fromkeys(drive.waits, drive.moment.now)
    found = migrating.migrate(drive.case, spec, drive.moment, mapped=mapped, since=since)
    assert [str(each) for each in found.problems] == []
    assert found.case is not None
    drive.spec, drive.case = spec, found.case
    for kept in found.kept:
        drive.waits[kept.opened.wait] = kept.opened
    drive.took(found.step)
    return found


def at_rest(case: Case) -> bool:
    """Tell whether nothing is left to run; what used up its budget leaves something, which any act takes on."""
    return not any(token.has_state(TaskState.READY) for token in case.tasks.values())


@named
def test_a_twin_takes_everything_and_changes_nothing(path: Path) -> None:
    drive, golden, xml = begun(path)
    before, rested = state.dump(drive.case), at_rest(drive.case)
    found = migrated(drive, xml + b"<!-- a twin -->", {})
    assert found.case is not None
    assert (found.step == Step()) is rested
    assert (state.dump(found.case) == before) is rested
    for each in golden.after:
        act(drive, each)
    assert outcome(drive) == (golden.state, golden.output, golden.completed)


@named
def test_a_version_where_every_element_has_another_id_goes_on_with_a_mapping(path: Path) -> None:
    drive, golden, xml = begun(path)
    mapped = {element: f"{element}_n" for element in drive.spec.process.elements}
    text = xml.decode()
    for old, new in mapped.items():
        text = re.sub(rf'({NAMING})="{re.escape(old)}"', rf'\1="{new}"', text)
    migrated(drive, text.encode(), mapped)
    drive.body = state.dump(drive.case)
    for kind, element, variables in golden.after:
        act(drive, (kind, mapped.get(element, element), variables))
    ended, output, completed = outcome(drive)
    renamed = {mapped.get(element, element): count for element, count in golden.completed.items()}
    assert (ended, output, completed) == (golden.state, golden.output, renamed)
