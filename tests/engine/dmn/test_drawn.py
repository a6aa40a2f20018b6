"""A table as it is written: columns, cells, notes, and from when to when it holds."""

from __future__ import annotations

import pytest

from engine import dmn
from engine.dmn.drawn import Column, Validity
from engine.errors import DecisionError
from tests.engine.commands.deciding import RATE, RATES, SIZE, formula
from tests.engine.commands.deciding import dmn as file

DATED = (
    '<extensionElements><zf:validity xmlns:zf="http://zhangfang.example/schema/1.0" {}/></extensionElements>'
)


def test_a_table_has_its_columns_rules_and_numbers() -> None:
    table = dmn.drawn(RATES)["rate"]

    assert (table.name, table.policy) == ("税率", "COLLECT")
    assert table.inputs == (Column("规模", "size", ""), Column("金额", "amount", ""))
    assert table.outputs == (Column("rate", "rate", ""),)
    assert [(rule.number, rule.id, rule.tests, rule.results) for rule in table.rules][2] == (
        3,
        "even",
        ("-", "even(?)"),
        ("amount / 1000",),
    )


def test_what_is_no_table_is_left_out_and_the_order_of_the_file_kept() -> None:
    assert list(dmn.drawn(file(formula("twice", "1"), SIZE, RATE))) == ["size", "rate"]


def test_a_dated_rule_says_from_when_to_when_and_by_which_law() -> None:
    rule = DATED.format('validFrom="2026-01-01" lawSource="增值税法"')
    table = DATED.format('dateOfFacts="= day"')
    text = SIZE.replace('<rule id="s1">', f'<rule id="s1">{rule}').replace(
        '<decisionTable hitPolicy="UNIQUE">', f'<decisionTable hitPolicy="UNIQUE">{table}'
    )

    found = dmn.drawn(file(text))["size"]

    assert found.valid == Validity(on="= day")
    assert [each.valid for each in found.rules] == [Validity("2026-01-01", "", "增值税法"), None]


def test_the_numbers_are_those_of_the_evaluation() -> None:
    found = dmn.parse(RATES).evaluate("rate", {"amount": 50})
    table = dmn.drawn(RATES)["rate"]

    assert [table.rules[number - 1].id for number in found.rule_numbers] == list(found.matched_rules)


def test_what_is_no_decision_file_is_refused() -> None:
    with pytest.raises(DecisionError):
        dmn.drawn(b"<a/>")
