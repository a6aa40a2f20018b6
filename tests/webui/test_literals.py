"""Values as an operator writes them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.errors import ExpressionError, InvalidInput
from webui.literals import literal, read, several

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=20),
    st.decimals(-(10**29), 10**29, places=4),  # numbers have 34 digits
)
SPECIAL = st.one_of(
    st.dates(),
    # FEEL has no way to write the second of two equal hours when clocks are put back
    st.datetimes(timezones=st.just(SHANGHAI)).map(lambda moment: moment.replace(fold=0)),
    st.times(),
    st.timedeltas(max_value=timedelta(days=9_999)),
    st.integers(-500, 500).map(feel.YearsMonths),
)
VALUES = st.recursive(
    PLAIN | SPECIAL,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_what_is_shown_for_a_value_gives_the_same_value_again(value: Any) -> None:
    assert feel.to_json(read("x", literal(value), SHANGHAI)) == feel.to_json(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"abc"', "abc"),
        ("12.30", Decimal("12.30")),
        ("123456789012345678.90", Decimal("123456789012345678.90")),
        ('= date("2026-08-01")', feel.compile('date("2026-08-01")').evaluate({}, feel.DEFAULT)),
        ("= 2 + 3", Decimal(5)),
        ('{"a": [1, null, true]}', {"a": [Decimal(1), None, True]}),
        ("null", None),
    ],
)
def test_json_and_feel_are_read(text: str, value: Any) -> None:
    assert read("x", text, SHANGHAI) == value


@pytest.mark.parametrize("text", ["abc", "", "{", "NaN", "Infinity", "[" * 100_000])
def test_what_is_neither_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput, match="The value of «amount» is no JSON"):
        read("amount", text, SHANGHAI)


def test_an_expression_that_reads_variables_would_be_null_and_is_refused() -> None:
    with pytest.raises(InvalidInput, match="reads amount"):
        read("x", "= amount * 2", SHANGHAI)
    with pytest.raises(ExpressionError):
        read("x", "= 2 +", SHANGHAI)
    with pytest.raises(InvalidInput, match="is a function"):
        read("x", "= function(a) a", SHANGHAI)


@pytest.mark.parametrize("name", ["", " ", " x", "#items"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be the name"):
        read(name, "1", SHANGHAI)


def test_several_are_written_one_a_line() -> None:
    assert several('a = 1\n\nb = "x = y"\nc = = date("2026-08-01")', SHANGHAI).keys() == {"a", "b", "c"}
    with pytest.raises(InvalidInput, match="name = value"):
        several("a", SHANGHAI)


@pytest.mark.parametrize(
    "text",
    ['date("12026-11-30")', 'date and time("2026-11-30T10:00:00.123456789Z")', 'time("10:00:00.123456789")'],
)
def test_dates_beyond_those_of_python_are_written_and_read_again(text: str) -> None:
    value = feel.compile(text).evaluate({})

    assert literal(value) == f"= {text}"
    assert literal(read("it", literal(value), SHANGHAI)) == f"= {text}"
