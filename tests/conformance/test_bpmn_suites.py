"""What runs of the BPMN suites keeps running; without the suites (they are not ours) we skip what needs them."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn import parser
from engine.errors import InvalidInput
from tests.conformance import bpmn_suites
from tests.conformance.bpmn import entries, foreign, traces, translating, verdicts, world
from tests.engine.bpmn.drawing import bpmn

SUITES = Path(__file__).resolve().parents[3] / "shared" / "suites" / "bpmn"
suites_are_here = pytest.mark.skipif(not SUITES.is_dir(), reason="the suites are not here")

LEAST = {
    "betsy": 167,
    "betsy-rules": 215,
    "camunda7": 82,
    "flowable": 8,
    "miwg": 17,
    "token-simulation": 95,
}
"""Cases that passed when this was written; doubtful ones not counted."""


@pytest.fixture(scope="module")
def found() -> list[bpmn_suites.Outcome]:
    return list(bpmn_suites.outcomes(entries.read_suites(SUITES)))


MISTAKEN = {"betsy.AdHocSubProcess_Sequential", "betsy.AdHocSubProcess_Parallel"}
"""Models whose third script writes SCRIPT_task1, though SCRIPT_task3 is expected of them."""


@suites_are_here
def test_the_number_of_cases_that_pass_does_not_fall(found: list[bpmn_suites.Outcome]) -> None:
    passed = Counter(each.suite for each in found if each.state == "passed" and not each.doubtful)

    assert {suite: passed[suite] for suite in LEAST if passed[suite] < LEAST[suite]} == {}


@suites_are_here
def test_what_the_gate_lets_through_runs_as_expected(found: list[bpmn_suites.Outcome]) -> None:
    failed = [
        each for each in found if each.state == "failed" and each.kind != "refuse" and not each.doubtful
    ]

    assert [each for each in failed if each.id not in MISTAKEN] == []


@suites_are_here
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("betsy.WCP03_Synchronization", {"expected_trace_multiset": ["SCRIPT_task1"]}),
        ("token-simulation.parallel-gateway", {"expected_nodes_completed": ["START"]}),
        ("token-simulation.parallel-gateway", {"expected_instance_ended": False}),
        ("camunda7.ParallelGateway.two-forks", {"steps": [{"expect_times_run": {"task1": 1}}]}),
        ("betsy-rules.EXT002.EXT002_1_Fail_duplicate_ID", {"message_must_name_one_of": ["nobody"]}),
        ("miwg.A.1.0", {"flow_nodes": 6}),
    ],
)
def test_another_expectation_would_fail(name: str, wrong: dict[str, Any]) -> None:
    suites = entries.read_suites(SUITES)
    [entry] = [each for each in suites.entries if each.id == name]

    verdict = bpmn_suites.JUDGES[entry.kind](suites, entry, {**entry.cases[0], **wrong})

    assert verdict.state == "failed"
    assert verdict.expected
    assert verdict.got


def test_files_that_differ_from_their_digest_are_not_run(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_text("<changed/>")
    entry = {"id": "x.a", "file": "a.bpmn", "sha256": "0" * 64, "expectation": "parse", "cases": []}
    (tmp_path / "expectations.json").write_text(
        json.dumps({"clock_start": "2026-01-05T08:00:00+00:00", "entries": [entry]})
    )

    with pytest.raises(ValueError, match=r"a\.bpmn"):
        entries.read_suites(tmp_path)


@pytest.mark.parametrize(
    ("written", "feel"),
    [
        ("${input == 1 || input == 3}", "= input = 1  or  input = 3"),
        ('!test.contains("a")', '= not(contains(test, "a"))'),
        ("${not confirmed}", "= not(confirmed)"),
        ("${!approved}", "= not(approved)"),
        ("${clarified == 'no'}", '= clarified = "no"'),
        ("= amount > 1", "= amount > 1"),
        (
            "${nrOfCompletedInstances/nrOfInstances ge 0.5}",
            "= numberOfCompletedInstances/numberOfInstances >= 0.5",
        ),
        ("${age gt 3 and name.equals('li')}", '= age > 3 and (name = "li")'),
        ("${male ? 'Mr.' : 'Mrs.'}", '= if male then "Mr." else "Mrs."'),
        ("${execution.getVariable('list').size()}", "= count(list)"),
        ("${empty list}", "= (list = null or count(list) = 0)"),
        ("integerVariable<3", "= integerVariable<3"),
        ("", ""),
    ],
)
def test_foreign_expressions_become_feel(written: str, feel: str) -> None:
    assert foreign.feel_of(written) == feel


def test_a_file_that_is_no_xml_is_left_to_the_gate() -> None:
    assert translating.translate(b"no xml") == b"no xml"


@pytest.mark.parametrize(("space", "changed"), [("http://activiti.org/bpmn", True), ("urn:other", False)])
def test_a_loop_over_a_variable_is_translated_for_the_engines_that_read_it_so(
    space: str, *, changed: bool
) -> None:
    loop = "<loopDataInputRef>people</loopDataInputRef><inputDataItem name='person'/>"
    xml = (
        f"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' xmlns:x='{space}'><process id='p'><task id='a'>"
        f"<multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics></task></process></definitions>"
    )
    found = translating.translate(xml.encode())
    assert (b'inputCollection="= people" inputElement="person"' in found) is changed
    assert (b"loopDataInputRef" in found) is not changed


def test_a_process_that_begins_by_a_condition_is_started_where_it_holds() -> None:
    model = parser.parse(
        bpmn('startEvent s "condition== n > 1"\nuserTask a groups=x\nendEvent e\ns -> a -> e'), "p.bpmn"
    )
    found = world.World([model], datetime(2026, 1, 5, tzinfo=UTC))
    assert [each.element for each in found.start("p", {"n": 2}).waits.values()] == ["a"]
    with pytest.raises(InvalidInput):
        found.start("p", {"n": 1})


def _never_ends() -> None:
    while time.monotonic():
        pass


def test_a_case_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(verdicts.TimedOut), verdicts.at_most(0.05):
        _never_ends()


def test_markers_count_once_and_only_when_expected() -> None:
    wanted, unwanted = traces.Trace(["MARKER_exists"]), traces.Trace([])

    for trace in (wanted, wanted, unwanted):
        trace._marker()

    assert (wanted.marks, unwanted.marks) == (["MARKER_exists"], [])
