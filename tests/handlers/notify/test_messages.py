"""E-mail messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.errors import InvalidInput
from handlers.notify.messages import (
    Attachment,
    Letter,
    MailTemplate,
    addresses,
    build,
    read_templates,
    standard_templates,
    write,
)

AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
LETTER = Letter(
    "job-1",
    "books@example.com",
    "虚构账房",
    ("client@example.com",),
    "请提供资料",
    "尊敬的李某：\n\n请提供。",
)


def test_the_texts_for_all_messages_of_the_processes_are_there() -> None:
    assert {"documents_reminder", "tax_confirm", "statements_ready", "renewal_offer", "filing_late"} <= set(
        standard_templates()
    )
    assert len(standard_templates()) == 23


def test_a_template_is_filled_and_paragraphs_without_values_are_left_out() -> None:
    values = {"client_name": "里巷", "contact_name": "李某", "period": "2026-08"}

    subject, text = write(standard_templates()["documents_reminder"], values)

    assert subject == "请提供2026-08会计资料——里巷"
    assert "尚未收到" not in text
    assert "尊敬的李某：" in text


def test_a_subject_without_its_value_is_refused() -> None:
    with pytest.raises(InvalidInput, match="client_name"):
        write(MailTemplate("致{client_name}", ("x",)), {})


def test_a_message_carries_text_names_and_files() -> None:
    letter = replace(LETTER, attachments=(Attachment("报表.pdf", "application/pdf", b"%PDF-"),))

    message = build(letter, AT)

    assert message["Subject"] == "请提供资料"
    assert message["From"] == "虚构账房 <books@example.com>"
    assert message["Date"] == "Tue, 01 Sep 2026 01:00:00 +0000"
    attached = list(message.iter_attachments())
    assert attached[0].get_filename() == "报表.pdf"
    assert attached[0].get_content() == b"%PDF-"


def test_the_same_letter_is_the_same_bytes_and_another_key_another_id() -> None:
    letter = replace(LETTER, attachments=(Attachment("a.txt", "text/plain", b"x"),))

    assert build(letter, AT).as_bytes() == build(letter, AT).as_bytes()
    assert build(letter, AT)["Message-ID"] != build(replace(letter, key="job-2"), AT)["Message-ID"]


@pytest.mark.parametrize(
    ("letter", "says"),
    [
        (replace(LETTER, to=()), "nobody"),
        (replace(LETTER, to=("nobody",)), "not an e-mail address"),
        (replace(LETTER, to=("a@example.com, b@example.com",)), "not an e-mail address"),
        (replace(LETTER, to=("a@example.com\nBcc: x@example.com",)), "not an e-mail address"),
        (replace(LETTER, subject="x\nBcc: x@example.com"), "line breaks"),
        (replace(LETTER, subject=" "), "line"),
        (replace(LETTER, sender_name="x\r\nBcc: y"), "cannot stand"),
    ],
)
def test_what_cannot_be_sent_is_refused(letter: Letter, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        build(letter, AT)


def test_addresses_are_separated_in_the_usual_ways() -> None:
    assert addresses("a@example.com；b@example.com, c@example.com") == (
        "a@example.com",
        "b@example.com",
        "c@example.com",
    )
    with pytest.raises(InvalidInput, match="甲"):
        addresses("甲")


@pytest.mark.parametrize("text", ["", "a: {subject: x}", "a: ["])
def test_broken_templates_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="templates"):
        read_templates(text)
