from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

CATCH = """
startEvent s
intermediateCatchEvent c message=paid@=key signal=stop timer=duration:P1D {words}
userTask after
endEvent e
s -> c -> after -> e
"""


def test_one_of_several_events_is_enough() -> None:
    drive = Drive(CATCH.format(words="")).start(key="k")
    assert drive.open == ["c", "c", "c"]
    drive.complete_wait(drive.subscription("stop"), reason="r")
    assert drive.open == ["after"]
    assert drive.root["reason"] == "r"
    assert drive.times()["c"] == 1


def test_a_timer_among_several_events_comes_due() -> None:
    drive = Drive(CATCH.format(words="")).start(key="k")
    assert drive.later(days=2) == ["c"]
    assert drive.open == ["after"]


def test_all_together_are_needed_where_it_says_so() -> None:
    drive = Drive(CATCH.format(words="together")).start(key="k")
    drive.complete_wait(drive.subscription("stop"), one=1)
    assert drive.open == ["c", "c"]
    drive.later(days=2)
    assert drive.open == ["c"]
    drive.complete_wait(drive.subscription("paid"), two=2)
    assert drive.open == ["after"]
    assert (drive.root["one"], drive.root["two"]) == (1, 2)


def test_output_mappings_see_what_all_events_together_brought() -> None:
    drive = Drive(CATCH.format(words='together "out=sum:= one + two"')).start(key="k")
    drive.complete_wait(drive.subscription("stop"), one=1)
    drive.later(days=2)
    drive.complete_wait(drive.subscription("paid"), two=2)
    assert drive.root == {"key": "k", "sum": 3}


def test_a_condition_among_several_events_is_asked() -> None:
    text = 'startEvent s\nintermediateCatchEvent c signal=x "condition== n > 1"\nendEvent e\ns -> c -> e'
    drive = Drive(text).start()
    drive.set(n=2)
    assert drive.ended is not None
    assert Drive(text).start(n=2).ended is not None


@pytest.mark.parametrize("which", ["signal", "error", "timer"])
def test_an_interrupting_boundary_event_takes_what_comes_first(which: str) -> None:
    text = """
    startEvent s
    serviceTask a topic=t
    boundaryEvent b on=a signal=stop error=E timer=duration:PT1H
    userTask after
    endEvent e
    s -> a -> e
    b -> after
    """
    drive = Drive(text).start()
    assert drive.open == ["a", "b", "b"]
    if which == "signal":
        drive.complete_wait(drive.subscription("stop"))
    elif which == "error":
        drive.throw("a", "E")
    else:
        drive.later(hours=2)
    assert drive.open == ["after"]
    assert drive.times(f"{which}.fired" if which == "timer" else f"{which}.caught")["b"] == 1


def test_a_boundary_event_that_does_not_interrupt_takes_each_as_often_as_it_comes() -> None:
    text = """
    startEvent s
    userTask a
    boundaryEvent b quiet on=a signal=x timer=duration:PT1H
    userTask after
    endEvent e
    s -> a -> e
    b -> after
    """
    drive = Drive(text).start()
    drive.later(hours=2)
    drive.complete_wait(drive.subscription("x"))
    drive.complete_wait(drive.subscription("x"))
    assert drive.open == ["a", "after", "after", "after", "b"]


def test_an_event_sub_process_begins_by_one_of_several_events() -> None:
    text = """
    startEvent s
    userTask a
    s -> a
    subProcess sub triggered {
    startEvent q message=m@=1 escalation=X
    userTask answer
    q -> answer
    }
    """
    drive = Drive(text).start()
    drive.complete_wait(drive.subscription("m"))
    assert drive.open == ["answer"]


def test_a_process_begins_by_one_of_several_events() -> None:
    drive = Drive("startEvent s message=m signal=x\nuserTask a\ns -> a")
    assert [(each.element, each.kind, each.name) for each in drive.spec.process.start_events] == [
        ("s", "message", "m"),
        ("s", "signal", "x"),
    ]
    assert drive.start("s").open == ["a"]


def test_everything_that_an_event_throws_is_thrown_in_order() -> None:
    text = """
    startEvent s
    parallelGateway split
    intermediateCatchEvent one signal=one
    intermediateCatchEvent two signal=two
    intermediateThrowEvent t signal=one signal=two message=m
    endEvent e signal=three message=n
    endEvent f
    endEvent g
    s -> split
    split -> one -> f
    split -> two -> g
    split -> t -> e
    """
    drive = Drive(text).start()
    assert drive.ended is not None
    assert [getattr(each, "name", "") for each in drive.steps[0].thrown] == ["one", "two", "m", "three", "n"]


BOUNDARY = """
startEvent s
userTask a
boundaryEvent b together on=a {words} message=paid@=key signal=stop
userTask late
endEvent e
s -> a -> e
b -> late
"""


def test_a_boundary_event_may_wait_for_all_its_events_in_any_order() -> None:
    for first, second in (("paid", "stop"), ("stop", "paid")):
        drive = Drive(BOUNDARY.format(words="")).start(key="k")
        drive.complete_wait(drive.subscription(first), one=1)
        assert drive.open == ["a", "b"]
        drive.complete_wait(drive.subscription(second), two=2)
        assert drive.open == ["late"]
        assert (drive.root["one"], drive.root["two"]) == (1, 2)


def test_one_that_does_not_interrupt_waits_for_all_of_them_again() -> None:
    drive = Drive(BOUNDARY.format(words="quiet")).start(key="k")
    for turn in (1, 2):
        drive.complete_wait(drive.subscription("stop"))
        assert drive.open == ["a", "b", *["late"] * (turn - 1)]
        drive.complete_wait(drive.subscription("paid"))
        assert drive.open == ["a", "b", "b", *["late"] * turn]
    drive.complete("a")
    assert drive.open == ["late", "late"]


@pytest.mark.parametrize("words", ["", "quiet"])
def test_an_event_sub_process_may_begin_when_all_its_events_have_come(words: str) -> None:
    text = f"""
    startEvent s
    userTask a
    subProcess handler triggered {{
    startEvent x together {words} signal=one "condition== n > 1"
    userTask inside
    x -> inside
    }}
    s -> a
    """
    drive = Drive(text).start(n=1)
    drive.complete_wait(drive.subscription("one"))
    assert "inside" not in drive.open
    drive.set(n=2)
    assert drive.open == (["inside"] if not words else ["a", "inside", "x"])
    if words:
        assert drive.subscription("one"), "the condition is still true; the signal is awaited anew"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("startEvent s\nintermediateThrowEvent a link=L signal=x\nendEvent e\ns -> a -> e", "event-several"),
        ("startEvent s message=m timer=cycle:R/P1D\nendEvent e\ns -> e", "event-several"),
        (
            "startEvent s together message=m signal=x\nendEvent e\ns -> e",
            "not-run-parallel-multiple",
        ),
        (
            "startEvent s\nuserTask a\nboundaryEvent b together on=a signal=x error=E\nendEvent e\ns -> a -> e\nb -> e",
            "event-several",
        ),
        ("startEvent s\nintermediateCatchEvent a signal=x error=E\ns -> a", "event-kind"),
        ("startEvent s message=m error=E\ntask a\ns -> a", "start-kind"),
        ("startEvent s\nintermediateCatchEvent a signal=x timer=duration:soon\ns -> a", "timer-unreadable"),
        ("startEvent s\nintermediateCatchEvent a signal=x message=m\ns -> a", "correlation-missing"),
    ],
)
def test_the_gate_checks_every_part(text: str, rule: str) -> None:
    assert rule in [each.rule for each in check({"p.bpmn": bpmn(text)}, Known())]
