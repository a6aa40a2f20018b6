from __future__ import annotations

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

JOIN = """
startEvent s
parallelGateway split
userTask a
userTask b
userTask c
complexGateway g "activation== %s"
userTask d
userTask late
endEvent e
s -> split
split -> a -> g
split -> b -> g
split -> c -> g
g -> d %s
d -> e
"""
TWO_OF_THREE = JOIN % ("activationCount >= 2", "")


def test_it_starts_when_its_condition_holds_and_the_rest_is_taken_silently() -> None:
    drive = Drive(TWO_OF_THREE.replace("userTask late\n", "")).start()
    drive.complete("a")
    assert drive.open == ["b", "c"]
    drive.complete("c")
    assert drive.open == ["b", "d"]
    drive.complete("b")
    assert drive.open == ["d"]
    drive.complete("d")
    assert drive.ended is not None
    assert drive.times()["d"] == 1


def test_the_instance_waits_for_the_rest_when_the_way_on_is_finished_first() -> None:
    drive = Drive(TWO_OF_THREE.replace("userTask late\n", "")).start()
    drive.complete("a")
    drive.complete("c")
    drive.complete("d")
    assert drive.open == ["b"]
    drive.complete("b")
    assert drive.ended is not None
    assert drive.times()["d"] == 1


def test_the_condition_reads_single_flows_and_variables() -> None:
    text = (JOIN % ("c_g > 0 or activationCount >= needed", "")).replace("userTask late\n", "")
    drive = Drive(text).start(needed=3)
    drive.complete("a")
    assert drive.open == ["b", "c"]
    drive.complete("c")
    assert drive.open == ["b", "d"]


def test_what_comes_after_the_start_takes_the_flow_that_asks_for_it() -> None:
    text = (
        JOIN % ("activationCount >= 1", ": = waitingForStart")
    ) + "g -> late : = not(waitingForStart)\nlate -> e"
    drive = Drive(text).start()
    drive.complete("a")
    assert drive.open == ["b", "c", "d"]
    drive.complete("b")
    assert drive.open == ["c", "d"]
    drive.complete("c")
    assert drive.open == ["d", "late"]


def test_after_a_reset_it_starts_again() -> None:
    text = """
    startEvent s
    exclusiveGateway again
    parallelGateway split
    userTask a
    userTask b
    complexGateway g "activation== activationCount >= 1"
    userTask d
    exclusiveGateway more
    endEvent e
    s -> again -> split
    split -> a -> g
    split -> b -> g
    g -> d -> more
    more -> again : = rounds > 0
    more => e
    """
    drive = Drive(text).start(rounds=1)
    drive.complete("a")
    drive.complete("b")
    drive.complete("d")
    assert drive.open == ["a", "b"]
    drive.complete("b")
    assert drive.open == ["a", "d"]
    drive.complete("a")
    drive.complete("d", rounds=0)
    assert drive.ended is not None
    assert drive.times()["d"] == 2


def test_it_splits_by_conditions_and_a_default() -> None:
    text = """
    startEvent s
    complexGateway g
    userTask a
    userTask b
    userTask c
    s -> g
    g -> a : = x > 1
    g -> b : = x > 2
    g => c
    """
    assert Drive(text).start(x=3).open == ["a", "b"]
    assert Drive(text).start(x=2).open == ["a"]
    assert Drive(text).start(x=1).open == ["c"]


def test_a_condition_that_is_neither_is_an_incident_that_lets_it_go_on() -> None:
    drive = Drive((JOIN % ("missing > 1", "")).replace("userTask late\n", "")).start()
    drive.complete("a")
    assert [(each.element, each.code) for each in drive.incidents] == [("g", "condition")]
    drive.retry("g")
    assert drive.open == ["b", "c", "d"]


def test_one_that_can_no_longer_start_is_an_incident() -> None:
    text = """
    startEvent s
    exclusiveGateway x
    task a
    task b
    complexGateway g "activation== activationCount = 2"
    endEvent e
    s -> x
    x -> a : = y
    x => b
    a -> g
    b -> g
    g -> e
    """
    drive = Drive(text).start(y=True)
    assert [each.code for each in drive.incidents] == ["join-stuck"]
    drive.retry("g")
    assert drive.ended is not None


def test_the_gate_asks_for_the_activation_condition_of_a_join() -> None:
    text = TWO_OF_THREE.replace('"activation== activationCount >= 2"', "").replace("userTask late\n", "")
    found = [(each.element, each.rule) for each in check({"p.bpmn": bpmn(text)}, Known())]
    assert ("g", "activation-missing") in found
    wrong = TWO_OF_THREE.replace("= activationCount >= 2", "two")
    assert "not-feel" in [each.rule for each in check({"p.bpmn": bpmn(wrong)}, Known())]
