"""The studio: drafts, problems, deploying, the handlers as templates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from engine.service_tasks import Handlers, Parameter
from tests.conftest import Firm
from tests.webui.conftest import CSRF, As, form
from tests.webui.sample import PROCESS
from webui import new_files
from webui.element_templates import templates
from webui.problem_words import RULES


def told(answer: Any) -> Any:
    """Return the JSON of an answer."""
    return answer.json


JSON = {"Accept": "application/json", "X-CSRF-Token": CSRF}
PATH = "month/month.bpmn"


def test_every_file_stands_under_its_process(as_: As, firm: Firm, month: UUID) -> None:
    del month
    page = as_(firm.ma).get("/studio/").text
    assert "月结" in page
    assert "录入凭证" in page, "a form is named after the step that shows it"


@pytest.mark.parametrize("path", [PATH, "month/forms/enter.form"])
def test_a_deployed_file_opens_in_its_editor(as_: As, firm: Firm, month: UUID, path: str) -> None:
    del month
    browser = as_(firm.ma)
    assert browser.get(f"/studio/edit?path={path}").status_code == 200
    assert browser.get(f"/studio/file?path={path}").status_code == 200


def test_a_draft_is_kept_and_shown_instead(as_: As, firm: Firm, month: UUID) -> None:
    del month
    browser = as_(firm.ma)
    body = PROCESS.replace("录入凭证", "登记凭证")
    answer = browser.post("/studio/save", json={"path": PATH, "body": body, "version": 0}, headers=JSON)
    assert answer.json == {"version": 1}
    assert "登记凭证" in browser.get(f"/studio/file?path={PATH}").text


def test_the_second_to_save_is_told_that_there_is_another_draft(as_: As, firm: Firm, month: UUID) -> None:
    del month
    browser = as_(firm.ma)
    saved = {"path": PATH, "body": PROCESS, "version": 0}
    browser.post("/studio/save", json=saved, headers=JSON)
    answer = browser.post("/studio/save", json=saved, headers=JSON)
    assert answer.status_code == 409
    assert "刚被别人保存过" in told(answer)["message"]


def test_problems_name_the_shape_and_what_to_do(as_: As, firm: Firm, month: UUID) -> None:
    del month
    body = PROCESS.replace("test.post", "test.gone")
    problems = told(as_(firm.ma).post("/studio/check", json={"path": PATH, "body": body}, headers=JSON))[
        "problems"
    ]
    assert [(each["element"], each["rule"]) for each in problems] == [("post", "topic-unknown")]
    assert problems[0]["message"] == "没有安装这个处理程序。"


def test_a_file_that_is_no_xml_is_a_problem_too(as_: As, firm: Firm, month: UUID) -> None:
    del month
    problems = told(as_(firm.ma).post("/studio/check", json={"path": PATH, "body": "<bpmn"}, headers=JSON))[
        "problems"
    ]
    assert problems[0]["rule"] == "xml-unreadable"


@pytest.mark.parametrize(
    ("path", "body", "place", "message"),
    [
        (
            "month/forms/new.form",
            '{"type": "default", "id": "month.new", "components": [{"type": "iframe", "id": "page"}]}',
            "组件「page」（iframe）",
            "不能使用「iframe」类型的组件，请换一种。",
        ),
        (
            "month/new.dmn",
            (
                '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
                '<decision id="size" name="规模"/></definitions>'
            ),
            "决策「规模」",
            "决策没有内容，请加决策表或表达式。",
        ),
        (
            "month/feel.dmn",
            (
                '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
                '<decision id="size" name="规模"><literalExpression><text>1 +</text></literalExpression></decision></definitions>'
            ),
            "决策「规模」",
            "这里的写法不能读取。",
        ),
    ],
)
def test_problems_of_forms_and_decisions_are_told_in_chinese(
    as_: As, firm: Firm, month: UUID, path: str, body: str, place: str, message: str
) -> None:
    del month
    answer = as_(firm.ma).post("/studio/check", json={"path": path, "body": body}, headers=JSON)
    assert [(each["name"], each["message"]) for each in told(answer)["problems"]] == [(place, message)]


def test_deploying_makes_a_version_and_ends_the_draft(as_: As, firm: Firm, month: UUID) -> None:
    del month
    browser = as_(firm.ma)
    body = PROCESS.replace("录入凭证", "登记凭证")
    browser.post("/studio/save", json={"path": PATH, "body": body, "version": 0}, headers=JSON)
    review = browser.get("/studio/deploy").text
    assert "v1 → v2" in review
    assert "1 个，按原版本走完" in review
    page = browser.post("/studio/deploy", data=form(path=PATH, note="改名"), follow_redirects=True).text
    assert "已发布 1 个新版本" in page
    assert "登记凭证" in browser.get("/handbook/month").text


def test_a_broken_draft_is_not_deployed(as_: As, firm: Firm, month: UUID) -> None:
    del month
    browser = as_(firm.ma)
    body = PROCESS.replace("test.post", "test.gone")
    browser.post("/studio/save", json={"path": PATH, "body": body, "version": 0}, headers=JSON)
    answer = browser.post("/studio/deploy", data=form(path=PATH))
    assert answer.status_code == 422
    assert "没有发布" in answer.text
    assert RULES["topic-unknown"][0] in answer.text, "in the page's language"


@pytest.mark.parametrize("kind", ["process", "decision", "form"])
def test_a_new_file_passes_the_gate(as_: As, firm: Firm, month: UUID, kind: str) -> None:
    del month
    browser = as_(firm.ma)
    answer = browser.post("/studio/new", data=form(kind=kind, key="brand_new", folder=""))
    path, text = new_files.begin(kind, "brand_new", "")
    assert answer.location.endswith(path.replace("/", "/"))
    found = told(browser.post("/studio/check", json={"path": path, "body": text}, headers=JSON))["problems"]
    assert found == []


@pytest.mark.parametrize("key", ["", "With Space", "../up", "中文"])
def test_a_key_that_cannot_be_is_refused(as_: As, firm: Firm, key: str) -> None:
    assert as_(firm.ma).post("/studio/new", data=form(kind="process", key=key)).status_code == 422


def test_who_may_not_draft_sees_no_studio(as_: As, firm: Firm) -> None:
    assert as_(firm.bao).get("/studio/").status_code == 403


def test_a_handler_becomes_a_template_with_its_parameters(as_: As, firm: Firm) -> None:
    found = told(as_(firm.ma).get("/studio/element-templates.json"))
    assert found[0]["name"] == "过账"
    assert found[0]["properties"][0]["value"] == "test.post"


def test_each_kind_of_parameter_has_its_field(as_: As, firm: Firm, app: object) -> None:
    del as_, firm
    handlers = Handlers()
    parameters = (
        Parameter("a", "文字", required=True),
        Parameter("b", kind="boolean", binding="input"),
        Parameter("c", kind="choice", choices=(("x", "甲", "First"),), default="x"),
        Parameter("d", kind="feel", binding="input", description="说明"),
        Parameter("e", kind="number", binding="input"),
    )
    handlers.service_task("t", effect="outside", parameters=parameters, errors=("t.e",))(lambda *_: None)
    with app.test_request_context():  # type: ignore[attr-defined]
        from flask import g  # noqa: PLC0415 - only inside a request

        g.default_language, g.person = "zh", None
        fields = templates(handlers)[0]["properties"][1:]
    assert [each["type"] for each in fields] == ["String", "Dropdown", "Dropdown", "String", "String"]
    assert fields[0]["constraints"] == {"notEmpty": True}
    assert fields[3]["feel"] == "required"
