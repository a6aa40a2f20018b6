"""Whoever checks a file is told of expressions in it that can have no value; evaluation goes on as before."""

from __future__ import annotations

import pytest

from engine import dmn
from tests.engine.dmn.test_decisions import evaluate, file, table


def warnings(body: str) -> list[tuple[str, int, str]]:
    found = dmn.check(dmn.parse(file(body), file="a.dmn"), names=("金额", "客户"))
    return [(each.rule, each.line, each.level) for each in found if each.rule]


@pytest.mark.parametrize(
    ("tests", "result", "rule"),
    [
        (["> 100", "-"], '"大" + 1', "feel-operator-kinds"),
        (["> 100", 'not(upper case(5) = "A")'], "1", "feel-argument-kind"),
        (['[1.."9"]', "-"], "1", "feel-range-kinds"),
        (['< date("2026-02-30")', "-"], "1", "feel-always-null"),
    ],
)
def test_a_cell_that_can_have_no_value_is_a_warning_at_its_line(
    tests: list[str], result: str, rule: str
) -> None:
    body = table("", [(["> 5", "-"], ["0"]), (tests, [result])])
    assert warnings(body) == [(rule, 4, "warning")]


def test_what_may_have_a_value_is_not_told() -> None:
    assert warnings(table("", [([">= 今天", "客户.名称"], ["if 金额 > 3 then 1 else null"])])) == []


def test_a_file_with_such_a_cell_is_evaluated_all_the_same() -> None:
    body = table('hitPolicy="FIRST"', [(["> 100", "-"], ['"大" + 1']), (["-", "-"], ['"零"'])])
    assert evaluate(body, 金额=150, 客户={}).value is None
    assert evaluate(body, 金额=1, 客户={}).value == "零"
