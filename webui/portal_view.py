"""What the client's pages show of processes: plain words only, from the elements' client views."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from engine import forms
from store.queries import element_counts, instances, portal_pages
from store.queries.scope import Scope
from webui import drawings, variables
from webui.language import by_language
from webui.place import store

SHOWN_RUNS = 6
UPLOADS = frozenset({"uploaded"})


def everything(reader: UUID) -> Scope:
    """Return a scope for reading what a link's client may see; the ids asked for come from the link."""
    return Scope(reader, "", all_clients=True)


def shown(step: portal_pages.Step) -> SimpleNamespace:
    """Return a step with its plain name and what comes of it."""
    shape = drawings.element_of(step.definition_id, step.element)
    view = shape.client_view if shape is not None else None
    name = drawings.element_name(step.definition_id, step.element, step.name)
    return SimpleNamespace(
        id=step.id,
        name=by_language(view.label, view.label_en) if view and view.label else name,
        expected=by_language(view.expected, view.expected_en) if view else "",
        period=step.period,
        due_at=step.due_at,
        process=drawings.process_name(step.definition_id, step.process),
    )


def step_page(step: portal_pages.Step) -> dict[str, Any]:
    """Return what the page of one step shows."""
    seen = store().read(variables.read, everything(step.id), step.instance_id).seen_from(step.scope)
    schema = drawings.form_schema(step.form_digest) if step.form_digest else None
    uploads = schema is not None and any(each.get("key") in UPLOADS for each in schema.get("components", ()))
    requests = (
        store().read(portal_pages.requests, _client(seen), step.period) if uploads and step.period else ()
    )
    answers: dict[str, Any] = {}
    if step.form_digest:
        answers = variables.for_form(forms.parse(drawings.body(step.form_digest)), seen)
    return {
        "step": shown(step),
        "version": step.version,
        "schema": _without_uploads(schema) if requests and schema else schema,
        "answers": answers | variables.plain_json(step.draft or {}),
        "requests": requests,
    }


def stages(client_id: UUID) -> list[SimpleNamespace]:
    """Return the stage line of each running instance that has steps for the client to see."""
    found = []
    for run in store().read(portal_pages.running, client_id)[:SHOWN_RUNS]:
        lines = _line(run)
        if lines:
            title = drawings.process_name(run.definition_id, run.process_name)
            found.append(SimpleNamespace(title=title, period=run.period, lines=lines))
    return found


def _line(run: portal_pages.Run) -> list[SimpleNamespace]:
    process = drawings.process_of(run.definition_id)
    views = (
        [each for each in process.elements.values() if each.client_view and each.client_view.label]
        if process
        else []
    )
    if not views:
        return []
    reader = everything(run.id)
    done = {
        row.element
        for row in store().read(element_counts.passed, reader, run.id)
        if row.kind == "element.completed"
    }
    now = {token.element for token in store().read(instances.tokens, reader, instance_id=run.id)}
    return [
        SimpleNamespace(
            name=by_language(each.client_view.label, each.client_view.label_en) if each.client_view else "",
            expected=by_language(each.client_view.expected, each.client_view.expected_en)
            if each.client_view
            else "",
            state="now" if each.id in now else "done" if each.id in done else "later",
        )
        for each in views
    ]


def _client(seen: dict[str, Any]) -> UUID:
    return UUID(str(seen["client"]["id"]))


def _without_uploads(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out the parts of the form that the request list replaces: table, file picker, list of codes."""
    replaced = {"uploaded", "received_codes"}
    kept = [
        each
        for each in schema["components"]
        if each.get("key") not in replaced and each.get("type") != "table"
    ]
    return {**schema, "components": kept}
