"""What the analysis calls certain is certain: against the evaluator, on expressions made at random."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from engine import feel
from engine.errors import ExpressionError
from engine.feel.analysis.analysing import examined
from engine.feel.analysis.notes import Outside
from engine.feel.analysis.shapes import of_type
from engine.feel.expression import parsed_expression
from engine.feel.types import ContextType, ListType, Simple, Type
from tests.engine.feel.expressions import CONTEXTS, EXPRESSIONS

SMALL = feel.Environment(limits=feel.Limits(items=1_000, steps=10_000, characters=10_000))
DECLARED: dict[str, Type] = {
    "a": Simple("number"),
    "b": ListType(Simple("string")),
    "c": ContextType((("a", Simple("number")),)),
    "d": Simple("date"),
}
FITTING: tuple[dict[str, object], ...] = (
    {"a": 2, "b": ["x", None], "c": {"a": 3, "b": "more"}, "d": feel.compile('@"2026-01-01"').evaluate({})},
    {"a": None, "b": [], "c": None, "d": None},
)


@seed(20261130)
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS, st.sampled_from(CONTEXTS))
def test_a_value_is_of_a_kind_that_the_analysis_foresaw(text: str, context: dict[str, object]) -> None:
    _compare(text, context, {})


@seed(20261130)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS, st.sampled_from(FITTING))
def test_so_is_one_of_variables_with_types(text: str, context: dict[str, object]) -> None:
    _compare(text, context, DECLARED)


@pytest.mark.parametrize("context", CONTEXTS)
def test_an_expression_with_a_value_has_no_error(context: dict[str, object]) -> None:
    @seed(1)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(EXPRESSIONS)
    def check(text: str) -> None:
        try:
            value = feel.compile(text).evaluate(context, SMALL)
        except ExpressionError:
            return
        assert value is None or feel.analyse(text).errors == ()

    check()


def _compare(text: str, context: dict[str, object], types: dict[str, Type]) -> None:
    shapes = {name: of_type(type_, {}) for name, type_ in types.items()}
    _, shape = examined(text, parsed_expression(text), Outside(shapes=shapes))
    try:
        value = feel.compile(text).evaluate(context, SMALL)
    except ExpressionError:
        return
    assert feel.kind(value) in shape.kinds, (value, shape.kinds)
