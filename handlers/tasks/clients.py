"""Service tasks about clients: register, look before taking on, status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.commands import clients, instances, portal
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.clients import credit_code, intake
from handlers.clients.risk import assess, read_risk_profile
from handlers.findings import blocking
from handlers.tasks import showing
from handlers.tasks.client_context import client_context
from handlers.tasks.reading import flag, header, listed, needed, number, word
from handlers.tasks.subjects import client_of, staff_logins
from store.tables import Client, ClientContact, ClientStaff, Person, PersonRole, PortalLink
from store.unit_of_work import UnitOfWork

handlers = Handlers()

STATUSES = {
    "prospect": ("意向", "Prospect"),
    "active": ("服务中", "Active"),
    "suspended": ("暂停", "Suspended"),
    "ended": ("已终止", "Ended"),
    "refused": ("未承接", "Refused"),
}
_REOPENED = ("lead", "refused", "ended")
_FIGURES = ("monthly_invoices", "monthly_bank_lines", "staff_count")
_TEXTS = ("industry", "lead_source")
_QUARTERLY_POINTS = 5
_MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class _Enquiry:
    """What somebody who asks has told us of themselves."""

    name: str
    code: str | None
    taxpayer_type: str
    profile: Mapping[str, Any]


@handlers.service_task(
    "clients.register",
    effect="database",
    title="登记客户",
    title_en="Register the client",
    errors=("clients.bad_credit_code",),
)
def register(call: Call, uow: UnitOfWork) -> Result:
    """Find the client by credit code, else by name, or create it; the calling instance becomes this client's.

    Returns `client`, `client_known`. Raises clients.bad_credit_code (GB 32100-2015).
    """
    asked = _enquiry(call)
    client = _find(uow, asked)
    known = client is not None
    if client is None:
        made = clients.create(
            uow,
            asked.name,
            by=None,
            credit_code=asked.code,
            taxpayer_type=asked.taxpayer_type,
            status="lead",
            profile=dict(asked.profile),
        )
        client = uow.session.get_one(Client, made.id)
    _change(uow, client, _news(client, asked))
    _keep_contact(call, uow, client)
    _keep_sales(call, uow, client)
    uow.session.flush()
    instances.set_client(uow, call.instance, client.id)
    return {"client": client_context(uow, client), "client_known": known}


@handlers.service_task(
    "clients.precheck",
    effect="database",
    title="风险预检",
    title_en="Pre-check the client's risks",
    parameters=(
        Parameter(
            "scope",
            "范围",
            "Scope",
            kind="choice",
            required=True,
            default="intake",
            choices=(("intake", "承接前", "Intake"), ("quarterly", "每季度", "Quarterly")),
        ),
    ),
)
def precheck(call: Call, uow: UnitOfWork) -> Result:
    """Look at public lists, licences, numbers (intake), or at all risk checks R01-R20 (quarterly).

    Returns `precheck_findings` with text, `risk_points` 0-100, `risk_blocking`.
    """
    client = client_of(call, uow)
    prospect = intake.Prospect(
        credit_code=client.credit_code or word(call, "credit_code"),
        industry=word(call, "industry") or str(client.profile.get("industry") or ""),
        abnormal_listed=flag(call, "abnormal_listed"),
        tax_abnormal=flag(call, "tax_abnormal"),
        dishonest_listed=flag(call, "dishonest_listed"),
        licence_missing=flag(call, "licence_missing"),
        duplicates=_duplicates(uow, client),
    )
    looked = intake.precheck(prospect)
    found, points, grave = looked.findings, looked.points, looked.blocking
    if header(call, "scope", ("intake", "quarterly"), "intake") == "quarterly":
        profile = read_risk_profile({**client.profile, **_papers_until(client), "vat": client.taxpayer_type})
        more = assess(profile, call.now.astimezone(uow.zone).date())
        known = {each.code for each in found}
        found += tuple(each for each in more.findings if each.code not in known)
        points = min(points + more.score * _QUARTERLY_POINTS, _MOST_POINTS)
        grave = grave or any(each.severity == "critical" for each in blocking(more.findings))
    return {
        **showing.findings("precheck_findings", found),
        "risk_points": points,
        "risk_blocking": grave,
    }


@handlers.service_task(
    "clients.set_status",
    effect="database",
    title="设置客户状态",
    title_en="Set the client's status",
    parameters=(
        Parameter(
            "status",
            "状态",
            "Status",
            kind="choice",
            required=True,
            choices=tuple((value, *names) for value, names in STATUSES.items()),
        ),
        Parameter("status_reason", "原因", "Reason", kind="feel", binding="input"),
    ),
)
def set_status(call: Call, uow: UnitOfWork) -> Result:
    """Set the client's status; the reason and the level of `risk` are kept in its profile. Returns `client_status`."""
    client = client_of(call, uow)
    status, reason = header(call, "status", tuple(STATUSES)), word(call, "status_reason")
    risk = call.variables.get("risk")
    known = {"status_reason": reason, "risk": risk.get("level") if isinstance(risk, Mapping) else None}
    profile = {**client.profile, **{name: value for name, value in known.items() if value}}
    _change(uow, client, {"status": status, "profile": profile})
    if status == "ended":
        _end_links(uow, client)
    return {"client_status": client.status}


def _enquiry(call: Call) -> _Enquiry:
    given = word(call, "credit_code")
    try:
        code = credit_code.read(given) if given else None
    except credit_code.InvalidCreditCode as error:
        raise BusinessError("clients.bad_credit_code", str(error)) from error
    figures = {
        name: int(number(value)) for name in _FIGURES if (value := call.variables.get(name)) is not None
    }
    texts = {name: text for name in _TEXTS if (text := word(call, name))}
    extras = {"extras": listed(call, "extras")} if listed(call, "extras") else {}
    return _Enquiry(
        " ".join(needed(call, "company_name").split()),
        code,
        word(call, "taxpayer_type", "small_scale"),
        {**texts, **figures, **extras},
    )


def _find(uow: UnitOfWork, asked: _Enquiry) -> Client | None:
    if asked.code:
        found = uow.session.scalar(select(Client).where(Client.credit_code == asked.code))
        if found is not None:
            return found
    named = select(Client).where(Client.name == asked.name).order_by(Client.code)
    if asked.code:
        # A namesake with another credit code is another company.
        named = named.where(Client.credit_code.is_(None))
    return uow.session.scalars(named).first()


def _news(client: Client, asked: _Enquiry) -> dict[str, Any]:
    news: dict[str, Any] = {"profile": {**client.profile, **asked.profile}}
    if client.status in _REOPENED:
        news["status"] = "prospect"
    if client.credit_code is None and asked.code:
        news["credit_code"] = asked.code
    return news


def _change(uow: UnitOfWork, client: Client, values: Mapping[str, Any]) -> None:
    """Change fields of a client so that its history tells it."""
    uow.session.flush()
    changed = {name: value for name, value in values.items() if getattr(client, name) != value}
    if changed:
        clients.update(uow, client.id, changed, by=None, version=client.version)
        uow.session.refresh(client)


def _keep_contact(call: Call, uow: UnitOfWork, client: Client) -> None:
    name = word(call, "contact_name")
    if not name:
        return
    contacts = list(uow.session.scalars(select(ClientContact).where(ClientContact.client_id == client.id)))
    known = next((each for each in contacts if each.name == name), None)
    phone, email = word(call, "contact_phone"), word(call, "contact_email")
    if known is None:
        given = {"name": name, "phone": phone, "email": email}
        clients.add_contact(uow, client.id, given, main=not contacts, by=None)
    else:
        known.phone, known.email = phone or known.phone, email or known.email


def _end_links(uow: UnitOfWork, client: Client) -> None:
    """Take back every portal link of a client that is no longer served."""
    open_ones = select(PortalLink.id).where(
        PortalLink.client_id == client.id, PortalLink.revoked_at.is_(None)
    )
    for link_id in uow.session.scalars(open_ones).all():
        portal.revoke_link(uow, link_id, by=None)


def _keep_sales(call: Call, uow: UnitOfWork, client: Client) -> None:
    """Give the lead to the salesperson who started the enquiry, unless somebody has it already."""
    seller = uow.session.scalar(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.login == word(call, "initiator"), Person.active, PersonRole.role_key == "sales")
    )
    if seller is not None and "sales" not in staff_logins(uow, client.id):
        uow.session.add(ClientStaff(client_id=client.id, role_key="sales", person_id=seller.id))


def _papers_until(client: Client) -> dict[str, str]:
    """Give as `licence_until` what ends first: a licence or the certificate for the tax bureau's site (R19)."""
    ends = [str(found) for name in ("licence_until", "ca_expires_on") if (found := client.profile.get(name))]
    return {"licence_until": min(ends)} if ends else {}


def _duplicates(uow: UnitOfWork, client: Client) -> tuple[str, ...]:
    same = select(Client).where(Client.id != client.id, Client.name == client.name).order_by(Client.code)
    return tuple(f"{each.code} {each.name}" for each in uow.session.scalars(same))
