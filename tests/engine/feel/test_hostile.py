"""Every expression of ``hostile.txt``, and every mutilated one, ends within its steps, counted not timed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from engine import feel
from engine.errors import ExpressionError
from engine.feel import Environment, Limits
from engine.feel.tokens import tokenize
from tests.engine.feel.expressions import CONTEXTS, EXPRESSIONS
from tests.work import calls_of

STEPS = 5_000
CALLS_PER_STEP = 60
"""Calls of Python and C functions that one counted step may stand for."""
TIGHT = Environment(limits=Limits(items=2_000, steps=STEPS, characters=100_000, seconds=600))
LINES = Path(__file__).with_name("hostile.txt").read_text("utf-8").splitlines()
HOSTILE = [line for line in LINES if line and not line.startswith("#")]
VALUES = {"text": "a" * 3_000}


def _end(text: str, values: object) -> None:
    """Evaluate ``text``: nothing but a value or an ExpressionError comes of it."""
    try:
        feel.compile(text).evaluate_with_warnings(values, TIGHT)  # type: ignore[arg-type]
    except ExpressionError as problem:
        assert problem.line >= 1  # noqa: PT017


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_expression_ends_within_its_steps(text: str) -> None:
    assert calls_of(lambda: _end(text, VALUES)) < STEPS * CALLS_PER_STEP


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_expression_is_analysed_without_running_it(text: str) -> None:
    assert calls_of(lambda: feel.analyse(text)) < STEPS * CALLS_PER_STEP


@pytest.mark.parametrize(
    "text",
    [
        "{" + ",".join(f"a {number}: 1" for number in range(4_500)) + "}",
        "for " + ",".join(f"i{number} in x" for number in range(3_000)) + " return 1",
        "f(" + ",".join("a" for _ in range(20_000)) + ")",
        "/* " * 16_000,
        " and ".join("a" for _ in range(8_000)),
        "a " * 24_000,
        "1 in (" + ",".join("< 2" for _ in range(12_000)) + ")",
    ],
)
def test_reading_a_long_text_is_work_in_proportion(text: str) -> None:
    def read() -> None:
        with suppress(ExpressionError):
            feel.compile(text)

    assert calls_of(read) < 150 * len(text)
    assert calls_of(lambda: feel.analyse(text)) < 250 * len(text)


def _mutilated(text: str, cuts: list[tuple[int, int, str]]) -> str:
    tokens = [token.text for token in tokenize(text)]
    for place, kind, other in cuts:
        at = place % max(len(tokens), 1)
        tokens[at : at + 1] = [[], [other], tokens[at : at + 1] * 2, [*tokens[at : at + 1], other]][kind]
    return " ".join(tokens)


WORDS = """( ) [ ] { } , . .. : + - ** = < and or in if then else for return null ? 1e6000 "x" "( """
CUT = st.tuples(st.integers(0, 60), st.integers(0, 3), st.sampled_from(WORDS.split()))


@seed(20261130)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS | st.sampled_from(HOSTILE), st.lists(CUT, max_size=4), st.sampled_from(CONTEXTS))
def test_a_mutilated_expression_ends_within_its_steps(
    text: str, cuts: list[tuple[int, int, str]], context: dict[str, object]
) -> None:
    broken = _mutilated(text, cuts)

    assert calls_of(lambda: _end(broken, {**VALUES, **context})) < STEPS * CALLS_PER_STEP
    assert calls_of(lambda: feel.analyse(broken)) < STEPS * CALLS_PER_STEP
