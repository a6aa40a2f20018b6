from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

TEXT = """
startEvent s
adHocSubProcess sub {words} {{
userTask a
userTask b
userTask c
userTask then
b -> then
}}
userTask after
endEvent e
s -> sub -> after -> e
"""


def begun(words: str = "") -> Drive:
    return Drive(TEXT.format(words=words)).start(n=0)


def test_everything_that_no_flow_leads_to_is_open_at_once() -> None:
    drive = begun()
    assert drive.open == ["a", "b", "c"]
    for name in ("c", "b", "a", "then"):
        drive.complete(name)
    assert drive.open == ["after"]


def test_in_sequence_one_path_follows_the_other() -> None:
    drive = begun("one_by_one")
    for name in ("a", "b", "then", "c"):
        assert drive.open == [name]
        drive.complete(name)
    assert drive.open == ["after"]


def test_the_completion_condition_interrupts_what_still_runs() -> None:
    drive = begun('"enough== n >= 2"')
    drive.complete("a", n=1)
    assert drive.open == ["b", "c"]
    drive.complete("b", n=2)
    assert drive.open == ["after"]
    assert (drive.times()["then"], drive.times("element.cancelled")["c"]) == (0, 1)


def test_the_completion_condition_may_let_what_runs_be_finished() -> None:
    drive = begun('go_on "enough== n >= 1"')
    drive.complete("a", n=1)
    assert drive.open == ["b", "c"]
    drive.complete("b")
    assert drive.open == ["c"], "nothing more is begun"
    drive.complete("c")
    assert drive.open == ["after"]


def test_a_sequence_is_over_when_enough_is_done() -> None:
    drive = begun('one_by_one "enough== n >= 1"')
    drive.complete("a", n=1)
    assert drive.open == ["after"]


def test_a_condition_that_is_neither_is_an_incident() -> None:
    drive = begun('"enough== missing"')
    drive.complete("a")
    assert [(each.element, each.code) for each in drive.incidents] == [("a", "condition")]
    drive.set(missing=True)
    drive.retry("a")
    assert drive.open == ["after"]


def test_a_boundary_event_and_variables_of_its_own_work_as_on_any_sub_process() -> None:
    more = "boundaryEvent stop on=sub signal=stop\nuserTask late\nstop -> late"
    drive = Drive(TEXT.format(words="in=x:=1") + more).start()
    assert drive.visible(drive.opened("a").scope)["x"] == 1
    drive.complete("stop")
    assert drive.open == ["late"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("startEvent s\nadHocSubProcess sub {\n}\nendEvent e\ns -> sub -> e", "ad-hoc-empty"),
        (TEXT.format(words="").replace("userTask c", "startEvent c"), "ad-hoc-event"),
        (TEXT.format(words="enough=true"), "not-feel"),
    ],
)
def test_the_gate_refuses_what_cannot_be_run(text: str, rule: str) -> None:
    found = check({"p.bpmn": bpmn(TEXT.format(words=""))}, Known())
    assert {each.rule for each in found if each.level == "error"} == {"nobody-assigned"}
    assert rule in [each.rule for each in check({"p.bpmn": bpmn(text)}, Known())]


def test_an_unknown_ordering_is_refused() -> None:
    xml = bpmn(TEXT.format(words="one_by_one")).replace(b"Sequential", b"Random")
    assert "ad-hoc-ordering" in [each.rule for each in check({"p.bpmn": xml}, Known())]
