"""Risks of a client."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import InvalidInput
from handlers.clients.risk import assess, read_risk_profile
from handlers.clients.risk_checks import CHECKS
from handlers.clients.risk_profile import RiskProfile
from handlers.tables import rows
from handlers.tax.dated import NoRule

ON = date(2026, 11, 24)
D = Decimal
CALM: dict[str, dict[str, Any]] = {
    "R01": {"vat": "small_scale", "rolling_sales": D(3_999_999)},
    "R02": {"vat": "small_scale", "quarter_sales": D(269_999)},
    "R03": {"taxable_income": D(2_849_999), "average_staff": D(284), "average_assets": D(47_499_999)},
    "R04": {"vat_burden": D("0.026"), "vat_burden_mean": D("0.02")},
    "R05": {"nil_quarters": 2},
    "R06": {"stock": D(0), "gross_margin": D(0)},
    "R07": {"shareholder_loan_over_year_end": D(0)},
    "R08": {"cash": D(0)},
    "R09": {"invoiced_sales": D(100), "declared_sales": D(100)},
    "R10": {"revenue": D(100), "declared_sales": D(90)},
    "R11": {"expense_ratio": D("0.3"), "expense_ratio_mean": D("0.2"), "expense_ratio_deviation": D("0.05")},
    "R12": {"entertainment": D(500), "revenue": D(60_000)},
    "R13": {"flagged_suppliers": 0},
    "R14": {"declared_wages": D(8000), "accrued_wages": D(8000)},
    "R15": {"documents_days_late": 0},
    "R16": {"unfiled_working_days_left": 4},
    "R17": {"unpaid_days": 0},
    "R18": {"contract_until": date(2026, 12, 25), "fee_overdue_days": 0},
    "R19": {"licence_until": date(2026, 12, 25)},
    "R20": {"on_abnormal_list": False, "non_normal_taxpayer": False, "on_dishonest_list": False},
}
ALARM: dict[str, dict[str, Any]] = {
    "R01": {"rolling_sales": D(4_000_000)},
    "R02": {"quarter_sales": D(270_000)},
    "R03": {"average_staff": D(285)},
    "R04": {"vat_burden": D("0.0261")},
    "R05": {"nil_quarters": 3},
    "R06": {"stock": D("-0.01")},
    "R07": {"shareholder_loan_over_year_end": D("0.01")},
    "R08": {"cash": D("-0.01")},
    "R09": {"declared_sales": D("100.01")},
    "R10": {"declared_sales": D("89.99")},
    "R11": {"expense_ratio": D("0.31")},
    "R12": {"entertainment": D(501)},
    "R13": {"flagged_suppliers": 1},
    "R14": {"declared_wages": D(8001)},
    "R15": {"documents_days_late": 1},
    "R16": {"unfiled_working_days_left": 3},
    "R17": {"unpaid_days": 1},
    "R18": {"contract_until": date(2026, 12, 24)},
    "R19": {"licence_until": date(2026, 11, 1)},
    "R20": {"non_normal_taxpayer": True},
}


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_each_check_is_quiet_just_below_its_trigger_and_speaks_at_it(code: str) -> None:
    calm = assess(RiskProfile(**CALM[code]), ON)
    alarm = assess(RiskProfile(**{**CALM[code], **ALARM[code]}), ON)

    assert code not in [each.code for each in calm.findings]
    assert [each.code for each in alarm.findings] == [code]
    assert "{" not in alarm.findings[0].message + alarm.findings[0].message_en


def test_every_check_has_its_text_and_the_reverse() -> None:
    codes = {row["code"] for row in rows("handlers.clients", "findings.csv")}

    assert {code for code in codes if code.startswith("R")} == set(CHECKS)


def test_nothing_known_means_nothing_checked() -> None:
    outcome = assess(RiskProfile(), ON)

    assert (outcome.findings, outcome.score, outcome.level) == ((), 0, "low")
    assert set(outcome.not_checked) == set(CHECKS)


def test_the_score_adds_up_and_the_bounds_are_settings() -> None:
    profile = RiskProfile(nil_quarters=4, documents_days_late=2)

    assert (assess(profile, ON).score, assess(profile, ON).level) == (6, "medium")
    assert assess(profile, ON, high_from=6).level == "high"


def test_past_the_rules_the_check_says_so() -> None:
    with pytest.raises(NoRule):
        assess(RiskProfile(vat="small_scale", quarter_sales=D(1)), date(2028, 1, 1))


def test_a_profile_is_read_and_a_wrong_value_named() -> None:
    assert read_risk_profile({"cash": 5, "name": "x"}) == RiskProfile(cash=D(5))
    with pytest.raises(InvalidInput, match="on_abnormal_list"):
        read_risk_profile({"on_abnormal_list": "no"})
    with pytest.raises(InvalidInput, match="nil_quarters"):
        read_risk_profile({"nil_quarters": True})


def test_a_profile_from_json_has_days_and_amounts_as_text() -> None:
    read = read_risk_profile({"licence_until": "2026-09-10", "stock": "12.50"})

    assert (read.licence_until, read.stock) == (date(2026, 9, 10), Decimal("12.50"))
    with pytest.raises(InvalidInput, match="licence_until"):
        read_risk_profile({"licence_until": "soon"})
    with pytest.raises(InvalidInput, match="stock"):
        read_risk_profile({"stock": "much"})
