"""Every expression of every form gives in the browser what it gives on the server."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from engine import feel, forms
from engine.forms.browser import differs_in_browser
from engine.forms.fields import INPUTS
from engine.forms.validating import Validation, merged
from engine.forms.values import EMPTY, browser_variables, empty_value
from tests.forms_in_browser.browser import ROOT, Question, ask
from tests.forms_in_browser.samples import ABSENT, Sample, flat, samples

ENV = feel.Environment(now=datetime(2026, 11, 24, 2, tzinfo=UTC))
FORMS = sorted((ROOT / "processes").glob("*/forms/*.form"))
CONDITIONS = ("hide", "readonly")
CLOSE = 1e-9
SHOWN = 12

BROAD = [
    {"type": "number", "key": "amount"},
    {"type": "number", "key": "fee", "serializeToString": True},
    {"type": "textfield", "key": "name"},
    {"type": "checkbox", "key": "ok"},
    {"type": "datetime", "subtype": "date", "key": "on"},
    {
        "type": "select",
        "key": "kind",
        "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}],
    },
    {
        "type": "checklist",
        "key": "codes",
        "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}],
    },
]
BROAD_CONDITIONS = [
    "amount > 100",
    "amount <= limit",
    "amount = null or amount between 1 and 5",
    "number(fee) > 10",
    'name = ""',
    "name = null",
    "string length(name) > 1",
    'starts with(name, "甲")',
    "ok",
    "ok = false",
    'not(ok) or kind = "a"',
    'kind in ["a", "b"]',
    'kind != "a" and ok',
    "date(on) > date(since)",
    'on < "2026-02-01"',
    "count(codes) = 0",
    'list contains(codes, "a")',
    "every code in codes satisfies code = kind",
    'some row in rows satisfies row.status = "missing"',
    "round half up(amount * 0.06, 2) > 0.5",
    "if ok then amount > 1 else amount < 1",
    "client.level",
    'client.level = "A" or client = null',
    "rows[1].status = null",
    'upper case(kind) + "!" = "A!"',
]

TYPED = {
    "limit": (ABSENT, None, 0, 5, Decimal("12.5"), Decimal(1000)),
    "since": (ABSENT, None, date(2026, 1, 31), date(2026, 3, 1), "2026-03-02"),
    "rows": (
        ABSENT,
        None,
        [],
        [{"status": "missing"}],
        [{"status": "here"}, {"status": "missing"}],
        [{"code": 1}, {}],
    ),
}
"""What is ordered or gone through has one type: on others one side gives null and the other false."""


@dataclass(frozen=True)
class Trial:
    """One expression of one form with one sample."""

    file: str
    form: forms.Form
    place: str
    text: str
    sample: Sample

    @property
    def use(self) -> str:
        """What the expression is for: hide, readonly, max, dataSource …"""
        return self.place.rpartition(", ")[2]


def test_the_empty_values_of_fields_are_those_of_form_js() -> None:
    found = ask([]).empty

    assert {kind: found[kind] for kind in INPUTS} == {kind: EMPTY.get(kind) for kind in INPUTS}


def test_every_form_of_the_library_behaves_in_the_browser_as_on_the_server() -> None:
    read = [(path.relative_to(ROOT).as_posix(), forms.parse(path.read_bytes())) for path in FORMS]

    trials = [
        Trial(file, form, place, text, sample)
        for file, form in read
        for place, text in form.expressions
        for sample in samples(form, text)
    ]

    assert len(trials) > 1000
    assert differences(trials) == []


def test_common_expressions_behave_in_the_browser_as_on_the_server() -> None:
    form = forms.parse(json.dumps({"type": "default", "components": BROAD}))

    trials = [
        Trial("broad.form", form, "a condition, hide", text, sample)
        for text in BROAD_CONDITIONS
        for sample in samples(form, text, TYPED)
    ]

    assert [text for text in BROAD_CONDITIONS if differs_in_browser(text)] == []
    assert len(trials) > 250
    assert differences(trials) == []


@pytest.mark.parametrize("text", ["a + b = 0.3", "not(c)", "codes = []", 'string(d) = "12.50"'])
def test_what_the_gate_refuses_does_differ(text: str) -> None:
    form = forms.parse(json.dumps({"type": "default", "components": []}))
    variables = {"a": Decimal("0.1"), "b": Decimal("0.2"), "c": None, "codes": ["x"], "d": Decimal("12.50")}

    found = differences([Trial("x.form", form, "a field, hide", text, Sample(variables, {}))])

    assert differs_in_browser(text)
    assert found
    assert f"x.form: a field, hide: «{text}»" in found[0]


def differences(trials: list[Trial]) -> list[str]:
    """Ask both sides; a sentence for each trial in which they differ, the first few."""
    answers = ask(Question(trial.use, trial.text, in_browser(trial)) for trial in trials).answers
    found = []
    for trial, answer in zip(trials, answers, strict=True):
        there = "fails" if "error" in answer else used(trial.use, answer["value"], truthy=bool)
        here = used(trial.use, on_server(trial), truthy=lambda value: value is True)
        if not same(here, there):
            found.append(
                f"{trial.file}: {trial.place}: «{trial.text}» with {trial.sample} is {here!r} here, {there!r} in the browser"
            )
    return found[:SHOWN]


def in_browser(trial: Trial) -> dict[str, Any]:
    """Return the data of the form there: variables as JSON, answers over them, empty values for the rest."""
    empty = {field.key: empty_value(field) for field in flat(trial.form.fields)}
    data = {name: as_json(value) for name, value in trial.sample.variables.items()}
    return {**empty, **data, **trial.sample.answers}


def on_server(trial: Trial) -> Any:
    """Return the value that the server's validation would see."""
    validation = Seeing(ENV)
    around = browser_variables(trial.sample.variables, ENV.zone)
    validation.level(trial.form.fields, trial.sample.answers, around, "")
    context, expression = merged(around, validation.seen), feel.compile(trial.text)
    if trial.use in CONDITIONS:
        return validation._holds(expression, context, trial.place)
    return expression.evaluate(context, ENV)


class Seeing(Validation):
    """A validation that lets us look at what its conditions see, before anything is hidden."""

    seen: Mapping[str, Any]

    def _fields(self, fields: Any, answers: Any, state: Any, prefix: str, *, hidden: bool) -> None:
        del fields, answers, prefix, hidden
        self.seen = state[1]


def used(use: str, value: Any, *, truthy: Callable[[Any], bool]) -> Any:
    """Return what a value comes to where it is used."""
    if use in CONDITIONS:
        return value is True
    return truthy(value) if use == "required" else as_json(value)


def as_json(value: Any) -> Any:
    """Return a value as the data of the browser holds it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: as_json(inner) for name, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, list | tuple) else value


def same(one: Any, other: Any) -> bool:
    """Tell whether two plain values are the same; numbers nearly."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isinstance(one, bool) is isinstance(other, bool) and math.isclose(one, other, rel_tol=CLOSE)
    return bool(one == other)
