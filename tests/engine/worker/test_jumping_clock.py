"""A clock that jumps, and timers that come due while nothing may run: each takes place exactly once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.commands import instances
from engine.worker import Worker
from store.clock import TestClock
from store.tables import HistoryEvent
from tests.engine.commands.playing import Play

HOURS = (1, 2, 2, 5, 23, 24, 25)
WAITING = "startEvent s\n" + "\n".join(
    f"intermediateCatchEvent t{number} timer=duration:PT{hours}H\nendEvent e{number}\ns -> t{number} -> e{number}"
    for number, hours in enumerate(HOURS)
)
REPEATING = """
startEvent s
userTask a groups=bookkeeper
boundaryEvent tick quiet on=a timer=cycle:R/PT1H catch_up=POLICY
task told
endEvent e
s -> a -> e
tick -> told
"""


def fired(play: Play) -> list[str]:
    query = select(HistoryEvent.element).where(HistoryEvent.kind == "timer.fired").order_by(HistoryEvent.id)
    return [element for (element,) in play.rows(query)]


def told(play: Play) -> int:
    query = select(HistoryEvent.id).where(
        HistoryEvent.kind == "element.completed", HistoryEvent.element == "told"
    )
    return len(play.rows(query))


def test_a_clock_that_jumps_ahead_a_day_fires_all_that_are_due_once_and_in_their_order(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    play.deploy(WAITING)
    play.start()
    clock.advance(timedelta(days=1))
    assert worker.run_due() == 6
    assert worker.run_due() == 0
    assert fired(play) == ["t0", "t1", "t2", "t3", "t4", "t5"]
    clock.advance(timedelta(hours=1))
    worker.run_due()
    assert fired(play) == ["t0", "t1", "t2", "t3", "t4", "t5", "t6"]
    assert play.states("p") == ["completed"]


def test_a_clock_that_goes_back_an_hour_fires_nothing_again_and_nothing_early(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    play.deploy(WAITING)
    play.start()
    clock.advance(timedelta(hours=2))
    worker.run_due()
    assert fired(play) == ["t0", "t1", "t2"]
    clock.advance(timedelta(hours=-1))
    assert worker.run_due() == 0
    clock.advance(timedelta(hours=1))
    assert worker.run_due() == 0
    clock.advance(timedelta(hours=23))
    worker.run_due()
    assert sorted(fired(play)) == sorted(f"t{number}" for number in range(len(HOURS)))


@pytest.mark.parametrize(("policy", "rounds"), [("once", 1), ("all", 24), ("none", 0)])
def test_the_rounds_of_a_day_that_the_clock_jumped_over_follow_the_policy(
    play: Play, worker: Worker, clock: TestClock, policy: str, rounds: int
) -> None:
    play.deploy(REPEATING.replace("POLICY", policy))
    play.start()
    clock.advance(timedelta(days=1, minutes=30))
    while worker.run_due():
        pass
    assert told(play) == rounds
    clock.advance(timedelta(minutes=30))
    worker.run_due()
    assert told(play) == rounds + 1


@pytest.mark.parametrize("policy", ["once", "all", "none"])
def test_a_repeating_timer_does_not_repeat_the_hour_that_the_clock_goes_back(
    play: Play, worker: Worker, clock: TestClock, policy: str
) -> None:
    play.deploy(REPEATING.replace("POLICY", policy))
    play.start()
    for _hour in range(3):
        clock.advance(timedelta(hours=1))
        worker.run_due()
    clock.advance(timedelta(hours=-1))
    worker.run_due()
    clock.advance(timedelta(hours=1))
    worker.run_due()
    assert told(play) == 3
    clock.advance(timedelta(hours=1))
    worker.run_due()
    assert told(play) == 4


def test_timers_that_come_due_while_their_instance_is_suspended_fire_once_when_it_goes_on(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    play.deploy(WAITING)
    instance = play.start()
    play.store.run(instances.suspend, instance, reason="client does not answer", by=play.firm.ma)
    clock.advance(timedelta(hours=6))
    assert worker.run_due() == 0
    assert fired(play) == []
    play.store.run(instances.resume, instance, reason="has answered", by=play.firm.ma)
    worker.run_due()
    assert worker.run_due() == 0
    assert fired(play) == ["t0", "t1", "t2", "t3"]


@pytest.mark.parametrize(("policy", "rounds"), [("once", 1), ("all", 6), ("none", 0)])
def test_rounds_missed_while_suspended_follow_the_policy_too(
    play: Play, worker: Worker, clock: TestClock, policy: str, rounds: int
) -> None:
    play.deploy(REPEATING.replace("POLICY", policy))
    instance = play.start()
    play.store.run(instances.suspend, instance, reason="stop", by=play.firm.ma)
    clock.advance(timedelta(hours=6, minutes=30))
    worker.run_due()
    play.store.run(instances.resume, instance, reason="go", by=play.firm.ma)
    while worker.run_due():
        pass
    assert told(play) == rounds


def test_a_timer_start_is_not_repeated_by_a_clock_that_goes_back(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    play.deploy("startEvent s timer=cycle:R/PT1H\nuserTask a groups=bookkeeper\ns -> a")
    for step in (1, -1, 1, 1):
        clock.advance(timedelta(hours=step))
        worker.run_due()
    assert len(play.states("p")) == 2
