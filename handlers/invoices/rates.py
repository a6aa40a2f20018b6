"""Tax rates as invoices print them."""

from __future__ import annotations

from decimal import Decimal
from unicodedata import normalize

from engine.errors import InvalidInput
from handlers.invoices.values import Rate, Treatment
from handlers.money import read_decimal

_UNTAXED: dict[str, Treatment] = {"免税": "exempt", "不征税": "not_taxed"}
_PERCENT = Decimal("0.01")


def read_rate(text: str) -> Rate:
    """Read 0.06, 0.130000, 6%, 13, 免税 or 不征税; anything else (***, blank) is an unknown rate."""
    plain = normalize("NFKC", text).strip()
    if plain in _UNTAXED:
        return Rate(text, None, _UNTAXED[plain])
    try:
        number = read_decimal(plain.rstrip("%"))
    except InvalidInput:
        return Rate(text, None, "unknown")
    # No VAT rate reaches 100 %, so a bare number from 1 up is meant in percent.
    if plain.endswith("%") or number >= 1:
        number *= _PERCENT
    return Rate(text, number.normalize() if number else Decimal(0), "taxed")
