"""流程: the library of deployed processes, one of them with its versions, and starting it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.bpmn.model import ProcessModel
from engine.commands import instances as commands
from engine.errors import NotFound
from store.queries import clients, definitions, instances
from store.queries.paging import Paging
from webui import drawings
from webui.access import scope
from webui.formats import now
from webui.language import by_language
from webui.live_view import live_of_process
from webui.place import need, person, store
from webui.sentences import sentence
from webui.words import GROUP, role_name, word

bp = Blueprint("definitions", __name__, url_prefix="/processes")

MEDIA = {"process": "text/xml", "decision": "text/xml", "form": "application/json", "scenario": "text/yaml"}
CLIENTS = 500


@bp.get("/")
def index() -> str:
    """Show a card for each deployed process, by group."""
    need("processes.view")
    cards = [card(row) for row in store().read(definitions.list_, "process")]
    groups: dict[str, list[SimpleNamespace]] = {}
    for each in cards:
        groups.setdefault(each.group, []).append(each)
    ordered = sorted(
        groups.items(), key=lambda pair: list(GROUP).index(pair[0]) if pair[0] in GROUP else len(GROUP)
    )
    return render_template("definitions/index.html", groups=ordered)


@bp.get("/<key>")
def show(key: str) -> str:
    """Show one process: diagram with live counts or heat, SOP text, versions, running instances."""
    need("processes.view")
    row = newest(key)
    process = drawings.process_of(row.id)
    heat = request.args.get("heat", "")
    running = store().read(
        instances.list_,
        scope(),
        instances.InstanceFilter(process=key, state="open"),
        paging=Paging(1, 20, "-started_at"),
    )
    return render_template(
        "definitions/show.html",
        definition=row,
        card=card(row),
        live=live_of_process(scope(), key, heat),
        heat=heat,
        sop=by_language(process.documentation, process.sop_en) if process else "",
        steps=steps(process),
        versions=store().read(definitions.versions, "process", key),
        note_words=sentence,
        running=running,
        running_rows=running.rows,
    )


@bp.get("/body/<uuid:definition_id>")
def body(definition_id: UUID) -> Response:
    """Return the file of one version."""
    need("processes.view")
    row = store().read(definitions.get, definition_id)
    if row is None:
        raise NotFound(f"There is no deployed definition {definition_id}.")
    response = Response(drawings.body(row.digest), mimetype=MEDIA[row.kind])
    if request.args.get("download"):
        response.headers["Content-Disposition"] = (
            f'attachment; filename="{row.key}-v{row.version}{_suffix(row.path)}"'
        )
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.set_etag(row.digest)
    return response


@bp.get("/<key>/start")
def start_form(key: str) -> str:
    """Ask for what a start needs: the client and the period."""
    need("instances.start")
    row = newest(key)
    process = drawings.process_of(row.id)
    found = store().read(clients.list_, scope(), None, paging=Paging(1, CLIENTS, "name"))
    return render_template(
        "definitions/start.html",
        card=card(row),
        policy=process.settings.key if process else "none",
        clients=found.rows,
        starts=_starts(process),
        client=request.args.get("client", ""),
        period=f"{now():%Y-%m}",
    )


@bp.post("/<key>/start")
def start(key: str) -> AnyResponse:
    """Start an instance."""
    need("instances.start")
    code = request.form.get("client", "")
    client = store().read(clients.by_code, scope(), code) if code else None
    if code and client is None:
        raise NotFound(f"There is no client «{code}» for you.")
    period = request.form.get("period", "").strip() or None
    instance_id = store().run(
        commands.start,
        key,
        {},
        by=person(),
        client=client.id if client else None,
        period=period,
        element=request.form.get("element") or None,
    )
    flash(_("流程已发起。"), "good")
    return redirect(url_for("instances.show", instance_id=instance_id), 303)


def newest(key: str) -> definitions.DefinitionRow:
    """Return the newest version of a process; NotFound when it was never deployed."""
    row = store().read(definitions.newest, "process", key)
    if row is None:
        raise NotFound(f"No process «{key}» is deployed.")
    return row


def card(row: definitions.DefinitionRow) -> SimpleNamespace:
    """Return a process as a card shows it."""
    process = drawings.process_of(row.id)
    group = (process.settings.group if process else None) or "other"
    return SimpleNamespace(
        key=row.key,
        title=drawings.process_title(process, row.name),
        group=group,
        group_name=word("group", group) if group in GROUP else _("其他"),
        owner=role_name(row.owner_role or (process.settings.owner if process else None) or ""),
        version=row.version,
        running=row.running,
        incidents=row.incidents,
        about=_first_line(by_language(process.documentation, process.sop_en)) if process else "",
        at=row.at,
        may_start=process is not None and any(each.kind == "none" for each in process.start_events),
    )


def steps(process: ProcessModel | None) -> list[SimpleNamespace]:
    """Return the steps of people and machines that have an SOP text, in the order of the drawing's file."""
    found = process.elements.values() if process else ()
    return [
        SimpleNamespace(
            id=each.id,
            name=by_language(each.name, each.name_en),
            role=role_name(each.lane_role or ""),
            text=by_language(each.documentation, each.sop_en),
            papers=[by_language(paper.name, paper.name_en) for paper in each.papers],
            approval=each.approval,
            kind=each.kind,
        )
        for each in found
        if each.documentation or each.kind == "userTask"
    ]


def _starts(process: ProcessModel | None) -> list[Any]:
    if process is None:
        return []
    return [process.elements[each.element] for each in process.start_events if each.kind == "none"]


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _suffix(path: str) -> str:
    return path[path.rfind(".") :] if "." in path else ""
