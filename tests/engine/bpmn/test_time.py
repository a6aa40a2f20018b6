"""Timers by the calendar: ends of months, leap days, changes of the clock, working days, and rounds that were missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine import calendar
from engine.bpmn import runtime
from engine.bpmn.timers import Round
from tests.engine.bpmn.driving import SHANGHAI, Drive

BERLIN = ZoneInfo("Europe/Berlin")
REMIND = """
startEvent s
userTask work
boundaryEvent remind quiet on=work "timer=cycle:WHEN" catch_up=POLICY
task told
s -> work
remind -> told
"""


def begun(when: str, start: str, zone: ZoneInfo = SHANGHAI, policy: str = "once") -> Drive:
    now = datetime.fromisoformat(start).replace(tzinfo=zone)
    return Drive(REMIND.replace("WHEN", when).replace("POLICY", policy), runtime.Moment(now, zone)).start()


def dues(drive: Drive, count: int) -> list[str]:
    """Fire ``count`` rounds, each when it is due; their moments by the clock on the wall."""
    found = []
    for _round in range(count):
        due = drive.opened("remind").due_at
        found.append(due.astimezone(drive.moment.zone).strftime("%Y-%m-%d %H:%M"))
        drive.until(due)
    return found


def days(drive: Drive, count: int) -> list[str]:
    return [due[:10] for due in dues(drive, count)]


def test_the_31st_and_monthly_over_a_leap_year() -> None:
    drive = begun("R/P1M", "2027-12-31T09:00")
    assert days(drive, 14) == [
        *("2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30", "2028-07-31"),
        *("2028-08-31", "2028-09-30", "2028-10-31", "2028-11-30", "2028-12-31", "2029-01-31", "2029-02-28"),
    ]
    assert drive.times()["told"] == 14


def test_the_29th_of_february_yearly() -> None:
    assert days(begun("R/P1Y", "2028-02-29T09:00"), 5) == [
        *("2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29", "2033-02-28")
    ]


def test_quarters_that_begin_at_the_end_of_november() -> None:
    assert days(begun("R4/P3M", "2027-11-30T09:00"), 4) == [
        *("2028-02-29", "2028-05-30", "2028-08-30", "2028-11-30")
    ]


def test_a_date_and_time_in_february_that_is_no_day_is_an_incident() -> None:
    drive = Drive('startEvent s\nintermediateCatchEvent t "timer=date:= day"\ns -> t').start(day="2027-02-29")
    assert [each.code for each in drive.incidents] == ["timer"]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 9 * * 1-5", ["2026-10-02 09:00", "2026-10-05 09:00", "2026-10-06 09:00"]),
        ("30 8 L * *", ["2026-10-31 08:30", "2026-11-30 08:30", "2026-12-31 08:30"]),
        ("0 9 29 2 *", ["2028-02-29 09:00", "2032-02-29 09:00", "2036-02-29 09:00"]),
        ("@monthly", ["2026-11-01 00:00", "2026-12-01 00:00", "2027-01-01 00:00"]),
    ],
)
def test_cron_lines_name_their_days_in_the_zone(cron: str, expected: list[str]) -> None:
    assert dues(begun(cron, "2026-10-01T12:00"), 3) == expected


DAYS_OF_SPRING = ["2026-03-28 09:00", "2026-03-29 09:00", "2026-03-30 09:00"]
DAYS_OF_AUTUMN = ["2026-10-24 09:00", "2026-10-25 09:00", "2026-10-26 09:00"]


@pytest.mark.parametrize("when", ["R/P1D", "0 9 * * *"])
@pytest.mark.parametrize(
    ("start", "expected"), [("2026-03-27T09:00", DAYS_OF_SPRING), ("2026-10-23T09:00", DAYS_OF_AUTUMN)]
)
def test_a_day_keeps_the_clock_on_the_wall_when_that_is_changed(
    when: str, start: str, expected: list[str]
) -> None:
    drive = begun(when, start, BERLIN)
    assert dues(drive, 3) == expected
    assert drive.times()["told"] == 3


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-28T09:00", ["2026-03-29 10:00", "2026-03-30 10:00"]),
        ("2026-10-24T09:00", ["2026-10-25 08:00", "2026-10-26 08:00"]),
    ],
)
def test_twenty_four_hours_do_not_keep_it(start: str, expected: list[str]) -> None:
    assert dues(begun("R/PT24H", start, BERLIN), 2) == expected


@pytest.mark.parametrize("when", ["R/2026-03-27T02:30/P1D", "30 2 * * *"])
def test_a_time_that_the_spring_leaves_out_comes_once_that_day(when: str) -> None:
    drive = begun(when, "2026-03-28T00:00", BERLIN)
    found = dues(drive, 3)
    assert [due[:10] for due in found] == ["2026-03-28", "2026-03-29", "2026-03-30"]
    assert (found[0][11:], found[2][11:]) == ("02:30", "02:30")
    assert found[1][11:] in {"03:00", "03:30"}


@pytest.mark.parametrize("when", ["R/2026-10-23T02:30/P1D", "30 2 * * *"])
def test_a_time_that_the_autumn_has_twice_comes_once(when: str) -> None:
    drive = begun(when, "2026-10-24T00:00", BERLIN)
    assert dues(drive, 3) == ["2026-10-24 02:30", "2026-10-25 02:30", "2026-10-26 02:30"]


def test_shanghai_never_changes_its_clock() -> None:
    assert dues(begun("R/P1D", "2026-03-28T02:30"), 2) == ["2026-03-29 02:30", "2026-03-30 02:30"]
    assert dues(begun("R/PT24H", "2026-10-24T02:30"), 2) == ["2026-10-25 02:30", "2026-10-26 02:30"]


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN])
def test_one_hour_is_one_hour_whatever_the_clock_on_the_wall_does(zone: ZoneInfo) -> None:
    drive = begun("R/PT1H", "2026-03-29T00:00", zone)
    first = drive.opened("remind").due_at
    dues(drive, 5)
    assert drive.opened("remind").due_at - first == timedelta(hours=5)


FUNCTIONS = calendar.functions(calendar.china())


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ('= next working day(date("2026-10-01"))', "2026-10-08 00:00"),
        ('= add working days(date("2026-09-29"), 2)', "2026-10-08 00:00"),
        ('= date and time(next working day(date("2026-10-01")), time("09:00:00"))', "2026-10-08 09:00"),
        ('= filing deadline("2026-10")', "2026-10-26 00:00"),
    ],
)
def test_timers_by_working_days_pass_over_the_national_holiday(expression: str, due: str) -> None:
    now = datetime(2026, 9, 29, 9, tzinfo=SHANGHAI)
    text = expression.replace('"', '\\"')
    drive = Drive(
        f'startEvent s\nintermediateCatchEvent t "timer=date:{text}"\ns -> t',
        runtime.Moment(now, SHANGHAI, functions=FUNCTIONS),
    ).start()
    assert drive.opened("t").due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") == due


def test_each_timer_catches_up_by_its_own_policy() -> None:
    lines = ["startEvent s", "userTask work", "s -> work"]
    for policy in ("once", "all", "none"):
        lines += [
            f"boundaryEvent {policy} quiet on=work timer=cycle:R/PT1H catch_up={policy}",
            f"task t_{policy}",
        ]
        lines.append(f"{policy} -> t_{policy}")
    drive = Drive("\n".join(lines)).start()
    drive.at(drive.moment.now + timedelta(hours=7, minutes=30))
    for policy in ("once", "all", "none"):
        while drive.opened(policy).due_at <= drive.moment.now:
            drive.complete(policy)
    assert (drive.times()["t_once"], drive.times()["t_all"], drive.times()["t_none"]) == (1, 7, 0)
    assert len({drive.opened(policy).due_at for policy in ("once", "all", "none")}) == 1


@pytest.mark.parametrize(("policy", "fired"), [("once", 1), ("all", 3), ("none", 0)])
def test_a_number_of_rounds_counts_those_that_took_place(policy: str, fired: int) -> None:
    drive = begun("R3/PT1H", "2026-01-31T09:00", policy=policy)
    drive.at(drive.moment.now + timedelta(hours=5, minutes=30))
    while "remind" in drive.open and drive.opened("remind").due_at <= drive.moment.now:
        drive.complete("remind")
    assert drive.times()["told"] == fired
    assert ("remind" in drive.open) == (fired < 3)


@pytest.mark.parametrize("policy", ["once", "all", "none"])
def test_a_clock_that_goes_back_repeats_no_round(policy: str) -> None:
    drive = begun("R/PT1H", "2026-01-31T09:00", policy=policy)
    drive.later(hours=2)
    next_due = drive.opened("remind").due_at
    drive.at(drive.moment.now - timedelta(hours=1))
    assert drive.opened("remind").due_at == next_due
    assert drive.later(hours=2) == ["remind"]
    assert drive.times()["told"] == 3


def test_a_cycle_that_ends_passes_over_no_last_round() -> None:
    end = datetime(2026, 1, 31, 12, tzinfo=UTC)
    cycle = "R/PT1H/2026-01-31T12:00:00Z"
    last = Round(cycle, "none", end - timedelta(hours=3), end, 2)
    assert last.following(runtime.Moment(end, UTC), 3) is None  # type: ignore[arg-type]
    assert not last.missed(runtime.Moment(end + timedelta(days=1), UTC))  # type: ignore[arg-type]
