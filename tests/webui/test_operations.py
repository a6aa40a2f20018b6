"""What went wrong, and trying it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.conftest import Firm
from tests.webui.conftest import CSRF, As, form

Find = Callable[[str], UUID]
JSON = {"Accept": "application/json", "X-CSRF-Token": CSRF}


@pytest.fixture
def broken(as_: As, firm: Firm, month: UUID, item: Find, run_due: Callable[[], int]) -> UUID:
    """The month end stands at posting, where the machine is broken."""
    for element, person in (("enter", firm.bao), ("review", firm.rui)):
        browser, found = as_(person), item(element)
        browser.post(f"/items/{found}/claim", data=form())
        answers = {"vouchers": 3} if element == "enter" else {}
        browser.post(f"/items/{found}/complete", data={"answers": json.dumps(answers)}, headers=JSON)
    run_due()
    return month


def test_incidents_stand_together_by_their_cause(as_: As, firm: Firm, broken: UUID) -> None:
    page = as_(firm.ma).get("/operations/").text
    assert "the machine is broken" in page
    assert "过账" in page
    assert f"/instances/{broken}?element=post" in page


def test_retrying_all_of_a_cause_sets_them_going(
    as_: As, firm: Firm, broken: UUID, run_due: Callable[[], int]
) -> None:
    browser = as_(firm.ma)
    data = form(name="machine", scope="0", value='"mended"', reason="修好了")
    browser.post(f"/instances/{broken}/variables", data=data)
    page = browser.get("/operations/").text
    cause = page.split('name="cause" value="')[1].split('"')[0].replace("&#39;", "'")
    answer = browser.post(
        "/operations/retry", data=form(cause=cause, reason="机器修好了"), follow_redirects=True
    )
    assert "已安排重试 1 个异常" in answer.text
    run_due()
    assert "已完成" in browser.get(f"/instances/{broken}").text


def test_retrying_nothing_is_refused(as_: As, firm: Firm) -> None:
    assert as_(firm.ma).post("/operations/retry", data=form(reason="x")).status_code == 422


def test_who_may_not_resolve_is_told_so(as_: As, firm: Firm, broken: UUID) -> None:
    del broken
    assert as_(firm.bao).post("/operations/retry", data=form(reason="x", cause="x")).status_code == 403


@pytest.mark.parametrize("tab", ["incidents", "jobs", "timers", "?"])
def test_each_tab_opens(as_: As, firm: Firm, broken: UUID, tab: str) -> None:
    del broken
    assert as_(firm.ma).get("/operations/", query_string={"tab": tab}).status_code == 200
