"""A client's books as one value: what month-end steps, checks, statements and taxes read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection, select

from handlers.books.balances import Key, TrialBalance, trial_balance, without_profit_closing
from handlers.books.chart import Chart
from handlers.books.statements import balance_sheet
from handlers.books.vouchers import Voucher
from handlers.clients.taxpayer import Taxpayer
from handlers.periods import Period
from handlers.tasks import ledger
from handlers.tasks.ledger import Booked, chart_of
from handlers.tasks.subjects import taxpayer_of
from handlers.tax.income_tax import QuarterEnds
from store.tables import Client

_TOTAL_ASSETS = 30
_INCOME_TAX = "5801"
_RESULTS = "5"


@dataclass(frozen=True, slots=True)
class BookSet:
    """The client's books up to the end of `month`; `books` holds proposed vouchers too, unless left out."""

    client: Client
    taxpayer: Taxpayer
    chart: Chart
    month: Period
    books: tuple[Booked, ...]

    def posted(self) -> BookSet:
        """Leave out what is not posted."""
        return replace(self, books=tuple(each for each in self.books if each.state == "posted"))

    def without(self, sources: frozenset[str]) -> BookSet:
        """Leave out vouchers that are not posted and come from one of the sources."""
        kept = (each for each in self.books if each.state == "posted" or each.source not in sources)
        return replace(self, books=tuple(kept))

    def of_month(self) -> list[Booked]:
        """Give the month's own vouchers."""
        return [each for each in self.books if each.period == str(self.month) and each.kind != ledger.OPENING]

    def balance(self, first: Period | None = None) -> TrialBalance:
        """Balance from a first month (the month itself when none is given) to the month."""
        return ledger.balance_of(self.books, str((first or self.month).months[0]), str(self.month))

    def year(self) -> TrialBalance:
        """Balance the year to date."""
        return ledger.balance_of(self.books, ledger.year_start(self.month), str(self.month))

    def results(self, first: Period) -> TrialBalance:
        """Give what profit and loss accounts moved from a first month on, transfers to 3103 left out."""
        chosen = ledger.vouchers(self.books, first=str(first.months[0]), last=str(self.month))
        return trial_balance({}, without_profit_closing(chosen))

    def revenue(self, first: Period) -> Decimal:
        """Give 5001 and 5051 from a first month to the month, net."""
        return -self.results(first).moved("5001", "5051")

    def profit_before_tax(self) -> Decimal:
        """Give the year's profit to date before enterprise income tax."""
        moved = self.results(Period(self.month.year, 1))
        return -(moved.moved(_RESULTS) - moved.moved(_INCOME_TAX))

    def income_tax_booked(self) -> Decimal:
        """Give the enterprise income tax booked this year."""
        return self.results(Period(self.month.year, 1)).moved(_INCOME_TAX)

    def vouchers(self, first: Period) -> list[Voucher]:
        """Give the vouchers from a first month to the month."""
        return ledger.vouchers(self.books, first=str(first.months[0]), last=str(self.month))

    def opening(self, month: Period) -> dict[Key, Decimal]:
        """Give the balances with which a month begins; of the month the books start with, the opening balances."""
        start = max(str(month), self.starts_with)
        return ledger.balance_before(self.books, start)

    @property
    def starts_with(self) -> str:
        """The first month of the books; empty when there were no opening balances."""
        opened = [each.period for each in self.books if each.kind == ledger.OPENING]
        return str(_month(max(opened)).following) if opened else ""

    def quarter_ends(self, staff: int) -> list[QuarterEnds]:
        """Give staff and total assets at the start and end of every quarter of the year so far."""
        ends = []
        for first in range(1, self.month.month + 1, 3):
            start, after = Period(self.month.year, first), Period(self.month.year, first, "quarter").following
            last = min(after.start, self.month.following.start)
            assets = (self._assets(start), self._assets(Period(last.year, last.month)))
            ends.append(QuarterEnds((staff, staff), assets))
        return ends

    def _assets(self, at_start_of: Period) -> Decimal:
        held = self.opening(at_start_of)
        return balance_sheet(held, {})[_TOTAL_ASSETS].first


def book_set(connection: Connection, client: Client, month: Period) -> BookSet:
    """Read a client's books up to the end of a month."""
    books = tuple(ledger.until(connection, client.id, month))
    return BookSet(client, taxpayer_of(client), chart_of(connection, client), month, books)


def client_by_id(connection: Connection, client_id: object) -> Client:
    """Read a client where there is no unit of work (outside handlers)."""
    row = connection.execute(select(Client.__table__).where(Client.id == client_id)).mappings().one()
    values: Mapping[str, object] = {("klass" if name == "class" else name): row[name] for name in row}
    return Client(**values)


def _month(text: str) -> Period:
    year, month = text.split("-")
    return Period(int(year), int(month))
