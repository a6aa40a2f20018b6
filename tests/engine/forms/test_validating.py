"""The server decides what a form accepts: declared answers only, by type, rule and condition."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import forms
from engine.errors import InvalidAnswers
from engine.feel import Environment

ENV = Environment(now=datetime(2026, 11, 30, 2, tzinfo=UTC))


def form(*components: dict[str, Any]) -> forms.Form:
    return forms.parse(json.dumps({"type": "default", "components": components}), file="f.form")


def field(type_: str, key: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": type_, "key": key, **more}


def accepted(component: dict[str, Any], answer: object, **variables: Any) -> Any:
    return form(component).validate({"a": answer}, variables, ENV)["a"]


def refused(component: dict[str, Any], answer: object, **variables: Any) -> str:
    with pytest.raises(InvalidAnswers) as caught:
        form(component).validate({"a": answer}, variables, ENV)
    [(path, problem)] = caught.value.problems.items()
    assert path.startswith("a")
    assert str(problem)
    return str(problem.code)


CHOICES: dict[str, Any] = {"values": [{"label": "一", "value": "1"}, {"label": "二", "value": "2"}]}


@pytest.mark.parametrize(
    ("component", "answer", "value"),
    [
        (field("textfield"), "甲", "甲"),
        (field("textfield"), "  ", None),
        (field("number"), "12,345.60", Decimal("12345.60")),
        (field("number", serializeToString=True, decimalDigits=2), "0.10", Decimal("0.10")),
        (field("number", decimalDigits=2), 12.5, Decimal("12.5")),
        (field("number", decimalDigits=0), "12.00", Decimal("12.00")),
        (field("number"), "１２．５", Decimal("12.5")),
        (field("number", increment=0.01, validate={"required": True}), 0, Decimal(0)),
        (field("checkbox"), True, True),
        (field("radio", **CHOICES), "1", "1"),
        (field("select", valuesKey="all.codes"), 2, Decimal(2)),
        (
            field("select", valuesExpression="=for c in all.codes return {label: string(c), value: c}"),
            1,
            Decimal(1),
        ),
        (field("checklist", **CHOICES), ["1", "2"], ["1", "2"]),
        (field("taglist", **CHOICES), [], []),
        (field("datetime", subtype="date"), "2026-11-30", date(2026, 11, 30)),
        (field("datetime", subtype="date", disallowPassedDates=True), "2026-11-30", date(2026, 11, 30)),
        (field("datetime", subtype="time"), "10:30", time(10, 30)),
        (field("datetime", subtype="time"), "10:30Z", time(10, 30, tzinfo=UTC)),
        (
            field("datetime", subtype="datetime"),
            "2026-11-30T10:30+08:00",
            datetime(2026, 11, 30, 10, 30, tzinfo=timezone(timedelta(hours=8))),
        ),
        (field("filepicker", multiple=True), ["files::1", "files::2"], ["files::1", "files::2"]),
        (field("filepicker"), "files::1", "files::1"),
        (field("textfield", validate={"validationType": "email"}), "a.b@example.com", "a.b@example.com"),
        (field("textfield", validate={"validationType": "phone"}), "+86 10 1234-5678", "+86 10 1234-5678"),
        (
            field("textfield", validate={"pattern": r"^[0-9A-Z]{18}$"}),
            "91110000MA00000000",
            "91110000MA00000000",
        ),
        (
            field("textfield", validate={"pattern": r"^(\d{4} ){3}\d{4}$"}),
            "1111 2222 3333 4444",
            "1111 2222 3333 4444",
        ),
    ],
)
def test_an_answer_becomes_the_exact_value_of_its_type(
    component: dict[str, Any], answer: object, value: object
) -> None:
    found = accepted(component, answer, all={"codes": [1, 2]})

    assert found == value
    assert type(found) is type(value)
    assert str(found) == str(value)


@pytest.mark.parametrize(
    ("component", "answer", "code"),
    [
        (field("textfield"), 5, "not_text"),
        (field("textfield", validate={"required": True}), " ", "required"),
        (field("textfield", validate={"minLength": 2}), "一", "too_short"),
        (field("textarea", validate={"maxLength": 2}), "一二三", "too_long"),
        (field("textfield", validate={"pattern": "^a$"}), "b", "pattern"),
        (field("textfield", validate={"pattern": "^a$"}), "a\n", "pattern"),
        (field("textfield", validate={"pattern": "a", "patternErrorMessage": "x"}), "b", "pattern_message"),
        (field("textfield", validate={"validationType": "email"}), "a@", "email"),
        (field("textfield", validate={"validationType": "phone"}), "abc", "phone"),
        (field("number"), "12,34", "not_number"),
        (field("number"), "NaN", "not_number"),
        (field("number"), "1" * 100, "not_number"),
        (field("number"), True, "not_number"),
        (field("number", decimalDigits=2), "1.234", "decimal_digits"),
        (field("number", increment="0.05"), "1.01", "increment"),
        (field("number", validate={"min": 1}), 0, "too_small"),
        (field("number", validate={"max": "=limit * 2"}), 21, "too_large"),
        (field("checkbox"), "maybe", "not_boolean"),
        (field("checkbox", validate={"required": True}), False, "required"),
        (field("radio", **CHOICES), "3", "not_a_choice"),
        (field("radio", **CHOICES), {"x": 1}, "not_a_choice"),
        (field("select", valuesKey="none.there"), "1", "not_a_choice"),
        (field("checklist", **CHOICES), ["1", "1"], "not_a_choice"),
        (field("checklist", **CHOICES), "1", "not_a_list"),
        (field("checklist", validate={"required": True}, **CHOICES), [], "required"),
        (field("datetime", subtype="date"), "2026-02-30", "not_a_date"),
        (field("datetime", subtype="date", disallowPassedDates=True), "2026-11-29", "past_date"),
        (field("datetime", subtype="time"), "25:00", "not_a_time"),
        (field("datetime", subtype="datetime"), "2026-11-30", "not_a_datetime"),
        (field("filepicker"), 1, "not_a_list"),
    ],
)
def test_an_answer_against_the_rules_is_refused_by_code(
    component: dict[str, Any], answer: object, code: str
) -> None:
    assert refused(component, answer, limit=10) == code


def test_all_problems_are_told_at_once_with_what_is_not_declared() -> None:
    two = form(field("textfield", "a.b", validate={"required": True}), field("number", "n"))

    with pytest.raises(InvalidAnswers) as caught:
        two.validate({"a": {"b": "", "c": 1}, "n": "x", "approved": True}, {})

    assert {path: problem.code for path, problem in caught.value.problems.items()} == {
        "a.b": "required",
        "a.c": "unknown_field",
        "n": "not_number",
        "approved": "unknown_field",
    }


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    two = form(
        field("radio", "ok", **CHOICES),
        field("textfield", "why", conditional={"hide": '=ok = "1"'}, validate={"required": True}),
        field("textfield", "more", conditional={"hide": "=why = null"}, validate={"required": True}),
    )

    assert two.validate({"ok": "1", "why": "x", "more": "y"}, {}) == {"ok": "1"}
    with pytest.raises(InvalidAnswers):
        two.validate({"ok": "2"}, {})


def test_conditions_see_variables_and_the_answers_over_them() -> None:
    one = form(
        field("number", "client.fee"),
        field("textfield", "why", conditional={"hide": "=client.fee <= client.limit"}),
    )

    assert one.validate({"client": {"fee": "5"}, "why": "x"}, {"client": {"limit": 10}}) == {
        "client": {"fee": 5}
    }
    assert one.validate({"client": {"fee": 11}, "why": "x"}, {"client": {"limit": 10}})["why"] == "x"


def test_read_only_and_disabled_fields_are_not_taken_from_answers() -> None:
    locked = form(
        field("number", "fee", readonly=True),
        field("textfield", "name", disabled=True),
        field("textfield", "note", readonly="=fee > 5"),
    )

    assert locked.validate({"fee": 1, "name": "x", "note": "y"}, {"fee": 10}) == {}
    assert locked.validate({"fee": 100, "note": "y"}, {"fee": 1}) == {"note": "y"}


def test_the_items_of_a_list_are_forms_of_their_own() -> None:
    items = form(
        {
            "type": "dynamiclist",
            "path": "lines",
            "components": [
                field("textfield", "name", validate={"required": True}),
                {
                    "type": "group",
                    "components": [field("number", "amount", conditional={"hide": "=name = base"})],
                },
            ],
        }
    )

    found = items.validate(
        {"lines": [{"name": "x", "amount": "1.50"}, {"name": "b", "amount": 2}]}, {"base": "b"}
    )
    with pytest.raises(InvalidAnswers) as caught:
        items.validate({"lines": [{"name": ""}, 5, {"name": "a", "z": 1}]}, {})

    assert found == {"lines": [{"name": "x", "amount": Decimal("1.50")}, {"name": "b"}]}
    assert {path: problem.code for path, problem in caught.value.problems.items()} == {
        "lines[0].name": "required",
        "lines[1]": "not_a_context",
        "lines[2].z": "unknown_field",
    }
    assert items.keys == ("lines", "lines[].name", "lines[].amount")


def test_what_is_filled_in_although_it_is_hidden_is_named() -> None:
    one = form(
        field("checkbox", "ok"),
        field("textfield", "why", label="理由", conditional={"hide": "=ok"}),
        field("textfield", "who", label="谁", conditional={"hide": "=ok"}),
        field("checkbox", "sure", conditional={"hide": "=ok"}),
        field("textfield", "fixed", label="固定", readonly=True),
    )
    answers = {"ok": True, "why": "因为", "who": "马", "sure": False, "fixed": "x"}

    assert one.checked(answers, {"who": "马"}, ENV) == forms.Checked({"ok": True}, ("理由",)), (
        "«who» is what the variable holds already"
    )
    assert one.checked({**answers, "ok": False}, {}, ENV).left_out == ()


def test_a_group_with_a_path_keeps_its_answers_under_it_and_hides_them_all() -> None:
    group = form(
        {
            "type": "group",
            "path": "contact",
            "conditional": {"hide": "=skip"},
            "components": [field("textfield", "name", validate={"required": True})],
        }
    )

    assert group.validate({"contact": {"name": "王"}}, {"skip": False}) == {"contact": {"name": "王"}}
    assert group.validate({"contact": {"name": ""}}, {"skip": True}) == {}


def test_a_condition_that_gives_null_hides_as_it_does_in_the_browser() -> None:
    one = form(field("number", "fee"), field("textfield", "why", conditional={"hide": "=fee <= 100"}))

    number = form(field("number", "fee"), field("textfield", "why", conditional={"hide": "=fee"}))

    assert one.validate({"fee": None, "why": "x"}, {}) == {"fee": None}
    assert number.validate({"fee": 1, "why": "x"}, {}) == {"fee": 1, "why": "x"}
    assert one.validate({"fee": 200, "why": "x"}, {}) == {"fee": 200, "why": "x"}


def test_conditions_see_emptied_texts_and_dates_of_variables_as_the_browser_does() -> None:
    texts = form(
        field("textfield", "note"),
        field("textfield", "empty", conditional={"hide": '=note != ""'}),
        field("textfield", "late", conditional={"hide": "=since <= limit"}),
    )

    found = texts.validate(
        {"note": "", "empty": "a", "late": "b"}, {"since": date(2026, 3, 1), "limit": "2026-02-01"}
    )

    assert found == {"note": None, "empty": "a", "late": "b"}


def test_a_number_that_is_cleared_is_null_whatever_it_was_before() -> None:
    assert form(field("number", "fee")).validate({"fee": None}, {"fee": 5}) == {"fee": None}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "lines", "x"]), inner)
    ),
    max_leaves=8,
)
ALL = form(
    field("textfield", "a", conditional={"hide": "=b > 3"}, validate={"required": True, "pattern": "^a+b?$"}),
    field("number", "b", validate={"max": "=count(lines)"}),
    field("select", "x.y", **CHOICES),
    {
        "type": "dynamiclist",
        "path": "lines",
        "components": [field("datetime", "a", subtype="date"), field("checklist", "b", valuesKey="x")],
    },
)


@given(st.dictionaries(st.sampled_from(["a", "b", "lines", "x"]), JSON))
def test_no_answers_end_in_anything_but_invalid_answers(answers: dict[str, Any]) -> None:
    try:
        ALL.validate(answers, {"x": answers.get("lines")})
    except InvalidAnswers as refusal:
        assert refusal.problems  # noqa: PT017
