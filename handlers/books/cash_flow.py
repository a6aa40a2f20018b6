"""Cash flows from vouchers: each entry opposite the money says what the money was for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from engine.errors import InvalidInput
from handlers.books.statement_lines import CASH_FLOW, line_rules
from handlers.books.vouchers import MONEY_ACCOUNTS, Voucher, VoucherLine
from handlers.money import ZERO
from handlers.tables import rows


def cash_flow_lines(vouchers: Iterable[Voucher]) -> dict[int, Decimal]:
    """Give the amounts of 会小企03表 by line number, receipts and payments both as positive numbers.

    In a voucher that moves money the other entries add up to that movement, so every cent is placed and the
    statement ties. A line's own `cash_flow` wins over the table cash_flow_lines.csv (longest account code).
    """
    signs = {rule.line: 1 if rule.side == "in" else -1 for rule in line_rules(CASH_FLOW) if rule.side}
    amounts: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for voucher in vouchers:
        for line in _other_side(voucher):
            at = line.cash_flow or _line_of(line)
            if at not in signs:
                raise InvalidInput(
                    f"{voucher.label}: line {at} of 会小企03表 takes no amounts; choose another."
                )
            amounts[at] -= signs[at] * line.signed
    return dict(amounts)


def _other_side(voucher: Voucher) -> list[VoucherLine]:
    if not voucher.moves_money:
        return []
    return [line for line in voucher.lines if not line.account.startswith(MONEY_ACCOUNTS)]


def _line_of(line: VoucherLine) -> int:
    received, paid = next(lines for prefix, lines in _table() if line.account.startswith(prefix))
    return paid if line.signed > 0 else received


@cache
def _table() -> tuple[tuple[str, tuple[int, int]], ...]:
    found = (
        (row["account"], (int(row["in"]), int(row["out"])))
        for row in rows(__package__ or "", "cash_flow_lines.csv")
    )
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))
