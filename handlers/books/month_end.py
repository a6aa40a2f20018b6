"""Further vouchers of a month end: cost of sales, exchange differences, statutory reserve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.errors import InvalidInput
from handlers.books.vouchers import Voucher, VoucherLine
from handlers.money import ZERO, cents

_STOCK, _COST = "1405", "5401"
_BANK, _EXCHANGE = "1002", "560303"
_RETAINED, _SET_ASIDE, _RESERVE = "310402", "310403", "310101"


def cost_by_count(book_stock: Decimal, counted: Decimal, on: date) -> Voucher | None:
    """Make the cost voucher by the count (实地盘存): what the books hold above the count was sold."""
    if counted < 0 or counted > book_stock:
        raise InvalidInput(
            f"The counted stock {counted} lies outside 0 and the stock in the books {book_stock}; check the count."
        )
    return _cost(book_stock - counted, on)


def cost_by_margin(sales: Decimal, margin: Decimal, on: date) -> Voucher | None:
    """Make the cost voucher by the gross margin (毛利率法): sales less the margin's share."""
    if not ZERO <= margin < 1:
        raise InvalidInput(f"The gross margin {margin} is no share between 0 and 1; write 20 % as 0.2.")
    return _cost(cents(sales * (1 - margin)), on)


def exchange_difference(amount: Decimal, on: date) -> Voucher | None:
    """Make the voucher of an exchange difference on the bank account: a gain is positive; None for nothing."""
    summary = "期末调汇"
    if not amount:
        return None
    if amount > 0:
        lines = (VoucherLine(_BANK, summary, debit=amount), VoucherLine(_EXCHANGE, summary, credit=amount))
    else:
        lines = (VoucherLine(_EXCHANGE, summary, debit=-amount), VoucherLine(_BANK, summary, credit=-amount))
    return Voucher(on, lines, kind="transfer")


def statutory_reserve(profit: Decimal, on: date, *, rate: Decimal, losses: Decimal = ZERO) -> Voucher | None:
    """Make the voucher that sets aside the reserve from the year's profit (公司法 第二百一十条); None without profit.

    `losses` of earlier years are covered first, as a positive amount.
    """
    amount = cents(max(profit - losses, ZERO) * rate)
    if not amount:
        return None
    summary = "提取法定盈余公积"
    lines = (
        VoucherLine(_SET_ASIDE, summary, debit=amount),
        VoucherLine(_RESERVE, summary, credit=amount),
        VoucherLine(_RETAINED, summary, debit=amount),
        VoucherLine(_SET_ASIDE, summary, credit=amount),
    )
    return Voucher(on, lines, kind="transfer")


def _cost(amount: Decimal, on: date) -> Voucher | None:
    if amount <= 0:
        return None
    summary = "结转销售成本"
    lines = (VoucherLine(_COST, summary, debit=amount), VoucherLine(_STOCK, summary, credit=amount))
    return Voucher(on, lines, kind="transfer")
