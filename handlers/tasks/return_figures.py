"""Computing one return of a client from its books and papers, by obligation code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.service_tasks import BusinessError
from handlers.money import ZERO, cents, total
from handlers.periods import Period, parse_period
from handlers.tasks.book_set import BookSet, book_set
from handlers.tasks.paper_figures import invoices_of, payroll_of
from handlers.tasks.reading import number
from handlers.tasks.vat_figures import vat_of
from handlers.tasks.voucher_rows import period_row
from handlers.tax import returns
from handlers.tax.dated import NoRule
from handlers.tax.income_tax import prepayment
from handlers.tax.returns import Computed
from handlers.tax.stamp import stamp_tax, trade
from store.tables import Client
from store.unit_of_work import UnitOfWork

_TRADE = "买卖合同"
_BOOKS = "营业账簿"
_STOCK = "1405"
_WAGES = "221101"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a computation stands on: the client's posted books up to the end of the return's period."""

    uow: UnitOfWork
    books: BookSet
    period: Period

    @property
    def client(self) -> Client:
        """The client."""
        return self.books.client


def compute(uow: UnitOfWork, client: Client, code: str, period: str) -> Computed:
    """Compute a return; BusinessError tax.missing_input when its months are not closed or papers are missing.

    Raises NoRule for a date without a rule, Unsupported for a case outside what is computed, and NoRule for a code
    that a person computes (settlements, property taxes and the like).
    """
    if code in returns.NIL:
        return returns.nil("报送，无税款")
    if code not in _BY_CODE:
        raise NoRule(
            f"{code} 由人工计算后录入税额。 "
            f"{code} is not computed by the product; a person computes it and enters the amount."
        )
    span = parse_period(period)
    _must_be_closed(uow, client, span)
    uow.session.flush()
    ground = Ground(uow, book_set(uow.connection, client, span.months[-1]).posted(), span)
    return _BY_CODE[code](ground)


def _vat(ground: Ground) -> Computed:
    return returns.of_vat(vat_of(ground.uow, ground.books))


def _cit(ground: Ground) -> Computed:
    books, profile = ground.books, ground.client.profile
    if profile.get("staff_count") in (None, ""):
        raise _missing(ground, "没有从业人数。 The number of staff is not on file.")
    before = books.results(Period(books.month.year, 1)).moved("5801") - books.results(ground.period).moved(
        "5801"
    )
    return returns.of_prepayment(
        prepayment(
            books.profit_before_tax(),
            books.quarter_ends(int(number(profile["staff_count"]))),
            on=ground.period.end,
            losses=cents(number(profile.get("losses"))),
            prepaid=before,
            restricted_trade=profile.get("restricted_trade") is True,
        )
    )


def _wages(ground: Ground) -> Computed:
    months = [payroll_of(ground.uow, ground.client, month) for month in returns.months_to(ground.books.month)]
    accrued = total(row.credit for row in ground.books.balance().under((_WAGES,)))
    if not months[-1] and accrued:
        raise _missing(
            ground, f"账面计提工资{accrued}，但没有工资表。 Wages are booked but there is no payroll sheet."
        )
    return returns.of_wages(months, ground.period.end)


def _stamp(ground: Ground) -> Computed:
    kept = ground.client.profile.get("stamp_items")
    items = (
        {str(name): cents(number(base)) for name, base in kept.items()} if isinstance(kept, Mapping) else {}
    )
    if _TRADE not in items and any(
        row.account.startswith(_STOCK) for row in ground.books.balance(ground.period).rows
    ):
        sold, bought = (
            invoices_of(ground.uow, ground.client, ground.period, side) for side in ("sale", "purchase")
        )
        items[_TRADE] = trade(sold, bought)
    halved = ground.books.taxpayer.halved_levies
    return returns.of_lines(stamp_tax(items, on=ground.period.end, halved=halved))


def _stamp_books(ground: Ground) -> Computed:
    increase = max(-ground.books.year().moved("3001", "3002"), ZERO)
    halved = ground.books.taxpayer.halved_levies
    return returns.of_lines(stamp_tax({_BOOKS: increase}, on=ground.period.end, halved=halved))


def _social(ground: Ground) -> Computed:
    return _contributions(ground, "社会保险费", ("insurance", "firm_insurance"))


def _housing(ground: Ground) -> Computed:
    return _contributions(ground, "住房公积金", ("housing", "firm_housing"))


def _contributions(ground: Ground, label: str, parts: tuple[str, str]) -> Computed:
    people = payroll_of(ground.uow, ground.client, ground.books.month)
    if not people:
        raise _missing(ground, "没有工资表。 There is no payroll sheet.")
    own, firm = (total(getattr(row, part) for row in people) for part in parts)
    lines = ((f"{label}（个人）", own, ""), (f"{label}（单位）", firm, ""))
    return Computed(lines, own + firm, {"people": len(people)})


def _must_be_closed(uow: UnitOfWork, client: Client, period: Period) -> None:
    rows = {month: period_row(uow, client.id, str(month)) for month in period.months}
    start = str(client.profile.get("books_start") or "")
    open_ = [
        str(month)
        for month, row in rows.items()
        if str(month) >= start and (row is None or row.state != "closed")
    ]
    if open_:
        raise BusinessError(
            "tax.missing_input",
            f"{client.name} 的 {'、'.join(open_)} 还没有结账，请先结账。 "
            f"The books of {client.name} for {'、'.join(open_)} are not closed; close them first.",
        )


def _missing(ground: Ground, what: str) -> BusinessError:
    return BusinessError("tax.missing_input", f"{ground.client.name} {ground.period}: {what}")


_BY_CODE: Mapping[str, Callable[[Ground], Computed]] = {
    "VAT_M": _vat,
    "VAT_Q": _vat,
    "VAT_SM": _vat,
    "IIT_W": _wages,
    "CIT_Q": _cit,
    "STAMP_Q": _stamp,
    "STAMP_Y": _stamp_books,
    "SOCIAL": _social,
    "HPF": _housing,
}
