"""Stamp tax by tax item (印花税法)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from handlers.invoices.values import Invoice, InvoiceLine
from handlers.money import ZERO, cents, total
from handlers.tables import rows
from handlers.tax.dated import Unsupported, in_force, rule
from handlers.tax.vat import TaxLine

_GOODS = "1"
_NO_GOODS = ("服务", "劳务", "不动产", "无形资产", "不征税")


def stamp_tax(amounts: Mapping[str, Decimal], *, on: date, halved: bool) -> tuple[TaxLine, ...]:
    """Stamp tax of the amounts by item (see stamp_rates.csv), each rounded; `halved` by 公告2023年第12号.

    Securities trading is not halved. Raises Unsupported for an unknown item or a negative amount, NoRule
    outside the dates.
    """
    return tuple(_line(item, amount, on, halved=halved) for item, amount in amounts.items())


def trade(sold: Iterable[Invoice], bought: Iterable[Invoice]) -> Decimal:
    """Give the net price of the goods sold to and bought from firms: the base of 买卖合同 (movables only).

    Services, tolls and property are no sale of movables; contracts of natural persons (no credit code) are left out.
    """
    with_firms = [each for each in sold if each.buyer.code] + [each for each in bought if each.seller.code]
    lines = (line for each in with_firms if not each.is_toll for line in each.lines)
    return max(total(line.net for line in lines if _is_goods(line)), ZERO)


def _is_goods(line: InvoiceLine) -> bool:
    """Tell goods by the first digit of the tax classification code (1 货物), without one by the short class."""
    if line.classification:
        return line.classification.startswith(_GOODS)
    return not any(word in line.tax_class for word in _NO_GOODS)


def _line(item: str, amount: Decimal, on: date, *, halved: bool) -> TaxLine:
    known = [row for row in rows(__package__ or "", "stamp_rates.csv") if row["item"] == item]
    if not known or amount < 0:
        raise Unsupported(
            f"印花税不能按“{item}”{amount}计算，请用税目表中的税目。 "
            f"Stamp tax is not computed for {item!r} with {amount}; use an item of the tax table."
        )
    row = in_force(known, f"stamp.{item}", on)
    tax, source, relief = cents(amount * Decimal(row["rate"])), row["source"], ZERO
    if halved and item != "证券交易":
        share = rule("stamp.halved", on)
        relief, source = cents(tax * share.value), f"{source}; {share.source}"
    return TaxLine(item, amount, Decimal(row["rate"]), tax, relief, source)
