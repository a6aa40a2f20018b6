"""What pages show of the books beyond rows: account names of the client's chart, the statements of a month."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from handlers.books.statement_lines import Statement
from handlers.periods import Period
from handlers.tasks.book_set import client_by_id
from handlers.tasks.ledger import chart_of
from handlers.tasks.statements import statements_of


def account_names(connection: Connection, client_id: UUID) -> dict[str, str]:
    """Give the full name of each account of a client's chart by its code."""
    chart = chart_of(connection, client_by_id(connection, client_id))
    return {code: chart.full_name(code) for code in chart.accounts}


def statements(connection: Connection, client_id: UUID, month: str) -> tuple[Statement, ...]:
    """Give 会小企01, 02 and 03 of a month such as 2026-08 from the posted vouchers."""
    year, number = month.split("-")
    made = statements_of(connection, client_by_id(connection, client_id), Period(int(year), int(number)))
    return made.sheet, made.income, made.flow
