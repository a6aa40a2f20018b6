"""The firm's decision tables answer what a process owner reads in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine import feel
from engine.errors import DecisionError
from tests.processes.library import library
from tests.processes.rehearsal import load

SAMPLES = load(Path(__file__).with_name("samples.yaml"))

VOUCHERS = [
    ("invoice", "sale", "软件", "", "general", ("5001", "1122", True)),
    ("invoice", "purchase", "餐饮服务", "", "general", ("560202", "2202", False)),
    ("invoice", "purchase", "不认识", "", "small_scale", ("1405", "2202", True)),
    ("bank", "out", "", "代发工资", "general", ("221101", "1002", True)),
    ("bank", "out", "", "国家金库 税款", "small_scale", ("222101", "1002", True)),
    ("bank", "in", "", "结息", "general", ("560301", "1002", False)),
]


def decide(decision: str, context: dict[str, Any]) -> Any:
    found = library()
    given = {"settings": found.settings, **{name: feel.native(value) for name, value in context.items()}}
    return found.decisions[decision].evaluate(decision, given).value


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample["decision"]))
def test_a_table_answers_a_sample_row(sample: dict[str, Any]) -> None:
    assert decide(sample["decision"], sample["given"]) == feel.native(sample["answer"])


@pytest.mark.parametrize(("source", "direction", "tax_class", "words", "taxpayer", "answer"), VOUCHERS)
def test_the_voucher_table_suggests_accounts(
    source: str, direction: str, tax_class: str, words: str, taxpayer: str, answer: tuple[str, str, bool]
) -> None:
    facts = {"source": source, "direction": direction, "kind": "ordinary", "tax_class": tax_class}
    found = decide(
        "voucher_rules",
        {**facts, "words": words, "taxpayer_type": taxpayer, "period_end": date(2026, 10, 31)},
    )
    assert (found["account"], found["counter_account"], found["creditable"]) == answer
    assert found["summary"]


@pytest.mark.parametrize(
    ("period_end", "rule"),
    [
        (date(2026, 1, 31), "voucher_rules_rule_3"),
        (date(2025, 12, 31), "voucher_rules_rule_3_2016"),
    ],
)
def test_what_may_not_be_credited_goes_by_the_law_of_the_period(period_end: date, rule: str) -> None:
    facts = {"source": "invoice", "direction": "purchase", "tax_class": "餐饮服务", "period_end": period_end}
    found = library().decisions["voucher_rules"].evaluate("voucher_rules", facts)
    assert found.matched_rules == (rule,)
    assert found.value["creditable"] is False


def test_the_voucher_table_asks_for_the_period_and_never_for_the_clock() -> None:
    with pytest.raises(DecisionError, match=r"period_end.*is null"):
        decide("voucher_rules", {"source": "invoice"})


@pytest.mark.parametrize(
    ("offered", "risk", "level"),
    [
        (500, "low", "none"),
        (450, "low", "team_lead"),
        (400, "low", "manager"),
        (500, "high", "manager"),
        (500, "medium", "team_lead"),
    ],
)
def test_a_discount_or_a_risk_needs_approval(offered: int, risk: str, level: str) -> None:
    context = {"quote": {"monthly_fee": 500}, "offered_monthly_fee": offered, "risk": {"level": risk}}
    assert decide("quote_approval", context)["level"] == level


@pytest.mark.parametrize(
    ("facts", "level"),
    [({"dishonest_listed": True}, "refuse"), ({"risk_blocking": True}, "high"), ({"risk_points": 45}, "medium"), ({}, "low")],
)  # fmt: skip
def test_the_intake_table_rates_risk(facts: dict[str, Any], level: str) -> None:
    blank = {"dishonest_listed": None, "risk_blocking": False, "tax_abnormal": None, "risk_points": 10}
    assert decide("intake_risk", {**blank, **facts})["level"] == level
