"""Taking an e-invoice into a client's books: read it, check it, place it; what does not fit waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from handlers.findings import Finding, blocking, finding
from handlers.invoices.check import check
from handlers.invoices.direction import Direction, direction
from handlers.invoices.ofd import unwrapped
from handlers.invoices.read import read
from handlers.invoices.stored import StoredInvoice, from_stored, stored_lines
from handlers.invoices.values import Invoice, Party
from handlers.invoices.xml_fields import NotXml, UnreadableInvoice
from handlers.periods import Period, parse_period
from handlers.tasks import showing
from store.tables import Client, Document
from store.tables import Invoice as InvoiceRow
from store.unit_of_work import UnitOfWork

State = Literal["read", "duplicate", "exception"]

_TABLE = "handlers.invoices"
# Parties without a code must not be taken for a client that has none yet.
_NO_CODE = "无"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; `exception` is what a person must decide, if anything."""

    state: State
    exception: showing.Shown | None = None


def take_in(uow: UnitOfWork, client: Client, document: Document) -> Outcome:
    """Take an e-invoice file into the client's books for the document's period; done before, it gives the same.

    Wrong buyer, duplicate, unreadable, foreign coding, red without its original: an exception with the reason.
    """
    booked = uow.session.scalars(select(InvoiceRow).where(InvoiceRow.document_id == document.id)).first()
    if booked is not None:
        return _again(uow, client, document, booked)
    try:
        invoice = read(unwrapped(uow.documents.get(document.digest)))
    except UnreadableInvoice as error:
        return _unreadable(document, error)
    other = uow.session.scalars(
        select(InvoiceRow).where(InvoiceRow.client_id == client.id, InvoiceRow.number == invoice.number)
    ).first()
    if other is not None:
        return _duplicate(document, invoice)
    side, found = _judged(uow, client, invoice, parse_period(str(document.period)))
    row = _stored(uow, client, document, invoice)
    row.direction = side.side
    return _settled(uow, row, found)


def invoice_of(row: InvoiceRow) -> Invoice:
    """Give the invoice of a stored row."""
    return from_stored(
        StoredInvoice(
            number=row.number,
            issued_on=row.issued_on,
            kind=row.kind,
            is_red=row.red,
            seller=Party(row.seller_name, row.seller_code or ""),
            buyer=Party(row.buyer_name, row.buyer_code or ""),
            net=row.net,
            tax=row.tax,
            gross=row.gross,
            original_number=row.original_number or "",
            lines=row.lines,
        )
    )


def _judged(
    uow: UnitOfWork, client: Client, invoice: Invoice, period: Period
) -> tuple[Direction, list[Finding]]:
    side = direction(invoice, code=client.credit_code or _NO_CODE, name=client.name)
    found = list(blocking(check(invoice)))
    if side.side == "wrong_buyer":
        found.append(finding(_TABLE, "IV20", reason=side.reason))
    elif not side.certain:
        found.append(finding(_TABLE, "IV21", reason=side.reason))
    if invoice.issued_on > period.end:
        found.append(finding(_TABLE, "IV23", day=invoice.issued_on, period=period))
    elif side.side == "sale" and invoice.issued_on < period.start:
        found.append(finding(_TABLE, "IV26", day=invoice.issued_on, period=period))
    return side, found + _red_alone(uow, client.id, invoice)


def _red_alone(uow: UnitOfWork, client_id: UUID, invoice: Invoice) -> list[Finding]:
    if not (invoice.is_red and invoice.original_number):
        return []
    original = uow.session.scalar(
        select(InvoiceRow.id).where(
            InvoiceRow.client_id == client_id, InvoiceRow.number == invoice.original_number
        )
    )
    return [] if original else [finding(_TABLE, "IV22", number=invoice.original_number)]


def _stored(uow: UnitOfWork, client: Client, document: Document, invoice: Invoice) -> InvoiceRow:
    row = InvoiceRow(
        id=uow.new_id(),
        client_id=client.id,
        period=str(document.period),
        number=invoice.number,
        direction="",
        kind=invoice.kind,
        issued_on=invoice.issued_on,
        seller_code=invoice.seller.code or None,
        seller_name=invoice.seller.name,
        buyer_code=invoice.buyer.code or None,
        buyer_name=invoice.buyer.name,
        net=invoice.net,
        tax=invoice.tax,
        gross=invoice.gross,
        red=invoice.is_red,
        original_number=invoice.original_number or None,
        lines=stored_lines(invoice),
        document_id=document.id,
    )
    uow.session.add(row)
    return row


def _settled(uow: UnitOfWork, row: InvoiceRow, found: list[Finding]) -> Outcome:
    row.state, row.reason = ("exception" if found else "read"), showing.reasons(found)
    row_code = found[0].code if found else ""
    uow.session.flush()
    if not found:
        return Outcome("read")
    severity = showing.worst(found)
    return Outcome(
        "exception",
        showing.exception(
            row.id, "invoice", row_code, subject=f"发票{row.number}", reason=row.reason, severity=severity
        ),
    )


def _again(uow: UnitOfWork, client: Client, document: Document, row: InvoiceRow) -> Outcome:
    if row.state != "exception":
        return Outcome("read")
    # The original of a red invoice may have come in meanwhile, or the client's code may have been corrected.
    invoice = read(unwrapped(uow.documents.get(document.digest)))
    side, found = _judged(uow, client, invoice, parse_period(row.period))
    row.direction = side.side
    return _settled(uow, row, found)


def _duplicate(document: Document, invoice: Invoice) -> Outcome:
    repeated = finding(_TABLE, "IV19", number=invoice.number)
    document.facts = {**document.facts, "duplicate_of": invoice.number}
    shown = showing.exception(
        document.id,
        "document",
        repeated.code,
        subject=document.filename,
        reason=repeated.message,
        severity="low",
    )
    return Outcome("duplicate", shown)


def _unreadable(document: Document, error: UnreadableInvoice) -> Outcome:
    code = "IV24" if isinstance(error, NotXml) else "IV25"
    reason = finding(_TABLE, code, reason=error.zh).message
    document.facts = {**document.facts, "unreadable": reason}
    return Outcome(
        "exception",
        showing.exception(document.id, "document", code, subject=document.filename, reason=reason),
    )
