"""Clients, their pages and their papers."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest

from tests.conftest import Firm
from tests.webui.conftest import As, form

TABS = ("timeline", "documents", "books", "tax", "contracts", "contacts", "surveys")


def test_bao_sees_his_client_and_bei_does_not(as_: As, firm: Firm) -> None:
    assert "晨光贸易有限公司" in as_(firm.bao).get("/clients/").text
    assert "晨光贸易有限公司" not in as_(firm.bei).get("/clients/").text
    assert as_(firm.bei).get("/clients/0001").status_code == 404


@pytest.mark.parametrize("tab", TABS)
def test_each_side_of_a_client_opens(as_: As, firm: Firm, month: UUID, tab: str) -> None:
    del month
    assert as_(firm.bao).get(f"/clients/0001?tab={tab}").status_code == 200


def test_filters_narrow(as_: As, firm: Firm) -> None:
    browser = as_(firm.bao)
    assert "晨光" in browser.get("/clients/?class=B&taxpayer_type=small_scale&mine=1&text=晨光").text
    assert "没有符合条件的客户" in browser.get("/clients/?status=ended").text


def test_a_client_is_added_changed_and_given_staff(as_: As, firm: Firm) -> None:
    browser = as_(firm.ma)
    made = browser.post(
        "/clients/new", data=form(name="新客户有限公司", taxpayer_type="general", status="active")
    )
    assert made.status_code == 303
    page = browser.get(made.location).text
    assert "新客户有限公司" in page
    edit = browser.get(f"{made.location}/edit").text
    version = edit.split('name="version" value="')[1].split('"')[0]
    browser.post(f"{made.location}/edit", data=form(name="改名有限公司", version=version))
    assert "改名有限公司" in browser.get(made.location).text
    browser.post(f"{made.location}/staff", data=form(bookkeeper="bei", reviewer="rui"))
    assert "Bei" in browser.get(made.location).text


def test_a_change_over_somebody_elses_is_a_conflict(as_: As, firm: Firm) -> None:
    browser = as_(firm.ma)
    browser.post("/clients/0001/edit", data=form(name="一", version="1"))
    answer = browser.post("/clients/0001/edit", data=form(name="二", version="1"))
    assert answer.status_code == 409


def test_one_person_cannot_be_bookkeeper_and_reviewer(as_: As, firm: Firm) -> None:
    answer = as_(firm.ma).post("/clients/0001/staff", data=form(bookkeeper="rui", reviewer="rui"))
    assert answer.status_code == 422
    assert "不能与记账会计是同一个人" in answer.text


def test_a_paper_is_kept_shown_and_never_run(as_: As, firm: Firm) -> None:
    browser = as_(firm.bao)
    body = b"<script>alert(1)</script>"
    data = form(
        client=str(firm.client),
        period="2026-08",
        kind="other",
        file=(BytesIO(body), "page.html", "text/html"),
    )
    browser.post("/documents/add", data=data)
    page = browser.get("/clients/0001?tab=documents").text
    link = page.split('href="/documents/')[1].split('"')[0]
    shown = browser.get(f"/documents/{link}")
    assert "page.html" in shown.text
    file = browser.get(f"/documents/{link}/file")
    assert file.data == body
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_a_paper_of_somebody_elses_client_is_not_found(as_: As, firm: Firm) -> None:
    data = form(client=str(firm.client), kind="other", file=(BytesIO(b"x"), "a.csv", "text/csv"))
    as_(firm.bao).post("/documents/add", data=data)
    page = as_(firm.bao).get("/clients/0001?tab=documents").text
    link = page.split('href="/documents/')[1].split('"')[0]
    assert as_(firm.bei).get(f"/documents/{link}").status_code == 404
    assert as_(firm.bei).get(f"/documents/{link}/file").status_code == 404


def test_an_empty_choice_of_files_is_told(as_: As, firm: Firm) -> None:
    assert as_(firm.bao).post("/documents/add", data=form(client=str(firm.client))).status_code == 422


def test_search_finds_clients_work_and_instances(as_: As, firm: Firm, month: UUID) -> None:
    page = as_(firm.bao).get("/search/?q=晨光").text
    assert "/clients/0001" in page
    assert f"/instances/{month}" in page
    assert "录入凭证" in page


def test_search_for_nothing_says_what_to_do(as_: As, firm: Firm) -> None:
    browser = as_(firm.bao)
    assert browser.get("/search/").status_code == 200
    assert "没有找到" in browser.get("/search/?q=%25%25").text
