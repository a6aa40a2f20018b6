"""What the browser evaluates otherwise is named and refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import forms
from engine.forms.browser import differs_in_browser


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a + b = c", "round half up"),
        ("sum(amounts) > 100", "round half up"),
        ("amount between 1 and rate * 1.5", "round half up"),
        ("[1] = a", "list of one element"),
        ("codes = []", "list of one element"),
        ('1 = "1"', "numbers and text"),
        ('string(amount) = "12.5"', "«string»"),
        ("decimal(amount, 2) = 1", "«decimal»"),
        ("date(a) < today()", "«today»"),
        ("median(a) = 1", "«median»"),
        ("is defined(a)", "no function «is defined»"),
        ("next working day(a) = b", "no function «next working day»"),
        ("not(done)", "a leading not"),
        ("a in codes", "«in»"),
        ("a in [1..5]", "«in»"),
        ('count(rows[state = "open"]) > 0', "a filter"),
        ("a instance of number", "instance of"),
        ("(function(x) x)(a)", "a function of one's own"),
        ("some row in rows satisfies get or else(row.a, 1) = 1", "no function «get or else»"),
    ],
)
def test_a_difference_is_named(text: str, named: str) -> None:
    assert named in (differs_in_browser(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        'decision = null or decision = "approve"',
        "amount > 100",
        "round half up(a + b, 2) = c",
        "count(codes) + 1 > 3",
        'a in ["x", "y"]',
        'list contains(codes, "x")',
        'not(a) or b = "x"',
        "rows[1].a = 1",
        "rows[-1].a = 1",
        'some row in rows satisfies row.state = "missing"',
        'date(since) + duration("P1D") < date(until)',
        'first + last = "ab"',
        "if a then b else c",
        "limit * 2",
        "this is no FEEL (",
    ],
)
def test_common_ground_is_left_alone(text: str) -> None:
    assert differs_in_browser(text) is None


def test_what_is_only_shown_needs_but_a_function_that_the_browser_has() -> None:
    assert differs_in_browser("for c in codes return string(c)", condition=False) is None
    assert "«trim»" in (differs_in_browser("trim(a)", condition=False) or "")


@pytest.mark.parametrize(
    "component",
    [
        {"conditional": {"hide": "=a + b = 0.3"}},
        {"readonly": "=today() > date(a)"},
        {"validate": {"required": '=string(a) = "1"'}},
        {"validate": {"maxLength": "=median(a)"}},
        {"label": "=trim(a)"},
    ],
)
def test_a_form_with_such_an_expression_is_refused_by_its_place(component: dict[str, Any]) -> None:
    schema = {"type": "default", "components": [{"type": "textfield", "key": "x", **component}]}

    with pytest.raises(forms.FormError) as refusal:
        forms.parse(json.dumps(schema), file="x.form")

    assert "component 'x'" in str(refusal.value)
    assert "The browser would evaluate" in str(refusal.value)
