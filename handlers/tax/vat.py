"""Value-added tax of a period, for the simple cases; others are refused with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from handlers.money import ZERO, cents, total
from handlers.tax.dated import Rule, Unsupported, rule

VatPeriod = Literal["month", "quarter"]


@dataclass(frozen=True, slots=True)
class Sales:
    """Net sales at one rate; `special`: by special invoices; `exempt`: free by another rule."""

    net: Decimal
    rate: Decimal = ZERO
    special: bool = False
    exempt: bool = False
    immovable: bool = False


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One line of a computation: base times rate, rounded to the cent; `relief` is what is not collected."""

    name: str
    base: Decimal
    rate: Decimal
    tax: Decimal
    relief: Decimal
    source: str

    @property
    def payable(self) -> Decimal:
        """What is owed on the line."""
        return self.tax - self.relief


@dataclass(frozen=True, slots=True)
class SmallScaleVat:
    """VAT of a small-scale taxpayer: lines, what is owed, what is exempt, and remarks to show with it."""

    sales: Decimal
    below_threshold: bool
    lines: tuple[TaxLine, ...]
    threshold: Rule
    notes: tuple[str, ...]

    @property
    def payable(self) -> Decimal:
        """The tax owed."""
        return total(line.payable for line in self.lines)

    @property
    def relieved(self) -> Decimal:
        """The tax of exempt sales: it goes from 应交增值税 to income at the end of the period."""
        return total(line.relief for line in self.lines)


@dataclass(frozen=True, slots=True)
class GeneralVat:
    """VAT of a general taxpayer: output, credit, what is owed and what is carried on."""

    output: Decimal
    credit: Decimal
    simplified: Decimal
    payable: Decimal
    carried_out: Decimal
    lines: tuple[TaxLine, ...]


def net_of(gross: Decimal, rate: Decimal) -> Decimal:
    """Take the tax out of a price that includes it: gross / (1 + rate), to the cent."""
    return cents(gross / (1 + rate))


def small_scale(sales: Iterable[Sales], *, on: date, period: VatPeriod = "quarter") -> SmallScaleVat:
    """VAT of a small-scale taxpayer for a month or quarter ending `on` (公告2026年第10号; 2023年第1、19号).

    Below the threshold ordinary sales are exempt; special invoices are taxed all the same. Sales that reach
    it are taxed in full (to 2025: that exceed it). Raises NoRule past the last rule, Unsupported for immovables,
    other rates, and negative totals.
    """
    entered = tuple(sales)
    levy, reduced = rule("vat.small_scale.levy", on), rule("vat.small_scale.reduced", on)
    threshold = rule(f"vat.small_scale.threshold.{period}", on)
    _refuse_small(entered, {levy.value, reduced.value})
    volume = total(each.net for each in entered)
    below = volume <= threshold.value if threshold.is_inclusive else volume < threshold.value
    groups: dict[tuple[bool, Decimal], Decimal] = defaultdict(lambda: ZERO)
    for each in entered:
        if not each.exempt:
            groups[each.special, each.rate] += each.net
    sources = {levy.value: levy.source, reduced.value: reduced.source}
    lines = (
        _small_line(net, rate, special=special, relieved=below and not special, source=sources[rate])
        for (special, rate), net in sorted(groups.items())
    )
    return SmallScaleVat(volume, below, tuple(lines), threshold, _remarks(volume, threshold))


def general(
    output: Iterable[Sales],
    credit: Decimal,
    *,
    carried_in: Decimal,
    on: date,
    transferred_out: Decimal = ZERO,
) -> GeneralVat:
    """VAT of a general taxpayer for a month ending `on`: output less credit less what was carried in.

    `credit` is the tax of confirmed input papers, `transferred_out` its part that may not be credited. Sales
    at the simplified 3 % are taxed apart, without credit. Raises Unsupported for exempt sales (the credit
    would have to be divided), other rates, negative amounts; NoRule outside the dates.
    """
    entered = tuple(output)
    simplified = rule("vat.simplified.levy", on)
    names = ("vat.general.standard", "vat.general.reduced", "vat.general.services", "vat.simplified.levy")
    sources = {found.value: found.source for found in (rule(name, on) for name in names)}
    _refuse_general(entered, set(sources), (credit, carried_in, transferred_out))
    groups: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for each in entered:
        groups[each.rate] += each.net
    lines = tuple(
        TaxLine("销项", net, rate, cents(net * rate), ZERO, sources[rate])
        for rate, net in sorted(groups.items())
    )
    apart = total(line.tax for line in lines if line.rate == simplified.value)
    out = total(line.tax for line in lines) - apart
    usable = credit - transferred_out + carried_in
    return GeneralVat(
        output=out,
        credit=usable,
        simplified=apart,
        payable=max(out - usable, ZERO) + apart,
        carried_out=max(usable - out, ZERO),
        lines=lines,
    )


def _small_line(net: Decimal, rate: Decimal, *, special: bool, relieved: bool, source: str) -> TaxLine:
    tax = cents(net * rate)
    return TaxLine(
        "专用发票" if special else "普通发票及未开票", net, rate, tax, tax if relieved else ZERO, source
    )


def _remarks(volume: Decimal, threshold: Rule) -> tuple[str, ...]:
    if volume == threshold.value and not threshold.is_inclusive:
        return ("销售额恰好等于起征点：按“达到即全额征税”计算，申报前请向主管税务机关确认",)
    return ()


def _refuse_small(sales: tuple[Sales, ...], rates: set[Decimal]) -> None:
    if any(each.immovable for each in sales):
        raise Unsupported(
            "销售或出租不动产另有税率和起征点，请人工计算。 "
            "Sales or leases of immovables have their own rate and threshold; compute this by hand."
        )
    odd = sorted({each.rate for each in sales if not each.exempt} - rates)
    if odd:
        shown = "、".join(map(str, odd))
        raise Unsupported(
            f"征收率{shown}不在小规模纳税人自动计算的范围，请核对发票。 "
            f"The rates {shown} are not small-scale rates computed here; check the invoices."
        )
    if any(each.special and each.exempt for each in sales):
        raise Unsupported(
            "免税销售开具了专用发票；未放弃免税的不得开具。 "
            "Exempt sales carry a special invoice; that is not allowed unless the exemption is waived."
        )
    if total(each.net for each in sales) < 0:
        raise Unsupported(
            "红字发票超过本期销售额，请与税务机关处理。 "
            "Red invoices exceed the sales of the period; settle the surplus with the tax office."
        )


def _refuse_general(sales: tuple[Sales, ...], rates: set[Decimal], credits_: tuple[Decimal, ...]) -> None:
    if any(each.exempt for each in sales):
        raise Unsupported(
            "一般纳税人有免税销售，进项要划分，请人工计算。 "
            "Exempt sales of a general taxpayer make the input tax divide; compute this by hand."
        )
    if odd := sorted({each.rate for each in sales} - rates):
        shown = "、".join(map(str, odd))
        raise Unsupported(
            f"税率{shown}不在一般纳税人自动计算的范围，请核对发票。 "
            f"The rates {shown} are not rates of a general taxpayer computed here; check the invoices."
        )
    if any(amount < 0 for amount in credits_):
        raise Unsupported(
            "进项、上期留抵和进项转出不能是负数。 "
            "Credit, carried-in and transferred-out tax must not be negative; enter them by their sign."
        )
    if credits_[2] > credits_[0] + credits_[1]:
        raise Unsupported(
            "进项转出多于可抵扣的进项，请核对。 More input tax is transferred out than there is; check the transfer."
        )
    if total(each.net * each.rate for each in sales) < 0:
        raise Unsupported(
            "红字发票超过本期销售额，请与税务机关处理。 "
            "Red invoices exceed the sales of the period; settle the surplus with the tax office."
        )
