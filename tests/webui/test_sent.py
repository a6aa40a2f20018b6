"""What a script sends that is not ours, or broken: refused in words, and never an error of the program."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Firm
from tests.webui.conftest import CSRF, As

JSON = {"Accept": "application/json", "X-CSRF-Token": CSRF, "Content-Type": "application/json"}
NEW = {"path": "a/a.dmn", "body": "<a/>"}


@pytest.mark.parametrize("url", ["/try/expression", "/try/decision", "/studio/save", "/studio/check"])
@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "3", '"text"', '{"path": 1, "body": [], "expression": {}}']
)
def test_what_is_no_object_of_texts_is_refused(as_: As, firm: Firm, url: str, body: str) -> None:
    answer = as_(firm.ma).post(url, data=body, headers=JSON)
    assert answer.status_code in {200, 400, 422}
    assert answer.status_code != 200 or url == "/try/decision", "which says to choose one"


@pytest.mark.parametrize("scope", ["x", [], {}, 1e400])
def test_a_scope_that_is_no_number_is_named(as_: As, firm: Firm, month: Any, scope: Any) -> None:
    asked = {"expression": "1", "instance": str(month), "scope": scope}
    answer = as_(firm.ma).post("/try/expression", json=asked, headers=JSON)
    assert answer.status_code == 200
    assert "「scope」应是整数。" in (answer.json or {})["html"] or not scope


def test_what_is_asked_for_is_named_when_it_is_not_there(as_: As, firm: Firm) -> None:
    browser = as_(firm.ma)
    for instance in (str(uuid4()), "no id"):
        answer = browser.post("/try/expression", json={"expression": "1", "instance": instance}, headers=JSON)
        assert instance in (answer.json or {})["html"]
    answer = browser.post("/try/decision", json={"definition": "no id"}, headers=JSON)
    assert "请选择决策" in (answer.json or {})["html"]


def test_half_a_character_is_refused_and_nothing_is_kept(as_: As, firm: Firm) -> None:
    browser = as_(firm.ma)
    answer = browser.post("/studio/save", json={**NEW, "body": "<a>\ud800</a>"}, headers=JSON)
    assert answer.status_code == 422
    assert "不完整的字符" in (answer.json or {})["message"]
    assert browser.get("/studio/file?path=a/a.dmn").status_code == 404


def test_half_a_character_in_written_variables_is_shown_as_it_can_be(as_: As, firm: Firm) -> None:
    asked = {"expression": "string length(x)", "variables": '{"x": "\\ud800"}'}
    answer = as_(firm.ma).post("/try/expression", json=asked, headers=JSON)
    assert ">1</pre>" in (answer.json or {})["html"]
