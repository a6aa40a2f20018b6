"""Dated tables: what held on the date of the facts answers, and past the last day that is said."""

from __future__ import annotations

from datetime import date, datetime
from random import Random  # noqa: TID251 - the seed is given
from typing import Any

import pytest

from engine import dmn
from engine.errors import DecisionError
from engine.feel import Environment

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"
ON = 'dateOfFacts="= period end"'
LAW = 'lawSource="公告2026年第10号"'


def validity(attributes: str) -> str:
    return f"<extensionElements><zf:validity {attributes}/></extensionElements>" if attributes else ""


def rule(validity_: str, cell: str, result: str) -> str:
    return (
        f"<rule>{validity(validity_)}<inputEntry><text>{cell}</text></inputEntry>"
        f"<outputEntry><text>{result}</text></outputEntry></rule>"
    )


def table(own: str, *rules: str, policy: str = "UNIQUE", default: str = "") -> dmn.Decisions:
    default = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    body = (
        f'<definitions xmlns="{DMN}" xmlns:zf="http://zhangfang.example/schema/1.0" name="f" namespace="x">'
        '<decision id="d" name="税率"><variable name="d"/>'
        f'<decisionTable hitPolicy="{policy}">{validity(own)}<input label="纳税人"><inputExpression typeRef="string">'
        f'<text>payer</text></inputExpression><inputValues><text>"a","b"</text></inputValues></input><output name="rate">'
        f"{default}</output>{''.join(rules)}</decisionTable></decision></definitions>"
    )
    return dmn.parse(body.encode(), file="vat.dmn")


YEARS = (
    rule('validTo="2025-12-31"', '"a"', "3"),
    rule(f'validFrom="2026-01-01" validTo="2027-12-31" {LAW}', '"a"', "1"),
    rule('validTo="2027-12-31" lawSource="增值税法"', '"b"', "13"),
)


def rate(decisions: dmn.Decisions, on: Any, payer: str = "a", **more: Any) -> Any:
    return decisions.evaluate("d", {"payer": payer, "period end": on, **more}).value


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2020, 5, 1), 3),
        (date(2025, 12, 31), 3),
        (date(2026, 1, 1), 1),
        (date(2027, 12, 31), 1),
        (datetime(2026, 1, 1, 8, 30), 1),  # noqa: DTZ001 - a date and time without a zone
    ],
)
def test_the_rule_that_held_on_the_date_of_the_facts_answers(on: date, expected: int) -> None:
    assert rate(table(ON, *YEARS), on) == expected


def test_the_evaluation_says_the_date_and_the_law() -> None:
    given = {"payer": "a", "period end": date(2026, 3, 31)}
    found = table(ON, *YEARS).evaluate("d", given)

    assert found.inputs == {"纳税人": "a", "period end": date(2026, 3, 31)}
    assert found.laws == ("公告2026年第10号",)


def test_the_clock_is_never_asked() -> None:
    later = Environment(now=datetime.fromisoformat("2031-01-01T08:00:00+08:00"))
    decisions = table(ON, *YEARS)

    assert decisions.evaluate("d", {"payer": "a", "period end": date(2026, 3, 31)}, later).value == 1
    with pytest.raises(DecisionError, match=r"period end.*is null; give a date"):
        decisions.evaluate("d", {"payer": "a"}, later)


@pytest.mark.parametrize("default", ["", "0"])
def test_past_the_last_day_the_error_names_table_day_law_and_the_date(default: str) -> None:
    with pytest.raises(DecisionError) as refused:
        rate(table(ON, *YEARS, default=default), date(2028, 1, 31))
    assert str(refused.value) == (
        "vat.dmn, line 1, decision '税率': there is no rule for 2028-01-31; the last day of the table is"
        " 2027-12-31 (公告2026年第10号). Enter what holds from then on."
    )


def test_a_date_before_the_first_day_is_refused_too() -> None:
    decisions = table(f'{ON} validFrom="2024-01-01" {LAW}', rule("", "-", "1"))

    assert rate(decisions, date(2024, 1, 1)) == 1
    with pytest.raises(DecisionError, match=r"the first day of the table is 2024-01-01 \(公告2026年第10号\)"):
        rate(decisions, date(2023, 12, 31))


def test_a_rule_that_has_expired_is_told_though_others_still_hold() -> None:
    decisions = table(ON, rule(f'validTo="2027-12-31" {LAW}', '"a"', "1"), rule("", '"b"', "13"))

    assert rate(decisions, date(2028, 1, 31), "b") == 13
    with pytest.raises(DecisionError, match=r"the last day of rule 1 is 2027-12-31 \(公告2026年第10号\)"):
        rate(decisions, date(2028, 1, 31))


def test_not_strict_the_error_is_a_warning_and_the_value_null() -> None:
    given = {"payer": "a", "period end": date(2028, 1, 31)}
    found = table(ON, *YEARS).evaluate("d", given, strict=False)

    assert found.value is None
    assert "the last day of the table is 2027-12-31" in found.warnings[0]


@pytest.mark.parametrize(
    ("own", "rules", "told"),
    [
        ("", YEARS, "does not say which date it is asked for"),
        ('validTo="2027-12-31"', (rule("", "-", "1"),), "does not say which date it is asked for"),
        ('dateOfFacts="= today()"', YEARS, "today() asks the clock"),
        ('dateOfFacts="= date(now())"', YEARS, "now() asks the clock"),
        ('dateOfFacts="= date("', YEARS, "date of the facts: "),
        (f'{ON} validFrom="2026-13-01"', (rule("", "-", "1"),), "'2026-13-01' is not a date"),
        (f'{ON} validFrom="2027-01-01" validTo="2026-01-01"', (rule("", "-", "1"),), "only until 2026-01-01"),
        (
            f'{ON} validUntil="2026-01-01"',
            (rule("", "-", "1"),),
            "«zf:validity validUntil» is not understood",
        ),
        (ON, (rule(ON, "-", "1"),), "«zf:validity» is not understood"),
    ],
)
def test_a_table_whose_dates_cannot_be_used_is_refused(own: str, rules: tuple[str, ...], told: str) -> None:
    found = [
        problem.message
        for problem in dmn.check(table(own.replace('"="', ""), *rules))
        if problem.level == "error"
    ]

    assert any(told in message for message in found), found


def test_gaps_and_overlaps_in_time_are_found() -> None:
    decisions = table(
        ON,
        rule('validTo="2025-11-30"', '"a"', "3"),
        rule('validFrom="2026-01-01" validTo="2027-12-31"', '"a"', "1"),
        rule('validFrom="2027-12-31"', '"a"', "2"),
        rule("", '"b"', "13"),
    )

    assert [(problem.level, problem.message) for problem in dmn.check(decisions)] == [
        ("warning", 'No rule for: 纳税人 = "a", period end ≥ 2025-12-01 and ≤ 2025-12-31.'),
        (
            "error",
            (
                'Rules 2 and 3 both match when 纳税人 = "a", period end = 2027-12-31;'
                " the hit policy is UNIQUE."
            ),
        ),
    ]


def test_days_that_follow_each_other_leave_no_gap() -> None:
    assert dmn.check(table(ON, *YEARS)) == []


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_of_time_is_what_every_day_gives(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    days = [date(2026, 1, day) for day in range(1, 13)]
    spans = [sorted(random.choices(days, k=2)) for _ in range(random.randint(1, 4))]
    payers = [random.choice(['"a"', '"b"', "-"]) for _ in spans]
    decisions = table(
        ON,
        *(
            rule(f'validFrom="{first}" validTo="{last}"', payer, str(number))
            for number, ((first, last), payer) in enumerate(zip(spans, payers, strict=True))
        ),
    )
    start, end = min(first for first, _ in spans), max(last for _, last in spans)
    matching = [
        sum(
            first <= day <= last and payer in ("-", f'"{who}"')
            for (first, last), payer in zip(spans, payers, strict=True)
        )
        for day in days
        if start <= day <= end
        for who in "ab"
    ]

    told = [problem.message for problem in dmn.check(decisions)]

    assert any(message.startswith("No rule for") for message in told) == (0 in matching)
    assert any("both match" in message for message in told) == any(count > 1 for count in matching)
