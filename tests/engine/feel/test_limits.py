"""Hostile expressions end in an error that names the limit, and never in anything else."""

from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.errors import ExpressionError
from engine.feel import Environment, Limits

SMALL = Environment(limits=Limits(items=1000, steps=10_000, characters=10_000, seconds=2.0))
WORDS = """1 2.5 a b ( ) [ ] { } , : .. . + - * / ** < <= = != and or not if then else for in return some every " "x"
    satisfies between instance of function ? null true item list<number> date time @"P1D" 账 （ // /* */ -> >
    external string( count( sum( date and time"""
PIECES = st.sampled_from(WORDS.split())


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("(" * 500 + "1" + ")" * 500, "depth"),
        ("[" * 500, "depth"),
        ("if a then " * 500, "depth"),
        ("-" * 5000 + "1", "depth"),
        ("a" + ".b" * 5000, "depth"),
        ("a" + "[1]" * 5000, "depth"),
        ("f" + "(1)" * 5000, "depth"),
        ("a" + " = 1" * 5000, "depth"),
        ("1" * 60_000, "text"),
    ],
)
def test_a_text_that_is_too_much_is_refused_when_compiled(text: str, limit: str) -> None:
    with pytest.raises(ExpressionError, match=f"limit '{limit}'"):
        feel.compile(text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("for i in 1..100000000 return 1", "items"),
        ("some i in 1..100000000 satisfies false", "steps"),
        ("count(for i in 1..900, j in 1..900 return 1)", "items"),
        ("{f: function(n) f(n), r: f(1)}.r", "depth"),
        ("{f: function(x) x(x), r: f(f)}.r", "depth"),
        ('for i in 1..900 return if i = 1 then "ab" else partial[-1] + partial[-1]', "characters"),
        ("for i in 1..900 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])", "items"),
        ("flatten(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])", "steps|items"),
        ("for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]", "items"),
        ("for i in 1..120 return if i = 1 then [1] else [partial[-1]]", "depth"),
        ('string join(for i in 1..900 return "0123456789ab", "-")', "characters"),
        ("string(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])", "steps"),
    ],
)
def test_work_without_end_is_stopped(text: str, limit: str) -> None:
    with pytest.raises(ExpressionError, match=f"limit '({limit})'"):
        feel.compile(text).evaluate({}, SMALL)


@pytest.mark.parametrize(
    "text",
    [
        "10 ** 1000000000",
        "9 ** 9 ** 9 ** 9",
        "1e6144 * 10",
        "string(1e6000)",
        "decimal(1, 1000000)",
        "modulo(1e6000, 3)",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "(a|a)*b")',
        'duration("P99999999999999999999D")',
        'date("2026-01-01") + @"P999999999D"',
        'date("9999-12-31") + @"P1D"',
        '@"PT1S" * 1e30',
        '@"P1Y" * 1e6000',
        'date and time("0001-01-01T00:00:00+14:00") < date and time("0001-01-01T00:00:00-14:00")',
        'substring("abc", 1e6000)',
        "time(1e6000, 0, 0)",
        "for i in 1e6000..2e6000 return i",
        "for i in -1e6000..1e6000 return i",
    ],
)
def test_hostile_numbers_dates_and_patterns_end_quickly(text: str) -> None:
    try:
        feel.compile(text).evaluate({}, SMALL)
    except ExpressionError as problem:
        assert "limit" in str(problem)  # noqa: PT017


def test_parts_that_are_shared_a_thousand_times_are_compared_once() -> None:
    text = "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]"

    assert feel.compile(f"({text})[-1] = ({text})[-1]").evaluate({}) is True


def test_a_long_chain_of_one_operator_is_no_nesting() -> None:
    assert feel.compile("+".join(["1"] * 5000)).evaluate({}) == 5000
    assert feel.compile(" and ".join(["true"] * 5000)).evaluate({}) is True


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=60))
def test_no_text_ends_in_anything_but_an_expression_error(text: str) -> None:
    for compile_ in (feel.compile, feel.compile_unary):
        try:
            compiled = compile_(text)
        except ExpressionError:
            continue
        try:
            if isinstance(compiled, feel.Expression):
                compiled.evaluate_with_warnings({"a": 1, "b": [{"a": 2}]}, SMALL)
            else:
                compiled.test(None, {"a": 1}, SMALL)
        except ExpressionError:
            continue


def test_evaluations_that_share_a_time_end_with_it_from_their_first_step_on() -> None:
    over = feel.Environment(until=monotonic() - 1)
    assert feel.compile("1 + 1").evaluate({}, over) == 2, "what takes no step takes no time"
    with pytest.raises(ExpressionError, match="limit 'seconds'"):
        feel.compile("count(for i in 1..3 return i)").evaluate({}, over)
    left = feel.Environment(until=monotonic() + 60)
    assert feel.compile("count(for i in 1..3 return i)").evaluate({}, left) == 3
