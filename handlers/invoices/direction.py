"""Whose book an invoice belongs to: the client's sale, the client's purchase, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

from handlers.clients import credit_code
from handlers.invoices.values import Invoice, Party

Side = Literal["sale", "purchase", "wrong_buyer"]


@dataclass(frozen=True, slots=True)
class Direction:
    """Where an invoice belongs and why (shown in Chinese); not `certain` when a person must look."""

    side: Side
    certain: bool
    reason: str


def direction(invoice: Invoice, *, code: str, name: str) -> Direction:
    """Tell whether the invoice is a sale or a purchase of the client with this credit code and name.

    The code decides. A party without a code is taken by its name, marked uncertain; an invoice whose parties
    are both somebody else has the wrong buyer (购买方抬头错误) and goes back for correction.
    """
    own = credit_code.normalise(code)
    if invoice.seller.code == own:
        return Direction("sale", certain=True, reason="销售方为本企业")
    if invoice.buyer.code == own:
        same = _same_name(invoice.buyer, name)
        return Direction(
            "purchase", same, "购买方为本企业" if same else f"税号相符，抬头为“{invoice.buyer.name}”"
        )
    if _same_name(invoice.buyer, name) and not invoice.buyer.code:
        return Direction("purchase", certain=False, reason="仅抬头相符，发票未写税号")
    if _same_name(invoice.buyer, name):
        return Direction(
            "wrong_buyer", certain=True, reason=f"抬头相符，但税号{invoice.buyer.code}不是本企业"
        )
    return Direction("wrong_buyer", certain=True, reason=f"购买方为“{invoice.buyer.name}”，不是本企业")


def booking_key(invoice: Invoice, *, code: str) -> str:
    """Give the key that a book set may hold once (财会〔2020〕6号): client code and number."""
    return f"{credit_code.normalise(code)}:{invoice.number}"


def _same_name(party: Party, name: str) -> bool:
    return bool(name) and _bare(party.name) == _bare(name)


def _bare(name: str) -> str:
    return "".join(normalize("NFKC", name).split())
