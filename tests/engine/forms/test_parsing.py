"""A form schema is taken whole or refused with every problem."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import forms
from engine.forms.patterns import nests_repeats

SEEDS = Path(__file__).resolve().parents[3] / "processes"


def test_every_problem_of_a_schema_is_told_at_once() -> None:
    schema = {
        "type": "default",
        "components": [
            {"type": "html", "content": "<script>"},
            {"type": "textfield", "key": "a", "conditional": {"hide": "=1 +"}},
            {"type": "textfield", "key": "a"},
            {"type": "number"},
            {"type": "number", "key": "n", "increment": "x", "validate": {"min": "low", "max": "=("}},
            {"type": "textfield", "key": "p", "validate": {"pattern": "(a+)+", "validationType": "url"}},
            {"type": "select", "key": "s"},
            {"type": "datetime", "key": "d"},
            "text",
        ],
    }

    with pytest.raises(forms.FormError) as caught:
        forms.parse(json.dumps(schema), file="a.form")

    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 12
    assert all(text.startswith("a.form, ") for text in told)
    assert "component 'a' (textfield), hide" not in told[0]
    assert "html" in told[0]


@pytest.mark.parametrize(
    "schema", [b"", b"[]", b"{", b'{"type": "other"}', b"\xff", b"[" * 100_000, '{"a": NaN}']
)
def test_what_is_no_form_is_refused(schema: bytes | str) -> None:
    with pytest.raises(forms.FormError):
        forms.parse(schema, file="a.form")


def test_a_form_knows_its_keys_and_every_expression_in_it() -> None:
    schema = {
        "type": "default",
        "id": "f",
        "components": [
            {"type": "text", "text": "=name"},
            {"type": "textfield", "key": "a.b", "label": "x", "conditional": {"hide": "=c > 1"}},
        ],
    }

    form = forms.parse(json.dumps(schema))

    assert form.id == "f"
    assert form.keys == ("a.b",)
    assert [text for _, text in form.expressions] == ["name", "c > 1"]


@pytest.mark.parametrize(
    ("pattern", "nested"),
    [
        ("(a+)+", True),
        ("(?:a*b){2,}", True),
        ("((a+)b)*", True),
        (r"\(a+\)+", False),
        ("[(a+)]+", False),
        (r"^(\d{4}-){2}\d+$", False),
        ("(a|b)*", False),
        ("^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$", False),
    ],
)
def test_nested_repeats_are_recognised(pattern: str, *, nested: bool) -> None:
    assert nests_repeats(pattern) is nested


def test_the_forms_of_the_seed_processes_are_accepted() -> None:
    for path in sorted(SEEDS.glob("*/forms/*.form")):
        assert forms.parse(path.read_bytes(), file=path.name).fields


def test_a_form_is_read_once_for_each_place_that_it_stands_at() -> None:
    schema = json.dumps({"type": "default", "id": "once", "components": []})

    first, again, elsewhere = (forms.parse(schema, file=file) for file in ("a.form", "a.form", "b.form"))

    assert again is first
    assert (elsewhere.id, elsewhere.file) == ("once", "b.form")
