"""Working days and filing deadlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from engine.calendar import Calendar, china, functions
from engine.errors import InvalidInput

SCHEDULE_2027 = [
    {"date": "2027-01-01", "kind": "off", "festival": "New Year's Day"},
    {"date": "2027-01-02", "kind": "off", "festival": "New Year's Day"},
    {"date": "2027-01-03", "kind": "off", "festival": "New Year's Day"},
    {"date": "2027-01-09", "kind": "makeup_workday", "festival": "New Year's Day"},
]


def by_rule_alone() -> Calendar:
    return replace(china(), published={})


@pytest.mark.parametrize("month", sorted(china().published))
def test_the_rule_reproduces_every_announced_deadline(month: str) -> None:
    announced = china().filing_deadline(month)

    computed = by_rule_alone().filing_deadline(month)

    assert computed.date == announced.date
    assert not computed.provisional


def test_all_months_of_2025_and_2026_are_announced() -> None:
    assert sorted(china().published) == [
        f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)
    ]


@pytest.mark.parametrize(
    ("month", "deadline"),
    [("2024-02", date(2024, 2, 23)), ("2024-05", date(2024, 5, 22)), ("2024-09", date(2024, 9, 18))],
)
def test_the_rule_gives_the_deadlines_of_a_year_without_a_table(month: str, deadline: date) -> None:
    assert china().filing_deadline(month).date == deadline


def test_the_announced_deadline_wins_over_the_rule() -> None:
    row = {
        "year": "2026",
        "month": "11",
        "deadline": "2026-11-20",
        "published_reason": "台风",
        "document": "通告",
    }

    deadline = china().announced([row]).filing_deadline("2026-11")

    assert deadline.date == date(2026, 11, 20)
    assert deadline.reason == "台风；通告"


def test_the_computed_reason_names_the_holiday() -> None:
    assert by_rule_alone().filing_deadline("2026-10").reason == "10月1日至7日放假7天"
    assert by_rule_alone().filing_deadline("2026-11").reason == "11月15日为星期日"
    assert by_rule_alone().filing_deadline("2026-12").reason == ""


def test_a_year_without_a_schedule_answers_provisionally() -> None:
    deadline = china().filing_deadline("2027-01")

    assert deadline.provisional
    assert deadline.date == date(2027, 1, 20)
    assert "2027年放假安排尚未载入" in deadline.reason
    assert china().is_provisional(date(2027, 1, 4))


def test_an_imported_schedule_makes_the_year_firm() -> None:
    deadline = china().extended(SCHEDULE_2027).filing_deadline("2027-01")

    assert (deadline.date, deadline.provisional) == (date(2027, 1, 20), False)


def test_a_schedule_row_of_an_unknown_kind_is_refused_by_its_date() -> None:
    with pytest.raises(InvalidInput, match="2027-01-01"):
        china().extended([{"date": "2027-01-01", "kind": "holiday", "festival": "x"}])


@pytest.mark.parametrize("text", ["2026-13", "2026", "", "今年11月", "2026-11-15"])
def test_a_text_that_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a month"):
        china().filing_deadline(text)


def test_make_up_weekends_are_worked_and_festivals_are_not() -> None:
    assert china().is_working_day(date(2026, 10, 10))
    assert not china().is_working_day(date(2026, 10, 5))
    assert not china().is_working_day(date(2026, 11, 22))
    assert china().is_working_day(date(2026, 11, 23))


def test_a_working_day_is_its_own_next_working_day() -> None:
    assert china().next_working_day(date(2026, 11, 23)) == date(2026, 11, 23)
    assert china().next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)


def test_working_days_are_counted_from_the_day_after_and_backwards() -> None:
    assert china().add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert china().add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert china().add_working_days(date(2026, 11, 16), -3) == date(2026, 11, 11)
    assert china().add_working_days(date(2026, 11, 15), 0) == date(2026, 11, 16)


def test_too_many_working_days_are_refused() -> None:
    with pytest.raises(InvalidInput, match="hundred years"):
        china().add_working_days(date(2026, 1, 1), 10**9)


def test_a_due_date_on_a_sunday_moves_and_says_so() -> None:
    due = china().due(date(2026, 5, 31))

    assert due.date == date(2026, 6, 1)
    assert due.reason == "5月31日为星期日"


def test_feel_functions_answer_with_dates() -> None:
    feel = functions(china())

    assert feel["filing deadline"]("2026-11") == date(2026, 11, 16)
    assert feel["add working days"](date(2026, 9, 30), Decimal(1)) == date(2026, 10, 8)
    assert feel["next working day"](datetime(2026, 2, 15, 9)) == date(2026, 2, 24)  # noqa: DTZ001
    assert feel["is working day"](date(2026, 10, 10)) is True
    assert feel["is provisional"](date(2027, 1, 1)) is True


def test_feel_functions_give_null_for_wrong_arguments() -> None:
    feel = functions(china())

    assert feel["filing deadline"]("soon") is None
    assert feel["filing deadline"](None) is None
    assert feel["add working days"](date(2026, 9, 30), Decimal("1.5")) is None
    assert feel["next working day"]("2026-01-01") is None
