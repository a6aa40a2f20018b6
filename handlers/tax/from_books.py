"""What VAT is computed from: sales by rate from invoices, and sales without an invoice from the books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from handlers.books.balances import TrialBalance
from handlers.clients.taxpayer import Taxpayer
from handlers.invoices.values import Invoice
from handlers.money import ZERO, total
from handlers.periods import Period
from handlers.tax.dated import Unsupported, rule
from handlers.tax.levies import levies
from handlers.tax.vat import GeneralVat, Sales, SmallScaleVat, TaxLine, VatPeriod, general, small_scale

_REDUCED = "vat.small_scale.reduced"
_RATES = (Decimal("0.13"), Decimal("0.09"), Decimal("0.06"), Decimal("0.03"))
_NEAR = Decimal("0.002")
_OUTPUT, _INPUT, _MOVED_OUT, _VAT = "22210107", "22210101", "22210109", "222101"


@dataclass(frozen=True, slots=True)
class VatBase:
    """A VAT period's base: sale invoices, revenue and VAT accounts by the books (movement, and what was carried in)."""

    invoices: tuple[Invoice, ...]
    revenue: Decimal
    output_tax: Decimal = ZERO
    input_tax: Decimal = ZERO
    transferred_out: Decimal = ZERO
    carried_in: Decimal = ZERO

    @property
    def invoiced(self) -> Decimal:
        """Net of all sale invoices."""
        return total(invoice.net for invoice in self.invoices)

    @property
    def uninvoiced(self) -> Decimal:
        """Revenue in the books beyond the invoices (未开票收入)."""
        return self.revenue - self.invoiced


@dataclass(frozen=True, slots=True)
class VatReturn:
    """VAT and the levies on it: all lines, what is owed together, the sales, and remarks."""

    vat: SmallScaleVat | GeneralVat
    lines: tuple[TaxLine, ...]
    levies: dict[str, TaxLine]
    sales: Decimal
    notes: tuple[str, ...]

    @property
    def payable(self) -> Decimal:
        """VAT and levies owed."""
        return self.vat.payable + total(line.payable for line in self.levies.values())


def vat_base(invoices: Iterable[Invoice], balance: TrialBalance, revenue: Decimal) -> VatBase:
    """Take the VAT accounts of a period's trial balance with its sale invoices and revenue."""
    opening = total(row.opening for row in balance.under((_VAT,)))
    return VatBase(
        invoices=tuple(invoices),
        revenue=revenue,
        output_tax=-balance.moved(_OUTPUT),
        input_tax=balance.moved(_INPUT),
        transferred_out=-balance.moved(_MOVED_OUT),
        carried_in=max(opening, ZERO),
    )


def vat_return(base: VatBase, taxpayer: Taxpayer, period: Period) -> VatReturn:
    """Compute VAT and levies of a month or quarter; NoRule and Unsupported as in `vat` and `levies`."""
    on = period.end
    cadence: VatPeriod = "month" if period.kind == "month" else "quarter"
    found: SmallScaleVat | GeneralVat
    if taxpayer.vat == "small_scale":
        found = small_scale(small_scale_sales(base, period), on=on, period=cadence)
        lines, sales, notes = found.lines, found.sales, found.notes
    else:
        sold = general_sales(base)
        found = general(
            sold,
            base.input_tax,
            carried_in=base.carried_in,
            on=on,
            transferred_out=base.transferred_out,
        )
        lines, sales, notes = found.lines, total(each.net for each in sold), ()
    on_top = levies(max(found.payable, ZERO), taxpayer, sales=sales, on=on, period=cadence)
    return VatReturn(found, lines, on_top, sales, notes)


def small_scale_sales(base: VatBase, period: Period) -> tuple[Sales, ...]:
    """Give the sales of a small-scale taxpayer: invoice lines, and uninvoiced revenue at the reduced rate."""
    sold = [*_by_line(base.invoices)]
    if base.uninvoiced > 0:
        sold.append(Sales(base.uninvoiced, rule(_REDUCED, period.end).value))
    return tuple(sold)


def general_sales(base: VatBase) -> tuple[Sales, ...]:
    """Give the sales of a general taxpayer; uninvoiced revenue at the rate its booked output tax shows.

    Raises Unsupported when that is no rate: a person must say which sales they are.
    """
    sold = [*_by_line(base.invoices)]
    if base.uninvoiced > 0:
        tax = base.output_tax - total(invoice.tax for invoice in base.invoices)
        shown = tax / base.uninvoiced
        rate = next((each for each in _RATES if abs(each - shown) <= _NEAR), None)
        if rate is None:
            raise Unsupported(
                f"未开票收入{base.uninvoiced}的销项税额是{tax}，对不上任何税率，请补记销项税额或人工计算。 "
                f"Revenue of {base.uninvoiced} has no invoice and an output tax of {tax}, which is no rate; "
                "book the output tax of these sales, or compute the return by hand."
            )
        sold.append(Sales(base.uninvoiced, rate))
    return tuple(sold)


def _by_line(invoices: Iterable[Invoice]) -> Iterable[Sales]:
    for invoice in invoices:
        for line in invoice.lines:
            exempt = line.rate.treatment in {"exempt", "not_taxed"}
            yield Sales(
                line.net,
                line.rate.value or ZERO,
                special=invoice.kind == "special" and not exempt,
                exempt=exempt,
            )
