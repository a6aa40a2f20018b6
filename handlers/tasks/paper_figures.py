"""Figures that come from papers and the client's profile: payroll rows, stock count, assets, invoices by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.errors import InvalidInput
from engine.service_tasks import Call
from handlers.books.payroll import PayrollRow, read_payroll
from handlers.invoices.values import Invoice
from handlers.money import cents
from handlers.periods import Period
from handlers.tasks.documents import PENDING
from handlers.tasks.intake_invoices import invoice_of
from handlers.tasks.reading import number
from store.tables import Client, Document
from store.tables import Invoice as InvoiceRow
from store.unit_of_work import UnitOfWork


def payroll_of(uow: UnitOfWork, client: Client, month: Period) -> tuple[PayrollRow, ...]:
    """Give the month's payroll: the newest sheet that can be read, else the standing one of the profile; maybe none."""
    for document in papers(uow, client.id, month, "payroll"):
        try:
            return read_payroll(uow.documents.get(document.digest))
        except InvalidInput as error:
            document.facts = {**document.facts, "unreadable": str(error)}
    standing = client.profile.get("payroll")
    return tuple(_person(each) for each in standing) if isinstance(standing, list) else ()


def counted_stock(call: Call, uow: UnitOfWork, client: Client, month: Period) -> Decimal | None:
    """Give the stock at the end of the month: as a person gave it, else from a count paper's facts; None when unknown."""
    given = call.variables.get("closing_stock")
    if given not in (None, ""):
        return cents(number(given))
    for document in papers(uow, client.id, month, "stock"):
        if document.facts.get("closing_stock") is not None:
            return cents(number(document.facts["closing_stock"]))
    return None


def invoices_of(uow: UnitOfWork, client: Client, period: Period, side: str) -> list[Invoice]:
    """Give one side's invoices that are in the books, of all months of a period."""
    rows = uow.session.scalars(
        select(InvoiceRow)
        .where(
            InvoiceRow.client_id == client.id,
            InvoiceRow.period.in_([str(month) for month in period.months]),
            InvoiceRow.direction == side,
            InvoiceRow.state.in_(("read", "booked")),
        )
        .order_by(InvoiceRow.issued_on, InvoiceRow.number)
    )
    return [invoice_of(row) for row in rows]


def papers(uow: UnitOfWork, client_id: UUID, month: Period, kind: str) -> list[Document]:
    """Give the month's papers of a kind that are not returned or refused, newest first."""
    found = select(Document).where(
        Document.client_id == client_id,
        Document.period == str(month),
        Document.kind == kind,
        Document.state.in_(PENDING),
    )
    return list(uow.session.scalars(found.order_by(Document.at.desc(), Document.id.desc())))


def _person(given: Any) -> PayrollRow:
    if not isinstance(given, dict) or not given.get("name"):
        raise InvalidInput(
            f"The standing payroll holds {given!r}, which names nobody; mend the client's profile."
        )
    names = ("gross", "insurance", "housing", "additional", "firm_insurance", "firm_housing")
    return PayrollRow(str(given["name"]), **{name: cents(number(given.get(name))) for name in names})
