"""Instances: one with its diagram, and the acts of an operator."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.conftest import Firm
from tests.webui.conftest import As, form

Find = Callable[[str], UUID]


def live(page: str) -> Any:
    block = page.split('data-name="live">', 1)[1].split("</script>", maxsplit=1)[0]
    return json.loads(block)


def test_the_diagram_knows_what_was_passed_and_what_waits(as_: As, firm: Firm, month: UUID) -> None:
    found = live(as_(firm.ma).get(f"/instances/{month}").text)
    assert found["elements"]["begin"] == {"visits": 1}
    assert found["elements"]["enter"] == {"tokens": 1}
    assert found["flows"] == ["f1"]


def test_the_list_narrows(as_: As, firm: Firm, month: UUID) -> None:
    browser = as_(firm.ma)
    assert str(month) in browser.get("/instances/?process=month&state=open&text=晨光").text
    assert str(month) not in browser.get("/instances/?state=completed").text


def test_a_shape_shows_its_work_and_its_rules(as_: As, firm: Firm, month: UUID) -> None:
    part = as_(firm.ma).get(f"/instances/{month}/element?element=enter").text
    assert "录入凭证" in part
    assert "逐张录入" in part


@pytest.mark.parametrize("act", ["suspend", "cancel"])
def test_an_act_without_a_reason_is_refused(as_: As, firm: Firm, month: UUID, act: str) -> None:
    answer = as_(firm.ma).post(f"/instances/{month}/{act}", data=form(reason=" "))
    assert answer.status_code == 422
    assert "请写明原因" in answer.text


def test_suspended_resumed_cancelled_with_reasons_in_the_history(as_: As, firm: Firm, month: UUID) -> None:
    browser = as_(firm.ma)
    for act in ("suspend", "resume", "cancel"):
        browser.post(f"/instances/{month}/{act}", data=form(reason=f"因为 {act}"))
    page = browser.get(f"/instances/{month}").text
    assert "已取消" in page
    for act in ("suspend", "resume", "cancel"):
        assert f"因为 {act}" in page


def test_a_variable_is_changed_with_a_reason(as_: As, firm: Firm, month: UUID) -> None:
    browser = as_(firm.ma)
    data = form(name="machine", scope="0", value='"mended"', reason="修好了")
    assert (
        "&#34;mended&#34;"
        in browser.post(f"/instances/{month}/variables", data=data, follow_redirects=True).text
    )


@pytest.mark.parametrize("value", ["mended", "", "{"])
def test_a_value_that_is_no_json_is_refused(as_: As, firm: Firm, month: UUID, value: str) -> None:
    data = form(name="machine", scope="0", value=value, reason="试试")
    answer = as_(firm.ma).post(f"/instances/{month}/variables", data=data)
    assert answer.status_code == 422
    assert "「machine」的值写法不对" in answer.text


def test_who_may_not_operate_is_told_so(as_: As, firm: Firm, month: UUID) -> None:
    answer = as_(firm.bao).post(f"/instances/{month}/cancel", data=form(reason="想取消"))
    assert answer.status_code == 403
    assert "没有权限" in answer.text


def test_an_instance_of_somebody_elses_client_is_not_found(as_: As, firm: Firm, month: UUID) -> None:
    assert as_(firm.bei).get(f"/instances/{month}").status_code == 404


def test_an_unknown_instance_is_not_found_in_words(as_: As, firm: Firm) -> None:
    answer = as_(firm.ma).get(f"/instances/{uuid4()}")
    assert answer.status_code == 404
    assert "没有这个实例" in answer.text


def test_the_list_is_narrowed_by_a_condition(as_: As, firm: Firm, month: UUID) -> None:
    browser = as_(firm.ma)
    page = browser.get('/instances/?where=this.process+%3D+"month"').text
    assert str(month) in page
    assert "条件成立的有 1 个" in page
    nothing = browser.get('/instances/?where=this.process+%3D+"nothing"').text
    assert "没有符合条件的实例" in nothing
    assert "条件成立的有 0 个" in nothing


def test_a_condition_that_cannot_be_read_is_said_with_its_place_and_kept(as_: As, firm: Firm) -> None:
    page = as_(firm.ma).get("/instances/?where=amount+%3E").text
    assert "第 1 行第 9 列" in page
    assert 'value="amount &gt;"' in page
