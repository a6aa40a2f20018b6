from __future__ import annotations

import pytest

from engine.bpmn.step import VariableSet
from tests.engine.bpmn.driving import Drive, number

CHOICE = """
startEvent s
exclusiveGateway x
userTask big
userTask small
userTask other
endEvent e
s -> x
x -> big : = amount > 100
x -> small : = amount > 10
x => other
big -> e
small -> e
other -> e
"""


@pytest.mark.parametrize(("amount", "taken"), [(500, "big"), (50, "small"), (5, "other")])
def test_an_exclusive_gateway_takes_the_first_flow_that_holds_or_the_default(amount: int, taken: str) -> None:
    assert Drive(CHOICE).start(amount=amount).open == [taken]


def test_a_condition_that_is_neither_true_nor_false_is_an_incident_that_can_be_retried() -> None:
    drive = Drive(CHOICE).start()
    [incident] = drive.incidents
    assert incident.element == "x"
    assert incident.code == "condition"
    assert "«= amount > 100» of the flow «x_big» gives None" in incident.message

    drive.set(amount=50)
    step = drive.retry("x")
    assert drive.open == ["small"]
    assert [closed.wait for closed in step.closed] == [incident.wait]
    assert drive.times()["x"] == 1


def test_no_flow_that_holds_and_no_default_is_an_incident() -> None:
    drive = Drive("""
        startEvent s
        exclusiveGateway x
        userTask a
        userTask b
        s -> x
        x -> a : = n = 1
        x -> b : = n = 2
    """).start(n=3)
    assert drive.incidents[0].code == "no-flow"

    drive.set(n=2)
    drive.retry("x")
    assert drive.open == ["b"]


FORK = """
startEvent s
parallelGateway fork
userTask a
userTask b
userTask c
parallelGateway join
userTask after
endEvent e
s -> fork
fork -> a -> join
fork -> b -> join
fork -> c -> join
join -> after -> e
"""


def test_a_parallel_join_waits_for_every_flow() -> None:
    drive = Drive(FORK).start()
    assert drive.open == ["a", "b", "c"]
    for element in ("b", "a"):
        drive.complete(element)
    assert drive.open == ["c"]
    drive.complete("c")
    assert drive.open == ["after"]
    drive.complete("after")
    assert drive.ended is not None
    assert drive.times()["join"] == 1


def test_a_join_loses_no_update_of_any_branch() -> None:
    drive = Drive(FORK).start(amount=1, status="draft")
    drive.complete("a", amount=100, status="approved")
    drive.complete("b", note="seen")
    drive.complete("c", amount=200)
    drive.complete("after")
    assert drive.ended is not None
    assert drive.ended.output == {"amount": number(200), "status": "approved", "note": "seen"}
    written = [
        (change.name, change.value)
        for step in drive.steps
        for change in step.variables
        if isinstance(change, VariableSet)
    ]
    assert ("amount", number(100)) in written
    assert ("amount", number(200)) in written


def test_two_flows_between_one_fork_and_one_join_count_apart() -> None:
    drive = Drive("""
        startEvent s
        parallelGateway fork
        parallelGateway join
        userTask after
        s -> fork
        fork -> join
        fork -> join
        join -> after
    """).start()
    assert drive.open == ["after"]


def test_a_token_too_many_waits_at_the_join_for_its_partners() -> None:
    drive = Drive("""
        startEvent s
        parallelGateway fork
        exclusiveGateway merge
        userTask a
        userTask b
        userTask c
        parallelGateway join
        userTask after
        s -> fork
        fork -> a -> merge
        fork -> b -> merge
        fork -> c -> join
        merge -> join
        join -> after
    """).start()
    drive.complete("a")
    drive.complete("b")
    assert drive.open == ["c"]
    drive.complete("c")
    assert drive.open == ["after"]

    drive.complete("after")
    assert drive.open == ["join"]
    assert drive.incidents[0].code == "join-stuck"
    assert "«join» waits for tokens that can no longer come" in drive.incidents[0].message


INCLUSIVE = """
startEvent s
inclusiveGateway split
userTask a
userTask b
userTask c
inclusiveGateway join
userTask after
s -> split
split -> a : = one
split -> b : = two
split => c
a -> join
b -> join
c -> join
join -> after
"""


@pytest.mark.parametrize(
    ("one", "two", "taken"),
    [(True, True, ["a", "b"]), (True, False, ["a"]), (False, True, ["b"]), (False, False, ["c"])],
)
def test_an_inclusive_gateway_joins_what_it_has_split(one: bool, two: bool, taken: list[str]) -> None:  # noqa: FBT001
    drive = Drive(INCLUSIVE).start(one=one, two=two)
    assert drive.open == taken
    for element in taken:
        assert "after" not in drive.open
        drive.complete(element)
    assert drive.open == ["after"]


def test_an_inclusive_join_waits_for_a_token_far_upstream_but_not_for_one_that_cannot_come() -> None:
    drive = Drive("""
        startEvent s
        parallelGateway fork
        userTask far
        exclusiveGateway way
        userTask near
        userTask away
        inclusiveGateway join
        userTask after
        endEvent e
        s -> fork
        fork -> far -> way
        way -> join : = back
        way => away
        away -> e
        fork -> near -> join
        join -> after
    """).start(back=False)
    drive.complete("near")
    assert drive.open == ["far"]

    drive.complete("far")
    assert drive.open == ["after", "away"]


def test_an_inclusive_join_inside_a_loop_is_not_blocked_by_its_own_rounds() -> None:
    drive = Drive("""
        startEvent s
        inclusiveGateway split
        userTask a
        userTask b
        inclusiveGateway join
        exclusiveGateway again
        endEvent e
        s -> split
        split -> a : = true
        split -> b : = both
        a -> join
        b -> join
        join -> again
        again -> split : = more
        again => e
    """).start(both=True, more=True)
    for _round in range(3):
        drive.complete("a")
        assert drive.open == ["b"]
        drive.complete("b")
        assert drive.open == ["a", "b"]
    drive.complete("a")
    drive.complete("b", more=False)
    assert drive.ended is not None


def test_two_inclusive_joins_that_wait_for_each_other_are_an_incident_not_silence() -> None:
    drive = Drive("""
        startEvent s
        parallelGateway fork
        userTask a
        userTask b
        inclusiveGateway one
        inclusiveGateway two
        userTask after
        s -> fork
        fork -> a -> one
        fork -> b -> two
        one -> two
        two -> one : = false
        two => after
    """).start()
    drive.complete("b")
    assert drive.open == ["a"]
    drive.complete("a")
    assert drive.incidents[0].code == "join-stuck"

    drive.retry("two")
    assert drive.open == ["after", "after"]


def test_a_boundary_path_is_upstream_of_an_inclusive_join() -> None:
    drive = Drive("""
        startEvent s
        parallelGateway fork
        userTask a
        userTask b
        boundaryEvent late on=a timer=duration:PT1H
        userTask c
        endEvent e
        inclusiveGateway join
        userTask after
        s -> fork
        fork -> a -> e
        fork -> b -> join
        late -> c -> join
        join -> after
    """).start()
    drive.complete("b")
    assert drive.open == ["a", "late"]
    drive.later(hours=2)
    assert drive.open == ["c"]
    drive.complete("c")
    assert drive.open == ["after"]


def test_an_activity_splits_by_conditions_and_takes_its_default_when_none_holds() -> None:
    text = """
        startEvent s
        userTask ask
        userTask a
        userTask b
        userTask c
        s -> ask
        ask -> a : = n > 1
        ask -> b : = n > 2
        ask => c
    """
    for count, taken in ((3, ["a", "b"]), (2, ["a"]), (1, ["c"])):
        drive = Drive(text).start()
        drive.complete("ask", n=count)
        assert drive.open == taken


def test_several_flows_into_an_activity_run_it_several_times() -> None:
    drive = Drive("""
        startEvent s
        task t
        userTask u
        s -> t
        s -> u
        t -> u
    """).start()
    assert drive.open == ["u", "u"]
    drive.complete("u")
    drive.complete("u")
    assert drive.ended is not None


def test_an_event_based_gateway_goes_on_by_the_first_event_only() -> None:
    text = """
        startEvent s
        eventBasedGateway g
        intermediateCatchEvent paid message=paid@=order
        intermediateCatchEvent late timer=duration:P3D
        receiveTask stop message=stop@=order
        userTask a
        userTask b
        userTask c
        s -> g
        g -> paid -> a
        g -> late -> b
        g -> stop -> c
    """
    drive = Drive(text).start(order="A-1")
    assert drive.open == ["late", "paid", "stop"]
    assert drive.opened("paid").correlation_key == "A-1"
    drive.complete("paid", amount=7)
    assert drive.open == ["a"]
    assert drive.root["amount"] == number(7)
    assert drive.times("flow.taken")["g_paid"] == 1

    drive = Drive(text).start(order="A-1")
    assert drive.later(days=4) == ["late"]
    assert drive.open == ["b"]
    assert [step.closed[0].reason for step in drive.steps if step.closed] == ["completed"]
