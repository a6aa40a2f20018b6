"""Taking all papers of a client and month into the books, and which of their exceptions people have already."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from handlers.tasks import intake_bank, intake_invoices, showing
from handlers.tasks.documents import PENDING, sort_uploads
from handlers.tasks.intake_bank import BankOutcome
from handlers.tasks.intake_invoices import Outcome
from store.tables import Client, Document
from store.unit_of_work import UnitOfWork

HANDED = "handed"
"""Fact of a document: exceptions that people were given by the import itself."""


def invoices(uow: UnitOfWork, client: Client, period: str) -> list[Outcome]:
    """Take in every e-invoice file of the month; done before, it gives the same."""
    files = _files(uow, client, period, "invoice")
    outcomes = [intake_invoices.take_in(uow, client, document) for document in files]
    if any(each.state == "exception" for each in outcomes):
        # An original that stands after its red invoice in the batch is there at the second look.
        outcomes = [intake_invoices.take_in(uow, client, document) for document in files]
    uow.session.flush()
    return [
        Outcome(each.state, next(iter(_open(document, [each.exception] if each.exception else [])), None))
        for document, each in zip(files, outcomes, strict=True)
    ]


def statements(uow: UnitOfWork, client: Client, period: str) -> list[BankOutcome]:
    """Take in every statement file of the month; done before, it gives the same."""
    found = [
        (document, intake_bank.take_in(uow, client, document))
        for document in _files(uow, client, period, "bank")
    ]
    uow.session.flush()
    return [
        BankOutcome(each.read, each.known, tuple(_open(document, each.exceptions)))
        for document, each in found
    ]


def handed(document: Document) -> list[str]:
    """Give the ids of the exceptions of a document that people have already."""
    return [str(each) for each in document.facts.get(HANDED) or ()]


def _open(document: Document, exceptions: Iterable[showing.Shown]) -> list[showing.Shown]:
    known = set(handed(document))
    return [each for each in exceptions if each["id"] not in known]


def _files(uow: UnitOfWork, client: Client, period: str, kind: str) -> list[Document]:
    sort_uploads(uow, client.id, period)
    query = select(Document).where(
        Document.client_id == client.id,
        Document.period == period,
        Document.kind == kind,
        Document.state.in_(PENDING),
    )
    return list(uow.session.scalars(query.order_by(Document.at, Document.id)))
