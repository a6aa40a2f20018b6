"""Service task that makes the three statements of a month from the posted books."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from engine.service_tasks import Call, Handlers, Result
from handlers.books.cross_checks import appropriations, check_balance, check_statements
from handlers.books.statement_lines import Statement
from handlers.books.statements import balance_sheet, cash_flow_statement, income_statement
from handlers.findings import Finding, blocking
from handlers.periods import Period
from handlers.tasks import showing
from handlers.tasks.book_set import BookSet, book_set
from handlers.tasks.subjects import client_of, month_of_call
from store.tables import Client
from store.unit_of_work import UnitOfWork

handlers = Handlers()

_ASSETS, _FUNDS, _PROFIT, _CASH = 30, 53, 32, 22


@dataclass(frozen=True, slots=True)
class Statements:
    """会小企01, 02 and 03 of one month, and what does not tie between them and the books."""

    sheet: Statement
    income: Statement
    flow: Statement
    findings: tuple[Finding, ...]


@handlers.service_task(
    "statements.build", effect="database", title="编制报表", title_en="Build the statements"
)
def build(call: Call, uow: UnitOfWork) -> Result:
    """Make 会小企01, 02 and 03 and check that they tie.

    Returns `statements` (assets, liabilities_equity, net_profit of the month, cash_end), `statements_ok`,
    `statement_findings` with text.
    """
    uow.session.flush()
    made = statements_of(uow.connection, client_of(call, uow), month_of_call(call))
    return {
        "statements": {
            "assets": made.sheet[_ASSETS].first,
            "liabilities_equity": made.sheet[_FUNDS].first,
            "net_profit": made.income[_PROFIT].first,
            "net_profit_to_date": made.income[_PROFIT].second,
            "cash_end": made.flow[_CASH].first,
        },
        "statements_ok": not blocking(made.findings),
        **showing.findings("statement_findings", made.findings),
    }


def statements_of(connection: Connection, client: Client, month: Period) -> Statements:
    """Make the statements of a client's month from its posted vouchers."""
    return from_books(book_set(connection, client, month).posted())


def from_books(books: BookSet) -> Statements:
    """Make the statements of the books' month; the second columns are the year's."""
    month, january = books.month, Period(books.month.year, 1)
    this, year = books.vouchers(month), books.vouchers(january)
    opening, opening_of_year = books.opening(month), books.opening(january)
    sheet = balance_sheet(books.balance().carried(), opening_of_year)
    income = income_statement(this, year)
    flow = cash_flow_statement(this, year, opening=opening, opening_other=opening_of_year)
    found = check_statements(sheet, income, flow, appropriated=appropriations(year))
    return Statements(sheet, income, flow, (*found, *check_balance(books.balance(), books.chart)))
