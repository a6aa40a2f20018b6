"""Enterprise income tax: the quarterly prepayment on actual profit, with the small low-profit relief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.money import ZERO, cents
from handlers.tax.dated import Unsupported, rule


@dataclass(frozen=True, slots=True)
class QuarterEnds:
    """Staff and assets (yuan) at the start and end of one quarter."""

    staff: tuple[int, int]
    assets: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Prepayment:
    """A quarter's prepayment: the year to date computed afresh, less what was prepaid.

    `reasons` says in Chinese why the relief applies or not; `overpaid` is left for the settlement.
    """

    taxable: Decimal
    is_small: bool
    full_tax: Decimal
    relief: Decimal
    tax_to_date: Decimal
    payable: Decimal
    overpaid: Decimal
    reasons: tuple[str, ...]
    source: str


def prepayment(
    profit: Decimal,
    quarters: Sequence[QuarterEnds],
    *,
    on: date,
    losses: Decimal = ZERO,
    prepaid: Decimal = ZERO,
    restricted_trade: bool = False,
) -> Prepayment:
    """Prepayment of the quarter ending `on` from the profit of the year to date (企业所得税法 第五十四条).

    `losses` of earlier years still to offset and `prepaid` tax of this year are positive amounts; `quarters`
    run from the first of the year. Small low-profit (公告2023年第12号): income to 3,000,000, average staff to
    300, average assets to 50,000,000, no restricted trade: 25 % x 20 %; all or nothing, judged to date.
    """
    if len(quarters) != (on.month + 2) // 3 or losses < 0 or prepaid < 0:
        raise Unsupported(
            "缺少本年各季度的从业人数和资产，或有负数。 "
            "Give staff and assets of every quarter of the year so far, and no negative amounts."
        )
    taxable = cents(profit - max(min(losses, profit), ZERO))
    base = max(taxable, ZERO)
    rate = rule("cit.rate", on)
    full = cents(base * rate.value)
    reasons, source, relief = _reasons(base, quarters, on, restricted=restricted_trade), rate.source, ZERO
    if not reasons:
        share, small = rule("cit.small.share", on), rule("cit.small.rate", on)
        relief, source = full - cents(base * share.value * small.value), f"{source}; {share.source}"
    to_date = full - relief
    return Prepayment(
        taxable=taxable,
        is_small=not reasons,
        full_tax=full,
        relief=relief,
        tax_to_date=to_date,
        payable=max(to_date - prepaid, ZERO),
        overpaid=max(prepaid - to_date, ZERO),
        reasons=reasons or ("符合小型微利企业条件",),
        source=source,
    )


def average(ends: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Average of a year to date: (start + end) / 2 of each quarter, then of those (公告2023年第12号)."""
    return sum(((start + end) / 2 for start, end in ends), Decimal(0)) / len(ends)


def _reasons(
    base: Decimal, quarters: Sequence[QuarterEnds], on: date, *, restricted: bool
) -> tuple[str, ...]:
    staff = average([(Decimal(each.staff[0]), Decimal(each.staff[1])) for each in quarters])
    assets = average([each.assets for each in quarters])
    values = {
        "income": ("应纳税所得额", base),
        "staff": ("平均从业人数", staff),
        "assets": ("平均资产总额", assets),
    }
    found = ["从事国家限制或禁止行业"] if restricted else []
    for name, (label, value) in values.items():
        limit = rule(f"cit.small.{name}", on)
        if value > limit.value:
            found.append(f"{label}{_shown(value)}超过{limit.value}")
    return tuple(found)


def _shown(value: Decimal) -> str:
    return f"{value:.2f}".removesuffix(".00")
