"""Service tasks that invite a client to the portal: the link is made here, its mail is a job of its own."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from engine.commands import portal
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.notify.messages import Letter, addresses, build, write
from handlers.tasks.firm_settings import whole_setting
from handlers.tasks.notify import facts_of_client, template_of
from handlers.tasks.outside import Outside
from handlers.tasks.reading import header, whole, word
from handlers.tasks.subjects import client_of
from store.tables import ClientContact, Job
from store.unit_of_work import UnitOfWork

handlers = Handlers()

PURPOSES = {
    "questionnaire": ("填写问卷", "Questionnaire"),
    "upload": ("上传资料", "Upload papers"),
    "confirm_contract": ("确认合同", "Confirm the contract"),
    "confirm_tax": ("确认税额", "Confirm the tax"),
    "survey": ("满意度调查", "Survey"),
    "handover": ("资料交接", "Handover"),
    "complaint": ("投诉", "Complaint"),
    "progress": ("查看进度", "See the progress"),
}
SEND_LINK = "portal.send_link"
# No token of the instance waits for this job, so finishing it advances nothing.
_NO_WAIT = -1


@handlers.service_task(
    "portal.invite",
    effect="database",
    title="发送客户页面链接",
    title_en="Invite the client to the portal",
    parameters=(
        Parameter(
            "purpose",
            "用途",
            "Purpose",
            kind="choice",
            required=True,
            choices=tuple((value, *names) for value, names in PURPOSES.items()),
        ),
        Parameter("link_days", "有效天数", "Days valid", kind="feel", binding="input"),
    ),
    errors=("portal.no_address",),
)
def invite(call: Call, uow: UnitOfWork) -> Result:
    """Make a link for the client's step of this instance and queue its mail in the same transaction.

    Only the SHA-256 of the token is kept. Returns `invited_to`, `link_expires_on`. Raises portal.no_address.
    """
    client, purpose = client_of(call, uow), header(call, "purpose", tuple(PURPOSES))
    address = _address(uow, client.id) or word(call, "contact_email")
    if not address:
        raise BusinessError(
            "portal.no_address",
            f"{client.name} has no contact with an e-mail address; enter one, then invite again.",
        )
    days = whole(call, "link_days", whole_setting(call, uow, "link_days"))
    uow.session.flush()
    token = portal.create_link(uow, client.id, purpose, by=None, instance=call.instance, days=days)
    last_day = (uow.now + timedelta(days=days)).astimezone(uow.zone).date()
    _queue(call, uow, {"token": token, "to": address, "last_day": last_day.isoformat()})
    return {"invited_to": address, "link_expires_on": last_day}


@handlers.service_task(
    SEND_LINK,
    effect="outside",
    title="寄出客户页面链接（系统自用）",
    title_en="Mail a portal link (the system's own)",
)
def send_link(call: Call, outside: Outside) -> Result:
    """Mail a link made by portal.invite; the token stands in this job's headers only and goes with it."""
    facts = outside.read(facts_of_client, call.client)
    values = {
        **facts,
        "period": call.period or "",
        "link": f"{str(facts['portal_address']).rstrip('/')}/portal/{call.headers['token']}",
        "link_expires_on": date.fromisoformat(call.headers["last_day"]).isoformat(),
    }
    template = template_of(f"portal_{call.headers['purpose']}", str(facts["language"]))
    subject, text = write(template, {**values, "period": values["period"] or "本期"})
    key = f"portal-link:{sha256(call.headers['token'].encode()).hexdigest()[:32]}"
    letter = Letter(
        key=key,
        sender=str(facts["firm_email"]),
        sender_name=str(facts["firm_name"]),
        to=addresses(call.headers["to"]),
        subject=subject,
        text=text,
    )
    outside.mail.send(build(letter, call.now), key)
    return None


def _address(uow: UnitOfWork, client_id: UUID) -> str:
    found = select(ClientContact.email).where(ClientContact.client_id == client_id, ClientContact.email != "")
    return uow.session.scalar(found.order_by(ClientContact.main.desc(), ClientContact.id)) or ""


def _queue(call: Call, uow: UnitOfWork, headers: dict[str, str]) -> None:
    uow.session.add(
        Job(
            id=uow.new_id(),
            kind="service",
            instance_id=call.instance,
            wait=_NO_WAIT,
            scope=0,
            element=call.element,
            topic=SEND_LINK,
            headers={**headers, "purpose": header(call, "purpose")},
            due_at=uow.now,
            opened_at=uow.now,
        )
    )
    uow.session.flush()
    uow.wake(uow.now)
