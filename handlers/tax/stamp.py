"""Stamp tax by tax item (印花税法)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from handlers.money import ZERO, cents
from handlers.tables import rows
from handlers.tax.dated import Unsupported, in_force, rule
from handlers.tax.vat import TaxLine


def stamp_tax(amounts: Mapping[str, Decimal], *, on: date, halved: bool) -> tuple[TaxLine, ...]:
    """Stamp tax of the amounts by item (see stamp_rates.csv), each rounded; `halved` by 公告2023年第12号.

    Securities trading is not halved. Raises Unsupported for an unknown item or a negative amount, NoRule
    outside the dates.
    """
    return tuple(_line(item, amount, on, halved=halved) for item, amount in amounts.items())


def _line(item: str, amount: Decimal, on: date, *, halved: bool) -> TaxLine:
    known = [row for row in rows(__package__ or "", "stamp_rates.csv") if row["item"] == item]
    if not known or amount < 0:
        raise Unsupported(
            f"Stamp tax is not computed for {item!r} with {amount}; use an item of the tax table."
        )
    row = in_force(known, f"stamp.{item}", on)
    tax, source, relief = cents(amount * Decimal(row["rate"])), row["source"], ZERO
    if halved and item != "证券交易":
        share = rule("stamp.halved", on)
        relief, source = cents(tax * share.value), f"{source}; {share.source}"
    return TaxLine(item, amount, Decimal(row["rate"]), tax, relief, source)
