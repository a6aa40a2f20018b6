"""Request lists, the document check, contact log, mail and portal links."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import delete

from engine.commands import portal
from engine.errors import InvalidInput
from engine.service_tasks import BusinessError
from engine.worker import Worker
from store.tables import ClientContact, Contact, Document, DocumentRequest, Job, PortalLink
from tests.handlers.tasks.bench import MONTH, SAMPLES, Bench, Letters

PAYROLL = "姓名,应发工资,个人社保\n甲,6000,600\n".encode()


def states(bench: Bench) -> dict[str, str]:
    return {row.code: row.state for row in bench.rows(DocumentRequest)}


def test_the_request_list_is_made_once(star: Bench) -> None:
    first = star.run("documents.request_list")
    again = star.run("documents.request_list")

    assert first == again
    assert first["requests_open_names"] == "本月开具和收到的发票、银行对账单或流水"
    assert (first["requests_total"], first["requests_open"]) == (6, 2)
    assert {"label", "value"} <= set(first["requests"][0])


def test_a_client_with_payroll_and_stock_owes_more(star: Bench) -> None:
    star.profile(payroll=[], inventory=True)

    names = star.run("documents.request_list")["requests_open_names"]

    assert "工资表" in names
    assert "盘点" in names


def test_uploads_are_sorted_by_what_their_bytes_are(star: Bench) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    star.profile(payroll=[])
    for name in ("einvoice_toll.xml", "bank_icbc_debit.csv"):
        star.sample(name, "upload")
    star.file(PAYROLL, "八月工资.csv", "upload")

    answer = star.run("documents.open_requests")

    assert answer["requests_open"] == 0
    assert {row.kind for row in star.rows(Document)} == {"invoice", "bank", "payroll"}


def test_papers_on_paper_are_ticked_off_by_hand(star: Bench) -> None:
    answer = star.run("documents.open_requests", {"received_codes": ["bank", "invoice"]})

    assert answer["requests_open"] == 0
    assert states(star)["bank"] == "received"


def test_what_is_returned_is_asked_for_again(star: Bench) -> None:
    invoice, statement = star.file(b"x", "发票.pdf", "invoice"), star.file(b"y", "流水.csv", "bank")
    star.run("documents.open_requests")

    answer = star.run(
        "documents.apply_check",
        {
            "returned_codes": ["invoice"],
            "return_note": "缺章",
            "refused_codes": ["bank"],
            "refuse_reason": "涂改",
        },
    )

    assert answer["requests_open_names"] == "本月开具和收到的发票"
    assert (answer["returned_count"], answer["refused_count"]) == (1, 1)
    kept = {row.id: (row.state, row.reason) for row in star.rows(Document)}
    assert kept == {invoice: ("returned", "缺章"), statement: ("refused", "涂改")}


def test_what_passes_the_check_is_accepted(star: Bench) -> None:
    star.file(b"x", "发票.xml", "invoice")
    star.run("documents.open_requests")
    star.run("documents.apply_check")

    assert star.rows(Document)[0].state == "accepted"


def test_waiving_closes_what_is_open(star: Bench) -> None:
    star.run("documents.request_list")
    one = star.run("documents.waive", {"waived_codes": ["bank"], "waive_reason": "本月无"})
    rest = star.run("documents.waive", {"waive_reason": "停业"})

    assert one["requests_open_names"] == "本月开具和收到的发票"
    assert rest["requests_open"] == 0
    assert states(star)["bank"] == "waived"


def test_a_contact_is_logged_once(star: Bench) -> None:
    said = {"contact_subject": "回访", "contact_text": "满意", "contact_channel": "phone"}
    first = star.run("contacts.log", said, key="same", direction="out")
    again = star.run("contacts.log", said, key="same", direction="out")

    assert first == again
    assert [(row.channel, row.direction, row.subject) for row in star.rows(Contact)] == [
        ("phone", "out", "回访")
    ]


def test_a_mail_goes_to_the_main_contact(star: Bench) -> None:
    answer = star.run(
        "notify.mail", {"requests_open_names": "银行流水"}, key="k1", template="documents_reminder"
    )

    message, key = star.mail.sent[0]
    assert (answer["mail_to"], key) == ("bai@example.com", "k1")
    assert message["Subject"] == f"请提供{MONTH}会计资料——虚构星桥检测技术服务有限公司"
    assert "银行流水" in message.get_content()


def test_a_mail_can_go_elsewhere_in_other_words(star: Bench) -> None:
    said = {"to": "lead@example.com", "subject": "催办", "text": "请处理"}
    answer = star.run("notify.mail", said, template="work_late")

    assert answer["mail_to"] == "lead@example.com"
    assert star.mail.sent[0][0]["Subject"] == "催办"
    assert star.mail.sent[0][0].get_content() == "请处理\n"


def test_a_client_who_reads_english_gets_english(star: Bench) -> None:
    star.profile(language="en")
    star.run("notify.mail", {}, template="survey_thanks")

    assert "Thank you" in star.mail.sent[0][0]["Subject"]


def test_a_client_without_an_address_is_reported(star: Bench) -> None:
    star.change(lambda uow: uow.session.execute(delete(ClientContact)))

    for topic, header in (("notify.mail", "work_late"), ("portal.invite", "upload")):
        with pytest.raises(BusinessError) as raised:
            star.run(topic, {}, template=header, purpose=header)
        assert raised.value.code.endswith(".no_address")


def test_an_unknown_template_is_named(star: Bench) -> None:
    with pytest.raises(InvalidInput, match="no mail template 'nonsense'"):
        star.run("notify.mail", {}, template="nonsense")


def test_an_invitation_makes_a_link_and_a_letter(star: Bench) -> None:
    answer = star.run("portal.invite", {"link_days": 7}, purpose="upload")
    letters = Letters()
    Worker(star.store, mail=letters).run_due()

    assert answer == {"invited_to": "bai@example.com", "link_expires_on": date(2026, 9, 8)}
    body = letters.sent[0][0].get_content()
    found = re.search(r"/portal/([\w-]{40,})", body)
    assert found is not None
    link = star.rows(PortalLink)[0]
    assert link.token_hash == sha256(found[1].encode()).hexdigest()
    opened = star.change(lambda uow: portal.open_link(uow, found[1]))
    assert (opened.client_id, opened.instance_id, opened.purpose) == (star.client, star.instance, "upload")
    assert star.rows(Job) == []  # the token is nowhere any more


def test_two_invitations_are_two_letters(star: Bench) -> None:
    star.run("portal.invite", purpose="upload")
    star.run("portal.invite", purpose="survey")
    letters = Letters()
    Worker(star.store, mail=letters).run_due()

    assert len({key for _, key in letters.sent}) == 2


def test_the_end_of_a_client_ends_its_links(star: Bench) -> None:
    star.run("portal.invite", purpose="progress")
    star.run("clients.set_status", {}, status="ended")

    assert star.rows(PortalLink)[0].revoked_at is not None


def test_kept_files_belong_to_client_and_period(star: Bench) -> None:
    digest = star.store.documents.put(b"%PDF-1.4")
    entry = {"digest": digest, "filename": "报告.pdf", "media_type": "application/pdf", "kind": "pack"}
    kept = star.run("documents.keep", {"files": [entry]}, kind="pack")["kept_documents"]

    row = star.rows(Document, Document.id == UUID(kept[0]["id"]))[0]
    assert (row.client_id, row.period, row.state, row.kind) == (star.client, MONTH, "produced", "pack")
