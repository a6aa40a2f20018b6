"""Fixed assets: straight-line depreciation from the month after an asset is put to use (小企业会计准则 第三十一条)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput
from handlers.books.vouchers import Voucher, VoucherLine
from handlers.money import ZERO, cents, total
from handlers.periods import Period, month_of

_DEPRECIATION, _EXPENSE = "1602", "560208"
_SUMMARY = "计提折旧"


@dataclass(frozen=True, slots=True)
class Asset:
    """One card of the register: cost in yuan, share left at the end, months of use, first day of use, expense account."""

    name: str
    cost: Decimal
    residual: Decimal
    months: int
    used_from: date
    expense: str = _EXPENSE


def read_assets(cards: Iterable[Mapping[str, Any]]) -> tuple[Asset, ...]:
    """Read a client's register: name, cost, months, used_from, residual (0.05), expense; InvalidInput names the card."""
    found = []
    for card in cards:
        try:
            found.append(
                Asset(
                    name=str(card["name"]),
                    cost=cents(Decimal(str(card["cost"]))),
                    residual=Decimal(str(card.get("residual", "0.05"))),
                    months=int(card["months"]),
                    used_from=date.fromisoformat(str(card["used_from"])),
                    expense=str(card.get("expense") or _EXPENSE),
                )
            )
        except (KeyError, ValueError, ArithmeticError) as error:
            raise InvalidInput(
                f"The asset card {dict(card)} cannot be used: {error!r}. Mend it first."
            ) from error
        if found[-1].months < 1:
            raise InvalidInput(f"The asset {found[-1].name} has no months of use; enter at least one.")
    return tuple(found)


def depreciation(asset: Asset, month: Period) -> Decimal:
    """Give an asset's depreciation of a month; the last month takes what rounding left over."""
    first = month_of(asset.used_from).following
    at = (month.year - first.year) * 12 + month.month - first.month
    if not 0 <= at < asset.months:
        return ZERO
    whole = cents(asset.cost * (1 - asset.residual))
    each = cents(whole / asset.months)
    return whole - each * (asset.months - 1) if at == asset.months - 1 else each


def depreciate(assets: Iterable[Asset], month: Period) -> Voucher | None:
    """Make the month's depreciation voucher, one debit per expense account; None when nothing is due."""
    costs: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for asset in assets:
        costs[asset.expense] += depreciation(asset, month)
    lines = [
        VoucherLine(account, _SUMMARY, debit=amount) for account, amount in sorted(costs.items()) if amount
    ]
    if not lines:
        return None
    credit = VoucherLine(_DEPRECIATION, _SUMMARY, credit=total(line.debit for line in lines))
    return Voucher(month.end, (*lines, credit), kind="transfer")
