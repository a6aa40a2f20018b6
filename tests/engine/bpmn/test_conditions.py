from __future__ import annotations

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

CATCH = """
startEvent s
intermediateCatchEvent c "condition== amount > 100"
endEvent e
s -> c -> e
"""
BOUNDARY = """
startEvent s
userTask a
boundaryEvent b on=a "condition== amount > 100" %s
userTask c
endEvent e
endEvent f
s -> a -> e
b -> c -> f
"""
PROCESS = """
startEvent s
subProcess sub "in=limit:= 5" {
startEvent i
userTask a
endEvent ie
i -> a -> ie
subProcess asked triggered {
startEvent q %s "condition== x > limit"
userTask answer
endEvent qe
q -> answer -> qe
}
}
userTask after
endEvent e
s -> sub -> after -> e
"""


def test_a_condition_is_awaited_until_a_variable_makes_it_true() -> None:
    drive = Drive(CATCH).start(amount=1)
    assert drive.opened("c").condition == "= amount > 100"
    drive.set(amount=50)
    assert drive.open == ["c"]
    drive.set(amount=500)
    assert drive.ended is not None
    assert drive.times("condition.caught")["c"] == 1


def test_a_condition_that_holds_already_is_not_waited_for() -> None:
    drive = Drive(CATCH).start(amount=101)
    assert drive.ended is not None
    assert drive.times()["c"] == 1


def test_a_missing_variable_is_no_incident() -> None:
    assert Drive(CATCH).start().open == ["c"]


def test_an_interrupting_boundary_takes_the_place_of_its_activity() -> None:
    drive = Drive(BOUNDARY % "").start()
    drive.set(amount=101)
    assert drive.open == ["c"]


def test_a_boundary_whose_condition_holds_on_entering_interrupts_at_once() -> None:
    assert Drive(BOUNDARY % "").start(amount=101).open == ["c"]


def test_what_does_not_interrupt_fires_each_time_its_condition_becomes_true() -> None:
    drive = Drive(BOUNDARY % "quiet").start(amount=101)
    assert drive.open == ["a", "b", "c"]
    drive.set(amount=200)
    assert drive.open == ["a", "b", "c"]
    drive.set(amount=1)
    drive.set(amount=200)
    assert drive.open == ["a", "b", "c", "c"]
    drive.complete("a")
    assert drive.open == ["c", "c"]


def test_conditions_see_the_variables_of_their_scope_and_what_a_task_brings() -> None:
    drive = Drive(PROCESS % "").start(x=1)
    assert drive.open == ["a", "q"]
    drive.complete("a", x=2)
    assert drive.open == ["after"]

    drive = Drive(PROCESS % "").start(x=1)
    drive.set(x=6)
    assert drive.open == ["answer"]
    drive.complete("answer")
    assert drive.open == ["after"]


def test_an_event_sub_process_that_does_not_interrupt_runs_beside() -> None:
    drive = Drive(PROCESS % "quiet").start(x=1)
    drive.set(x=6)
    assert drive.open == ["a", "answer", "q"]
    drive.complete("a")
    drive.complete("answer")
    assert drive.open == ["after"]


def test_a_local_variable_is_seen_by_the_condition_in_its_scope() -> None:
    drive = Drive(PROCESS % "").start(x=6)
    assert drive.open == ["answer"], "6 is more than the limit from the beginning"
    drive = Drive(PROCESS % "").start(x=5)
    drive.set(drive.opened("q").scope, limit=4)
    assert drive.open == ["answer"]


def test_the_work_that_makes_a_condition_true_is_finished_and_no_other_token_runs_before() -> None:
    text = """
    startEvent s
    subProcess sub {
    startEvent i
    scriptTask one "script== 1" result=x
    scriptTask two "script== 2" result=y
    endEvent ie
    i -> one -> two -> ie
    }
    boundaryEvent b on=sub "condition== x = 1"
    endEvent e
    endEvent f
    s -> sub -> e
    b -> f
    """
    drive = Drive(text).start(x=0)
    assert drive.ended is not None
    assert (drive.times()["one"], drive.times()["two"], drive.times()["f"]) == (1, 0, 1)
    assert drive.root == {"x": 1}


def test_behind_an_event_gateway_a_condition_competes_with_a_message() -> None:
    text = """
    startEvent s
    eventBasedGateway g
    intermediateCatchEvent c "condition== x > 1"
    intermediateCatchEvent m message=m@=1
    endEvent e
    endEvent f
    s -> g
    g -> c -> e
    g -> m -> f
    """
    drive = Drive(text).start()
    assert drive.open == ["c", "m"]
    drive.set(x=2)
    assert (drive.times()["e"], drive.times()["f"]) == (1, 0)
    assert Drive(text).start(x=2).ended is not None


def test_a_condition_reads_the_counters_of_a_multi_instance() -> None:
    text = """
    startEvent s
    subProcess sub times=3 {
    startEvent i
    userTask a
    endEvent ie
    i -> a -> ie
    }
    boundaryEvent b quiet on=sub "condition== numberOfCompletedInstances >= 2"
    userTask half
    endEvent e
    endEvent f
    s -> sub -> e
    b -> half -> f
    """
    drive = Drive(text).start()
    drive.complete("a")
    assert "half" not in drive.open
    drive.complete("a")
    assert "half" in drive.open


def test_a_condition_that_cannot_be_evaluated_is_false_and_told() -> None:
    endless = CATCH.replace("amount > 100", "count(for i in 1..amount return i) = amount")
    drive = Drive(endless).start(amount=1)
    assert drive.ended is not None
    drive = Drive(endless).start(amount=10**9)
    assert drive.open == ["c"]
    assert drive.times("condition.failed")["c"] + drive.times("incident.opened")["c"] == 1


def test_the_gate_asks_for_a_condition_that_reads_variables() -> None:
    def rules(text: str) -> list[tuple[str, str]]:
        return [(each.rule, each.level) for each in check({"p.bpmn": bpmn(text)}, Known())]

    assert rules(CATCH) == []
    assert rules(CATCH.replace("condition== amount > 100", "condition=")) == [
        ("event-condition-missing", "error")
    ]
    assert rules(CATCH.replace("condition== amount > 100", "condition=amount")) == [("not-feel", "error")]
    assert rules(CATCH.replace("amount > 100", "1 > 100")) == [("condition-constant", "warning")]
    assert rules('startEvent s "condition== x"\ntask a\ns -> a') == []
