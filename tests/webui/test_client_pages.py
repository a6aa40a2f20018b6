"""A client's page in depth: the month's progress, the story, papers on its behalf, books down to the paper, links."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from engine.commands import clients, documents, people, portal
from engine.errors import NotFound
from store.clock import TestClock
from store.queries import clients as client_queries
from store.queries.scope import Scope
from store.tables import (
    DocumentRequest,
    Invoice,
    Obligation,
    Period,
    Survey,
    TaxReturn,
    Voucher,
    VoucherLine,
)  # fmt: skip
from store.unit_of_work import Store, UnitOfWork, counted
from tests.conftest import Firm
from tests.webui.conftest import As, form

AT = datetime(2026, 9, 1, 1, tzinfo=UTC)


@pytest.fixture
def august(store: Store, firm: Firm) -> UUID:
    """August of client 0001: one paper asked for, a posted voucher from an invoice, a return filed and not paid."""
    return store.run(_august, firm)


def _august(uow: UnitOfWork, firm: Firm) -> UUID:
    paper = documents.add(
        uow, b"<invoice/>", "发票7.xml", "application/xml", client=firm.client, period="2026-08", by=None
    )
    voucher, key = uow.new_id(), {"client_id": firm.client, "period": "2026-08"}
    uow.session.add_all(
        [
            DocumentRequest(id=uow.new_id(), code="bank", name="银行流水", help="", required=True, state="open", at=AT, **key),
            Voucher(
                id=voucher, word="记", number=1, on=date(2026, 8, 5), summary="销售", state="posted", attachments=1,
                prepared_by=firm.bao.id, reviewed_by=firm.rui.id, posted_by=firm.bao.id, posted_at=AT, **key,
            ),
            Obligation(
                id=uow.new_id(), code="VAT_M", name="增值税申报", due_on=date(2026, 9, 15), state="open", **key
            ),
            TaxReturn(
                id=uow.new_id(), code="VAT_M", state="filed", amount=Decimal("30.30"), due_on=date(2026, 9, 15), at=AT,
                filed_at=AT, filed_by=firm.bao.id, receipt="R-1",
                computation={"lines": [{"label": "应纳增值税", "amount": "30.30", "basis": "增值税法 第十条"}]}, **key,
            ),
            Survey(id=uow.new_id(), sent_at=AT, answered_at=AT, score=97, answers={"recommend": 9}, **key),
        ]
    )  # fmt: skip
    period = {"starts_on": date(2026, 8, 1), "ends_on": date(2026, 8, 31), "state": "open"}
    uow.session.add(Period(id=uow.new_id(), client_id=firm.client, code="2026-08", **period))
    uow.session.flush()
    for line, (account, debit, credit) in enumerate((("1122", "113.00", "0"), ("5001", "0", "113.00"))):
        uow.session.add(
            VoucherLine(
                voucher_id=voucher, line=line, account=account, summary="销售", debit=Decimal(debit), credit=Decimal(credit)
            )
        )  # fmt: skip
    uow.session.add(
        Invoice(
            id=uow.new_id(), number="7", direction="output", kind="ordinary", issued_on=date(2026, 8, 5), seller_name="我",
            buyer_name="买家", net=Decimal(100), tax=Decimal(13), gross=Decimal(113), document_id=paper, voucher_id=voucher,
            lines=[], **key,
        )
    )  # fmt: skip
    uow.session.flush()
    return voucher


def test_the_list_shows_how_far_each_month_is(as_: As, firm: Firm, august: UUID) -> None:
    del august
    page = as_(firm.bao).get("/clients/?period=2026-08").text
    assert (
        "收票：未开始 0/1；记账：已完成 1/1；结账：进行中；申报：未开始 0/1；缴款：未开始 0/1；交付：未开始"
        in page
    )


def test_the_list_takes_as_many_statements_for_many_clients_as_for_one(
    as_: As, firm: Firm, store: Store
) -> None:
    browser = as_(firm.ma)
    browser.get("/clients/")
    with counted(store) as few:
        browser.get("/clients/")
    for number in range(20):
        store.run(clients.create, f"客户{number}", by=None)
    with counted(store) as many:
        browser.get("/clients/")
    assert len(many) == len(few) < 25


def test_the_list_sorts_and_narrows_by_team(as_: As, firm: Firm, store: Store) -> None:
    store.run(clients.create, "安宁商行", code="0009", by=None)
    down = as_(firm.ma).get("/clients/?sort=-code").text
    assert down.index("安宁商行") < down.index("晨光贸易")
    assert as_(firm.ma).get("/clients/?team=nonsense&period=nonsense").status_code == 200


def test_what_is_due_stands_with_its_days_in_words(
    as_: As, firm: Firm, august: UUID, clock: TestClock
) -> None:
    del august
    assert "还有 14 天" in as_(firm.bao).get("/clients/0001").text
    clock.advance(timedelta(days=15))
    assert "逾期 1 天" in as_(firm.bao).get("/clients/0001").text


def test_the_story_tells_talks_and_papers_by_day(as_: As, firm: Firm, august: UUID) -> None:
    del august
    browser = as_(firm.bao)
    data = form(channel="phone", direction="in", subject="催发票", text="周五前给")
    assert browser.post("/clients/0001/talks", data=data).status_code == 303
    page = browser.get("/clients/0001").text
    assert "收到资料「发票7.xml」" in page
    assert "电话 · 来自客户 · Bao：催发票" in page
    assert "催发票" not in browser.get("/clients/0001?kind=papers").text


@pytest.mark.parametrize(
    "fields", [{"subject": "", "channel": "phone"}, {"subject": "x", "channel": "pigeon"}]
)
def test_a_talk_without_sense_is_refused(as_: As, firm: Firm, fields: dict[str, Any]) -> None:
    assert as_(firm.bao).post("/clients/0001/talks", data=form(**fields)).status_code == 422


def test_a_paper_brought_by_hand_ticks_the_line_off(as_: As, firm: Firm, august: UUID) -> None:
    del august
    browser = as_(firm.bao)
    assert "0 / 1 已收到" in browser.get("/clients/0001?tab=documents&period=2026-08").text
    data = form(kind="bank", period="2026-08", file=(BytesIO(b"a,b"), "流水.csv"))
    page = browser.post("/clients/0001/papers", data=data, follow_redirects=True).text
    assert "1 / 1 已收到" in page
    assert "流水.csv" in page


def test_papers_for_somebody_elses_client_are_not_kept(as_: As, firm: Firm) -> None:
    for path in ("/clients/0001/papers", "/documents/add"):
        data = form(kind="bank", client=str(firm.client), file=(BytesIO(b"a,b"), "流水.csv"))
        assert as_(firm.bei).post(path, data=data).status_code == 404


def test_a_balance_opens_down_to_the_paper(as_: As, firm: Firm, august: UUID) -> None:
    browser = as_(firm.bao)
    balance = browser.get("/clients/0001?tab=books&view=balance&period=2026-08").text
    assert '<span class="side">贷</span> 113.00' in balance
    account = browser.get("/clients/0001/accounts/5001?period=2026-08").text
    assert f"/clients/0001/vouchers/{august}" in account
    voucher = browser.get(f"/clients/0001/vouchers/{august}").text
    for text in ("Bao", "Rui", "113.00", "发票7.xml", "买家"):
        assert text in voucher
    paper = voucher.split('href="/documents/')[1].split('"')[0]
    assert browser.get(f"/documents/{paper}").status_code == 200


def test_books_are_for_those_who_may_see_them(as_: As, firm: Firm, august: UUID, store: Store) -> None:
    store.run(people.grant, "bookkeeper", "books.view", allowed=False, by=None)
    browser = as_(firm.bao)
    assert "账簿" not in browser.get("/clients/0001?tab=books").text
    assert browser.get(f"/clients/0001/vouchers/{august}").status_code == 403


def test_a_voucher_of_somebody_elses_client_is_not_found(as_: As, firm: Firm, august: UUID) -> None:
    assert as_(firm.bei).get(f"/clients/0001/vouchers/{august}").status_code == 404


def test_a_return_shows_its_computation_law_and_receipt(as_: As, firm: Firm, august: UUID) -> None:
    del august
    page = as_(firm.bao).get("/clients/0001?tab=tax").text
    for text in ("增值税申报", "30.30", "增值税法 第十条", "R-1", "Bao"):
        assert text in page


def test_a_survey_shows_its_answers(as_: As, firm: Firm, august: UUID) -> None:
    del august
    page = as_(firm.bao).get("/clients/0001?tab=surveys").text
    assert "97" in page
    assert "愿意推荐" in page


def test_a_link_is_shown_once_opens_the_clients_pages_and_can_be_taken_back(
    as_: As, firm: Firm, store: Store
) -> None:
    browser = as_(firm.bao)
    page = browser.post("/clients/0001/links", data=form()).text
    token = page.split("/portal/")[1].split('"')[0]
    link = store.run(portal.open_link, token)
    listed = browser.get("/clients/0001?tab=contacts").text
    assert token not in listed
    browser.post(f"/clients/0001/links/{link.id}/revoke", data=form())
    with pytest.raises(NotFound):
        store.run(portal.open_link, token)


def test_nobody_takes_back_links_of_clients_that_are_not_theirs(as_: As, firm: Firm, store: Store) -> None:
    link = store.run(portal.open_link, store.run(portal.create_link, firm.client, "upload", by=None))
    assert as_(firm.bei).post(f"/clients/0001/links/{link.id}/revoke", data=form()).status_code == 404


def test_an_enquiry_becomes_a_client_with_its_contact(as_: As, firm: Firm, store: Store) -> None:
    fields = form(
        name="咨询公司",
        status="lead",
        contact_name="钱总",
        contact_phone="13900000000",
        profile_staff_count="7",
    )
    made = as_(firm.ma).post("/clients/new", data=fields)
    scope = Scope(firm.ma.id, "ma", all_clients=True)
    row = store.read(client_queries.by_code, scope, made.location.rsplit("/", 1)[1])
    assert row is not None
    assert row.profile == {"staff_count": 7}
    assert "钱总" in as_(firm.ma).get(made.location).text


def test_who_may_see_no_clients_is_told_so(as_: As, firm: Firm, store: Store) -> None:
    store.run(people.grant, "bookkeeper", "clients.view", allowed=False, by=None)
    assert as_(firm.bao).get("/clients/").status_code == 403
