"""VAT of a client from its books and papers, and which month-end steps the client needs."""

from __future__ import annotations

from handlers.periods import Period, quarter_of
from handlers.tasks.book_set import BookSet
from handlers.tasks.paper_figures import invoices_of
from handlers.tax.from_books import VatReturn, vat_base, vat_return
from store.unit_of_work import UnitOfWork

_QUARTER = 3
_YEAR_END = 12


def month_end_applies(books: BookSet, *, wages: bool) -> dict[str, bool]:
    """Tell which month-end steps a client needs this month."""
    profile, month = books.client.profile, books.month
    quarter_end = month.month % _QUARTER == 0
    general = books.taxpayer.vat == "general" or books.taxpayer.monthly_vat
    return {
        "payroll": wages,
        "depreciation": bool(profile.get("assets")),
        "cost": profile.get("inventory") is True,
        "vat": general or quarter_end,
        "cit": quarter_end and books.taxpayer.legal_form == "company",
        "exchange": profile.get("foreign_currency") is True,
        "year_end": month.month == _YEAR_END,
    }


def vat_of(uow: UnitOfWork, books: BookSet) -> VatReturn:
    """Compute VAT and levies of the VAT period that ends with the month."""
    period = vat_period(books)
    sold = invoices_of(uow, books.client, period, "sale")
    base = vat_base(sold, books.balance(period), books.revenue(period))
    return vat_return(base, books.taxpayer, period)


def vat_period(books: BookSet) -> Period:
    """Give the month or quarter the client declares VAT for."""
    monthly = books.taxpayer.vat == "general" or books.taxpayer.monthly_vat
    return books.month if monthly else quarter_of(books.month.end)
