"""Contracts: required clauses, the filled text, files, confirmation."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from docx import Document

from engine.errors import InvalidInput
from handlers.contracts.files import to_docx, to_pdf
from handlers.contracts.terms import ContractParty, Terms
from handlers.contracts.texts import (
    Clause,
    ContractText,
    changed_lines,
    missing_clauses,
    read_template,
    required_clauses,
    snapshot,
    standard_template,
    written,
)

FIRM = ContractParty(
    "虚构账房代理记账有限公司", "91980105MA9XQ00138", "虚构市一路1号", "000-1", licence="DLJZ98010020260001"
)
CLIENT = ContractParty("虚构里巷日用百货有限公司", "91980105MA9LX0029B", "虚构市二路2号", "000-2", "李某")
TERMS = Terms(
    "HT-2026-001",
    CLIENT,
    FIRM,
    ("日常记账", "纳税申报"),
    date(2026, 9, 1),
    date(2027, 8, 31),
    Decimal("1272.50"),
)


def contract() -> ContractText:
    return written(standard_template(), TERMS)


def test_the_sample_contract_covers_all_thirteen_clauses() -> None:
    assert len(required_clauses()) == 13
    assert missing_clauses(standard_template()) == ()


def test_a_dropped_or_emptied_article_is_named_with_its_basis() -> None:
    template = standard_template()
    without = replace(template, clauses=tuple(c for c in template.clauses if 5 not in c.covers))
    emptied = replace(
        template,
        clauses=tuple(replace(c, paragraphs=(" ",)) if 10 in c.covers else c for c in template.clauses),
    )

    assert [(each.no, each.basis) for each in missing_clauses(without)] == [(5, "代理记账管理办法 第十二条")]
    assert [each.clause for each in missing_clauses(emptied)] == ["保密"]


def test_the_terms_fill_every_place() -> None:
    text = "\n".join(contract().texts())

    assert "{" not in text
    assert "每月人民币1,272.50元（大写：壹仟贰佰柒拾贰元伍角）" in text
    assert "自2026年9月1日起至2027年8月31日止" in text
    assert "（1）日常记账；（2）纳税申报" in text


def test_all_missing_values_are_named_at_once() -> None:
    nobody = replace(CLIENT, contact="", phone="")

    with pytest.raises(InvalidInput, match="client_contact, client_phone"):
        written(standard_template(), replace(TERMS, client=nobody))


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (replace(TERMS, ends=date(2026, 9, 1)), "before it starts"),
        (replace(TERMS, fee=Decimal(0)), "fee above zero"),
        (replace(TERMS, scope=()), "scope"),
        (replace(TERMS, client=replace(CLIENT, code="91980105MA9LX0029A")), "check digit"),
    ],
)
def test_terms_that_cannot_be_a_contract_are_refused(terms: Terms, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        written(standard_template(), terms)


@pytest.mark.parametrize(
    "text", ["", "title: x", "clauses: [", "title: x\nopening: []\nclosing: []\nclauses: [1]"]
)
def test_a_broken_template_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="template"):
        read_template(text)


def test_a_template_reaches_no_attribute_of_a_value() -> None:
    evil = ContractText("x", ("{number.__class__} {number!r}",), (Clause("a", (), ()),), ())

    assert written(evil, TERMS).opening == ("{number.__class__} {number!r}",)


def test_the_word_file_holds_every_paragraph_and_its_bytes_are_stable() -> None:
    made = to_docx(contract())

    paragraphs = [each.text for each in Document(io.BytesIO(made)).paragraphs]

    assert paragraphs[0] == "代理记账委托合同"
    assert "第一条　委托业务范围" in paragraphs
    assert set(contract().texts()) <= set(paragraphs)
    assert made == to_docx(contract())


def test_the_pdf_is_made_and_its_bytes_are_stable() -> None:
    made = to_pdf(contract())

    assert made.startswith(b"%PDF-")
    assert made == to_pdf(contract())


def test_a_snapshot_freezes_the_text_and_a_change_shows_its_line() -> None:
    before = snapshot(contract())
    after = snapshot(written(standard_template(), replace(TERMS, fee=Decimal(600))))

    assert before == snapshot(contract())
    assert before.digest != after.digest
    changed = changed_lines(before, after)
    assert len(changed) == 1
    assert "600.00" in after.lines[changed[0] - 1].text
