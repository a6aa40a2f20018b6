"""The page on FEEL says what is so: its examples, functions, limits and findings."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from engine import feel

PAGE = (Path(__file__).parents[2] / "docs" / "feel.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(.+)` \| `(.+)` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("text", "shown"), EXAMPLES)
def test_every_example_gives_what_the_page_shows(text: str, shown: str) -> None:
    found, wanted = feel.compile(text).evaluate({}), feel.compile(shown).evaluate({})

    assert found == wanted
    assert type(found) is type(wanted)


def test_every_function_is_named() -> None:
    assert len(EXAMPLES) > 30
    assert [name for name in sorted(feel.BUILTIN_NAMES) if f"`{name}`" not in PAGE] == []


def test_every_limit_is_told_with_its_value() -> None:
    for name, value in asdict(feel.Limits()).items():
        assert f"| {name} | {value:,.0f} |" in PAGE


def test_errors_and_warnings_are_those_of_the_analysis() -> None:
    for line, severity in (("* An **error**", "error"), ("* A **warning**", "warning")):
        told = PAGE[PAGE.index(line) :].splitlines()[0]
        for text in re.findall("`(.+?)`", told):
            assert [found.severity for found in feel.analyse(text).findings] == [severity], text
