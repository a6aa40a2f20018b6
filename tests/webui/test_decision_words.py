"""What is found in a decision table is told in the reader's language, with the region in it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g

from engine import dmn
from webui import problem_words

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def found(policy: str, *rules: tuple[str, str, str], values: str = "") -> list[dmn.Problem]:
    written = "".join(
        f"<rule><inputEntry><text>{sales}</text></inputEntry><inputEntry><text>{payer}</text></inputEntry>"
        f"<outputEntry><text>{result}</text></outputEntry></rule>"
        for sales, payer, result in rules
    )
    allowed = f"<outputValues><text>{values}</text></outputValues>" if values else ""
    return dmn.check(
        dmn.parse(
            (
                f'<definitions xmlns="{DMN}" name="t" namespace="t"><decision id="t" name="税率"><variable name="t"/>'
                f'<decisionTable hitPolicy="{policy}"><input label="销售额"><inputExpression typeRef="number"><text>sales</text>'
                '</inputExpression></input><input label="纳税人"><inputExpression typeRef="string"><text>payer</text>'
                '</inputExpression><inputValues><text>"小规模","一般"</text></inputValues></input>'
                f'<output name="t">{allowed}</output>{written}</decisionTable></decision></definitions>'
            ).encode()
        )
    )


def shown(app: Flask, problems: list[dmn.Problem], language: str) -> list[dict[str, Any]]:
    with app.test_request_context():
        g.language = language
        return [problem_words.shown(problem) for problem in problems]


CASES = [
    (
        found(
            "UNIQUE", ("&lt;= 300000", "-", "1"), ("&gt; 500000", "-", "2"), ("&gt; 300000", '"一般"', "3")
        ),
        [
            '没有规则适用于：销售额 > 30万 且 ≤ 50万, 纳税人 = "小规模"。',
            '当 销售额 > 50万, 纳税人 = "一般" 时，第 2 条和第 3 条规则都符合（命中策略 UNIQUE）。',
        ],
    ),
    (
        found("ANY", ("-", "-", "1"), ("-", "-", "2")),
        ["第 1 条和第 2 条规则总是都符合，但结果不同（命中策略 ANY）。"],
    ),
    (
        found("FIRST", ("-", "-", "1"), ("&gt; 5", "-", "2"), ("-", '"其他"', "3")),
        [
            "第 2 条规则永远用不到：凡是它符合的情况，都先用了别的规则。",
            "第 3 条规则永远不会符合：「纳税人」没有能通过的值。",
        ],
    ),
    (
        found("UNIQUE", ("-", "-", '"c"'), values='"a"'),
        ['第 1 条规则的结果 t = "c" 不在这一列允许的值里。'],
    ),
    (found("UNIQUE"), ["决策表没有规则，永远没有结果。"]),
]


@pytest.mark.parametrize(("problems", "told"), CASES)
def test_the_region_is_told_in_chinese(app: Flask, problems: list[dmn.Problem], told: list[str]) -> None:
    assert [each["message"] for each in shown(app, problems, "zh")] == told


@pytest.mark.parametrize(("problems", "told"), CASES)
def test_english_is_what_the_check_says(app: Flask, problems: list[dmn.Problem], told: list[str]) -> None:
    assert [each["message"] for each in shown(app, problems, "en")] == [each.message for each in problems]
    assert len(told) == len(problems)


def test_a_terminal_is_told_both() -> None:
    (gap,) = found("FIRST", ("&lt; 300000", "-", "1"))

    told = problem_words.line(gap, chinese=True)

    assert told.endswith("没有规则适用于：销售额 ≥ 30万。 No rule for: 销售额 ≥ 30万. [warning]")
    assert problem_words.line(gap, chinese=False) == str(gap)
