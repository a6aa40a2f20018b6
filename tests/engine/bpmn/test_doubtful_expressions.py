"""The gate warns of what in an expression can have no value, whatever its variables hold."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from engine.bpmn.problem import Problem
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn

SPLIT = "startEvent s\nexclusiveGateway g\ntask a\ntask b\ns -> g\ng -> a : = {}\ng => b"
SCRIPT = 'startEvent s\nscriptTask a "script== {}" result=x\ns -> a'


def found(drawing: str) -> list[Problem]:
    return list(check({"p.bpmn": bpmn(drawing)}, Known(functions=frozenset({"next working day"}))))


@pytest.mark.parametrize(
    ("condition", "rule", "place"),
    [
        ('amount + 1 > "x"', "feel-comparison-kinds", "line 1, column 1"),
        ("amount > 5 and not(1)", "feel-argument-kind", "line 1, column 20"),
        ("due = date('2026-02-30')".replace("'", '"'), "feel-always-null", "line 1, column 7"),
    ],
)
def test_a_condition_that_never_has_a_value_is_a_warning_with_its_place(
    condition: str, rule: str, place: str
) -> None:
    [problem] = found(SPLIT.format(condition))
    assert (problem.rule, problem.element, problem.level) == (rule, "g_a", "warning")
    assert place in problem.message
    assert condition in problem.message


def test_what_may_have_a_value_is_not_warned_of() -> None:
    assert found(SPLIT.format("amount > 100 and client.name != null")) == []
    assert found(SPLIT.format('next working day(today()) > date("2026-01-01")')) == []


def test_a_mistake_that_refuses_is_told_once() -> None:
    assert [problem.rule for problem in found(SCRIPT.format("magic(1)"))] == ["function-unknown"]
    assert [problem.rule for problem in found(SCRIPT.format("1 +"))] == ["expression"]
