"""An invoice's lines as they are stored, and the invoice again from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from handlers.invoices.rates import read_rate
from handlers.invoices.values import Invoice, InvoiceLine, Kind, Party, Toll


@dataclass(frozen=True, slots=True)
class StoredInvoice:
    """What the books keep of an invoice beside its file; `lines` are those of `stored_lines`."""

    number: str
    issued_on: date
    kind: str
    is_red: bool
    seller: Party
    buyer: Party
    net: Decimal
    tax: Decimal
    gross: Decimal
    original_number: str
    lines: Iterable[Mapping[str, Any]]


def stored_lines(invoice: Invoice) -> list[dict[str, Any]]:
    """Give the lines as plain values; amounts as text, `toll` tells a toll invoice (通行费)."""
    return [
        {
            "item": line.item,
            "tax_class": line.tax_class,
            "model": line.model,
            "unit": line.unit,
            "quantity": None if line.quantity is None else str(line.quantity),
            "unit_price": None if line.unit_price is None else str(line.unit_price),
            "net": str(line.net),
            "rate": line.rate.text,
            "tax": str(line.tax),
            "gross": str(line.gross),
            "toll": invoice.is_toll,
        }
        for line in invoice.lines
    ]


def from_stored(stored: StoredInvoice) -> Invoice:
    """Give the invoice back as far as booking and tax need it; what only checks read is left empty."""
    lines = list(stored.lines)
    tolls = (Toll("", "", None, None),) if any(each.get("toll") for each in lines) else ()
    return Invoice(
        number=stored.number,
        header_number="",
        issued_on=stored.issued_on,
        kind=cast("Kind", stored.kind),
        is_red=stored.is_red,
        marked_red=stored.is_red,
        seller=stored.seller,
        buyer=stored.buyer,
        net=stored.net,
        tax=stored.tax,
        gross=stored.gross,
        capitals="",
        drawer="",
        remark="",
        lines=tuple(_line(each) for each in lines),
        tolls=tolls,
        original_number=stored.original_number,
        red_form_number="",
        version="",
        digest="",
    )


def _line(stored: Mapping[str, Any]) -> InvoiceLine:
    return InvoiceLine(
        item=str(stored["item"]),
        tax_class=str(stored["tax_class"]),
        model=str(stored["model"]),
        unit=str(stored["unit"]),
        quantity=_number(stored["quantity"]),
        unit_price=_number(stored["unit_price"]),
        net=Decimal(stored["net"]),
        rate=read_rate(str(stored["rate"])),
        tax=Decimal(stored["tax"]),
        gross=Decimal(stored["gross"]),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
