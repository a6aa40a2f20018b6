"""Amounts in Chinese capitals (大写金额), as cheques, contracts and invoices write them."""

from __future__ import annotations

from decimal import Decimal

import cn2an

from handlers.money import cents


def in_capitals(amount: Decimal, *, unit: str = "圆") -> str:
    """Write an amount in capitals: 1272 is 壹仟贰佰柒拾贰圆整; a negative one begins with （负数）.

    Invoices print the unit as 圆, contracts as 元.
    """
    exact = cents(amount)
    words = str(cn2an.an2cn(str(abs(exact)), "rmb")).replace("元", unit)
    return ("（负数）" if exact < 0 else "") + words
