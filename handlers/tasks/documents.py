"""Service tasks about the papers a client owes: request list, what came, what went back, what is waived, what we made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.commands import documents
from engine.service_tasks import Call, Handlers, Parameter, Result
from handlers.documents.kinds import guess_kind, plain_kind
from handlers.documents.requests import Traits, request_codes, request_list
from handlers.tasks.reading import entries, header, listed, word
from handlers.tasks.subjects import client_of, period_of, scope_of, taxpayer_of
from store.tables import Client, Contract, Document, DocumentRequest
from store.unit_of_work import UnitOfWork

handlers = Handlers()

PENDING = ("received", "accepted")
_UNSORTED = ("", "upload", "uploaded", "file", "other", "portal")


@handlers.service_task(
    "documents.request_list", effect="database", title="生成资料清单", title_en="Make the request list"
)
def make_list(call: Call, uow: UnitOfWork) -> Result:
    """Make the request list of client and period, once. Returns `requests` and their counts."""
    client = client_of(call, uow)
    ensure_list(uow, client, str(period_of(call)))
    return counted(call, uow)


@handlers.service_task(
    "documents.open_requests", effect="database", title="核对资料清单", title_en="Count open requests"
)
def open_requests(call: Call, uow: UnitOfWork) -> Result:
    """Tick off what has come: uploads by their kind, papers by hand by `received_codes`. Returns the counts."""
    client, period = client_of(call, uow), str(period_of(call))
    ensure_list(uow, client, period)
    sort_uploads(uow, client.id, period)
    have = {document.kind for document in _documents(uow, client.id, period) if document.state in PENDING}
    have |= {plain_kind(str(code)) for code in listed(call, "received_codes")}
    for row in _requests(uow, client.id, period):
        if row.state == "open" and row.code in have:
            row.state = "received"
    return counted(call, uow)


@handlers.service_task(
    "documents.apply_check", effect="database", title="登记初审结果", title_en="Apply the document check"
)
def apply_check(call: Call, uow: UnitOfWork) -> Result:
    """Set the papers' states by the check; what is returned is asked for again (会计法 第十四条)."""
    client, period = client_of(call, uow), str(period_of(call))
    returned = {plain_kind(str(code)) for code in listed(call, "returned_codes")}
    refused = {plain_kind(str(code)) for code in listed(call, "refused_codes")} - returned
    outcomes = {
        **dict.fromkeys(refused, ("refused", word(call, "refuse_reason"))),
        **dict.fromkeys(returned, ("returned", word(call, "return_note"))),
    }
    for document in _documents(uow, client.id, period):
        if document.state == "received":
            state, reason = outcomes.get(document.kind, ("accepted", ""))
            documents.set_state(uow, document.id, state, reason=reason, by=None)
            uow.session.refresh(document)
    for row in _requests(uow, client.id, period):
        if row.code in returned:
            row.state = "open"
    shown = counted(call, uow)
    kept = ("requests_open", "requests_open_names")
    counts = {"returned_count": len(returned), "refused_count": len(refused)}
    return {**{name: shown[name] for name in kept}, **counts}


@handlers.service_task(
    "documents.waive", effect="database", title="登记免交资料", title_en="Waive what is missing"
)
def waive(call: Call, uow: UnitOfWork) -> Result:
    """Waive the requests named, or all that are open, with the reason. Returns the counts."""
    client, period = client_of(call, uow), str(period_of(call))
    named = {plain_kind(str(code)) for code in listed(call, "waived_codes")}
    for row in _requests(uow, client.id, period):
        if row.state == "open" and (row.code in named or not named):
            row.state = "waived"
            row.help = "；".join(filter(None, [row.help, f"免交：{word(call, 'waive_reason')}"]))
    return counted(call, uow)


@handlers.service_task(
    "documents.keep",
    effect="database",
    title="存档文件",
    title_en="Keep files",
    parameters=(Parameter("kind", "文件种类", "Kind of file", required=True),),
)
def keep(call: Call, uow: UnitOfWork) -> Result:
    """Make Document rows of files put into the store by an outside step, once each. Returns `kept_documents`."""
    client, kind = client_of(call, uow), header(call, "kind", default="other")
    kept = [_keep(call, uow, client, (kind, entry)) for entry in entries(call, "files")]
    contract = call.variables.get("contract")
    if kept and kind.startswith("contract") and isinstance(contract, dict):
        row = uow.session.get(Contract, UUID(str(contract["id"])))
        if row is not None and row.client_id == client.id:
            row.document_id = kept[-1].id
    return {
        "kept_documents": [
            {
                "id": str(row.id),
                "filename": row.filename,
                "kind": row.kind,
                "label": row.filename,
                "value": str(row.id),
            }
            for row in kept
        ]
    }


def ensure_list(uow: UnitOfWork, client: Client, period: str) -> None:
    """Make the request list of a client and period unless it is there."""
    known = {row.code for row in _requests(uow, client.id, period)}
    for request in request_list(_traits(uow, client)):
        if request.code not in known:
            uow.session.add(
                DocumentRequest(
                    id=uow.new_id(),
                    client_id=client.id,
                    period=period,
                    code=request.code,
                    name=request.name,
                    help=request.help,
                    required=request.required,
                    at=uow.now,
                )
            )
    uow.session.flush()


def sort_uploads(uow: UnitOfWork, client_id: UUID, period: str) -> None:
    """Give uploads without a kind the kind that their bytes show."""
    known = request_codes()
    for document in _documents(uow, client_id, period):
        document.kind = plain_kind(document.kind)
        if document.kind not in known and document.kind in _UNSORTED:
            document.kind = guess_kind(document.filename, uow.documents.get(document.digest)) or document.kind
    uow.session.flush()


def counted(call: Call, uow: UnitOfWork) -> dict[str, Any]:
    """Give `requests`, `requests_total`, `requests_open` (open and required) and `requests_open_names`."""
    rows = list(_requests(uow, client_of(call, uow).id, str(period_of(call))))
    missing = [row.name for row in rows if row.required and row.state == "open"]
    return {
        "requests": [_shown(row) for row in rows],
        "requests_total": len(rows),
        "requests_open": len(missing),
        "requests_open_names": "、".join(missing),
    }


def _shown(row: DocumentRequest) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "required": row.required,
        "state": row.state,
        "help": row.help,
        "label": row.name,
        "value": row.code,
    }


def _traits(uow: UnitOfWork, client: Client) -> Traits:
    payroll = "payroll" in scope_of(uow, client.id) or "payroll" in client.profile
    return Traits(
        employs=taxpayer_of(client).employs,
        payroll=payroll,
        inventory=client.profile.get("inventory") is True,
    )


def _requests(uow: UnitOfWork, client_id: UUID, period: str) -> Iterable[DocumentRequest]:
    found = select(DocumentRequest).where(
        DocumentRequest.client_id == client_id, DocumentRequest.period == period
    )
    return uow.session.scalars(found.order_by(DocumentRequest.id)).all()


def _documents(uow: UnitOfWork, client_id: UUID, period: str) -> Iterable[Document]:
    found = select(Document).where(Document.client_id == client_id, Document.period == period)
    return uow.session.scalars(found.order_by(Document.at, Document.id)).all()


def _keep(call: Call, uow: UnitOfWork, client: Client, given: tuple[str, Any]) -> Document:
    kind, entry = given
    known = uow.session.scalars(
        select(Document).where(
            Document.instance_id == call.instance,
            Document.digest == str(entry["digest"]),
            Document.kind == kind,
            Document.filename == str(entry["filename"]),
        )
    ).first()
    if known is not None:
        return known
    uow.session.flush()
    made = documents.add(
        uow,
        uow.documents.get(str(entry["digest"])),
        str(entry["filename"]),
        str(entry["media_type"]),
        by=None,
        client=client.id,
        period=call.period,
        kind=kind,
        instance=call.instance,
        state="produced",
    )
    return uow.session.get_one(Document, made)
