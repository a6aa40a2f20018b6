"""Search across clients, work items, instances and documents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from store.queries import clients, documents, instances, work_items
from store.queries.desk_filter import DeskFilter
from store.queries.paging import Paging
from webui import drawings
from webui.access import scope
from webui.instances import named
from webui.place import person, store

bp = Blueprint("search", __name__, url_prefix="/search")

SHOWN = 10


@bp.get("/")
def index() -> str:
    """Show what fits the text, by kind."""
    text = request.args.get("q", "").strip()
    return render_template("search/index.html", text=text, **(_found(text) if text else {}))


def _found(text: str) -> dict[str, Any]:
    seen, page = scope(), Paging(1, SHOWN)
    found: dict[str, Any] = {
        "clients": store().read(clients.list_, seen, clients.ClientFilter(text=text), paging=page)
    }
    if person().may("work.take"):
        filters = DeskFilter(text=text)
        rows = store().read(
            work_items.desk, seen, store().clock.now(), view="all", filters=filters, paging=page
        )
        found["items"] = rows
        found["item_names"] = {
            row.id: drawings.element_name(row.definition_id, row.element, row.name) for row in rows.rows
        }
    if person().may("instances.view"):
        wanted = instances.InstanceFilter(text=text)
        rows_found = store().read(instances.list_, seen, wanted, paging=Paging(1, SHOWN, "-started_at"))
        found["instances"] = rows_found
        found["instance_rows"] = [named(row) for row in rows_found.rows]
    found["documents"] = store().read(
        documents.list_, seen, documents.DocumentFilter(text=text), paging=Paging(1, SHOWN, "-at")
    )
    return found
