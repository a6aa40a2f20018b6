"""Late-payment surcharge (滞纳金)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from handlers.money import ZERO, cents
from handlers.tax.dated import rule


def late_surcharge(tax: Decimal, *, due: date, paid: date) -> Decimal:
    """Surcharge of 0.05 % a day after `due` to the day of payment (税收征收管理法 第三十二条)."""
    days = (paid - due).days
    return cents(tax * rule("late.payment.daily", paid).value * days) if days > 0 else ZERO
