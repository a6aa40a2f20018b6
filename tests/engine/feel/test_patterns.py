"""Regular expressions: our machine finds what the ``regex`` package finds, in steps that do not explode."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from engine.feel.matching.machine import Machine
from engine.feel.matching.trees import Anchor, Back, Choice, Group, Repeat, Sequence
from engine.feel.patterns import compile_pattern
from engine.feel.values import Undefined

LEAVES = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\s", "[a-c-[b]]", r"\p{Lu}", r"\n", "^", "$"]
)
COUNTS = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "*?", "+?", "??", "{1,3}?"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, COUNTS).map(lambda two: f"({two[0]}){two[1]}"),
        st.tuples(inner, COUNTS).map(lambda two: f"(?:{two[0]}){two[1]}"),
    )


@seed(20261130)
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.recursive(LEAVES, _larger, max_leaves=6),
    st.text("aabbcAB1 \n", max_size=9),
    st.sampled_from("imsx") | st.just(""),
)
def test_the_machine_finds_what_the_regex_package_finds(pattern: str, text: str, flags: str) -> None:
    found = compile_pattern(pattern, flags)
    assume(
        not _repeats_nothing(found.tree)
    )  # of an empty part that repeats the package remembers other groups

    wanted = [(match.start(), match.end(), match.groups()) for match in found.compiled.finditer(text)]

    machine = Machine(found.tree, found.groups, found.options)
    assert [(m.start, m.end, m.groups) for m in machine.search(text, lambda _: None)] == wanted


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("(a+)+$", "a" * 5_000 + "b", False),
        ("(a|a)*b", "a" * 5_000, False),
        ("(.*)*x", "y" * 5_000, False),
        (r"^(([a-z])+\.)+[A-Z]([a-z])+$", "a" * 5_000, False),
        ("(a?){30}a{30}", "a" * 5_000, True),
        (".*foo.*", "x" * 5_000 + "foo", True),
    ],
)
def test_steps_grow_with_the_text_and_not_faster(pattern: str, text: str, *, fits: bool) -> None:
    steps: list[int] = []

    assert compile_pattern(pattern).found_in(text, steps.append) is fits
    assert sum(steps) < 60 * len(text)


def test_the_steps_of_a_pattern_do_not_depend_on_the_clock() -> None:
    first: list[int] = []
    second: list[int] = []

    compile_pattern("(x+x+)+y").found_in("x" * 3_000, first.append)
    compile_pattern("(x+x+)+y").found_in("x" * 3_000, second.append)

    assert first == second


@pytest.mark.parametrize(
    "pattern",
    [
        "(a?){100000000}",
        "((a{1000}){1000}){1000}",
        "a{2,1}",
        "a**",
        "{2}",
        "a{e<=1}",
        "a++",
        "(?i)a",
        "[a",
        "(a",
        "a)",
        r"\1(a)",
    ],
)
def test_what_is_no_pattern_or_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(Undefined, match=r"not a regular expression|repeats too much"):
        compile_pattern(pattern)


def test_letters_without_case_are_compared_one_by_one() -> None:
    assert compile_pattern("STRASSE", "i").found_in("strasse", lambda _: None)
    assert not compile_pattern("straße", "i").found_in("strasse", lambda _: None)


def test_a_group_is_matched_again() -> None:
    steps: list[int] = []

    assert compile_pattern(r"(a+)-\1").found_in("aa-aa", steps.append)
    assert compile_pattern(r"(.*)(.*)-\2\1").found_in("x" * 200 + "-" + "x" * 200, steps.append)


def _repeats_nothing(tree: Any) -> bool:
    if isinstance(tree, Repeat):
        return _may_be_empty(tree.inner) or _repeats_nothing(tree.inner)
    return any(map(_repeats_nothing, _parts(tree)))


def _may_be_empty(tree: Any) -> bool:
    if isinstance(tree, Repeat):
        return tree.low == 0 or _may_be_empty(tree.inner)
    if isinstance(tree, Anchor | Back):
        return True
    if isinstance(tree, Choice):
        return any(map(_may_be_empty, tree.options))
    return isinstance(tree, Sequence | Group) and all(map(_may_be_empty, _parts(tree)))


def _parts(tree: Any) -> tuple[Any, ...]:
    if isinstance(tree, Sequence):
        return tree.parts
    if isinstance(tree, Choice):
        return tree.options
    return (tree.inner,) if isinstance(tree, Group) else ()
