"""Dates beyond the years 1 to 9999 and moments finer than a microsecond are values like any other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.errors import ExpressionError
from engine.feel import wide


def _value(text: str, **variables: Any) -> Any:
    return feel.compile(text).evaluate(variables)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('date("-2017-12-31")', "-2017-12-31"),
        ('date("99999-12-31")', "99999-12-31"),
        ("date(-1, 2, 3)", "-0001-02-03"),
        ('@"9999-12-31" + @"P1D"', "10000-01-01"),
        ('@"10000-01-01" - @"P1D"', "9999-12-31"),
        ('@"0001-01-01" - @"P1D"', "0000-12-31"),
        ('@"0001-01-31" - @"P2M"', "0000-11-30"),
        ('@"9999-10-31" + @"P4M"', "10000-02-29"),
        ('@"12000-02-29" + @"P1Y"', "12001-02-28"),
        ('@"2026-11-30" + @"P9999Y"', "12025-11-30"),
        ('last day of month(@"12000-02-01")', "12000-02-29"),
        ('date and time("99999-12-31T11:22:33") + @"PT1H"', "99999-12-31T12:22:33"),
        ('@"-2021-01-01T10:10:10+11:00" + @"P1D"', "-2021-01-02T10:10:10+11:00"),
        ('@"9999-12-31T23:59:59Z" + @"PT1S"', "10000-01-01T00:00:00Z"),
        ('@"12026-07-01T12:00:00@Europe/Paris" + @"P180D"', "12026-12-28T11:00:00@Europe/Paris"),
        ('date(@"12026-07-01T12:00:00")', "12026-07-01"),
        ('time(@"12026-07-01T12:00:00Z")', "12:00:00Z"),
        ('date and time(@"12026-07-01", @"12:30:00")', "12026-07-01T12:30:00"),
        ('date and time(@"12026-07-01T12:00:00Z", "Europe/Paris")', "12026-07-01T14:00:00@Europe/Paris"),
        ('@"2026-01-01T00:00:00.123456789" + @"PT0.5S"', "2026-01-01T00:00:00.623456789"),
        ('@"23:59:59.000000001" + @"PT2S"', "00:00:01.000000001"),
        ('date and time(@"2026-01-01", @"10:00:00.1234567")', "2026-01-01T10:00:00.1234567"),
    ],
)
def test_reckoning_goes_on_beyond_the_years_of_python(text: str, shown: str) -> None:
    assert _value(f"string({text})") == shown


@pytest.mark.parametrize(
    "text",
    [
        '@"9999-12-31" < @"10000-01-01"',
        '@"-0002-01-01" < @"-0001-01-01"',
        '@"10000-01-01" = @"9999-12-31" + @"P1D"',
        '@"12000-01-01" in [@"2000-01-01"..@"13000-01-01"]',
        '@"10000-01-01T00:00:00Z" = @"10000-01-01T01:00:00+01:00"',
        '@"2026-01-01T00:00:00.000000001" > @"2026-01-01T00:00:00"',
        '@"10:00:00.123456789" != @"10:00:00.123456788"',
        '@"10000-01-01" - @"9999-12-31" = @"P1D"',
        '@"10000-01-01T00:00:00Z" - @"9999-12-31" = @"P1D"',
        '@"-2021-01-01".year = -2021',
        '@"12026-11-30".weekday = @"2026-11-30".weekday',
        'day of week(@"12026-11-30") = day of week(@"2026-11-30")',
        '@"12026-11-30T10:20:30Z".hour = 10',
        '@"12026-11-30" instance of date',
        '@"12026-11-30T10:00:00" instance of date and time',
        'years and months duration(@"9999-01-01", @"10001-03-01") = @"P2Y2M"',
        'count(distinct values([@"12026-11-30", @"12026-11-30"])) = 1',
        'max(@"2026-11-30", @"12026-11-30") = @"12026-11-30"',
    ],
)
def test_they_are_compared_with_all_others(text: str) -> None:
    assert _value(text) is True


@pytest.mark.parametrize(
    "text",
    [
        'date("1000000000-01-01")',
        'date("2026-02-30")',
        'date("-2026-02-30")',
        '@"999999999-12-31" + @"P1D"',
        '@"12026-11-30" < @"12026-11-30T00:00:00Z"',
        '@"12026-11-30T00:00:00" < @"12026-11-30T00:00:00Z"',
        '@"12026-11-30" * 2',
        '@"12026-11-30" + 1',
        '@"P1D" - @"12026-11-30"',
        '@"999999999-12-31" - @"-999999999-12-31"',
    ],
)
def test_what_makes_no_sense_is_null_there_too(text: str) -> None:
    try:
        assert _value(text) is None
    except ExpressionError as problem:
        assert "There is no date" in str(problem)  # noqa: PT017


def test_they_are_stored_and_read_back() -> None:
    for text in (
        '@"12026-11-30"',
        '@"-2026-11-30T10:00:00.123456789@Europe/Paris"',
        '@"10:00:00.000000001Z"',
    ):
        value = _value(text)

        assert _value("a = b", a=feel.from_json(feel.to_json(value)), b=value) is True


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(450, 1, 1), date(9000, 1, 1)), st.integers(-100_000, 100_000), st.integers(-3_000, 3_000)
)
def test_reckoning_with_cycles_is_that_of_python(day: date, days: int, months: int) -> None:
    far = wide.made(30, day, 0)

    assert wide.shifted(far, timedelta(days=days)) == wide.made(30, day + timedelta(days=days), 0)
    there_and_back = wide.shifted(wide.shifted(far, feel.YearsMonths(months)), feel.YearsMonths(-months))
    assert there_and_back.month == far.month
    assert wide.difference(wide.shifted(far, timedelta(days=days)), far) == timedelta(days=days)


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), st.integers(-(10**9), 10**9))  # noqa: DTZ001
def test_ordinary_moments_give_the_same_by_both_ways(moment: datetime, seconds: int) -> None:
    zoned, length = moment.replace(tzinfo=UTC), timedelta(seconds=seconds)

    assert wide.shifted(zoned, length) == _value("a + b", a=zoned, b=length)
    assert wide.difference(zoned, datetime(2026, 1, 1, tzinfo=UTC)) == zoned - datetime(
        2026, 1, 1, tzinfo=UTC
    )
