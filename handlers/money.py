"""Money: exact decimals of yuan, rounded half-up to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from unicodedata import normalize

from engine.errors import InvalidInput

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 15


def cents(value: Decimal) -> Decimal:
    """Round to 0.01 half-up, away from zero on both sides (税额四舍五入到分); never gives -0.00."""
    return value.quantize(_CENT, ROUND_HALF_UP) + ZERO


def negated(amount: Decimal) -> Decimal:
    """Turn the sign of an amount; nothing stays 0.00, while Python's minus would print -0.00."""
    return ZERO - amount


def total(values: Iterable[Decimal]) -> Decimal:
    """Add up amounts; nothing adds up to 0.00."""
    return sum(values, ZERO)


def read_decimal(text: str) -> Decimal:
    """Read a number as banks write it: ¥1,234.50, +10, full-width digits; InvalidInput otherwise."""
    plain = normalize("NFKC", text).replace(",", "").replace("¥", "").replace("元", "").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise InvalidInput(f"{text!r} is not an amount; write it like 1234.50.") from error
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise InvalidInput(f"{text!r} is not an amount this product can hold; it must be below 10^15.")
    return number


def read_amount(text: str) -> Decimal:
    """Read an amount of money; InvalidInput when it is none or has parts of a cent."""
    number = read_decimal(text)
    if number != cents(number):
        raise InvalidInput(f"{text!r} has more than two decimals; an amount of money ends at the cent.")
    return cents(number)
