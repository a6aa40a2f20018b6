"""What an e-invoice says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["special", "ordinary", "unknown"]
Treatment = Literal["taxed", "exempt", "not_taxed", "unknown"]


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax rate as printed: 0.06 and `taxed`, or without number `exempt` 免税, `not_taxed` 不征税."""

    text: str
    value: Decimal | None
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer; the code is empty for a natural person."""

    name: str
    code: str
    address: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line: net amount, rate, tax; a discount line has negative amounts and no quantity.

    Toll lines carry their passage dates instead of quantity and price.
    """

    item: str
    tax_class: str
    model: str
    unit: str
    quantity: Decimal | None
    unit_price: Decimal | None
    net: Decimal
    rate: Rate
    tax: Decimal
    gross: Decimal
    classification: str = ""

    @property
    def is_discount(self) -> bool:
        """Tell whether the line is the discount of another one."""
        return self.quantity is None and self.unit_price is None and self.net < 0


@dataclass(frozen=True, slots=True)
class Toll:
    """A passage on a toll road."""

    plate: str
    vehicle: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Invoice:
    """One e-invoice as received; `digest` is the SHA-256 of the file's bytes."""

    number: str
    header_number: str
    issued_on: date
    kind: Kind
    is_red: bool
    marked_red: bool | None
    seller: Party
    buyer: Party
    net: Decimal
    tax: Decimal
    gross: Decimal
    capitals: str
    drawer: str
    remark: str
    lines: tuple[InvoiceLine, ...]
    tolls: tuple[Toll, ...]
    original_number: str
    red_form_number: str
    version: str
    digest: str

    @property
    def is_toll(self) -> bool:
        """Tell whether it is a toll-road invoice (通行费)."""
        return bool(self.tolls)
