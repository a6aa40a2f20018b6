"""The figures of a client that risk checks look at; None where nobody has entered one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RiskProfile:
    """What is known of a client. Amounts in yuan; rates and ratios as shares (0.03 is 3 %)."""

    vat: str | None = None
    rolling_sales: Decimal | None = None
    quarter_sales: Decimal | None = None
    taxable_income: Decimal | None = None
    average_staff: Decimal | None = None
    average_assets: Decimal | None = None
    vat_burden: Decimal | None = None
    vat_burden_mean: Decimal | None = None
    nil_quarters: int | None = None
    stock: Decimal | None = None
    gross_margin: Decimal | None = None
    shareholder_loan_over_year_end: Decimal | None = None
    cash: Decimal | None = None
    invoiced_sales: Decimal | None = None
    declared_sales: Decimal | None = None
    revenue: Decimal | None = None
    expense_ratio: Decimal | None = None
    expense_ratio_mean: Decimal | None = None
    expense_ratio_deviation: Decimal | None = None
    entertainment: Decimal | None = None
    flagged_suppliers: int | None = None
    declared_wages: Decimal | None = None
    accrued_wages: Decimal | None = None
    documents_days_late: int | None = None
    unfiled_working_days_left: int | None = None
    unpaid_days: int | None = None
    contract_until: date | None = None
    fee_overdue_days: int | None = None
    licence_until: date | None = None
    on_abnormal_list: bool | None = None
    non_normal_taxpayer: bool | None = None
    on_dishonest_list: bool | None = None
