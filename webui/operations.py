"""运行: incidents by cause, jobs by due time, what the clock will start next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import incidents as commands
from engine.errors import InvalidInput
from store.queries import incidents, jobs
from store.queries.paging import Page
from webui import drawings
from webui.access import scope
from webui.listing import paging
from webui.place import need, person, store
from webui.returning import back

bp = Blueprint("operations", __name__, url_prefix="/operations")

BATCH = 500


@bp.get("/")
def index() -> str:
    """Show what went wrong and what is due."""
    need("instances.view")
    tab = request.args.get("tab", "incidents")
    reader = TABS.get(tab, TABS["incidents"])
    return render_template(
        "operations/index.html", tab=tab if tab in TABS else "incidents", tabs=_tab_names(), **reader()
    )


@bp.post("/retry")
def retry() -> Response:
    """Retry the chosen incidents."""
    need("incidents.resolve")
    ids = request.form.getlist("id", type=UUID)
    cause = request.form.get("cause")
    if cause:
        ids = [row.id for row in store().read(incidents.of_cause, scope(), cause, limit=BATCH)]
    if not ids:
        raise InvalidInput("Choose the incidents to retry.")
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput("Give the reason; it is kept in the history.")
    store().run(commands.retry, ids, by=person(), reason=reason)
    flash(_("已安排重试 %(n)s 个异常。", n=len(ids)), "good")
    return back()


def _incidents() -> dict[str, Any]:
    return {"groups": [_group(row) for row in store().read(incidents.grouped, scope())]}


def _group(row: Any) -> SimpleNamespace:
    members = store().read(incidents.of_cause, scope(), row.cause, limit=20)
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return SimpleNamespace(**values, members=[_named(each) for each in members])


def _jobs(kind: str) -> dict[str, Any]:
    found = store().read(jobs.list_, scope(), jobs.JobFilter(kind=kind), paging=paging("due_at", jobs.SORTS))
    return {
        "page": Page(tuple(_named(row) for row in found.rows), found.total, found.number, found.size),
        "now_at": store().clock.now(),
    }


def _named(row: Any) -> SimpleNamespace:
    """Return an incident or a job with the names of shape and process in the page's language."""
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    shape = drawings.element_of(row.definition_id, row.element) if row.definition_id else None
    name = shape.name if shape is not None and shape.name else getattr(row, "name", "") or row.element
    known = row.definition_id is not None
    return SimpleNamespace(
        **values,
        shown_name=drawings.element_name(row.definition_id, row.element, name) if known else name,
        shown_process=drawings.process_name(row.definition_id, row.process_name or "") if known else "",
    )


TABS: dict[str, Any] = {
    "incidents": _incidents,
    "jobs": lambda: _jobs("service"),
    "timers": lambda: _jobs("timer"),
}


def _tab_names() -> list[tuple[str, str]]:
    return [("incidents", _("异常")), ("jobs", _("系统作业")), ("timers", _("定时"))]
