"""客户: the list with each client's month, and one client's page from every side."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as later

from engine.errors import NotFound
from store.queries import clients, definitions, instances, people
from store.queries.paging import Paging
from webui import client_progress, drawings
from webui.access import scope
from webui.client_tabs import READERS, tabs
from webui.formats import now
from webui.instances import named
from webui.listing import asked_text, paging
from webui.place import need, person, store

bp = Blueprint("clients", __name__, url_prefix="/clients")

SORTS: tuple[tuple[str, Any], ...] = (
    ("code", later("编号")),
    ("name", later("名称")),
    ("class", later("分类")),
    ("status", later("状态")),
    ("-created_at", later("最近建立")),
)
SOON = timedelta(days=31)
CHIPS = 12


@bp.get("/")
def index() -> str:
    """List the clients of the person's portfolio or teams, with the progress of a month."""
    must_see_clients()
    period = request.args.get("period", "")
    period = period if client_progress.is_month(period) else client_progress.present_month()
    filters = clients.ClientFilter(
        status=request.args.get("status") or None,
        klass=request.args.get("class") or None,
        taxpayer_type=request.args.get("taxpayer_type") or None,
        team_id=_team(),
        staff_login=person().login if request.args.get("mine") else None,
        text=asked_text(),
    )
    asked = paging("code", clients.SORTS)
    found = store().read(clients.list_, scope(), filters, paging=asked)
    return render_template(
        "clients/index.html",
        rows=found.rows,
        dots=client_progress.dots(scope(), [row.id for row in found.rows], period),
        stages=client_progress.STAGES,
        words=client_progress.WORDS,
        filters=filters,
        teams=store().read(people.teams),
        period=period,
        mine=bool(request.args.get("mine")),
        sorts=SORTS,
        sort=asked.sort,
        total=found.total,
        page=found.number,
        more=found.number < found.pages,
    )


@bp.get("/<code>")
def show(code: str) -> str:
    """Show one client."""
    row = client_of(code)
    open_tabs = tabs()
    tab = request.args.get("tab", "timeline")
    tab = tab if tab in dict(open_tabs) else "timeline"
    running = store().read(
        instances.list_,
        scope(),
        instances.InstanceFilter(client_id=row.id, state="open"),
        paging=Paging(1, 20, "-started_at"),
    )
    period = client_progress.present_month()
    return render_template(
        "clients/show.html",
        client=row,
        tab=tab,
        tabs=open_tabs,
        staff=store().read(clients.staff, scope(), row.id),
        contacts=store().read(clients.contacts, scope(), row.id),
        obligations=_obligations(row.id),
        month=period,
        dots=client_progress.dots(scope(), [row.id], period)[row.id],
        words=client_progress.WORDS,
        running=[named(each) for each in running.rows],
        startable=startable() if person().may("instances.start") else (),
        **READERS[tab](row, scope()),
    )


def must_see_clients() -> None:
    """Raise NotAllowed unless the person may see clients at all; which ones is the scope's matter."""
    if not person().may("clients.view_all"):
        need("clients.view")


def client_of(code: str) -> clients.ClientRow:
    """Return the client with a code; NotFound when there is none for this person."""
    must_see_clients()
    row = store().read(clients.by_code, scope(), code)
    if row is None:
        raise NotFound(f"There is no client «{code}» for you.")
    return row


def startable() -> list[SimpleNamespace]:
    """Return the processes that can be started for a client, by title."""
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


def _obligations(client_id: UUID) -> list[SimpleNamespace]:
    """Return what is due now: all that is open and due within a month, and what this month has already done."""
    today = now().date()
    found = store().read(clients.obligations, scope(), client_id=client_id, paging=Paging(1, 60, "-due_on"))
    near = [row for row in found.rows if _is_near(row, today)] or list(found.rows[-CHIPS:])
    return [
        SimpleNamespace(
            **{name: getattr(row, name) for name in row.__dataclass_fields__}, left=(row.due_on - today).days
        )
        for row in sorted(near, key=lambda row: (row.due_on, row.code))[:CHIPS]
    ]


def _is_near(row: clients.ObligationRow, today: date) -> bool:
    if row.state == "open":
        return row.due_on <= today + SOON
    return row.due_on >= today.replace(day=1)


def _team() -> UUID | None:
    try:
        return UUID(request.args.get("team", ""))
    except ValueError:
        return None
