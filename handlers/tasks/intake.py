"""Commands that take a file into a client's books at once; what does not fit becomes a work item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commands import documents, instances
from engine.errors import InvalidInput, NotFound
from handlers.bank.profiles import profiles
from handlers.documents.kinds import guess_kind, plain_kind
from handlers.invoices.ofd import unwrapped
from handlers.invoices.read import read
from handlers.periods import month_of, parse_period
from handlers.tasks import intake_bank, intake_invoices, showing
from handlers.tasks.intake_bank import BankOutcome
from handlers.tasks.intake_invoices import Outcome
from handlers.tasks.taken import HANDED, handed
from store.tables import Client, Document
from store.unit_of_work import UnitOfWork

EXCEPTIONS = "exception_handling"


@dataclass(frozen=True, slots=True)
class Owner:
    """A client whose books an invoice belongs to, and the month of its issue."""

    client: UUID
    code: str
    period: str


def owners(connection: Connection, body: bytes) -> tuple[Owner, ...]:
    """Find the clients that sell or buy by an e-invoice; none when no party is a client.

    UnreadableInvoice when the file cannot be read.
    """
    invoice = read(unwrapped(body))
    codes = [party.code for party in (invoice.seller, invoice.buyer) if party.code]
    found = select(Client.id, Client.code).where(Client.credit_code.in_(codes)).order_by(Client.code)
    month = str(month_of(invoice.issued_on))
    return tuple(Owner(row.id, row.code, month) for row in connection.execute(found))


def import_invoice(uow: UnitOfWork, body: bytes, filename: str, *, client: UUID, period: str) -> Outcome:
    """Keep an e-invoice file byte for byte and take it into the client's books; what does not fit is a work item."""
    month = _month(period)
    row, document = received(uow, body, filename, client=client, period=month, kind="invoice")
    outcome = intake_invoices.take_in(uow, row, document)
    _give_to_people(uow, document, [outcome.exception] if outcome.exception else [])
    return outcome


def import_bank(
    uow: UnitOfWork,
    body: bytes,
    filename: str,
    *,
    client: UUID,
    period: str,
    profile: str = "",
    account: str = "",
) -> BankOutcome:
    """Keep a bank statement byte for byte and take it into the client's books; what does not fit is a work item.

    ``profile`` names its layout when it should not be guessed, ``account`` the client's account; InvalidInput for an
    unknown layout.
    """
    if profile and profile not in profiles():
        raise InvalidInput(
            f"There is no statement layout «{profile}»; use one of {', '.join(sorted(profiles()))}."
        )
    row, document = received(uow, body, filename, client=client, period=_month(period), kind="bank")
    chosen = {name: value for name, value in (("profile", profile), ("account", account)) if value}
    document.facts = {**document.facts, **chosen}
    outcome = intake_bank.take_in(uow, row, document)
    _give_to_people(uow, document, outcome.exceptions)
    return outcome


def received(
    uow: UnitOfWork,
    body: bytes,
    filename: str,
    *,
    client: UUID,
    period: str,
    kind: str = "",
) -> tuple[Client, Document]:
    """Keep a received file under its digest with a Document row, its kind guessed from the bytes when not given.

    The same bytes under the same name for the same client and period are one document.
    """
    owner = uow.session.get(Client, client)
    if owner is None:
        raise NotFound(f"There is no client {client}; the file {filename} was not kept.")
    digest = sha256(body).hexdigest()
    known = uow.session.scalars(
        select(Document).where(
            Document.client_id == client,
            Document.period == period,
            Document.digest == digest,
            Document.filename == filename,
        )
    ).first()
    if known is not None:
        return owner, known
    made = documents.add(
        uow,
        body,
        filename,
        _MEDIA.get(filename.rpartition(".")[2].lower(), "application/octet-stream"),
        by=None,
        client=client,
        period=period,
        kind=plain_kind(kind) or guess_kind(filename, body) or "other",
    )
    return owner, uow.session.get_one(Document, made)


def _month(text: str) -> str:
    try:
        period = parse_period(text)
    except InvalidInput:
        period = None
    if period is None or period.kind != "month":
        raise InvalidInput(f"«{text}» is no month; write it as 2026-08.")
    return str(period)


def _give_to_people(uow: UnitOfWork, document: Document, exceptions: Iterable[showing.Shown]) -> None:
    """Start the handling of each exception, once; the month's bookkeeping does not bring it up again."""
    known = handed(document)
    for exception in exceptions:
        if exception["id"] in known:
            continue
        uow.session.flush()
        instances.start(
            uow,
            EXCEPTIONS,
            {"exception": exception},
            by=None,
            client=document.client_id,
            period=document.period,
        )
        known = [*known, exception["id"]]
    document.facts = {**document.facts, HANDED: known}
    uow.session.flush()


_MEDIA = {
    "xml": "application/xml",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
}
