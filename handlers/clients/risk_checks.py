"""The risk checks R01-R20: what each needs and what triggers it (texts and basis in findings.csv)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from handlers.clients.risk_profile import RiskProfile
from handlers.money import cents
from handlers.tax.dated import rule

Facts = Mapping[str, object]

_WARN_SALES = Decimal("0.8")
_WARN_THRESHOLD = Decimal("0.9")
_WARN_SMALL = Decimal("0.95")
_BURDEN_APART = Decimal("0.3")
_REVENUE_APART = Decimal("0.1")
_NIL_QUARTERS = 3
_DAYS_BEFORE_DEADLINE = 3
_SOON = timedelta(days=30)
_LISTS = {
    "on_abnormal_list": "经营异常名录",
    "non_normal_taxpayer": "非正常户",
    "on_dishonest_list": "失信名单",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: the figures it needs, and a look that gives the facts of its finding or nothing."""

    needs: tuple[str, ...]
    look: Callable[[Any, date], Facts | None]


def _registration(p: RiskProfile, on: date) -> Facts | None:
    if p.vat != "small_scale":
        return None
    return _near(p.rolling_sales, rule("vat.registration.limit", on).value, _WARN_SALES, "sales")


def _threshold(p: RiskProfile, on: date) -> Facts | None:
    if p.vat != "small_scale":
        return None
    limit = rule("vat.small_scale.threshold.quarter", on).value
    return _near(p.quarter_sales, limit, _WARN_THRESHOLD, "sales") if (p.quarter_sales or 0) < limit else None


def _small_low_profit(p: RiskProfile, on: date) -> Facts | None:
    values = {
        "income": ("应纳税所得额", p.taxable_income),
        "staff": ("从业人数", p.average_staff),
        "assets": ("资产总额", p.average_assets),
    }
    for name, (label, value) in values.items():
        if near := _near(value, rule(f"cit.small.{name}", on).value, _WARN_SMALL, "value"):
            return {"what": label, **near}
    return None


def _burden(p: RiskProfile, _: date) -> Facts | None:
    mean, rate = p.vat_burden_mean or Decimal(0), p.vat_burden or Decimal(0)
    return {"rate": rate, "mean": mean} if abs(rate - mean) > mean * _BURDEN_APART else None


def _revenue(p: RiskProfile, _: date) -> Facts | None:
    revenue, declared = p.revenue or Decimal(0), p.declared_sales or Decimal(0)
    apart = abs(revenue - declared) > max(revenue, declared) * _REVENUE_APART
    return {"revenue": revenue, "declared": declared} if apart else None


def _expenses(p: RiskProfile, _: date) -> Facts | None:
    bound = (p.expense_ratio_mean or Decimal(0)) + 2 * (p.expense_ratio_deviation or Decimal(0))
    return {"ratio": p.expense_ratio, "bound": bound} if (p.expense_ratio or 0) > bound else None


def _entertainment(p: RiskProfile, _: date) -> Facts | None:
    spent, revenue = p.entertainment or Decimal(0), p.revenue or Decimal(0)
    limit = cents(min(spent * Decimal("0.6"), revenue * Decimal("0.005")))
    return {"spent": spent, "limit": limit} if spent * Decimal("0.6") > revenue * Decimal("0.005") else None


def _contract(p: RiskProfile, on: date) -> Facts | None:
    overdue, until = p.fee_overdue_days or 0, p.contract_until or date.max
    return {"until": until, "overdue": overdue} if overdue > 0 or until - on <= _SOON else None


def _licence(p: RiskProfile, on: date) -> Facts | None:
    until = p.licence_until or date.max
    return {"until": until} if until - on <= _SOON else None


def _lists(p: RiskProfile, _: date) -> Facts | None:
    found = [label for name, label in _LISTS.items() if getattr(p, name)]
    return {"lists": "、".join(found)} if found else None


def _near(value: Decimal | None, limit: Decimal, share: Decimal, name: str) -> Facts | None:
    amount = value or Decimal(0)
    if amount < limit * share:
        return None
    return {name: amount, "limit": limit, "percent": int(amount * 100 / limit)}


CHECKS: Mapping[str, Check] = {
    "R01": Check(("vat", "rolling_sales"), _registration),
    "R02": Check(("vat", "quarter_sales"), _threshold),
    "R03": Check(("taxable_income", "average_staff", "average_assets"), _small_low_profit),
    "R04": Check(("vat_burden", "vat_burden_mean"), _burden),
    "R05": Check(
        ("nil_quarters",),
        lambda p, _: {"quarters": p.nil_quarters} if p.nil_quarters >= _NIL_QUARTERS else None,
    ),
    "R06": Check(
        ("stock", "gross_margin"),
        lambda p, _: (
            {"stock": p.stock, "margin": p.gross_margin} if min(p.stock, p.gross_margin) < 0 else None
        ),
    ),
    "R07": Check(
        ("shareholder_loan_over_year_end",),
        lambda p, _: (
            {"amount": p.shareholder_loan_over_year_end} if p.shareholder_loan_over_year_end > 0 else None
        ),
    ),
    "R08": Check(("cash",), lambda p, _: {"cash": p.cash} if p.cash < 0 else None),
    "R09": Check(
        ("invoiced_sales", "declared_sales"),
        lambda p, _: (
            {"invoiced": p.invoiced_sales, "declared": p.declared_sales}
            if p.invoiced_sales != p.declared_sales
            else None
        ),
    ),
    "R10": Check(("revenue", "declared_sales"), _revenue),
    "R11": Check(("expense_ratio", "expense_ratio_mean", "expense_ratio_deviation"), _expenses),
    "R12": Check(("entertainment", "revenue"), _entertainment),
    "R13": Check(
        ("flagged_suppliers",),
        lambda p, _: {"count": p.flagged_suppliers} if p.flagged_suppliers > 0 else None,
    ),
    "R14": Check(
        ("declared_wages", "accrued_wages"),
        lambda p, _: (
            {"declared": p.declared_wages, "accrued": p.accrued_wages}
            if p.declared_wages != p.accrued_wages
            else None
        ),
    ),
    "R15": Check(
        ("documents_days_late",),
        lambda p, _: {"days": p.documents_days_late} if p.documents_days_late > 0 else None,
    ),
    "R16": Check(
        ("unfiled_working_days_left",),
        lambda p, _: (
            {"days": p.unfiled_working_days_left}
            if p.unfiled_working_days_left <= _DAYS_BEFORE_DEADLINE
            else None
        ),
    ),
    "R17": Check(("unpaid_days",), lambda p, _: {"days": p.unpaid_days} if p.unpaid_days > 0 else None),
    "R18": Check(("contract_until", "fee_overdue_days"), _contract),
    "R19": Check(("licence_until",), _licence),
    "R20": Check(tuple(_LISTS), _lists),
}
