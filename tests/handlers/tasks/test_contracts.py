"""From what was agreed to a signed, renewed, closed contract."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from docx import Document as WordFile

from engine.service_tasks import BusinessError
from store.tables import Contract, Document, ScopeItem
from tests.handlers.tasks.bench import Bench

AGREED = {
    "scope_items": ["bookkeeping", "tax_filing"],
    "starts_on": date(2026, 7, 1),
    "term_months": 12,
    "monthly_fee": Decimal("500.00"),
    "quote": {"setup_fee": Decimal(1000)},
    "payment_cycle": "quarterly",
    "special_terms": "开票由甲方自行办理。",
}
SIGNED = {
    "client_signatory": "白桥",
    "client_signed_on": date(2026, 6, 20),
    "firm_signatory": "周敏",
    "firm_signed_on": date(2026, 6, 22),
}


def drafted(bench: Bench) -> dict[str, Any]:
    found: dict[str, Any] = bench.run("contracts.draft", AGREED)["contract"]
    return found


def all_clauses(contract: dict[str, Any]) -> list[str]:
    return [clause["value"] for clause in contract["clauses"]]


def signed(bench: Bench) -> dict[str, Any]:
    contract = drafted(bench)
    frozen = bench.run("contracts.freeze", {"contract": contract, "confirmed_clauses": all_clauses(contract)})
    return {**bench.run("contracts.sign", {"contract": contract, **frozen, **SIGNED}), "contract": contract}


def test_a_draft_says_what_was_agreed(star: Bench) -> None:
    answer = star.run("contracts.draft", AGREED)

    contract = answer["contract"]
    assert contract["ends_on"] == date(2027, 6, 30)
    assert answer["contract_clauses"] == contract["clauses"]
    assert "每季人民币1,500.00元" in answer["contract_text"]
    assert "建账费人民币1,000.00元" in answer["contract_text"]
    assert contract["clauses"][-1]["text"] == "开票由甲方自行办理。"
    scope = star.rows(ScopeItem, ScopeItem.contract_id == UUID(contract["id"]))
    assert {item.code: item.active for item in scope} == {"bookkeeping": False, "tax_filing": False}


def test_drafting_again_rewrites_the_same_contract(star: Bench) -> None:
    first = drafted(star)
    second = star.run("contracts.draft", {**AGREED, "scope_items": ["bookkeeping"], "special_terms": ""})[
        "contract"
    ]

    assert second["id"] == first["id"]
    assert len(star.rows(Contract)) == 1
    assert [item.code for item in star.rows(ScopeItem)] == ["bookkeeping"]


def test_a_contract_without_a_required_clause_is_incomplete(star: Bench) -> None:
    contract = drafted(star)
    whole = star.run("contracts.check_clauses", {"contract": contract})
    cut = {**contract, "clauses": [each for each in contract["clauses"] if 1 not in each["covers"]]}
    lacking = star.run("contracts.check_clauses", {"contract": cut})

    assert (whole["clauses_complete"], whole["missing_clauses"]) == (True, [])
    assert lacking["clauses_complete"] is False
    assert [each["no"] for each in lacking["missing_clauses"]] == [1]
    assert "第十二条" in lacking["missing_clauses_text"]


def test_the_files_are_made_and_kept_once(star: Bench) -> None:
    contract = drafted(star)
    files = star.run("contracts.render", {"contract": contract})["files"]
    kept = star.run("documents.keep", {"files": files, "contract": contract}, kind="contract")
    star.run("documents.keep", {"files": files, "contract": contract}, kind="contract")

    assert [each["filename"].rpartition(".")[2] for each in kept["kept_documents"]] == ["docx", "pdf"]
    assert len(star.rows(Document)) == 2
    word = WordFile(io.BytesIO(star.body_of(UUID(kept["kept_documents"][0]["id"]))))
    assert any("代理记账" in paragraph.text for paragraph in word.paragraphs)
    assert star.rows(Contract)[0].document_id == UUID(kept["kept_documents"][1]["id"])


def test_every_clause_must_be_confirmed_before_the_text_is_frozen(star: Bench) -> None:
    contract = drafted(star)

    with pytest.raises(BusinessError) as raised:
        star.run("contracts.freeze", {"contract": contract, "confirmed_clauses": all_clauses(contract)[1:]})

    assert raised.value.code == "contracts.clause_not_confirmed"
    assert contract["clauses"][0]["title"] in str(raised.value)


def test_signing_switches_the_services_on(star: Bench) -> None:
    answer = signed(star)

    assert (answer["contract_state"], answer["signed_on"]) == ("signed", date(2026, 6, 22))
    assert all(item.active for item in star.rows(ScopeItem))
    assert len(star.rows(Contract)[0].terms["confirmed"]["lines"]) > 20


def test_a_text_changed_after_confirmation_is_not_signed(star: Bench) -> None:
    contract = drafted(star)
    frozen = star.run("contracts.freeze", {"contract": contract, "confirmed_clauses": all_clauses(contract)})
    star.run("contracts.draft", {**AGREED, "monthly_fee": Decimal(800)})

    with pytest.raises(BusinessError) as raised:
        star.run("contracts.sign", {"contract": contract, **frozen, **SIGNED})

    assert raised.value.code == "contracts.terms_changed"


def test_the_contract_in_force_gives_its_dates(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run("contracts.current")
    signed(star)
    found = star.run("contracts.current", {"settings": {"renewal_notice_days": Decimal(60)}})

    assert raised.value.code == "contracts.none"
    assert found["service_starts_on"] == date(2026, 7, 1)
    assert found["renewal_due_on"] == date(2027, 5, 1)
    assert found["monthly_fee"] == Decimal("500.00")


def test_a_renewal_extends_the_term_once(star: Bench) -> None:
    signed(star)
    renewal = {"renew_months": 12, "new_monthly_fee": "550"}
    first = star.run("contracts.renew", renewal, key="renewal")
    again = star.run("contracts.renew", renewal, key="renewal")

    assert first["service_ends_on"] == again["service_ends_on"] == date(2028, 6, 30)
    assert star.rows(Contract)[0].monthly_fee == Decimal("550.00")


def test_closing_keeps_the_reason_and_ends_the_services(star: Bench) -> None:
    signed(star)
    ends = date(2026, 12, 31)
    answer = star.run(
        "contracts.close", {"close_reason": "搬迁", "service_ends_on": ends}, state="terminated"
    )

    assert answer == {"contract_state": "terminated", "service_ends_on": ends}
    assert star.rows(Contract)[0].terms["close_reason"] == "搬迁"
    assert not any(item.active for item in star.rows(ScopeItem))
