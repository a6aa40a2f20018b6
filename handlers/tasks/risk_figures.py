"""The figures the risk checks R01-R20 look at, from a client's books, papers and returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.calendar import Calendar
from engine.errors import InvalidInput
from handlers.clients.risk import read_risk_profile
from handlers.clients.risk_profile import RiskProfile
from handlers.money import ZERO, total
from handlers.periods import Period, parse_period, quarter_of
from handlers.tasks.book_set import BookSet, book_set
from handlers.tasks.obligation_rows import calendar_of
from handlers.tasks.paper_figures import invoices_of, payroll_of
from handlers.tax.income_tax import average
from handlers.tax.returns import VAT
from store.tables import Client, Obligation, TaxReturn
from store.unit_of_work import UnitOfWork

_SHAREHOLDERS = ("122101",)
_ENTERTAINMENT, _WAGES = "560202", "221101"
_EXPENSES = ("5601", "5602", "5603")
_TWELVE, _QUARTER = 12, 3


def risk_profile(uow: UnitOfWork, client: Client, due: Obligation, today: date) -> RiskProfile:
    """Fill the risk profile of a client before the return of an obligation; what nobody knows stays None."""
    uow.session.flush()
    month = _last_month(due.period)
    books = book_set(uow.connection, client, month)
    known = read_risk_profile({**client.profile, "vat": client.taxpayer_type})
    known = replace(known, **_from_books(books), **_from_papers(uow, books))
    if due.code in VAT:
        known = replace(known, **_from_return(uow, client, due, books))
    if due.state == "open":
        left = _working_days(calendar_of(uow), today, due.due_on)
        known = replace(known, unfiled_working_days_left=left)
    return known


def _from_books(books: BookSet) -> dict[str, Any]:
    month, balance = books.month, books.balance()
    quarter = quarter_of(month.end)
    sales = books.revenue(month)
    moved = books.results(Period(month.year, 1))
    return {
        "rolling_sales": total(books.revenue(each) - _after(books, each) for each in _last_year(month)),
        "quarter_sales": books.revenue(quarter),
        "taxable_income": max(books.profit_before_tax(), ZERO),
        "average_staff": _staff(books),
        "average_assets": average([ends.assets for ends in books.quarter_ends(0)]),
        "stock": balance.closing("1405"),
        "gross_margin": sales - books.results(month).moved("5401", "5402"),
        "shareholder_loan_over_year_end": _over_year_end(books),
        "cash": balance.closing("1001"),
        "revenue": -moved.moved("5001", "5051"),
        "entertainment": moved.moved(_ENTERTAINMENT),
        "expense_ratio": moved.moved(*_EXPENSES) / -moved.moved("5001", "5051")
        if moved.moved("5001", "5051")
        else None,
        "nil_quarters": _nil_quarters(books),
    }


def _from_papers(uow: UnitOfWork, books: BookSet) -> dict[str, Any]:
    people = payroll_of(uow, books.client, books.month)
    accrued = total(row.credit for row in books.balance().under((_WAGES,)))
    if not people and not accrued:
        return {}
    return {"declared_wages": total(row.gross for row in people), "accrued_wages": accrued}


def _from_return(uow: UnitOfWork, client: Client, due: Obligation, books: BookSet) -> dict[str, Any]:
    row = uow.session.scalars(
        select(TaxReturn)
        .where(TaxReturn.client_id == client.id, TaxReturn.period == due.period, TaxReturn.code == due.code)
        .order_by(TaxReturn.version.desc())
    ).first()
    sales = (row.computation.get("facts") or {}).get("sales") if row else None
    if sales is None:
        return {}
    declared, period = Decimal(sales), parse_period(due.period)
    invoiced = total(each.net for each in invoices_of(uow, client, period, "sale"))
    return {
        # Sales without an invoice are declared on top of the invoices; only the reverse is a risk.
        "invoiced_sales": max(invoiced, declared),
        "declared_sales": declared,
        "revenue": books.revenue(period),
        "entertainment": None,
    }


def _after(books: BookSet, month: Period) -> Decimal:
    following = month.following
    return books.revenue(following) if str(following) <= str(books.month) else ZERO


def _last_year(month: Period) -> Iterator[Period]:
    for back in range(_TWELVE):
        years, months = divmod(month.year * _TWELVE + month.month - 1 - back, _TWELVE)
        yield Period(years, months + 1)


def _nil_quarters(books: BookSet) -> int:
    """Count the quarters without sales that end with the month's quarter, as far as the books go."""
    first = min((each.period for each in books.books), default=str(books.month))
    quarter, count = quarter_of(books.month.end), 0
    while str(quarter.months[0]) >= first and count < _TWELVE:
        sales = total(
            books.revenue(each) - _after(books, each) for each in quarter.months if each <= books.month
        )
        if sales:
            return count
        count += 1
        before = (quarter.year, quarter.month - _QUARTER)
        quarter = Period(*(before if before[1] > 0 else (before[0] - 1, before[1] + _TWELVE)), "quarter")
    return count


def _over_year_end(books: BookSet) -> Decimal:
    held = books.opening(Period(books.month.year, 1))
    then = total(amount for (account, _), amount in held.items() if account.startswith(_SHAREHOLDERS))
    now = books.balance().closing(*_SHAREHOLDERS)
    return max(min(then, now), ZERO)


def _staff(books: BookSet) -> Decimal | None:
    given = books.client.profile.get("staff_count")
    return None if given in (None, "") else Decimal(str(given))


def _working_days(calendar: Calendar, today: date, due: date) -> int:
    days, left = today, 0
    while days < due:
        days = calendar.add_working_days(days, 1)
        left += days <= due
    return left


def _last_month(period: str) -> Period:
    try:
        return parse_period(period).months[-1]
    except InvalidInput:
        # Half-years (2026H1) are no periods of the books; their last month is June or December.
        year, _, half = period.partition("H")
        return Period(int(year), 6 if half == "1" else 12)
