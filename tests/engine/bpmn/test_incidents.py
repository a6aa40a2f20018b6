from __future__ import annotations

import pytest

from engine.bpmn import runtime
from engine.errors import Conflict
from tests.engine.bpmn.driving import Drive, number


def test_a_token_with_an_incident_cannot_be_completed_and_one_without_cannot_be_retried() -> None:
    drive = Drive('startEvent s\nuserTask a due="= 5"\nuserTask b\ns -> a\ns -> b').start()
    with pytest.raises(Conflict, match="open incident"):
        drive.complete("a")
    with pytest.raises(Conflict, match="no open incident"):
        drive.act(runtime.retry, drive.wait("b"))


def test_an_incident_on_entering_opens_nothing_beside_it() -> None:
    drive = Drive("""
        startEvent s
        userTask a due="= when"
        boundaryEvent late on=a timer=duration:PT1H
        boundaryEvent other on=a message="m@= key"
        userTask b
        s -> a
        late -> b
        other -> b
    """).start(when=5)
    assert drive.open == ["a"]
    assert drive.incidents[0].code == "correlation"
    drive.set(key="k")
    drive.retry("a")
    assert (drive.open, drive.incidents[0].code) == (["a"], "due-date")
    drive.set(when="2026-05-01")
    drive.retry("a")
    assert (drive.open, drive.incidents) == (["a", "late", "other"], [])


def test_an_incident_of_one_branch_leaves_the_others_alone() -> None:
    drive = Drive("""
        startEvent s
        scriptTask bad script="= sum(for i in 1..n return i)" result=x
        userTask good
        parallelGateway join
        userTask after
        s -> bad -> join
        s -> good -> join
        join -> after
    """).start(n=1_000_000_000)
    assert drive.open == ["bad", "good"]
    drive.complete("good")
    drive.set(n=2)
    drive.retry("bad")
    assert drive.open == ["after"]
    assert drive.root["x"] == number(3)


MULTI = """
startEvent s
userTask ask each="= [1, 2]" item=n collect=all from="= got" until="= WHEN" MORE
userTask after
s -> ask -> after
"""


def test_a_multi_instance_result_or_condition_that_fails_keeps_its_instance() -> None:
    drive = Drive(MULTI.replace("WHEN", "enough").replace("MORE", "")).start()
    drive.complete("ask", got=7)
    [incident] = drive.incidents
    assert incident.code == "condition"
    assert drive.open == ["ask", "ask"]

    drive.set(enough=False)
    drive.retry("ask") if drive.wait("ask") == incident.wait else drive.act(runtime.retry, incident.wait)
    drive.complete("ask", got=8)
    assert drive.open == ["after"]
    assert drive.root["all"] == [number(7), number(8)]


EVENTS = """
startEvent s
userTask work
s -> work
subProcess extra triggered {
    startEvent more message="more@= key"
    subProcess deeper triggered {
        startEvent deep quiet message="deep@= other"
        userTask d
        deep -> d
    }
    userTask handle
    more -> handle
}
"""


def test_a_process_whose_own_events_cannot_be_read_begins_after_a_retry() -> None:
    drive = Drive(EVENTS).start()
    assert drive.open == ["p"]
    drive.set(key=1)
    drive.retry("p")
    assert drive.open == ["more", "work"]


def test_an_event_sub_process_whose_own_events_cannot_be_read_begins_after_a_retry() -> None:
    drive = Drive(EVENTS).start(key=1)
    drive.complete("more", text="hello")
    assert drive.open == ["extra"]
    assert drive.incidents[0].code == "correlation"
    drive.set(other=2)
    drive.retry("extra")
    assert drive.open == ["deep", "handle"]
    assert drive.root["text"] == "hello"


def test_a_receive_task_has_boundary_events_too() -> None:
    drive = Drive("""
        startEvent s
        receiveTask wait message=m@=1
        boundaryEvent late on=wait timer=duration:PT1H
        userTask remind
        s -> wait
        late -> remind
    """).start()
    assert drive.open == ["late", "wait"]
    drive.later(hours=1)
    assert drive.open == ["remind"]


def test_cancelling_an_instance_with_incidents_closes_them() -> None:
    drive = Drive(EVENTS).start()
    drive.cancel()
    assert drive.ended is not None
    assert drive.open == []
