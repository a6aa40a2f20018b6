"""One work item as the desk shows it: head, acts, and the tab that is open."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as later

from engine import forms
from engine.errors import NotFound
from store.queries import clients, documents, work_items
from store.queries.scope import Scope
from webui import coded_words, drawings, variables
from webui.language import by_language
from webui.live_view import history_of, live_of
from webui.place import person, store
from webui.words import role_name, word

TABS: tuple[tuple[str, Any], ...] = (
    ("form", later("表单")),
    ("papers", later("资料")),
    ("diagram", later("流程图")),
    ("history", later("历史")),
    ("sop", later("规程")),
)


def item_page(scope: Scope, item_id: UUID) -> dict[str, Any]:
    """Return what the item's pane shows; NotFound when there is none or it is not for this person."""
    item = store().read(work_items.get, scope, item_id)
    if item is None:
        raise NotFound(f"There is no work item {item_id} for you.")
    tab = request.args.get("tab", "form")
    tab = tab if tab in dict(TABS) else "form"
    mine = item.assignee_id == person().id
    return {
        "item": _shown(item, scope),
        "tab": tab,
        "tabs": TABS,
        "here": request.full_path,
        "is_mine": mine,
        "may_claim": item.assignee_id is None
        and item.state == "open"
        and store().read(work_items.may_take, scope, item_id),
        "readonly": not mine or item.state != "open" or item.instance_state != "running",
        **_TAB_READERS[tab](item, scope),
    }


def _shown(item: work_items.WorkItemRow, scope: Scope) -> SimpleNamespace:
    client = store().read(clients.get, scope, item.client_id) if item.client_id else None
    return SimpleNamespace(
        **{name: getattr(item, name) for name in item.__dataclass_fields__},
        shown_name=drawings.element_name(item.definition_id, item.element, item.name),
        shown_process=drawings.process_name(item.definition_id, item.process_name),
        roles=[role_name(name) for kind, name in item.candidates if kind == "role"],
        client_notes=client.notes if client is not None else "",
    )


def _form(item: work_items.WorkItemRow, scope: Scope) -> dict[str, Any]:
    if item.form_digest is None:
        return {"schema": None, "answers": {}}
    form = forms.parse(drawings.body(item.form_digest))
    seen = store().read(variables.read, scope, item.instance_id).seen_from(item.scope)
    given = item.answers if item.state == "completed" else item.draft
    schema = drawings.form_schema(item.form_digest)
    answers = {**variables.for_form(form, seen), **variables.plain_json(given or {})}
    coded_words.in_texts(schema, answers)
    coded_words.in_tables(schema, answers)
    return {"schema": schema, "answers": answers}


def _papers(item: work_items.WorkItemRow, scope: Scope) -> dict[str, Any]:
    found = (
        store().read(
            documents.list_, scope, documents.DocumentFilter(client_id=item.client_id, period=item.period)
        )
        if item.client_id
        else None
    )
    rows = [
        SimpleNamespace(
            **{name: getattr(row, name) for name in row.__dataclass_fields__},
            kind_name=word("document_kind", row.kind),
        )
        for row in (found.rows if found else ())
    ]
    chosen = request.args.get("document")
    return {
        "documents": rows,
        "shown": next((row for row in rows if str(row.id) == chosen), rows[0] if rows else None),
    }


def _diagram(item: work_items.WorkItemRow, scope: Scope) -> dict[str, Any]:
    return {"live": live_of(scope, item.instance_id)}


def _history(item: work_items.WorkItemRow, scope: Scope) -> dict[str, Any]:
    return {"history": history_of(scope, item.instance_id, item.definition_id)}


def _sop(item: work_items.WorkItemRow, scope: Scope) -> dict[str, Any]:
    del scope
    shape = drawings.element_of(item.definition_id, item.element)
    if shape is None:
        return {"sop": "", "papers_needed": ()}
    return {"sop": by_language(shape.documentation, shape.sop_en), "papers_needed": shape.papers}


_TAB_READERS: dict[str, Callable[[work_items.WorkItemRow, Scope], dict[str, Any]]] = {
    "form": _form,
    "papers": _papers,
    "diagram": _diagram,
    "history": _history,
    "sop": _sop,
}
