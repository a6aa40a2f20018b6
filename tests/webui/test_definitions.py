"""The library of processes, and starting one."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.conftest import Firm
from tests.webui.conftest import As, form


def test_a_card_says_whose_it_is_and_how_many_run(as_: As, firm: Firm, month: UUID) -> None:
    del month
    page = as_(firm.bao).get("/processes/").text
    assert "月结" in page
    assert "主管会计" in page


@pytest.mark.parametrize("heat", ["", "time", "incidents"])
def test_a_process_is_shown_with_its_rules(as_: As, firm: Firm, month: UUID, heat: str) -> None:
    page = as_(firm.bao).get(f"/processes/month?heat={heat}").text
    assert "目的：每月结账" in page
    assert f"/instances/{month}" in page


def test_starting_asks_for_client_and_period(as_: As, firm: Firm, month: UUID) -> None:
    del month
    page = as_(firm.ma).get("/processes/month/start?client=0001").text
    assert 'value="0001" selected' in page


def test_a_started_process_opens(as_: As, firm: Firm, month: UUID) -> None:
    del month
    browser = as_(firm.ma)
    answer = browser.post("/processes/month/start", data=form(client="0001", period="2026-09"))
    assert answer.status_code == 303
    assert "2026-09" in browser.get(answer.location).text


def test_the_same_for_the_same_period_is_refused(as_: As, firm: Firm, month: UUID) -> None:
    del month
    answer = as_(firm.ma).post("/processes/month/start", data=form(client="0001", period="2026-08"))
    assert answer.status_code in {303, 409}


def test_a_start_without_the_period_says_what_is_missing(as_: As, firm: Firm, month: UUID) -> None:
    del month
    answer = as_(firm.ma).post("/processes/month/start", data=form(client="0001", period=""))
    assert answer.status_code == 422
    assert "请填写期间" in answer.text


def test_an_unknown_process_is_not_found(as_: As, firm: Firm) -> None:
    assert as_(firm.ma).get("/processes/nothing").status_code == 404


def test_the_handbook_is_made_of_the_drawings(as_: As, firm: Firm, month: UUID) -> None:
    del month
    page = as_(firm.bao).get("/handbook/month").text
    for text in ("目的：每月结账", "逐张录入", "发票"):
        assert text in page


def test_an_empty_handbook_says_so(as_: As, firm: Firm) -> None:
    assert "手册是空的" in as_(firm.bao).get("/handbook/").text
