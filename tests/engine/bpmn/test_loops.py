from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive


def loop(words: str, kind: str = "userTask") -> str:
    return f"startEvent s\n{kind} a {words}\nendEvent e\ns -> a -> e"


def test_an_activity_is_done_again_while_the_condition_holds() -> None:
    drive = Drive(loop('"while== n < 3"')).start()
    for number in (1, 2, 3):
        assert drive.visible(drive.opened("a").scope)["loopCounter"] == number
        drive.complete("a", n=number)
    assert drive.ended is not None
    assert drive.root == {"n": 3}


def test_asked_before_the_first_round_it_may_not_run_at_all() -> None:
    drive = Drive(loop('"while== n < 3" before')).start(n=3)
    assert drive.ended is not None
    drive = Drive(loop('"while== n < 3" before')).start(n=2)
    drive.complete("a", n=3)
    assert drive.ended is not None


def test_the_maximum_ends_a_loop_whose_condition_still_holds() -> None:
    drive = Drive(loop('"while== true" most=3 "script== loopCounter" result=x', "scriptTask")).start()
    assert drive.ended is not None
    assert (drive.root, drive.times()["a"]) == ({"x": 3}, 4)


def test_the_counter_is_read_by_the_condition() -> None:
    drive = Drive(loop('"while== loopCounter < 2"')).start()
    drive.complete("a")
    drive.complete("a")
    assert drive.ended is not None


def test_output_mappings_of_each_round_are_seen_by_the_condition() -> None:
    drive = Drive(loop('"while== sum < 10" "in=sum2:= sum" "out=sum:= sum2 + got"')).start(sum=0)
    drive.complete("a", got=4)
    drive.complete("a", got=7)
    assert drive.root == {"sum": 11}


def test_a_sub_process_loops_and_a_boundary_event_ends_the_whole_loop() -> None:
    text = """
    startEvent s
    subProcess sub "while== true" {
    startEvent i
    userTask a
    endEvent ie
    i -> a -> ie
    }
    boundaryEvent b on=sub signal=stop
    userTask after
    s -> sub
    b -> after
    """
    drive = Drive(text).start()
    drive.complete("a")
    drive.complete("a")
    assert drive.open == ["a", "b"]
    drive.complete("b")
    assert drive.open == ["after"]


def test_a_condition_that_is_neither_is_an_incident_and_can_be_retried() -> None:
    drive = Drive(loop('"while== n < 3"')).start()
    drive.complete("a")
    assert [each.code for each in drive.incidents] == ["condition"]
    drive.set(n=5)
    drive.retry("a")
    assert drive.ended is not None


def test_a_loop_without_end_is_stopped_by_the_budget() -> None:
    drive = Drive(loop('"while== true" "script== 1" result=x', "scriptTask")).start()
    assert [each.code for each in drive.incidents] == ["budget"]


def test_one_activity_is_not_repeated_in_two_ways() -> None:
    both = b"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
    xml = bpmn(loop("most=3")).replace(
        b"<bpmn:standardLoop", both + b"</bpmn:multiInstanceLoopCharacteristics><bpmn:standardLoop"
    )
    assert "loop-both" in [each.rule for each in check({"p.bpmn": xml}, Known())]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("most=0", "loop-maximum"),
        ("most=-1", "loop-maximum"),
        ('"while=n < 3"', "not-feel"),
        ('"while="', "loop-endless"),
        ('"while== n <"', "expression"),
    ],
)
def test_the_gate_refuses_loops_that_cannot_be_run(words: str, rule: str) -> None:
    text = loop(f'{words} "script== 1" result=x', "scriptTask")
    assert rule in [each.rule for each in check({"p.bpmn": bpmn(text)}, Known())]
