"""客户: the list, and one client's page from every side."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response

from engine.commands import clients as commands
from engine.errors import NotFound
from store.queries import books, clients, contracts, definitions, documents, instances, people, surveys, tax
from store.queries.paging import Paging
from store.queries.scope import Scope
from webui import drawings
from webui.access import scope
from webui.history_words import TIMELINE
from webui.instances import named
from webui.listing import asked_text, paging
from webui.live_view import timeline_of
from webui.place import need, person, store

bp = Blueprint("clients", __name__, url_prefix="/clients")

TABS: tuple[tuple[str, Any], ...] = (
    ("timeline", later("动态")),
    ("documents", later("资料")),
    ("books", later("账簿")),
    ("tax", later("申报")),
    ("contracts", later("合同与收费")),
    ("contacts", later("联系")),
    ("surveys", later("回访")),
)
FIELDS = ("name", "short_name", "credit_code", "klass", "taxpayer_type", "status", "notes")
KINDS = {
    "": TIMELINE,
    "work": ("work_item.", "instance."),
    "papers": ("document.",),
    "talks": ("contact.", "portal."),
    "data": ("client.",),
}
TIMELINE_ROWS = 100
STAFF_ROLES = ("bookkeeper", "tax_clerk", "reviewer", "client_manager")


@bp.get("/")
def index() -> str:
    """List the clients of the person's portfolio or teams."""
    filters = clients.ClientFilter(
        status=request.args.get("status") or None,
        klass=request.args.get("class") or None,
        taxpayer_type=request.args.get("taxpayer_type") or None,
        staff_login=person().login if request.args.get("mine") else None,
        text=asked_text(),
    )
    found = store().read(clients.list_, scope(), filters, paging=paging("code", clients.SORTS))
    return render_template(
        "clients/index.html",
        rows=found.rows,
        filters=filters,
        mine=bool(request.args.get("mine")),
        total=found.total,
        page=found.number,
        more=found.number < found.pages,
    )


@bp.get("/new")
def new() -> str:
    """Ask for a new client's data."""
    need("clients.edit")
    return render_template("clients/edit.html", client=None)


@bp.post("/new")
def create() -> Response:
    """Add a client."""
    need("clients.edit")
    values = _given()
    client = store().run(commands.create, by=person(), **values)
    flash(_("已建立客户档案。"), "good")
    return redirect(url_for("clients.show", code=getattr(client, "code", None) or values.get("code")), 303)


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
    )


@bp.post("/<code>/edit")
def update(code: str) -> Response:
    """Change a client's data."""
    need("clients.edit")
    row = client_of(code)
    store().run(commands.update, row.id, _given(), by=person(), version=int(request.form.get("version") or 0))
    flash(_("已保存。"), "good")
    return redirect(url_for("clients.show", code=code), 303)


@bp.post("/<code>/staff")
def assign_staff(code: str) -> Response:
    """Say who works for the client in which role."""
    need("clients.edit")
    row = client_of(code)
    chosen = {role: request.form.get(role, "") for role in STAFF_ROLES if request.form.get(role)}
    store().run(commands.assign_staff, row.id, chosen, by=person())
    flash(_("已调整服务人员。"), "good")
    return redirect(url_for("clients.show", code=code), 303)


@bp.get("/<code>")
def show(code: str) -> str:
    """Show one client."""
    row = client_of(code)
    tab = request.args.get("tab", "timeline")
    tab = tab if tab in READERS else "timeline"
    due = store().read(clients.obligations, scope(), client_id=row.id, paging=Paging(1, 24, "-due_on"))
    running = store().read(
        instances.list_,
        scope(),
        instances.InstanceFilter(client_id=row.id, state="open"),
        paging=Paging(1, 20, "-started_at"),
    )
    return render_template(
        "clients/show.html",
        client=row,
        tab=tab,
        tabs=TABS,
        staff=store().read(clients.staff, scope(), row.id),
        contacts=store().read(clients.contacts, scope(), row.id),
        obligations=sorted(due.rows, key=lambda each: (each.due_on, each.code)),
        running=[named(each) for each in running.rows],
        startable=_startable() if person().may("instances.start") else (),
        **READERS[tab](row, scope()),
    )


def client_of(code: str) -> clients.ClientRow:
    """Return the client with a code; NotFound when there is none for this person."""
    row = store().read(clients.by_code, scope(), code)
    if row is None:
        raise NotFound(f"There is no client «{code}» for you.")
    return row


def _given() -> dict[str, Any]:
    values: dict[str, Any] = {
        name: request.form[name].strip() for name in (*FIELDS, "code") if name in request.form
    }
    if values.get("credit_code") == "":
        values["credit_code"] = None
    if values.get("code") == "":
        values.pop("code")
    return values


def _startable() -> list[SimpleNamespace]:
    found = []
    for row in store().read(definitions.list_, "process"):
        process = drawings.process_of(row.id)
        if (
            process is not None
            and process.settings.key != "none"
            and any(each.kind == "none" for each in process.start_events)
        ):
            found.append(SimpleNamespace(key=row.key, title=drawings.process_title(process, row.name)))
    return sorted(found, key=lambda each: each.title)


def _timeline(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    kind = request.args.get("kind", "")
    before = request.args.get("before", type=int)
    rows = store().read(
        clients.timeline, seen, row.id, before=before, kinds=KINDS.get(kind, TIMELINE), limit=TIMELINE_ROWS
    )
    return {
        "timeline_rows": timeline_of(rows),
        "kind": kind,
        "last": rows[-1].id if len(rows) == TIMELINE_ROWS else None,
    }


def _documents(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    filters = documents.DocumentFilter(client_id=row.id, period=request.args.get("period") or None)
    return {"documents": store().read(documents.list_, seen, filters, paging=paging("-at", documents.SORTS))}


def _books(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    period = request.args.get("period") or None
    periods = store().read(books.periods, seen, row.id)
    period = period or (periods[0].code if periods else None)
    vouchers = (
        store().read(books.vouchers, seen, row.id, period=period, paging=Paging(1, 200)) if period else None
    )
    balance = store().read(books.trial_balance, seen, row.id, period) if period else ()
    return {"periods": periods, "period": period, "vouchers": vouchers, "balance": balance}


def _tax(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {"returns": store().read(tax.returns, seen, client_id=row.id)}


def _contracts(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {"contracts": store().read(contracts.of_client, seen, row.id)}


def _contacts(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {"conversations": store().read(clients.conversations, seen, row.id)}


def _surveys(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {"surveys": store().read(surveys.of_client, seen, row.id)}


READERS: dict[str, Callable[[clients.ClientRow, Scope], dict[str, Any]]] = {
    "timeline": _timeline,
    "documents": _documents,
    "books": _books,
    "tax": _tax,
    "contracts": _contracts,
    "contacts": _contacts,
    "surveys": _surveys,
}
