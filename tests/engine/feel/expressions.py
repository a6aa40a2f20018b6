"""Expressions made at random, for tests that compare two ways to look at them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine import feel

_ATOMS = """1 -2.5 0 "a" "2026-01-01" true false null [] [1,2] ["a"] [[1]] {} {a:1} {a:"x",b:[1]} a b c d a.a b.b ?
    @"P1D" @"P1Y" @"2026-01-01" @"9999-12-31" @"12000-01-01" @"10:00:00" @"2026-01-01T10:00:00Z" [1..3] ["a".."c"] (1..5)"""
ATOMS = _ATOMS.split()
BINARY = ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"]
CALLS = sorted(feel.BUILTIN_NAMES - {"now", "today"})
CONTEXTS: tuple[dict[str, Any], ...] = (
    {"a": 1, "b": "x", "c": True, "d": [1, 2, 3]},
    {"a": None, "b": None, "c": None, "d": None},
    {"a": {"a": 1, "b": "y"}, "b": [{"a": 1}, {"a": "z"}], "c": date(2026, 1, 1), "d": []},
    {"a": "x", "b": 2, "c": feel.DayTimeDuration(1), "d": {"b": False, "item": 3}},
    {"a": True, "b": [True], "c": Decimal("0.5"), "d": feel.YearsMonths(3)},
    {"a": [1], "b": {"b": {"a": 1}}, "c": feel.Range(Decimal(1), Decimal(4)), "d": "2026-01-01"},
    {},
)
"""Values of the variables a, b, c and d, of every kind that JSON and forms bring."""


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def put(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*parts).map(lambda found: pattern.format(*found))

    sign, call = st.sampled_from(BINARY), st.sampled_from(CALLS)
    return st.one_of(
        put("({} {} {})", inner, sign, inner),
        put("({} {} {})", inner, sign, inner),
        put("({}).{}", inner, st.sampled_from(["a", "b", "year", "days", "start"])),
        put("({})[{}]", inner, inner),
        put("({})[item {} {}]", inner, sign, inner),
        put("({})[a {} {}]", inner, sign, inner),
        put("(if {} then {} else {})", inner, inner, inner),
        put("(for i in {} return {})", inner, inner),
        put("(for i in {}..{}, a in [i, {}] return [i, a])", inner, inner, inner),
        put("(for i in {} return count(partial) + i)", inner),
        put("({} i in {} satisfies {})", st.sampled_from(("some", "every")), inner, inner),
        put("(some i in {} satisfies i {} {})", inner, sign, inner),
        put("{{a: {}, b: a, r: {}}}.r", inner, inner),
        put("{{f: function(x, a) {}, r: f({}, {})}}.r", inner, inner, inner),
        put("{{f: function(x: number) x, r: f({})}}.r", inner),
        put("({} between {} and {})", inner, inner, inner),
        put("({} in (< {}, {}, [{}..{}]))", inner, inner, inner, inner, inner),
        put("({} instance of {})", inner, st.sampled_from(("number", "list<string>", "context"))),
        put("[{}, {}]", inner, inner),
        put("{}({})", call, inner),
        put("{}({}, {})", call, inner, inner),
        put("{}({}, {}, {})", call, inner, inner, inner),
        put("-({})", inner),
        put("sort([{}, {}], function(x, y) x {} y)", inner, inner, sign),
    )


EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), _larger, max_leaves=8)
