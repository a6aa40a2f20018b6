"""An operator's acts on tokens: the pages that ask, preview and do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from store.tables import Instance, WorkItem
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.webui.conftest import As, form

RunDue = Callable[[], int]


def wait_of(store: Store, element: str) -> int:
    query = select(WorkItem.wait).where(WorkItem.element == element, WorkItem.state == "open")
    found: int = store.read(lambda connection: connection.execute(query).scalar_one())
    return found


def open_elements(store: Store) -> list[str]:
    query = select(WorkItem.element).where(WorkItem.state == "open").order_by(WorkItem.element)
    return store.read(lambda connection: list(connection.scalars(query)))


def hidden(page: str) -> dict[str, Any]:
    """Return the fields that the confirming form hands in."""
    confirm = page.split('method="post"', 1)[1] if 'id="ask"' not in page else page.split('id="ask"', 1)[1]
    confirm = confirm.split('method="post"', 1)[-1]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', confirm))
    return {name: value.replace("&#34;", '"') for name, value in found.items()}


def test_a_move_is_previewed_then_done_with_a_reason(as_: As, firm: Firm, month: UUID, store: Store) -> None:
    browser, wait = as_(firm.ma), wait_of(store, "enter")
    page = browser.get(f"/instances/{month}/move?wait={wait}&to=before:review&preview=1").text
    assert "移动「录入凭证」的令牌" in page
    assert "会取消" in page
    assert open_elements(store) == ["enter"], "a preview changes nothing"
    fields = hidden(page)
    assert fields["to"] == "before:review"
    answer = browser.post(f"/instances/{month}/move", data=fields | form(reason="已在线下录入"))
    assert answer.status_code == 303
    assert open_elements(store) == ["review"]
    history = browser.get(f"/instances/{month}").text
    assert "移动了「录入凭证」的令牌" in history
    assert "已在线下录入" in history


def test_a_second_click_and_a_stale_page_change_nothing(
    as_: As, firm: Firm, month: UUID, store: Store
) -> None:
    browser, wait = as_(firm.ma), wait_of(store, "enter")
    fields = hidden(browser.get(f"/instances/{month}/repeat?wait={wait}").text) | form(reason="再来")
    assert browser.post(f"/instances/{month}/repeat", data=fields).status_code == 303
    again = browser.post(f"/instances/{month}/repeat", data=fields)
    assert again.status_code == 409
    assert "实例有了变化" in again.text
    assert open_elements(store) == ["enter"]


def test_skipping_shows_what_becomes_of_variables_and_takes_typed_results(
    as_: As, firm: Firm, month: UUID, store: Store
) -> None:
    browser, wait = as_(firm.ma), wait_of(store, "enter")
    page = browser.get(
        f"/instances/{month}/skip",
        query_string={"wait": wait, "variables": 'vouchers = 3\nday = = date("2026-08-31")', "preview": 1},
    ).text
    assert "2026-08-31" in page
    fields = hidden(page) | form(reason="客户已办")
    fields["variables"] = 'vouchers = 3\nday = = date("2026-08-31")'
    assert browser.post(f"/instances/{month}/skip", data=fields).status_code == 303
    assert open_elements(store) == ["review"]
    shown = browser.get(f"/instances/{month}").text
    assert "= date(&#34;2026-08-31&#34;)" in shown
    assert "跳过了「录入凭证」" in shown


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"variables": "vouchers"}, "要写成 名 = 值"),
        ({"variables": "vouchers = drei"}, "「vouchers」的值写法不对"),
        ({"wait": "999999"}, "这一步已经不在等待"),
    ],
)
def test_what_cannot_be_is_told_beside_the_form(
    as_: As, firm: Firm, month: UUID, store: Store, query: dict[str, str], told: str
) -> None:
    asked = {"wait": wait_of(store, "enter"), "preview": "1", **query}
    answer = as_(firm.ma).get(f"/instances/{month}/skip", query_string=asked)
    assert answer.status_code == 200
    assert told in answer.text
    assert 'name="reason"' not in answer.text, "what cannot be done is not offered"


def test_a_place_that_is_no_number_is_refused(as_: As, firm: Firm, month: UUID) -> None:
    answer = as_(firm.ma).get(f"/instances/{month}/skip?wait=x")
    assert answer.status_code == 422
    assert "请只写数字" in answer.text


def test_the_tokens_are_listed_with_their_acts(as_: As, firm: Firm, month: UUID, store: Store) -> None:
    page = as_(firm.ma).get(f"/instances/{month}/tokens").text
    assert "录入凭证" in page
    assert f"/instances/{month}/move?token=" in page


@pytest.mark.parametrize("act", ["tokens", "move", "skip", "repeat", "restart/"])
def test_who_may_not_operate_sees_none_of_it(as_: As, firm: Firm, month: UUID, act: str) -> None:
    assert as_(firm.bao).get(f"/instances/{month}/{act}").status_code == 403
    if act != "tokens":
        answer = as_(firm.bao).post(f"/instances/{month}/{act}", data=form(reason="想试试"))
        assert answer.status_code == 403
    assert f"/instances/{month}/move" not in as_(firm.bao).get(f"/instances/{month}").text


def test_an_act_needs_a_reason(as_: As, firm: Firm, month: UUID, store: Store) -> None:
    data = form(wait=wait_of(store, "enter"), reason=" ")
    answer = as_(firm.ma).post(f"/instances/{month}/repeat", data=data)
    assert answer.status_code == 422
    assert "请写明原因" in answer.text


def test_a_shape_offers_its_tokens_and_to_begin_there(as_: As, firm: Firm, month: UUID) -> None:
    part = as_(firm.ma).get(f"/instances/{month}/element?element=enter").text
    assert "重做…" in part
    assert f"/instances/{month}/restart/?element=enter" in part
    assert "before:enter" in part


# --- the past ---


def test_an_instance_is_taken_back_to_a_past_step(as_: As, firm: Firm, month: UUID, store: Store) -> None:
    browser = as_(firm.ma)
    data = form(name="amount", scope="0", value="12.30", reason="补上")
    browser.post(f"/instances/{month}/variables", data=data)
    browser.post(f"/instances/{month}/skip", data=form(wait=wait_of(store, "enter"), reason="已办"))
    page = browser.get(f"/instances/{month}/restart/?element=enter").text
    assert "这个实例退回去" in page
    assert "12.30" in page, "what will change is shown"
    fields = hidden(page)
    assert fields["how"] == "rewind"
    assert (
        browser.post(f"/instances/{month}/restart/", data=fields | form(reason="录错了")).status_code == 303
    )
    assert open_elements(store) == ["enter"]
    shown = browser.get(f"/instances/{month}").text
    assert "退回到过去的步骤" in shown
    assert "录错了" in shown


def test_an_ended_instance_begins_anew_and_both_lead_to_each_other(
    as_: As, firm: Firm, month: UUID, store: Store
) -> None:
    browser = as_(firm.ma)
    browser.post(f"/instances/{month}/cancel", data=form(reason="停"))
    page = browser.get(f"/instances/{month}/restart/?element=enter").text
    assert "这个实例退回去" not in page
    fields = hidden(page) | form(reason="恢复")
    answer = browser.post(f"/instances/{month}/restart/", data=fields)
    assert answer.status_code == 303
    new = store.read(lambda c: c.scalar(select(Instance.id).where(Instance.id != month)))
    assert str(new) in answer.headers["Location"]
    assert str(new) in browser.get(f"/instances/{month}").text
    assert str(month) in browser.get(f"/instances/{new}").text
    again = browser.post(f"/instances/{month}/restart/", data=fields)
    assert again.status_code == 409


def test_a_step_that_was_never_reached_is_no_place_to_begin(as_: As, firm: Firm, month: UUID) -> None:
    page = as_(firm.ma).get(f"/instances/{month}/restart/?element=post").text
    assert "没有经过这一步" in page
    assert 'name="reason"' not in page


def test_a_visit_of_another_step_is_not_taken_for_the_chosen_one(
    as_: As, firm: Firm, month: UUID, store: Store
) -> None:
    browser = as_(firm.ma)
    begin = hidden(browser.get(f"/instances/{month}/restart/?element=begin").text)["event"]
    enter = hidden(browser.get(f"/instances/{month}/restart/?element=enter&event={begin}").text)["event"]
    assert enter != begin


# --- variables ---


def test_a_new_variable_of_any_kind_can_be_set_and_is_shown_as_it_can_be_written(
    as_: As, firm: Firm, month: UUID
) -> None:
    browser = as_(firm.ma)
    for name, value in (("day", '= date("2026-08-31")'), ("exact", "12345678901234567.89"), ("none", "null")):
        data = form(name=name, scope="0", value=value, reason="补上")
        assert browser.post(f"/instances/{month}/variables", data=data).status_code == 303
    page = browser.get(f"/instances/{month}").text
    assert "= date(&#34;2026-08-31&#34;)" in page
    assert "12345678901234567.89" in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "#items"}, "不能作变量名"),
        ({"value": "= amount * 2"}, "直接写出值"),
        ({"value": "= 2 +"}, ""),
        ({"scope": "77"}, "变量范围已经不存在"),
    ],
)
def test_a_variable_that_cannot_be_is_refused(
    as_: As, firm: Firm, month: UUID, fields: dict[str, str], told: str
) -> None:
    data = form(**{"name": "x", "scope": "0", "value": "1", "reason": "试", **fields})
    answer = as_(firm.ma).post(f"/instances/{month}/variables", data=data)
    assert answer.status_code in {404, 422}
    assert told in answer.text


def test_a_large_value_is_kept_whole(as_: As, firm: Firm, month: UUID) -> None:
    data = form(name="large", scope="0", value=f'"{"字" * 200_000}"', reason="大")
    browser = as_(firm.ma)
    assert browser.post(f"/instances/{month}/variables", data=data).status_code == 303
    assert "字" * 200_000 in browser.get(f"/instances/{month}").text


@pytest.mark.parametrize(
    "act", ["tokens", "move?to=before:review&preview=1", "skip", "repeat", "restart/?element=enter"]
)
def test_the_pages_speak_english_to_whom_wants_it(
    as_: As, firm: Firm, month: UUID, store: Store, act: str
) -> None:
    joined = "&" if "?" in act else "?"
    page = as_(firm.ma, "en").get(f"/instances/{month}/{act}{joined}wait={wait_of(store, 'enter')}").text
    # the sample's events have no English name
    page = re.sub(r"<script.*?</script>|晨光贸易有限公司|中文|账|开始|完成", "", page, flags=re.DOTALL)
    assert re.findall(r"[\u4e00-\u9fff]+", page) == []
