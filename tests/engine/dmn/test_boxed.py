"""Boxed expressions stand wherever logic does."""

from __future__ import annotations

from typing import Any

import pytest

from engine import dmn
from engine.errors import DecisionError

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


def problems(boxed: str, more: str = "") -> list[str]:
    xml = f'{HEAD}{more}<decision id="d" name="d"><variable name="d"/>{boxed}</decision></definitions>'
    return [problem.message for problem in dmn.check(dmn.parse(xml.encode(), file="b.dmn"))]


@pytest.mark.parametrize(
    ("boxed", "told"),
    [
        (f"<context>{entry('a', lit('1'))}{entry('a', lit('2'))}</context>", "two entries 'a'"),
        (
            f"<context><contextEntry>{lit('1')}</contextEntry>{entry('a', lit('2'))}</context>",
            "Only the last entry",
        ),
        (f'<relation><column name="a"/><row>{lit("1")}{lit("2")}</row></relation>', "2 cells for 1 columns"),
        (
            f"<conditional><if>{lit('true')}</if><then>{lit('1')}</then></conditional>",
            "'else' of a 'conditional'",
        ),
        (f'<functionDefinition kind="Java">{lit("1")}</functionDefinition>', "kind 'Java'"),
        ("<filter><in/><match/></filter>", "'in' of a 'filter'"),
    ],
)
def test_a_boxed_expression_that_cannot_be_meant_is_told(boxed: str, told: str) -> None:
    assert any(told in message for message in problems(boxed))


@pytest.mark.parametrize(
    ("boxed", "expected"),
    [
        (f"<filter><in>{lit('[1, 2, 3]')}</in><match>{lit('item = partial')}</match></filter>", [2]),
        (
            f"<filter><in>{lit('[{a: 1}, {a: 2, item: 9}]')}</in><match>{lit('a = 2 and item = 9')}</match></filter>",
            [{"a": 2, "item": 9}],
        ),
        (
            f'<some iteratorVariable="i"><in>{lit("[1, 2]")}</in><satisfies>{lit("i = partial")}</satisfies></some>',
            True,
        ),
        (
            f'<for iteratorVariable="i"><in>{lit("[1..4]")}</in><return>{lit("i + count(partial)")}</return></for>',
            [1, 3, 5, 7],
        ),
        (
            f"<conditional><if>{lit('null')}</if><then>{lit('1')}</then><else>{lit('2')}</else></conditional>",
            2,
        ),
        ("<list/>", []),
        ("<context/>", {}),
    ],
)
def test_names_of_a_loop_hide_only_what_the_loop_gives(boxed: str, expected: object) -> None:
    assert value(boxed, partial=2) == expected


def test_cells_of_a_relation_are_of_the_type_of_their_column() -> None:
    boxed = f'<relation><column name="a" typeRef="number"/><row>{lit("[1]")}</row><row>{lit("n")}</row></relation>'

    assert value(boxed, n=2) == [{"a": 1}, {"a": 2}]
    with pytest.raises(DecisionError, match="not of the type 'number'"):
        value(boxed, n="two")


TYPES = (
    '<itemDefinition name="tClient"><itemComponent name="class"><typeRef>string</typeRef>'
    '<allowedValues><text>"A","B"</text></allowedValues></itemComponent><itemComponent name="fees" isCollection="true">'
    '<typeRef>tFee</typeRef></itemComponent><itemComponent name="more"><typeRef>Any</typeRef></itemComponent>'
    '</itemDefinition><itemDefinition name="tFee"><typeRef>number</typeRef><typeConstraint><text>&gt;= 0</text>'
    '</typeConstraint></itemDefinition><itemDefinition name="tFew" isCollection="true"><typeRef>tFee</typeRef>'
    "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
    '<itemDefinition name="tLow"><typeRef>tFee</typeRef><allowedValues><text>[0..10]</text></allowedValues></itemDefinition>'
)


@pytest.mark.parametrize(
    ("type_ref", "good", "bad"),
    [
        ("tClient", {"class": "A", "fees": [1], "more": {"x": [1]}}, {"class": "C", "fees": [1], "more": 1}),
        ("tClient", {"class": None, "fees": [], "more": None}, {"class": "A", "fees": [-1], "more": None}),
        ("tClient", {"class": "B", "fees": None, "more": "x"}, {"class": "B", "fees": [1]}),
        ("tFew", [0, 1], [0, 1, 2]),
        ("tFew", [0], [-1]),
        ("tLow", 10, 11),
        ("tLow", 0, -1),
    ],
)
def test_values_are_checked_against_what_types_allow_inside(type_ref: str, good: Any, bad: Any) -> None:
    more = f'{TYPES}<inputData id="i" name="x"><variable name="x" typeRef="{type_ref}"/></inputData>'
    need = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'

    assert value(need + lit("x"), more, x=good) == good
    with pytest.raises(DecisionError, match=f"not of the type '{type_ref}'"):
        value(need + lit("x"), more, x=bad)


@pytest.mark.parametrize("given", [1, "x", True, [1, None], {"a": None}, None])
def test_any_takes_every_value_as_it_is(given: Any) -> None:
    more = '<inputData id="i" name="x"><variable name="x" typeRef="Any"/></inputData>'
    need = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'

    assert value(need + lit("x"), more, x=given) == given


def test_types_that_go_in_a_circle_are_told() -> None:
    more = (
        '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
        '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
    )

    assert any("defined by itself" in message for message in problems(lit("1"), more))


def test_a_type_may_hold_a_list_of_itself() -> None:
    more = (
        '<itemDefinition name="tree"><itemComponent name="parts" isCollection="true"><typeRef>tree</typeRef>'
        "</itemComponent></itemDefinition>"
    )

    assert value(lit("{parts: [{parts: []}]} instance of tree"), more) is True
    assert value(lit("{parts: [{part: []}]} instance of tree"), more) is False


@pytest.mark.parametrize("where", ["variable", "logic", "function"])
def test_what_a_knowledge_model_gives_is_of_its_declared_type(where: str) -> None:
    number = 'typeRef="number"'
    variable = {"variable": number, "logic": "", "function": 'typeRef="tMade"'}[where]
    more = (
        '<itemDefinition name="tMade"><functionItem outputTypeRef="number"/></itemDefinition>'
        f'<businessKnowledgeModel id="k" name="made"><variable name="made" {variable}/>'
        f'<encapsulatedLogic {number if where == "logic" else ""}><formalParameter name="v"/>{lit("v")}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    need = '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'

    assert value(need + lit("made([2])"), more) == 2
    with pytest.raises(DecisionError, match="not of the type 'number'"):
        value(need + lit('made("x")'), more)


def test_a_decision_service_checks_what_it_is_given_and_what_it_gives() -> None:
    more = (
        f'{TYPES}<inputData id="i" name="base"><variable name="base" typeRef="tFee"/></inputData>'
        '<decision id="o" name="twice"><variable name="twice"/><informationRequirement><requiredInput href="#i"/>'
        f"</informationRequirement>{lit('base * 2')}</decision>"
        '<decisionService id="s" name="double"><variable name="double" typeRef="tLow"/><outputDecision href="#o"/>'
        '<inputData href="#i"/></decisionService>'
    )
    need = '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'

    assert value(need + lit("double(5)"), more) == 10
    for wrong, type_ref in (("-1", "tFee"), ("6", "tLow")):
        with pytest.raises(DecisionError, match=f"not of the type '{type_ref}'"):
            value(need + lit(f"double({wrong})"), more)
