"""Service tasks that send mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, select

from engine import feel
from engine.errors import InvalidInput
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.notify.messages import (
    Letter,
    MailTemplate,
    addresses,
    build,
    read_templates,
    standard_templates,
    write,
)
from handlers.tasks.firm_settings import STARTING
from handlers.tasks.outside import Outside
from handlers.tasks.reading import header, word
from store.tables import Client, ClientContact, FirmSetting

handlers = Handlers()

LANGUAGES = ("zh", "en")


@handlers.service_task(
    "notify.mail",
    effect="outside",
    title="发送邮件",
    title_en="Send a mail",
    parameters=(
        Parameter("template", "模板", "Template", required=True),
        Parameter("to", "收件人", "To", kind="feel", binding="input"),
        Parameter("subject", "主题", "Subject", kind="feel", binding="input"),
        Parameter("text", "正文", "Text", kind="feel", binding="input"),
    ),
    errors=("notify.no_address",),
)
def mail(call: Call, outside: Outside) -> Result:
    """Send a mail by template to the client's main contact or to `to`. Returns `mail_sent_at`, `mail_to`.

    Raises notify.no_address when nobody has an address. The same call never sends twice (`call.key`).
    """
    facts = outside.read(facts_of_client, call.client)
    to = addresses(word(call, "to")) if word(call, "to") else _main_address(call, facts)
    if not to:
        raise BusinessError(
            "notify.no_address",
            f"{facts.get('client_name') or 'The client'} has no e-mail address on file; enter one, then send again.",
        )
    values = {**_plain(call.variables), **facts, **_numbers(call)}
    subject, text = write(template_of(header(call, "template"), str(facts["language"])), values)
    letter = Letter(
        key=call.key,
        sender=str(facts["firm_email"]),
        sender_name=str(facts["firm_name"]),
        to=to,
        subject=word(call, "subject") or subject,
        text=word(call, "text") or text,
    )
    outside.mail.send(build(letter, call.now), call.key)
    return {"mail_sent_at": call.now, "mail_to": ", ".join(to)}


def template_of(name: str, language: str = "zh") -> MailTemplate:
    """Give a template by name, in Chinese where the language has none; InvalidInput names an unknown one."""
    chosen = english_templates() if language == "en" else {}
    found = chosen.get(name) or standard_templates().get(name) or own_templates().get(name)
    if found is None:
        raise InvalidInput(
            f"There is no mail template {name!r}; use one of {', '.join(standard_templates())}."
        )
    return found


@cache
def english_templates() -> Mapping[str, MailTemplate]:
    """Give the English templates."""
    return read_templates(files("handlers.notify").joinpath("templates_en.yaml").read_text("utf-8"))


@cache
def own_templates() -> Mapping[str, MailTemplate]:
    """Give the templates of mails that only the product itself sends, such as portal links."""
    return read_templates(files("handlers.notify").joinpath("templates_own.yaml").read_text("utf-8"))


def facts_of_client(connection: Connection, client_id: object) -> dict[str, Any]:
    """Read what letters say of client and firm: names, main contact, language, the firm's sender address."""
    stored = select(FirmSetting.key, FirmSetting.value).where(FirmSetting.key.in_(STARTING))
    settings = {**STARTING, **{key: _value(value) for key, value in connection.execute(stored)}}
    firm = {key: settings[key] for key in ("firm_name", "firm_phone", "firm_email", "portal_address")}
    client = connection.execute(select(Client.name, Client.profile).where(Client.id == client_id)).first()
    contact = connection.execute(
        select(ClientContact.name, ClientContact.email)
        .where(ClientContact.client_id == client_id)
        .order_by(ClientContact.email == "", ClientContact.main.desc(), ClientContact.id)
    ).first()
    return {
        **firm,
        "client_name": client.name if client else "",
        "contact_name": contact.name if contact else "客户",
        "contact_email": contact.email if contact else "",
        "language": (client.profile.get("language") if client else None) or "zh",
    }


def _main_address(call: Call, facts: Mapping[str, Any]) -> tuple[str, ...]:
    return addresses(str(facts["contact_email"] or word(call, "contact_email")))


def _value(stored: Mapping[str, Any]) -> Any:
    return feel.from_json(stored.get("value"))


def _plain(variables: Mapping[str, Any]) -> dict[str, str]:
    """Give the variables a letter can print, with derived ones that templates know."""
    shown = {name: text for name, value in variables.items() if (text := printed(value)) is not None}
    found = variables.get("exception")
    if isinstance(found, Mapping):
        shown["exception_text"] = f"{found.get('subject', '')}：{found.get('reason', '')}"
    due = variables.get("obligation")
    if isinstance(due, Mapping) and (day := printed(due.get("due_on"))):
        shown["due_on"] = day
    return shown


def _numbers(call: Call) -> dict[str, str]:
    return {"business_key": call.business_key or "", "period": call.period or word(call, "period")}


def printed(value: Any) -> str | None:
    """Write a single value as a letter shows it; None for lists, contexts and nothing."""
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if value % 1 else f"{value:,f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if isinstance(value, str | int) else None
