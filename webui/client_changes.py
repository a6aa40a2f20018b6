"""What staff change about a client: the file, the people, papers on its behalf, talks, links."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import clients as commands
from engine.commands import documents, portal
from engine.errors import InvalidInput, NotFound
from store.queries import client_links, clients, people
from webui.access import scope
from webui.client_progress import is_month
from webui.clients import client_of
from webui.place import need, person, settings, store
from webui.words import CHANNEL

bp = Blueprint("client_changes", __name__, url_prefix="/clients")

FIELDS = ("name", "short_name", "credit_code", "klass", "taxpayer_type", "status", "notes")
PROFILE = ("industry", "staff_count", "monthly_invoices", "monthly_bank_lines")
NUMBERS = frozenset(PROFILE) - {"industry"}
STAFF_ROLES = ("client_manager", "bookkeeper", "reviewer", "tax_clerk", "field_clerk", "cashier", "sales")
TAKEN_ON = ("phone", "visit", "mail", "message", "wechat", "meeting")
LONGEST_LINK = 90


@bp.get("/new")
def new() -> str:
    """Ask for a new client's data."""
    need("clients.edit")
    return render_template("clients/edit.html", client=None, **_choices())


@bp.post("/new")
def create() -> Response:
    """Take on a client, as a lead unless another status is given."""
    need("clients.edit")
    contact = {
        name: request.form.get(f"contact_{name}", "").strip()
        for name in ("name", "position", "phone", "email")
    }
    made = store().run(
        commands.create, by=person(), contact=contact if contact["name"] else None, **_given(None)
    )
    flash(_("已建立客户档案。"), "good")
    return redirect(url_for("clients.show", code=made.code), 303)


@bp.get("/<code>/edit")
def edit(code: str) -> str:
    """Ask for changes of a client's data."""
    need("clients.edit")
    row = client_of(code)
    return render_template(
        "clients/edit.html",
        client=row,
        staff=store().read(clients.staff, scope(), row.id),
        colleagues=store().read(people.list_),
        staff_roles=STAFF_ROLES,
        **_choices(),
    )


@bp.post("/<code>/edit")
def update(code: str) -> Response:
    """Change a client's data; a Conflict when somebody else was faster."""
    need("clients.edit")
    row = client_of(code)
    version = request.form.get("version", 0, type=int)
    store().run(commands.update, row.id, _given(row), by=person(), version=version)
    flash(_("已保存。"), "good")
    return redirect(url_for("clients.show", code=code), 303)


@bp.post("/<code>/staff")
def assign_staff(code: str) -> Response:
    """Say who works for the client in which role; an emptied role is nobody's."""
    need("clients.edit")
    row = client_of(code)
    chosen = {role: request.form[role] for role in STAFF_ROLES if role in request.form}
    store().run(commands.assign_staff, row.id, chosen, by=person())
    flash(_("已调整服务人员。"), "good")
    return redirect(url_for("clients.show", code=code), 303)


@bp.post("/<code>/contacts")
def add_contact(code: str) -> Response:
    """Add a person at the client."""
    need("clients.edit")
    row = client_of(code)
    fields = {name: request.form.get(name, "").strip() for name in ("name", "position", "phone", "email")}
    store().run(commands.add_contact, row.id, fields, main=bool(request.form.get("main")), by=person())
    flash(_("已添加联系人。"), "good")
    return _to(code, "contacts")


@bp.post("/<code>/talks")
def log_talk(code: str) -> Response:
    """Write down a call, a visit, a message."""
    need("work.take")
    row = client_of(code)
    subject, channel = request.form.get("subject", "").strip(), request.form.get("channel", "")
    if not subject:
        raise InvalidInput("A talk needs a subject: write in some words what it was about.")
    if channel not in CHANNEL:
        raise InvalidInput(f"There is no way of talking called «{channel}»; choose one of the list.")
    store().run(
        commands.log_contact,
        row.id,
        subject,
        request.form.get("text", "").strip(),
        channel=channel,
        direction=request.form.get("direction", "out"),
        by=person(),
    )
    flash(_("已记录。"), "good")
    return _to(code, "contacts")


@bp.post("/<code>/papers")
def add_papers(code: str) -> Response:
    """Keep papers that a client brought by hand or mail, for a line of its request list or as another kind."""
    need("work.take")
    row = client_of(code)
    files = [file for file in request.files.getlist("file") if file.filename]
    period = request.form.get("period", "").strip()
    if not files:
        raise InvalidInput("Choose a file.")
    if period and not is_month(period):
        raise InvalidInput(f"«{period}» is no month; write it as 2026-08.")
    for file in files:
        store().run(
            documents.add,
            file.read(),
            file.filename or "file",
            file.mimetype or "application/octet-stream",
            client=row.id,
            period=period or None,
            kind=request.form.get("kind", "other"),
            by=person(),
        )
    flash(_("已添加 %(n)s 个文件。", n=len(files)), "good")
    return redirect(url_for("clients.show", code=code, tab="documents", period=period or None), 303)


@bp.post("/<code>/links")
def make_link(code: str) -> str:
    """Make a link to the client's pages and show it this once."""
    need("work.take")
    row = client_of(code)
    days = min(max(1, request.form.get("days", 14, type=int)), LONGEST_LINK)
    token = store().run(portal.create_link, row.id, "progress", by=person(), days=days)
    address = url_for("portal.home", token=token, _external=True)
    return render_template(
        "clients/link.html",
        client=row,
        address=address,
        days=days,
        firm=settings().firm_name,
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=2),
    )


@bp.post("/<code>/links/<uuid:link_id>/revoke")
def revoke_link(code: str, link_id: UUID) -> Response:
    """End a link at once."""
    need("work.take")
    row = client_of(code)
    if store().read(client_links.get, scope(), row.id, link_id) is None:
        raise NotFound(f"There is no link {link_id} of «{row.name}».")
    store().run(portal.revoke_link, link_id, by=person())
    flash(_("链接已收回，客户不能再打开。"), "good")
    return _to(code, "contacts")


def _to(code: str, tab: str) -> Response:
    return redirect(url_for("clients.show", code=code, tab=tab), 303)


def _choices() -> dict[str, Any]:
    return {"teams": store().read(people.teams), "profile_fields": PROFILE, "numbers": NUMBERS}


def _given(row: clients.ClientRow | None) -> dict[str, Any]:
    """Return the fields that the form holds; the profile keeps what the form does not show."""
    names = (*FIELDS, "code") if row is None else FIELDS
    values: dict[str, Any] = {name: request.form[name].strip() for name in names if name in request.form}
    if values.get("credit_code") == "":
        values["credit_code"] = None
    if values.get("code") == "":
        values.pop("code")
    if "team_id" in request.form:
        values["team_id"] = UUID(request.form["team_id"]) if request.form["team_id"] else None
    profile = {
        name: request.form[f"profile_{name}"].strip() for name in PROFILE if f"profile_{name}" in request.form
    }
    if profile:
        kept = dict(row.profile) if row is not None else {}
        values["profile"] = kept | {
            name: _profile_value(name, text) for name, text in profile.items() if text
        }
    return values


def _profile_value(name: str, text: str) -> Any:
    if name not in NUMBERS:
        return text
    if not text.isdigit():
        raise InvalidInput(f"«{text}» is no number of {name.replace('_', ' ')}; write digits only.")
    return int(text)
