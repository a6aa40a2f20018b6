"""Decisions are evaluated by their tables and requirements; contradictions are errors with a place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import dmn
from engine.dmn.source import NAMESPACES
from engine.errors import DecisionError
from engine.feel import Environment

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def file(body: str, namespace: str = DMN_13) -> bytes:
    return f'<definitions xmlns="{namespace}" name="f" namespace="http://x">\n{body}\n</definitions>'.encode()


def cell(tag: str, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<{tag}><text>{escaped}</text></{tag}>"


def table(policy: str, rules: list[tuple[list[str], list[str]]], **more: Any) -> str:
    """A table of the inputs 金额 and 类型; the outputs are given as XML or are one called 结果."""
    outputs = more.get("outputs", '<output name="结果"/>')
    lines = "\n".join(
        f'<rule id="r{number}">'
        + "".join(cell("inputEntry", test) for test in tests)
        + "".join(cell("outputEntry", result) for result in results)
        + "</rule>"
        for number, (tests, results) in enumerate(rules, 1)
    )
    return (
        f'<decision id="d" name="决定"><variable name="决定"/><decisionTable {policy}>'
        f'<input label="金额">{cell("inputExpression", "金额")}</input>'
        f'<input label="类型">{cell("inputExpression", "客户.类型")}</input>{outputs}\n'
        f"{lines}</decisionTable></decision>"
    )


def evaluate(body: str, *, strict: bool = True, **variables: Any) -> dmn.Evaluation:
    return dmn.parse(file(body), file="a.dmn").evaluate("d", variables, strict=strict)


CASE: dict[str, Any] = {"金额": 150, "客户": {"类型": "小规模"}}
TWO = [(["> 100", "-"], ['"大"']), (["[100..200]", '"小规模", "个体"'], ['"小"'])]


def test_the_one_rule_that_matches_gives_the_value_and_its_id() -> None:
    found = evaluate(table('hitPolicy="UNIQUE"', [TWO[1], (["< 10", ""], ['"零"'])]), **CASE)

    assert found.value == "小"
    assert found.matched_rules == ("r1",)
    assert found.inputs == {"金额": 150, "类型": "小规模"}
    assert found.outputs == ({"结果": "小"},)


def test_two_rules_of_a_unique_table_are_an_error_that_names_both() -> None:
    with pytest.raises(DecisionError, match=r"a\.dmn, line 2.*'决定'.*rule 1 \(r1, line 3\) and rule 2 \(r2"):
        evaluate(table("", TWO), **CASE)

    assert evaluate(table("", TWO), strict=False, **CASE).value is None


def test_nothing_matches_and_there_is_no_value() -> None:
    found = evaluate(table("", TWO), 金额=1, 客户={"类型": "x"})

    assert (found.value, found.matched_rules) == (None, ())


def test_a_default_output_is_taken_when_nothing_matches() -> None:
    outputs = f'<output name="结果">{cell("defaultOutputEntry", "0.00")}</output>'

    assert evaluate(table("", TWO, outputs=outputs), 金额=1).value == Decimal("0.00")


@pytest.mark.parametrize(
    ("policy", "results", "expected"),
    [
        ('hitPolicy="FIRST"', ["1", "2"], 1),
        ('hitPolicy="ANY"', ["2", "2"], 2),
        ('hitPolicy="COLLECT"', ["1", "2"], [1, 2]),
        ('hitPolicy="RULE ORDER"', ["2", "1"], [2, 1]),
        ('hitPolicy="COLLECT" aggregation="SUM"', ["1.10", "2.20"], Decimal("3.30")),
        ('hitPolicy="COLLECT" aggregation="MIN"', ["1", "2"], 1),
        ('hitPolicy="COLLECT" aggregation="MAX"', ["1", "2"], 2),
        ('hitPolicy="COLLECT" aggregation="COUNT"', ["1", "2"], 2),
    ],
)
def test_every_hit_policy_chooses_its_value(policy: str, results: list[str], expected: object) -> None:
    rules = [(tests, [result]) for (tests, _), result in zip(TWO, results, strict=True)]

    assert evaluate(table(policy, rules), **CASE).value == expected


@pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", "小"), ("OUTPUT ORDER", ["小", "大"])])
def test_the_order_of_output_values_is_their_priority(policy: str, expected: object) -> None:
    values = cell("outputValues", '"小", "大"')
    outputs = f'<output name="结果">{values}</output>'

    found = evaluate(table(f'hitPolicy="{policy}"', TWO, outputs=outputs), **CASE)

    assert found.value == expected


def test_any_with_different_results_is_an_error() -> None:
    with pytest.raises(DecisionError, match="different results"):
        evaluate(table('hitPolicy="ANY"', TWO), **CASE)


def test_several_outputs_are_a_context() -> None:
    outputs = '<output name="税率"/><output name="说明"/>'

    found = evaluate(table("", [(["-", "-"], ["0.01", '"减按"'])], outputs=outputs), **CASE)

    assert found.value == {"税率": Decimal("0.01"), "说明": "减按"}


def test_a_required_decision_is_read_by_variable_name_or_by_id() -> None:
    body = (
        '<inputData id="in" name="amount"><variable name="amount" typeRef="number"/></inputData>'
        '<decision id="base" name="Base"><variable name="tax base" typeRef="number"/>'
        '<informationRequirement><requiredInput href="#in"/></informationRequirement>'
        f"{cell('literalExpression', 'amount - 10')}</decision>"
        '<businessKnowledgeModel id="k" name="doubled"><variable name="doubled"/>'
        '<encapsulatedLogic><formalParameter name="n"/>'
        f"{cell('literalExpression', 'n * 2')}</encapsulatedLogic>"
        "</businessKnowledgeModel>"
        '<decision id="d" name="D"><variable name="D"/>'
        '<informationRequirement><requiredDecision href="#base"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
        f"{cell('literalExpression', 'doubled(tax base) + base')}</decision>"
    )

    assert evaluate(body, amount=110).value == 300
    with pytest.raises(DecisionError, match="not of the type 'number'"):
        evaluate(body, amount="much")


def test_all_mistakes_of_a_file_are_told_at_once_with_their_lines() -> None:
    body = table(
        "", [(["> ", "-"], ["1 +"]), (["-"], ["1"]), (["bad call(1)", "-"], ["next working day(today())"])]
    )
    decisions = dmn.parse(file(body + '\n<decision id="e" name="E"/>'), file="a.dmn")

    problems = dmn.check(decisions, functions=["next working day"])

    assert [(p.line, p.element) for p in problems] == [
        (3, "decision '决定'"),
        (3, "decision '决定'"),
        (4, "decision '决定'"),
        (5, "decision '决定'"),
        (6, "decision 'E'"),
    ]
    assert "there is no function 'bad call'" in str(problems[3])
    with pytest.raises(DecisionError, match="cannot be read"):
        decisions.evaluate("d", CASE)


def test_a_circle_of_requirements_is_a_problem() -> None:
    body = "".join(
        f'<decision id="{own}" name="{own}"><informationRequirement><requiredDecision href="#{other}"/>'
        f"</informationRequirement>{cell('literalExpression', '1')}</decision>"
        for own, other in (("a", "b"), ("b", "a"))
    )

    assert all("requires itself" in problem.message for problem in dmn.check(dmn.parse(file(body))))
    assert len(dmn.check(dmn.parse(file(body)))) == 2


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a/>",
        b'<!DOCTYPE d [<!ENTITY x "y">]><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b" " * 5_000_001,
    ],
)
def test_what_is_no_dmn_file_is_refused(xml: bytes) -> None:
    with pytest.raises(DecisionError, match=r"a\.dmn"):
        dmn.parse(xml, file="a.dmn")


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_of_dmn_is_read(namespace: str) -> None:
    typed = (
        '<itemDefinition name="tKind"><typeRef>feel:string</typeRef><allowedValues><text>"小规模","一般"</text>'
        '</allowedValues></itemDefinition><inputData id="i" name="类型"><variable name="类型" typeRef="ns:tKind"/></inputData>'
        '<decision id="e" name="e"><variable name="e" typeRef="feel:boolean"/><informationRequirement>'
        '<requiredInput href="#i"/></informationRequirement><literalExpression><text>类型 = "一般"</text>'
        "</literalExpression></decision>"
    )
    decisions = dmn.parse(file(table("", TWO[:1]) + typed, namespace))

    assert [problem for problem in dmn.check(decisions) if problem.level == "error"] == []
    assert decisions.names == {"d": "决定", "e": "e"}
    assert decisions.evaluate("d", CASE).value == "大"
    assert decisions.evaluate("e", {"类型": "一般"}).value is True
    with pytest.raises(DecisionError, match="not of the type"):
        decisions.evaluate("e", {"类型": "无"})


def test_the_versions_of_dmn_are_those_of_the_standard() -> None:
    assert {"20151101", "20180521", "20191111", "20211108", "20230324"} <= {
        part for namespace in NAMESPACES for part in namespace.split("/")
    }


def test_functions_of_the_environment_can_be_called_in_cells() -> None:
    env = Environment(functions={"rate of": {"小规模": Decimal("0.01")}.get})
    decisions = dmn.parse(file(table("", [(["-", "rate of(?) != null"], ["rate of(客户.类型)"])])))

    assert decisions.evaluate("d", CASE, env).value == Decimal("0.01")
    assert dmn.check(decisions, functions=["rate of"]) == []


def test_a_file_is_read_once_for_each_place_that_it_stands_at() -> None:
    text = file(table("", TWO))

    first, again, elsewhere = (dmn.parse(text, file=name) for name in ("a.dmn", "a.dmn", "b.dmn"))

    assert again is first
    assert (elsewhere.ids, elsewhere.file) == (first.ids, "b.dmn")
