"""Durations, ISO cycles and cron lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Duration, add, next_in_cycle, parse_cycle, parse_duration
from engine.errors import InvalidInput

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P1DT2H", Duration(0, 1, timedelta(hours=2))),
        ("P1Y2M", Duration(14)),
        ("P2W", Duration(0, 14)),
        ("PT0.5S", Duration(time=timedelta(milliseconds=500))),
        ("-P1M", Duration(-1)),
    ],
)
def test_durations_keep_calendar_and_clock_parts_apart(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "1D", "P1H", "PT1D", "P1.5D", "P99999999Y", "一天"])
def test_a_malformed_duration_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InvalidInput, match="duration"):
        parse_duration(text)


def test_a_month_after_the_31st_is_the_last_day_of_february() -> None:
    assert add(at("2026-01-31T09:00+08:00"), parse_duration("P1M"), SHANGHAI) == at("2026-02-28T09:00+08:00")


def test_a_day_keeps_the_wall_clock_and_24_hours_do_not() -> None:
    before_the_change = at("2026-03-28T09:00+01:00")

    assert add(before_the_change, parse_duration("P1D"), BERLIN) == at("2026-03-29T09:00+02:00")
    assert add(before_the_change, parse_duration("PT24H"), BERLIN) == at("2026-03-29T10:00+02:00")


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(InvalidInput, match="offset"):
        add(datetime(2026, 1, 1), parse_duration("P1D"), SHANGHAI)  # noqa: DTZ001


def test_a_moment_beyond_the_last_year_is_refused() -> None:
    with pytest.raises(InvalidInput, match="9999"):
        add(at("9999-12-01T00:00+00:00"), parse_duration("P2M"), SHANGHAI)


def test_monthly_rounds_are_computed_from_the_start_and_do_not_drift() -> None:
    cycle = parse_cycle("R/2026-01-31T09:00:00+08:00/P1M")
    moment, seen = at("2026-01-01T00:00+08:00"), []

    for done in range(5):
        found = cycle.next(moment, done, moment, SHANGHAI)
        assert found is not None
        seen.append(found.astimezone(SHANGHAI).date().isoformat())
        moment = found

    assert seen == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_leap_years_give_the_29th() -> None:
    assert next_in_cycle(at("2028-01-31T09:00+08:00"), "P1M", at("2028-02-01T00:00+08:00"), SHANGHAI) == at(
        "2028-02-29T09:00+08:00"
    )


def test_a_cycle_ends_after_its_rounds() -> None:
    cycle = parse_cycle("R3/PT1H")
    anchor = at("2026-01-01T00:00+00:00")

    assert cycle.next(anchor, 0, anchor, SHANGHAI) == anchor + timedelta(hours=1)
    assert cycle.next(anchor + timedelta(hours=1), 1, anchor, SHANGHAI) == anchor + timedelta(hours=2)
    assert cycle.next(anchor + timedelta(hours=3), 3, anchor, SHANGHAI) is None


def test_a_cycle_ends_at_its_end() -> None:
    cycle = parse_cycle("R/PT1H/2026-01-01T02:00:00Z")
    anchor = at("2026-01-01T00:00+00:00")

    assert cycle.next(anchor + timedelta(hours=1), 1, anchor, SHANGHAI) == anchor + timedelta(hours=2)
    assert cycle.next(anchor + timedelta(hours=2), 2, anchor, SHANGHAI) is None


def test_missed_rounds_are_skipped_after_a_long_stop() -> None:
    cycle = parse_cycle("R/PT1M")
    anchor = at("2016-01-01T00:00+00:00")

    assert cycle.next(at("2026-01-01T00:00:30+00:00"), 7, anchor, SHANGHAI) == at("2026-01-01T00:01+00:00")


def test_a_start_without_an_offset_is_read_in_the_zone() -> None:
    cycle = parse_cycle("R/2026-01-31T09:00:00/P1D")
    moment = at("2026-01-01T00:00+00:00")

    assert cycle.next(moment, 0, moment, SHANGHAI) == at("2026-01-31T09:00+08:00")


def test_a_cron_line_runs_in_the_zone_and_never_ends() -> None:
    cycle = parse_cycle("0 9 * * 1-5")
    friday = at("2026-11-20T09:00+08:00")

    assert cycle.next(friday, 10_000, friday, SHANGHAI) == at("2026-11-23T09:00+08:00")


def test_a_cron_nickname_is_understood() -> None:
    moment = at("2026-11-20T09:00+08:00")

    assert parse_cycle("@monthly").next(moment, 0, moment, SHANGHAI) == at("2026-12-01T00:00+08:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R",
        "R/",
        "Rx/P1M",
        "R-1/P1M",
        "R/P1M/P1M/P1M",
        "R/PT0S",
        "R/-P1D",
        "R/2026-13-01T00:00/P1M",
        "* * *",
    ],
)
def test_a_malformed_cycle_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_cycle(text)


@given(
    interval=st.sampled_from(["P1M", "P2W", "P1D", "PT7H", "P1Y", "P1M3DT5H"]),
    start=st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    gap=st.timedeltas(timedelta(days=-400), timedelta(days=800)),
)
def test_the_next_round_is_the_smallest_one_later_than_the_given_moment(
    interval: str, start: datetime, gap: timedelta
) -> None:
    after, length = start + gap, parse_duration(interval)

    due = next_in_cycle(start, interval, after, SHANGHAI)

    rounds = (add(start, length * n, SHANGHAI) for n in count())
    assert due == next(moment for moment in rounds if moment > after)
