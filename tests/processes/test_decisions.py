"""The firm's decision tables answer what a process owner reads in them."""

from __future__ import annotations

from typing import Any

import pytest

from engine import feel
from tests.processes.library import library

CASES: list[tuple[str, dict[str, Any], Any]] = [
    ("service_level", {"client": {"class": "A"}}, {"collection_days": 3, "answer_days": 1, "books_days": 7, "delivery_days": 3}),
    ("service_level", {"client": {"class": None}}, {"collection_days": 5, "answer_days": 2, "books_days": 9, "delivery_days": 5}),
    ("reminder_ladder", {"client": {"class": "A"}}, [{"after_days": 1, "channel": "phone"}, {"after_days": 2, "channel": "mail"}, {"after_days": 3, "channel": "escalate"}]),
    ("report_pack", {"client": {"class": "C"}, "period": "2026-08"}, ["balance_sheet", "income_statement", "tax_summary"]),
    ("report_pack", {"client": {"class": "B"}, "period": "2026-09"}, ["balance_sheet", "income_statement", "tax_summary", "cash_flow", "month_summary"]),
    ("follow_up_policy", {"client": {"class": "C"}, "period": "2026-06"}, {"due": True, "channel": "phone", "survey": True}),
    ("follow_up_policy", {"client": {"class": "C"}, "period": "2026-07"}, {"due": False, "channel": "none", "survey": False}),
    ("month_end_steps", {"month_end_applies": {"payroll": True, "vat": True}}, ["payroll", "vat", "surcharge"]),
    ("month_end_steps", {"month_end_applies": {}}, None),
    ("complaint_level", {"complaint_category": "tax_penalty", "complaint_severity": "low", "client": {"class": "C"}}, {"answer_days": 1, "solve_days": 3, "owner": "quality"}),
    ("exception_routing", {"exception": {"kind": "bank_line", "code": "X", "severity": "low"}}, {"role": "bookkeeper", "days": 3, "confirm": False}),
    ("quote", {"taxpayer_type": "small_scale", "monthly_invoices": 10, "staff_count": 5, "extras": None}, {"base": 200, "staff_part": 0, "extras_part": 0, "monthly_fee": 200, "setup_fee": 200}),
    ("quote", {"taxpayer_type": "general", "monthly_invoices": 101, "staff_count": 21, "extras": ["payroll", "export", "backlog"]}, {"base": 1400, "staff_part": 300, "extras_part": 500, "monthly_fee": 2200, "setup_fee": 4200}),
]  # fmt: skip

VOUCHERS: list[tuple[dict[str, Any], tuple[str, str, bool]]] = [
    ({"source": "invoice", "direction": "sale", "tax_class": "软件", "taxpayer_type": "general"}, ("5001", "1122", True)),
    ({"source": "invoice", "direction": "purchase", "tax_class": "餐饮服务", "taxpayer_type": "general"}, ("560202", "2202", False)),
    ({"source": "invoice", "direction": "purchase", "tax_class": "不认识", "taxpayer_type": "small_scale"}, ("1405", "2202", True)),
    ({"source": "bank", "direction": "out", "words": "代发工资", "taxpayer_type": "general"}, ("221101", "1002", True)),
    ({"source": "bank", "direction": "out", "words": "国家金库 税款", "taxpayer_type": "small_scale"}, ("222101", "1002", True)),
    ({"source": "bank", "direction": "in", "words": "结息", "taxpayer_type": "general"}, ("560301", "1002", False)),
]  # fmt: skip


def decide(decision: str, context: dict[str, Any]) -> Any:
    found = library()
    given = {"settings": found.settings, **{name: feel.native(value) for name, value in context.items()}}
    return found.decisions[decision].evaluate(decision, given).value


@pytest.mark.parametrize(("decision", "context", "answer"), CASES)
def test_a_table_answers_a_sample_row(decision: str, context: dict[str, Any], answer: Any) -> None:
    assert decide(decision, context) == feel.native(answer)


@pytest.mark.parametrize(("facts", "answer"), VOUCHERS)
def test_the_voucher_table_suggests_accounts(facts: dict[str, Any], answer: tuple[str, str, bool]) -> None:
    blank = {"kind": "ordinary", "tax_class": "", "words": ""}
    found = decide("voucher_rules", {**blank, **facts})
    assert (found["account"], found["counter_account"], found["creditable"]) == answer
    assert found["summary"]


@pytest.mark.parametrize(
    ("offered", "risk", "level"),
    [("500", "low", "none"), ("450", "low", "team_lead"), ("400", "low", "manager"), ("500", "high", "manager"), ("500", "medium", "team_lead")],
)  # fmt: skip
def test_a_discount_or_a_risk_needs_approval(offered: str, risk: str, level: str) -> None:
    context = {"quote": {"monthly_fee": 500}, "offered_monthly_fee": int(offered), "risk": {"level": risk}}
    assert decide("quote_approval", context)["level"] == level


@pytest.mark.parametrize(
    ("facts", "level"),
    [({"dishonest_listed": True}, "refuse"), ({"risk_blocking": True}, "high"), ({"risk_points": 45}, "medium"), ({}, "low")],
)  # fmt: skip
def test_the_intake_table_rates_risk(facts: dict[str, Any], level: str) -> None:
    blank = {"dishonest_listed": None, "risk_blocking": False, "tax_abnormal": None, "risk_points": 10}
    assert decide("intake_risk", {**blank, **facts})["level"] == level
