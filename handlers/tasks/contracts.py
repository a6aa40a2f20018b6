"""Service tasks about contracts: draft, check, write the files, freeze, sign, close, renew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine.commands import history
from engine.errors import NotFound
from engine.service_tasks import BusinessError, Call, Handlers, Result
from handlers.contracts.drafting import Agreed, draft, scope_names
from handlers.contracts.files import to_docx, to_pdf
from handlers.contracts.shown import from_terms, to_terms, whole_text
from handlers.contracts.terms import ContractParty
from handlers.contracts.texts import missing_clauses, snapshot
from handlers.money import cents
from handlers.tasks.firm_settings import setting
from handlers.tasks.outside import Outside
from handlers.tasks.reading import amount, listed, mapping, needed, needed_day, number, whole, word
from handlers.tasks.subjects import client_of, main_contact
from store.tables import Client, Contract, ScopeItem
from store.unit_of_work import UnitOfWork

handlers = Handlers()

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BINDING = 5


@handlers.service_task("contracts.draft", effect="database", title="起草合同", title_en="Draft the contract")
def draft_contract(call: Call, uow: UnitOfWork) -> Result:
    """Write or rewrite the client's draft contract and its scope items from what was agreed.

    Returns `contract`, `contract_clauses`, `contract_text`.
    """
    client = client_of(call, uow)
    agreed = _agreed(call)
    row = _draft_of(uow, client.id) or _new(uow, client, agreed)
    text = draft(row.number, agreed, client=_client_party(uow, client), firm=_firm_party(call, uow))
    row.starts_on, row.ends_on, row.monthly_fee = agreed.starts, agreed.ends, agreed.monthly_fee
    row.terms = {**to_terms(text), "payment_cycle": agreed.payment_cycle, "months": agreed.months}
    row.terms_digest = None
    uow.session.flush()
    _write_scope(uow, row, agreed.scope)
    shown = shown_contract(row)
    return {
        "contract": shown,
        "contract_clauses": shown["clauses"],
        "contract_text": whole_text(row.terms),
    }


@handlers.service_task(
    "contracts.check_clauses",
    effect="none",
    title="检查合同必备条款",
    title_en="Check the required clauses",
)
def check_clauses(call: Call) -> Result:
    """Find required clauses the contract lacks; complete when none of 代理记账管理办法 第十二条 (1-5) is missing."""
    missing = missing_clauses(from_terms(mapping(call, "contract")))
    shown = [{"no": each.no, "clause": each.clause, "basis": each.basis} for each in missing]
    return {
        "missing_clauses": shown,
        "missing_clauses_text": "\n".join(f"{each.no}. {each.clause}（{each.basis}）" for each in missing),
        "clauses_complete": all(each.no > _BINDING for each in missing),
    }


@handlers.service_task(
    "contracts.render", effect="outside", title="制作合同文件", title_en="Make the contract's files"
)
def render(call: Call, outside: Outside) -> Result:
    """Make the contract's Word and PDF files and put them into the document store. Returns `files`."""
    contract = mapping(call, "contract")
    text, name = from_terms(contract), f"合同{contract['number']}"
    made = ((to_docx(text), f"{name}.docx", DOCX), (to_pdf(text), f"{name}.pdf", "application/pdf"))
    return {
        "files": [
            {
                "digest": outside.documents.put(body),
                "filename": filename,
                "media_type": media,
                "kind": "contract",
            }
            for body, filename, media in made
        ]
    }


@handlers.service_task(
    "contracts.freeze",
    effect="database",
    title="冻结合同文本",
    title_en="Freeze the confirmed text",
    errors=("contracts.clause_not_confirmed",),
)
def freeze(call: Call, uow: UnitOfWork) -> Result:
    """Keep the text the client confirmed line by line, with its SHA-256. Returns `terms_digest`.

    Raises contracts.clause_not_confirmed when a clause is not ticked.
    """
    row = _contract_of(call, uow)
    ticked = {str(no) for no in listed(call, "confirmed_clauses")}
    if open_ := [each["title"] for each in row.terms["clauses"] if each["value"] not in ticked]:
        raise BusinessError(
            "contracts.clause_not_confirmed",
            f"The client has not confirmed {'、'.join(open_)} of contract {row.number}; ask again.",
        )
    frozen = snapshot(from_terms(row.terms))
    lines = [{"no": line.no, "text": line.text, "digest": line.digest} for line in frozen.lines]
    row.terms = {**row.terms, "confirmed": {"lines": lines, "at": call.now.isoformat()}}
    row.terms_digest = frozen.digest
    _note(call, uow, row, "contract.confirmed", sha256=frozen.digest)
    return {"terms_digest": frozen.digest}


@handlers.service_task(
    "contracts.sign",
    effect="database",
    title="登记合同签署",
    title_en="Record the signatures",
    errors=("contracts.terms_changed",),
)
def sign(call: Call, uow: UnitOfWork) -> Result:
    """Record both signatures and switch the services on. Returns `contract_state`, `signed_on`.

    Raises contracts.terms_changed when the text is not the one that was confirmed.
    """
    row = _contract_of(call, uow)
    now_digest = snapshot(from_terms(row.terms)).digest
    if not now_digest == row.terms_digest == needed(call, "terms_digest"):
        raise BusinessError(
            "contracts.terms_changed",
            f"The text of contract {row.number} is not the one the client confirmed; have it confirmed again.",
        )
    signed = {
        side: {
            "name": needed(call, f"{side}_signatory"),
            "on": needed_day(call, f"{side}_signed_on").isoformat(),
        }
        for side in ("client", "firm")
    }
    row.terms = {**row.terms, "signed": signed}
    row.state = "signed"
    row.signed_on = max(needed_day(call, "client_signed_on"), needed_day(call, "firm_signed_on"))
    for item in uow.session.scalars(select(ScopeItem).where(ScopeItem.contract_id == row.id)):
        item.active = True
    _note(call, uow, row, "contract.signed", sha256=now_digest)
    return {"contract_state": row.state, "signed_on": row.signed_on}


def _note(call: Call, uow: UnitOfWork, row: Contract, kind: str, **detail: str) -> None:
    uow.session.flush()
    history.note(
        uow, kind, by=None, client_id=row.client_id, instance_id=call.instance, name=row.number, detail=detail
    )


def _agreed(call: Call) -> Agreed:
    quote = call.variables.get("quote")
    setup = call.variables.get("setup_fee")
    if setup is None and isinstance(quote, Mapping):
        setup = quote.get("setup_fee")
    return Agreed(
        scope=tuple(str(code) for code in listed(call, "scope_items")),
        starts=needed_day(call, "starts_on"),
        months=whole(call, "term_months", 12),
        monthly_fee=amount(call, "monthly_fee"),
        setup_fee=cents(number(setup)),
        payment_cycle=word(call, "payment_cycle", "monthly"),
        special_terms=word(call, "special_terms"),
    )


def _draft_of(uow: UnitOfWork, client_id: UUID) -> Contract | None:
    found = select(Contract).where(Contract.client_id == client_id, Contract.state == "draft")
    return uow.session.scalars(found.order_by(Contract.number.desc())).first()


def _new(uow: UnitOfWork, client: Client, agreed: Agreed) -> Contract:
    year = uow.now.astimezone(uow.zone).year
    prefix = f"{year}-{client.code}-"
    made = uow.session.scalar(select(func.count()).where(Contract.number.startswith(prefix)))
    row = Contract(
        id=uow.new_id(),
        number=f"{prefix}{(made or 0) + 1:02}",
        client_id=client.id,
        state="draft",
        starts_on=agreed.starts,
        ends_on=agreed.ends,
        monthly_fee=agreed.monthly_fee,
        terms={},
        created_at=uow.now,
    )
    uow.session.add(row)
    return row


def _write_scope(uow: UnitOfWork, row: Contract, codes: tuple[str, ...]) -> None:
    for item in uow.session.scalars(select(ScopeItem).where(ScopeItem.contract_id == row.id)):
        uow.session.delete(item)
    uow.session.flush()
    for code, name in scope_names(codes).items():
        uow.session.add(ScopeItem(contract_id=row.id, code=code, name=name, active=False))


def _client_party(uow: UnitOfWork, client: Client) -> ContractParty:
    contact = main_contact(uow, client.id)
    return ContractParty(
        name=client.name,
        code=client.credit_code or "",
        address=str(client.profile.get("address") or "（以营业执照记载为准）"),
        phone=(contact.phone if contact else "") or "（无）",
        contact=contact.name if contact else "（无）",
    )


def _firm_party(call: Call, uow: UnitOfWork) -> ContractParty:
    said = {
        name: str(setting(call, uow, f"firm_{name}") or "") for name in ("name", "code", "address", "phone")
    }
    return ContractParty(**said, licence=str(setting(call, uow, "firm_licence") or ""))


def _contract_of(call: Call, uow: UnitOfWork) -> Contract:
    row = uow.session.get(Contract, UUID(str(mapping(call, "contract")["id"])))
    if row is None or row.client_id != call.client:
        raise NotFound(f"{call.element}: the contract of the variable `contract` is not on file.")
    return row


def shown_contract(row: Contract) -> dict[str, Any]:
    """Give the process variable `contract` of a contract."""
    text = {key: row.terms.get(key, []) for key in ("title", "opening", "clauses", "closing")}
    return {
        "id": str(row.id),
        "number": row.number,
        "state": row.state,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "monthly_fee": row.monthly_fee,
        **text,
    }
