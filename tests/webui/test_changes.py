"""What a draft changes."""

from __future__ import annotations

import json

import pytest
from flask import Flask, g

from tests.webui.sample import FORM, PROCESS
from webui import changes


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> object:
    """Names are told in the language of a request."""
    with app.test_request_context():
        g.default_language, g.person = "zh", None
        yield


def test_a_renamed_step_is_changed_and_nothing_else() -> None:
    found = changes.of_process(PROCESS.encode(), PROCESS.replace("录入凭证", "登记凭证").encode(), "p")
    assert found is not None
    assert (found.added, found.changed, found.removed) == ({}, {"enter": "登记凭证"}, {})
    assert found.marks == {"elements": {"enter": {"change": "changed"}}}


def test_moving_lines_in_the_file_changes_nothing() -> None:
    moved = PROCESS.replace("<bpmn:userTask", "\n\n<bpmn:userTask")
    assert not changes.of_process(PROCESS.encode(), moved.encode(), "p")


def test_a_step_taken_out_is_removed() -> None:
    without = PROCESS.replace('<bpmn:sequenceFlow id="f4" sourceRef="post" targetRef="done"/>', "")
    found = changes.of_process(PROCESS.encode(), without.encode(), "p")
    assert found is None or "f4" in found.removed


def test_a_file_that_cannot_be_read_has_no_changes_to_show() -> None:
    assert changes.of_process(PROCESS.encode(), b"<bpmn", "p") is None
    assert changes.of_form(FORM.encode(), b"{") is None


def test_a_form_is_compared_by_its_fields() -> None:
    schema = json.loads(FORM)
    schema["components"][0]["label"] = "张数"
    del schema["components"][2]
    schema["components"].append({"type": "checkbox", "key": "sure", "label": "确定", "id": "Field_4"})
    found = changes.of_form(FORM.encode(), json.dumps(schema).encode())
    assert found is not None
    assert (found.added, found.changed, found.removed) == (
        {"sure": "确定"},
        {"vouchers": "张数"},
        {"note": "说明"},
    )
