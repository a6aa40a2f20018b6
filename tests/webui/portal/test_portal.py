from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from engine.commands import documents, portal
from store.clock import TestClock
from store.queries import documents as document_queries
from store.queries import portal_pages, work_items
from store.queries.scope import Scope
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.webui.browsing import Browser, Visit

PHOTO = b"\xff\xd8 a photo"


def scope(firm: Firm) -> Scope:
    return Scope(firm.ma.id, "ma", firm.ma.roles, all_clients=True)


def steps(store: Store, visit: Visit) -> tuple[portal_pages.Step, ...]:
    return store.read(portal_pages.steps, visit.client)


def papers(store: Store, firm: Firm) -> Any:
    return store.read(document_queries.list_, scope(firm)).rows


def at(store: Store, visit: Visit, act: str = "") -> str:
    return f"{visit.home}/steps/{steps(store, visit)[0].id}{act}"


def hand_in(browser: Browser, store: Store, visit: Visit) -> Any:
    return browser.post(at(store, visit, "/complete"), {"field.upload_note": "本月齐了"})


def test_the_first_page_shows_what_to_do_how_far_it_is_and_nothing_of_the_staff(
    stranger: Browser, visit: Visit
) -> None:
    page = stranger.get(visit.home).text
    assert "上传本月资料" in page
    assert "0 / 2 已收到" in page
    assert re.search(
        r'class="now">.*?上传本月资料.*?class="next">.*?逐条确认.*?class="later">', page, re.DOTALL
    )
    assert "zf-rail" not in page
    assert "/clients" not in page


def test_the_pages_speak_english_when_the_client_chooses_it(stranger: Browser, visit: Visit) -> None:
    stranger.get(f"{visit.home}/language/en")
    page = stranger.get(visit.home).text
    assert "Send this month&#39;s papers" in page
    assert 'lang="en"' in page


@pytest.mark.parametrize("ending", ["wrong", "expired", "revoked"])
def test_a_link_that_does_not_hold_shows_nothing_about_anybody(
    stranger: Browser, store: Store, visit: Visit, clock: TestClock, ending: str
) -> None:
    link = store.run(portal.open_link, visit.token)
    address = f"/portal/{'x' * 43}" if ending == "wrong" else visit.home
    if ending == "expired":
        clock.advance(timedelta(days=15))
    if ending == "revoked":
        store.run(portal.revoke_link, link.id, by=None)
    answers = [
        stranger.get(address),
        stranger.get(f"{address}/steps/{link.id}"),
        stranger.post(f"{address}/steps/{link.id}/complete"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert all("链接无效或已过期" in answer.text and "晨光" not in answer.text for answer in answers)


def test_whoever_tries_many_wrong_links_is_turned_away_for_a_while(
    stranger: Browser, visit: Visit, clock: TestClock
) -> None:
    tried = [stranger.get(f"/portal/wrong{n}").status_code for n in range(21)]
    assert tried == [404] * 20 + [429]
    assert stranger.get(visit.home).status_code == 429
    clock.advance(timedelta(minutes=11))
    assert stranger.get(visit.home).status_code == 200


def test_no_cache_and_no_other_site_learns_the_address(stranger: Browser, visit: Visit) -> None:
    headers = stranger.get(visit.home).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in headers["Content-Security-Policy"]


def test_a_request_ticks_itself_off_when_a_photo_comes(
    stranger: Browser, store: Store, firm: Firm, visit: Visit
) -> None:
    sent = {"code": "invoice", "key": "key-12345678", "file:invoice": (BytesIO(PHOTO), "a.jpg")}
    answer = stranger.post(at(store, visit, "/upload"), sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    page = stranger.get(at(store, visit)).text
    assert "1 / 2 已收到" in page
    assert "a.jpg" in page
    (paper,) = papers(store, firm)
    assert (paper.kind, paper.period, paper.from_portal, paper.state) == (
        "invoice",
        "2026-08",
        True,
        "received",
    )


def test_the_same_file_sent_again_is_one_paper(
    stranger: Browser, store: Store, firm: Firm, visit: Visit
) -> None:
    url = at(store, visit, "/upload")
    for body, key in ((PHOTO, "key-11111111"), (PHOTO, "key-22222222"), (b"cut off", "key-11111111")):
        stranger.post(url, {"code": "invoice", "key": key, "file": (BytesIO(body), "a.jpg")})
    assert len(papers(store, firm)) == 1


def test_without_scripts_one_form_sends_all_files(
    stranger: Browser, store: Store, firm: Firm, visit: Visit
) -> None:
    files = {"file:invoice": (BytesIO(b"1"), "a.xml"), "file:bank": (BytesIO(b"2"), "b.csv")}
    answer = stranger.post(at(store, visit, "/upload"), files)
    assert answer.status_code == 303
    assert {paper.kind for paper in papers(store, firm)} == {"invoice", "bank"}


def test_a_paper_that_was_sent_back_is_asked_for_again_with_the_reason(
    stranger: Browser, store: Store, firm: Firm, visit: Visit
) -> None:
    stranger.post(at(store, visit, "/upload"), {"file:invoice": (BytesIO(PHOTO), "a.jpg")})
    (paper,) = papers(store, firm)
    store.run(documents.set_state, paper.id, "returned", reason="看不清，请重拍", by=None)
    page = stranger.get(at(store, visit)).text
    assert "看不清，请重拍" in page
    assert "0 / 2 已收到" in page


@pytest.mark.parametrize(
    ("name", "body", "status", "words"),
    [
        ("a.exe", b"x", 422, "不是可以接收的文件类型"),
        ("a.jpg", b"", 422, "empty"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(
    stranger: Browser, store: Store, firm: Firm, visit: Visit, name: str, body: bytes, status: int, words: str
) -> None:
    answer = stranger.post(
        at(store, visit, "/upload"),
        {"file:invoice": (BytesIO(body), name)},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == status
    assert words in str(answer.json)
    assert papers(store, firm) == ()


def test_a_file_above_the_limit_is_refused_in_words(stranger: Browser, store: Store, visit: Visit) -> None:
    kind = {"content_type": "multipart/form-data; boundary=x", "headers": {"Accept": "application/json"}}
    answer = stranger.client.post(at(store, visit, "/upload"), data=b"x" * 2_000_000, **kind)
    assert answer.status_code == 413
    assert answer.get_json()["title"] == "文件太大"


def test_texts_are_filled_in_and_never_run(stranger: Browser, store: Store, visit: Visit) -> None:
    page = stranger.get(at(store, visit)).text
    assert "<strong>2026-08</strong>" in page
    assert "1,200.50" in page
    assert "&lt;script&gt;" in page


def test_handing_in_twice_is_done_once(stranger: Browser, store: Store, visit: Visit) -> None:
    url = at(store, visit, "/complete")
    first, second = (stranger.post(url, {"field.upload_note": "齐了"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert [step.element for step in steps(store, visit)] == ["confirm"]


def test_answers_that_do_not_pass_come_back_with_what_was_filled_in(
    stranger: Browser, store: Store, visit: Visit
) -> None:
    hand_in(stranger, store, visit)
    fields = {"field.answer": "question", "field.months": "99", "field.agreed": "c1"}
    answer = stranger.post(at(store, visit, "/complete"), fields)
    assert answer.status_code == 422
    assert "请填写此项" in answer.text
    assert "不能大于 60" in answer.text
    assert re.search(r'value="c1" checked', answer.text)
    assert re.search(r'value="question" checked', answer.text)
    assert re.search(r'data-key="question"\s*>', answer.text), "the field that the answer asks for is shown"


def test_a_contract_is_confirmed_clause_by_clause(
    stranger: Browser, store: Store, firm: Firm, visit: Visit
) -> None:
    hand_in(stranger, store, visit)
    url, item = at(store, visit), steps(store, visit)[0].id
    page = stranger.get(url).text
    assert page.count("已阅读并同意") == 2
    fields = {"field.answer": "confirm", "field.agreed": ["c1", "c2"], "field.score": "2"}
    assert stranger.post(f"{url}/complete", fields).status_code == 303
    done = store.read(work_items.get, scope(firm), item)
    assert done is not None
    assert done.answers is not None
    assert done.answers["agreed"] == ["c1", "c2"]
    assert done.answers["score"] == {"$d": "2"}
    assert steps(store, visit) == ()


def test_a_draft_is_kept_and_says_what_to_hide(stranger: Browser, store: Store, visit: Visit) -> None:
    hand_in(stranger, store, visit)
    url = at(store, visit)
    calm = stranger.post(f"{url}/draft", {"field.answer": "confirm"}).json
    asking = stranger.post(f"{url}/draft", {"field.answer": "question", "field.question": "多少钱？"}).json
    assert calm["hidden"] == ["question"]
    assert asking["hidden"] == []
    assert "多少钱？" in stranger.get(url).text


def test_files_of_a_field_are_named_in_the_answer_and_only_ones_own(
    stranger: Browser, store: Store, firm: Firm, visit: Visit, other_client: Any
) -> None:
    foreign = store.run(
        documents.add, b"x", "x.pdf", "application/pdf", client=other_client, by=None, from_portal=True
    )
    hand_in(stranger, store, visit)
    url, item = at(store, visit), steps(store, visit)[0].id
    kept = stranger.post(
        f"{url}/upload",
        {"code": "signed", "file": (BytesIO(b"pdf"), "c.pdf")},
        headers={"Accept": "application/json"},
    ).json["uploaded"]
    fields = {"field.answer": "confirm", "kept.signed": [*kept, str(foreign), "nonsense"]}
    stranger.post(f"{url}/complete", fields)
    done = store.read(work_items.get, scope(firm), item)
    assert done is not None
    assert done.answers is not None
    assert done.answers["signed"] == kept


def test_only_papers_delivered_to_this_client_can_be_fetched(
    stranger: Browser, store: Store, visit: Visit, other_client: Any
) -> None:
    def made(client: Any, **more: Any) -> Any:
        return store.run(
            documents.add, b"%PDF", "报表.pdf", "application/pdf", client=client, by=None, **more
        )

    mine = made(visit.client, state="produced", period="2026-07", kind="pack")
    others = made(other_client, state="produced", kind="pack")
    received = made(visit.client, kind="bank")
    page = stranger.get(visit.home).text
    assert f"/papers/{mine}" in page
    assert f"/papers/{received}" not in page
    sent = stranger.get(f"{visit.home}/papers/{mine}")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert [stranger.get(f"{visit.home}/papers/{each}").status_code for each in (others, received)] == [
        404,
        404,
    ]


def test_a_paper_in_the_making_is_shown_only_once_it_was_put_before_the_client(
    stranger: Browser, store: Store, visit: Visit, clock: TestClock
) -> None:
    clock.advance(timedelta(hours=1))
    store.run(
        documents.add, b"draft", "合同.docx", "application/msword", client=visit.client, by=None, state="produced",
        kind="contract_draft", instance=visit.instance,
    )  # fmt: skip
    assert "合同.docx" not in stranger.get(visit.home).text
    clock.advance(timedelta(hours=1))
    hand_in(stranger, store, visit)
    assert "合同.docx" in stranger.get(visit.home).text


def test_another_clients_step_is_as_good_as_done(
    stranger: Browser, store: Store, visit: Visit, other_client: Any
) -> None:
    token = store.run(portal.create_link, other_client, "upload", by=None)
    item = steps(store, visit)[0].id
    assert stranger.get(f"/portal/{token}/steps/{item}").status_code == 302
    stranger.post(f"/portal/{token}/steps/{item}/complete", {"field.upload_note": "x"})
    upload = {"file:invoice": (BytesIO(PHOTO), "a.jpg")}
    assert stranger.post(f"/portal/{token}/steps/{item}/upload", upload).status_code == 409
    assert [step.id for step in steps(store, visit)] == [item]
