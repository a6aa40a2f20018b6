"""The desk: queues, one item, and the acts on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask, g
from sqlalchemy import select

from engine.commands import deployments, instances
from store.tables import WorkItem
from store.unit_of_work import Store, counted
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn
from tests.webui.conftest import CSRF, As, form
from webui.domain_words import rows_in_words

Find = Callable[[str], UUID]
JSON = {"Accept": "application/json", "X-CSRF-Token": CSRF}


def hand_in(browser: object, item_id: UUID, *, version: int = 2, **answers: object) -> object:
    data = {"answers": json.dumps(answers), "version": version}
    return browser.post(f"/items/{item_id}/complete", data=data, headers=JSON)  # type: ignore[attr-defined]


def test_what_nobody_has_taken_stands_in_the_team_queue(as_: As, firm: Firm, item: Find) -> None:
    page = as_(firm.bao).get("/team").text
    assert str(item("enter")) in page
    assert "录入凭证" in page
    assert "晨光贸易有限公司" in page


def test_a_claimed_item_is_mine_on_the_next_page(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    answer = browser.post(f"/items/{entering}/claim", data=form(back=f"/desk?item={entering}"))
    assert answer.location == f"/desk?item={entering}"
    page = browser.get(answer.location).text
    assert "data-complete-url" in page
    assert "已领取" in page


def test_the_second_to_claim_is_told_who_has_it(as_: As, firm: Firm, item: Find) -> None:
    entering = item("enter")
    as_(firm.bao).post(f"/items/{entering}/claim", data=form())
    answer = as_(firm.lin).post(f"/items/{entering}/claim", data=form())
    assert answer.status_code in {403, 409}


def test_a_stranger_to_the_client_does_not_see_the_item(as_: As, firm: Firm, item: Find) -> None:
    assert as_(firm.bei).get(f"/desk?item={item('enter')}").status_code == 404


def test_handing_in_leads_on(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    answer = hand_in(browser, entering, vouchers=3, amount="12345.60")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert answer.json["next"] == "/desk"  # type: ignore[attr-defined]
    assert item("review") != entering


def test_money_arrives_to_the_fen(as_: As, firm: Firm, item: Find, store: Store) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    hand_in(browser, entering, vouchers=3, amount="12345.60")
    answers = store.read(
        lambda c: c.execute(select(WorkItem.answers).where(WorkItem.id == entering)).scalar_one()
    )
    assert answers["amount"] in ("12345.60", {"$d": "12345.60"})


def test_answers_that_do_not_pass_name_each_field_in_chinese(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    answer = hand_in(browser, entering, vouchers=0)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert answer.json["problems"] == {"vouchers": "不能小于 1。"}  # type: ignore[attr-defined]


def test_an_item_that_has_moved_on_is_a_conflict_that_says_so(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    answer = hand_in(browser, entering, version=1, vouchers=3)
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "「录入凭证」在您打开之后有了变化" in answer.json["message"]  # type: ignore[attr-defined]


def test_a_draft_comes_back_when_the_item_is_opened_again(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    answer = browser.post(f"/items/{entering}/draft", json={"answers": {"note": "写到一半"}}, headers=JSON)
    assert answer.json == {"version": 3}
    assert "\\u5199\\u5230\\u4e00\\u534a" in browser.get(f"/desk?item={entering}").text


def test_who_entered_may_not_review(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    hand_in(browser, entering, vouchers=3)
    answer = browser.post(f"/items/{item('review')}/claim", data=form())
    assert answer.status_code == 403
    assert "职责分离" in answer.text


def test_a_page_without_scripts_hands_in_plain_fields(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    fields = form(plain="1", version="2", **{"field.vouchers": "3", "field.amount": "", "field.note": "x"})
    assert browser.post(f"/items/{entering}/complete", data=fields).status_code == 303


def test_giving_back_and_postponing(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    browser.post(f"/items/{entering}/postpone", data=form(until="2026-09-03"))
    assert str(entering) in browser.get("/desk?queue=postponed").text
    browser.post(f"/items/{entering}/release", data=form())
    assert str(entering) not in browser.get("/desk").text


@pytest.mark.parametrize("until", ["2026-08-31", "tomorrow", ""])
def test_a_day_that_cannot_be_is_refused(as_: As, firm: Firm, item: Find, until: str) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    assert browser.post(f"/items/{entering}/postpone", data=form(until=until)).status_code == 422


def test_several_items_are_claimed_at_once(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    data = form(act="claim", id=[str(entering), str(uuid4())], back="/desk")
    page = browser.post("/items/bulk", data=data, follow_redirects=True).text
    assert "1 项已处理" in page
    assert "有一项没有处理" in page


@pytest.mark.parametrize("tab", ["form", "papers", "diagram", "history", "sop"])
def test_each_tab_of_an_item_opens(as_: As, firm: Firm, item: Find, tab: str) -> None:
    assert as_(firm.bao).get(f"/desk?item={item('enter')}&tab={tab}").status_code == 200


@pytest.mark.parametrize(
    "queue",
    ["mine", "unassigned", "team", "overdue", "today", "week", "waiting", "postponed", "late", "done", "?"],
)
def test_each_queue_opens(as_: As, firm: Firm, month: UUID, queue: str) -> None:
    assert (
        as_(firm.bao)
        .get("/desk", query_string={"queue": queue, "sort": "-priority", "text": "x"})
        .status_code
        == 200
    )


def test_the_desk_takes_a_fixed_number_of_statements(as_: As, firm: Firm, item: Find, store: Store) -> None:
    browser = as_(firm.bao)
    item("enter")
    browser.get("/desk")
    with counted(store) as seen:
        browser.get("/team")
    reads = [one for one in seen if one.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(reads) <= 14


@pytest.mark.usefixtures("month")
def test_a_saved_filter_stays_until_it_is_removed(as_: As, firm: Firm) -> None:
    browser = as_(firm.bao)
    data = form(name="我的月结", queue="unassigned", process="month", period="2026-08")
    saved = browser.post("/desk/filters", data=data)
    page = browser.get(saved.location).text
    assert "我的月结" in page
    assert "录入凭证" in page
    remove = page.split('action="/desk/filters/')[1].split('"')[0]
    browser.post(f"/desk/filters/{remove}", data=form())
    assert "我的月结" not in browser.get("/desk").text


def test_filters_narrow_the_desk(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    for kept in ("process=month", "role=bookkeeper", "period=2026-08"):
        assert str(entering) in browser.get(f"/desk?queue=unassigned&{kept}").text
    for gone in ("process=other", "role=reviewer", "period=2026-09", "assignee=rui"):
        assert str(entering) not in browser.get(f"/desk?queue=unassigned&{gone}").text


def test_a_filter_without_a_name_is_refused(as_: As, firm: Firm) -> None:
    assert as_(firm.bao).post("/desk/filters", data=form(name=" ")).status_code == 422


def test_completing_several_leaves_those_that_need_answers(as_: As, firm: Firm, item: Find) -> None:
    browser, entering = as_(firm.bao), item("enter")
    browser.post(f"/items/{entering}/claim", data=form())
    page = browser.post(
        "/items/bulk", data=form(act="complete", id=[str(entering)], back="/desk"), follow_redirects=True
    )
    assert "有一项没有处理" in page.text
    assert item("enter") == entering


@pytest.mark.parametrize(("language", "paper"), [("zh", "工资表"), ("en", "Payroll")])
def test_the_tables_of_a_form_have_the_names_of_papers(app: Flask, language: str, paper: str) -> None:
    with app.test_request_context():
        g.default_language, g.person = language, None
        told = rows_in_words(
            {"requests": [{"name": "工资表", "state": "received", "code": "payroll"}], "n": 1}
        )
    assert told["n"] == 1
    assert told["requests"][0]["state"] == "received", "a code has its word in the form"
    assert told["requests"][0]["name"].startswith(paper)
    assert told["requests"][0]["code"] == "payroll"


def test_an_empty_desk_shows_where_work_is(as_: As, firm: Firm, month: UUID) -> None:
    del month
    page = as_(firm.ma).get("/desk").text
    assert "您名下没有工作。" in page
    assert "/team?queue=team" in page


def test_what_the_browser_showed_and_the_server_hides_is_told(as_: As, firm: Firm, store: Store) -> None:
    fields = [
        {"type": "checkbox", "key": "ok", "id": "F1"},
        {"type": "textfield", "key": "why", "id": "F2", "label": "理由", "conditional": {"hide": "=ok"}},
    ]
    schema = {"type": "default", "id": "kept.ask", "schemaVersion": 18, "components": fields}
    drawing = bpmn(
        "startEvent s\nuserTask u groups=manager form=kept.ask\nuserTask v groups=manager\ns -> u -> v",
        "kept",
    )
    files = {"kept/kept.bpmn": drawing, "kept/forms/ask.form": json.dumps(schema).encode()}
    store.run(deployments.deploy, files, by=None)
    instance = store.run(instances.start, "kept", {}, by=None)
    query = select(WorkItem.id).where(WorkItem.element == "u")
    item = store.read(lambda connection: connection.execute(query).scalar_one())
    browser = as_(firm.ma)
    browser.post(f"/items/{item}/claim", data=form())
    answer: Any = hand_in(browser, item, ok=True, why="因为")
    assert answer.status_code == 200, answer.text
    assert "没有保存「理由」" in browser.get("/desk").text
    assert "没有保存「理由」" in browser.get(f"/instances/{instance}").text
