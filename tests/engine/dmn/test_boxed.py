"""Boxed expressions stand wherever logic does."""

from __future__ import annotations

from typing import Any

import pytest

from engine import dmn

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="x" name="f">'


def lit(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


def value(boxed: str, more: str = "", **variables: Any) -> Any:
    xml = f'{HEAD}{more}<decision id="d" name="d"><variable name="d"/>{boxed}</decision></definitions>'
    decisions = dmn.parse(xml.encode(), file="b.dmn")
    assert dmn.check(decisions) == []
    return decisions.evaluate("d", variables).value


def entry(name: str, boxed: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{boxed}</contextEntry>'


@pytest.mark.parametrize(
    ("boxed", "expected"),
    [
        (f"<context>{entry('a', lit('1'))}{entry('b', lit('a + 1'))}</context>", {"a": 1, "b": 2}),
        (f"<context>{entry('a', lit('1'))}<contextEntry>{lit('a + n')}</contextEntry></context>", 11),
        (f"<list>{lit('1')}{lit('n')}</list>", [1, 10]),
        (
            f'<relation><column name="a"/><column name="b"/><row>{lit("1")}{lit("2")}</row></relation>',
            [{"a": 1, "b": 2}],
        ),
        (
            f"<conditional><if>{lit('n = 10')}</if><then>{lit('1')}</then><else>{lit('2')}</else></conditional>",
            1,
        ),
        (
            f'<for iteratorVariable="i"><in>{lit("[1..3]")}</in><return>{lit("i * n")}</return></for>',
            [10, 20, 30],
        ),
        (
            f'<for iteratorVariable="i"><in>{lit("[1, 2]")}</in><return>{lit("i * n")}</return></for>',
            [10, 20],
        ),
        (
            f'<some iteratorVariable="i"><in>{lit("[1, 2]")}</in><satisfies>{lit("i = 2")}</satisfies></some>',
            True,
        ),
        (
            f'<every iteratorVariable="i"><in>{lit("[1, 2]")}</in><satisfies>{lit("i = 2")}</satisfies></every>',
            False,
        ),
        (f"<filter><in>{lit('[1, 20]')}</in><match>{lit('item &gt; n')}</match></filter>", [20]),
        (
            (
                "<context><contextEntry><variable name='f'/><functionDefinition><formalParameter name='x'/>"
                f"{lit('x + 1')}</functionDefinition></contextEntry><contextEntry><invocation>{lit('f')}"
                f"<binding><parameter name='x'/>{lit('n')}</binding></invocation></contextEntry></context>"
            ),
            11,
        ),
    ],
)
def test_a_boxed_expression_gives_its_value(boxed: str, expected: object) -> None:
    assert value(boxed, n=10) == expected


def test_a_decision_service_is_a_function_of_its_inputs() -> None:
    more = (
        '<inputData id="i" name="base"><variable name="base" typeRef="number"/></inputData>'
        '<decision id="o" name="tax"><variable name="tax"/><informationRequirement><requiredInput href="#i"/>'
        f"</informationRequirement>{lit('base * 0.01')}</decision>"
        '<decisionService id="s" name="tax of"><variable name="tax of"/><outputDecision href="#o"/>'
        '<inputData href="#i"/></decisionService>'
    )
    need = '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'

    assert value(need + lit("tax of(200)"), more) == 2


def test_an_item_definition_is_a_type_for_variables_and_instance_of() -> None:
    more = '<itemDefinition name="t"><itemComponent name="a"><typeRef>number</typeRef></itemComponent></itemDefinition>'

    assert value(lit("{a: 1} instance of t"), more) is True
    assert value(lit("{b: 1} instance of t"), more) is False
