"""Levies on top of VAT: city maintenance and the two education levies, with their halving and waiver."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from handlers.clients.taxpayer import Taxpayer
from handlers.money import ZERO, cents
from handlers.tax.dated import Rule, Unsupported, rule
from handlers.tax.vat import TaxLine, VatPeriod

LEVIES = {
    "city_maintenance": "城市维护建设税",
    "education": "教育费附加",
    "local_education": "地方教育附加",
}


def levies(
    vat_paid: Decimal, taxpayer: Taxpayer, *, sales: Decimal, on: date, period: VatPeriod
) -> dict[str, TaxLine]:
    """Levies on the VAT paid for a period ending `on`, by their keys in LEVIES.

    City maintenance 7/5/1 % by place (城市维护建设税法 第四条), education 3 % and local education 2 %; halved
    where 公告2023年第12号 applies; the education levies waived at sales up to the limit of 财税〔2016〕12号.
    NoRule outside the dates, Unsupported for a negative base.
    """
    if vat_paid < 0:
        raise Unsupported(
            "附加税费的计税依据不能是负数。 "
            "The levies have no base below zero; a refund of VAT does not give them back here."
        )
    limit = rule(f"levy.education.waived.{period}", on)
    waived = limit if sales <= limit.value else None
    halved = rule("levy.halved", on) if taxpayer.halved_levies else None
    rates = {
        "city_maintenance": (rule(f"levy.city_maintenance.{taxpayer.place}", on), None),
        "education": (rule("levy.education", on), waived),
        "local_education": (rule("levy.local_education", on), waived),
    }
    return {
        key: _line(LEVIES[key], vat_paid, rate, waived=waiver, halved=halved)
        for key, (rate, waiver) in rates.items()
    }


def _line(name: str, base: Decimal, rate: Rule, *, waived: Rule | None, halved: Rule | None) -> TaxLine:
    tax = cents(base * rate.value)
    relief, sources = ZERO, [rate.source]
    if waived:
        relief, sources = tax, [rate.source, waived.source]
    elif halved:
        relief, sources = cents(tax * halved.value), [rate.source, halved.source]
    return TaxLine(name, base, rate.value, tax, relief, "; ".join(sources))
