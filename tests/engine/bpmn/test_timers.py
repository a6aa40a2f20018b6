from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.bpmn import runtime
from engine.bpmn.model import TimerModel
from engine.bpmn.timers import first_start
from engine.errors import InvalidInput
from tests.engine.bpmn.driving import NOON, SHANGHAI, Drive

WAIT = "startEvent s\nintermediateCatchEvent t timer=WHEN\nuserTask a\ns -> t -> a"


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("duration:PT90M", "2026-01-31T05:30:00+00:00"),
        ("duration:P1M", "2026-02-28T04:00:00+00:00"),
        ('duration:= duration(\\"P2D\\")', "2026-02-02T04:00:00+00:00"),
        ("duration:= wait", "2026-01-31T05:00:00+00:00"),
        ("date:2026-02-01T09:00", "2026-02-01T01:00:00+00:00"),
        ("date:2026-02-01T09:00:00Z", "2026-02-01T09:00:00+00:00"),
        ('date:= date(\\"2026-02-16\\")', "2026-02-15T16:00:00+00:00"),
    ],
)
def test_a_timer_is_due_by_the_calendar_and_the_zone_of_the_firm(when: str, due: str) -> None:
    drive = Drive(WAIT.replace("WHEN", f'"{when}"').replace('timer="', '"timer=')).start(wait="PT1H")
    assert drive.opened("t").due_at.isoformat() == due
    drive.until(datetime(2027, 1, 1, tzinfo=UTC))
    assert drive.open == ["a"]
    assert drive.times("timer.fired")["t"] == 1


def test_a_timer_whose_value_cannot_be_read_is_an_incident() -> None:
    drive = Drive(WAIT.replace("timer=WHEN", '"timer=duration:= wait"')).start(wait=5)
    assert drive.incidents[0].code == "timer"
    drive.set(wait="PT1H")
    drive.retry("t")
    drive.later(hours=1)
    assert drive.open == ["a"]


REMIND = """
startEvent s
userTask work
boundaryEvent remind quiet on=work "timer=cycle:WHEN" catch_up=POLICY
task told
s -> work
remind -> told
"""


def drive_of(when: str, policy: str = "once") -> Drive:
    return Drive(REMIND.replace("WHEN", when).replace("POLICY", policy)).start()


def test_monthly_cycles_stay_at_the_end_of_the_month() -> None:
    drive = drive_of("R/2026-01-31T13:00/P1M")
    days = []
    for _round in range(5):
        days.append(drive.opened("remind").due_at.astimezone(drive.moment.zone).strftime("%m-%d"))
        drive.until(drive.opened("remind").due_at)
    assert days == ["01-31", "02-28", "03-31", "04-30", "05-31"]


def test_cron_lines_are_read_in_the_zone() -> None:
    drive = drive_of("0 9 * * 1-5")
    assert drive.opened("remind").due_at.isoformat() == "2026-02-02T01:00:00+00:00"


@pytest.mark.parametrize(("policy", "fired"), [("once", 1), ("all", 5), ("none", 0)])
def test_rounds_missed_while_nothing_ran_follow_the_catch_up_policy(policy: str, fired: int) -> None:
    drive = drive_of("R/PT1H", policy)
    drive.at(datetime(2026, 1, 31, 9, 30, tzinfo=UTC))  # five and a half hours later, nothing ran meanwhile
    while drive.opened("remind").due_at <= drive.moment.now:
        drive.complete("remind")
    assert drive.times()["told"] == fired
    assert drive.opened("remind").due_at.isoformat() == "2026-01-31T10:00:00+00:00"


def test_policy_none_fires_a_round_that_is_only_a_little_late() -> None:
    drive = drive_of("R/PT1H", "none")
    drive.at(datetime(2026, 1, 31, 5, 20, tzinfo=UTC))
    drive.complete("remind")
    assert drive.times()["told"] == 1
    assert drive.opened("remind").due_at.isoformat() == "2026-01-31T06:00:00+00:00"


def test_an_interrupting_timer_fires_once_and_is_gone() -> None:
    drive = Drive("""
        startEvent s
        userTask work
        boundaryEvent late on=work timer=duration:P3D
        userTask escalated
        s -> work
        late -> escalated
    """).start()
    assert drive.later(days=2) == []
    assert drive.later(days=2) == ["late"]
    assert drive.open == ["escalated"]
    assert drive.moment.now > NOON


def test_timer_starts_tell_when_they_are_due_and_what_they_repeat() -> None:
    moment = runtime.Moment(NOON, SHANGHAI)
    monthly = first_start(TimerModel("cycle", "0 9 1 * *"), moment)
    assert (monthly.at.isoformat(), monthly.cycle) == ("2026-02-01T01:00:00+00:00", "0 9 1 * *")
    once = first_start(TimerModel("date", '= date("2026-03-01")'), moment)
    assert (once.at.isoformat(), once.cycle) == ("2026-02-28T16:00:00+00:00", None)
    with pytest.raises(InvalidInput, match="cannot be read"):
        first_start(TimerModel("duration", "= 5"), moment)
