"""Commands that take a file into a client's books at once: for the portal's upload, the command line and the demo."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from engine.commands import documents
from engine.errors import InvalidInput, NotFound
from handlers.bank.profiles import profiles
from handlers.documents.kinds import guess_kind, plain_kind
from handlers.tasks import intake_bank, intake_invoices
from handlers.tasks.intake_bank import BankOutcome
from handlers.tasks.intake_invoices import Outcome
from store.tables import Client, Document
from store.unit_of_work import UnitOfWork


def import_invoice(
    uow: UnitOfWork, body: bytes, filename: str, *, client: UUID, period: str, from_portal: bool = False
) -> Outcome:
    """Keep an e-invoice file byte for byte and take it into the client's books."""
    row, document = received(
        uow, body, filename, client=client, period=period, kind="invoice", from_portal=from_portal
    )
    return intake_invoices.take_in(uow, row, document)


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
    """Keep a bank statement byte for byte and take it into the client's books.

    ``profile`` names its layout when it should not be guessed, ``account`` the client's account; InvalidInput for an
    unknown layout.
    """
    if profile and profile not in profiles():
        raise InvalidInput(
            f"There is no statement layout {profile!r}; use one of {', '.join(sorted(profiles()))}."
        )
    row, document = received(uow, body, filename, client=client, period=period, kind="bank")
    chosen = {name: value for name, value in (("profile", profile), ("account", account)) if value}
    document.facts = {**document.facts, **chosen}
    return intake_bank.take_in(uow, row, document)


def received(
    uow: UnitOfWork,
    body: bytes,
    filename: str,
    *,
    client: UUID,
    period: str,
    kind: str = "",
    from_portal: bool = False,
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
        from_portal=from_portal,
    )
    return owner, uow.session.get_one(Document, made)


_MEDIA = {
    "xml": "application/xml",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
}
