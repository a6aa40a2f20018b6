"""Where no start event is drawn, everything that no flow leads to begins at once."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known, check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive


def rules(text: str) -> list[tuple[str, str, str]]:
    return [(each.element, each.rule, each.level) for each in check({"p.bpmn": bpmn(text)}, Known())]


def test_a_process_without_start_and_end_begins_with_all_that_no_flow_leads_to() -> None:
    drive = Drive("userTask a\nuserTask b\nuserTask c\na -> c").start()
    assert drive.open == ["a", "b"]
    drive.complete("b")
    drive.complete("a")
    assert drive.open == ["c"]
    drive.complete("c")
    assert drive.ended is not None
    assert drive.ended.state == "completed"


def test_it_is_started_without_saying_where() -> None:
    [start] = Drive("userTask a\nuserTask b").spec.process.start_events
    assert (start.element, start.kind) == ("a", "none")
    assert Drive("userTask a\nuserTask b").start("a").open == ["a", "b"]


def test_boundary_events_and_event_sub_processes_wait_and_handlers_do_not_begin() -> None:
    text = """
    userTask a
    boundaryEvent b on=a signal=stop
    userTask late
    boundaryEvent undo on=a compensation
    userTask u undoes
    undo ~> u
    b -> late
    subProcess e triggered {
    startEvent s signal=all
    userTask inside
    s -> inside
    }
    """
    drive = Drive(text).start()
    assert drive.open == ["a", "b", "s"]
    drive.complete_wait(drive.subscription("all"))
    assert drive.open == ["inside"]


def test_a_sub_process_without_start_begins_likewise_each_time() -> None:
    text = (
        "startEvent s\nsubProcess sub times=2 {\nuserTask a\nuserTask b\n}\nuserTask after\ns -> sub -> after"
    )
    drive = Drive(text).start()
    assert drive.open == ["a", "a", "b", "b"]
    for element in ("a", "b", "b", "a"):
        drive.complete(element)
    assert drive.open == ["after"]


@pytest.mark.parametrize(
    "text",
    ["task a", "task a\ntask b\na -> b", "startEvent s\nsubProcess a {\ntask b\n}\nendEvent e\ns -> a -> e"],
)
def test_such_a_process_passes_the_gate(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("task a\nendEvent e\na -> e", ("p", "start-missing", "error")),
        ("intermediateThrowEvent a\ntask b\na -> b", ("p", "start-missing", "error")),
        ("subProcess e triggered {\nstartEvent s signal=x\n}", ("e", "start-never", "warning")),
    ],
)
def test_an_end_without_a_start_and_an_event_at_the_beginning_are_refused(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert expected in rules(text)
