"""The studio: editors of processes, forms and decisions; drafts, the gate's problems, deploying."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.commands import deployments, drafts
from engine.errors import InvalidInput, NotFound
from engine.people import ROLES
from store.queries import definitions
from webui import changes, drawings, new_files, trying
from webui.definitions import MEDIA
from webui.element_templates import templates
from webui.language import by_language
from webui.place import handlers, need, person, store
from webui.problem_words import shown
from webui.sent import number, sent, text
from webui.words import role_name

bp = Blueprint("studio", __name__, url_prefix="/studio")

EDITORS = {"process": "studio", "decision": "decision", "form": "form-editor"}
KINDS = {".bpmn": "process", ".dmn": "decision", ".form": "form"}


@bp.get("/")
def index() -> str:
    """Show all files by process, with what is drafted."""
    need("processes.draft")
    return render_template("studio/index.html", tree=tree(), drafts=store().read(definitions.drafts))


@bp.get("/edit")
def edit() -> str:
    """Open the editor of one file."""
    need("processes.draft")
    path = request.args.get("path", "")
    draft = store().read(definitions.draft, path)
    deployed = deployed_at(path)
    if draft is None and deployed is None:
        raise NotFound(f"There is no file «{path}» among the deployed ones or the drafts.")
    kind = draft.kind if draft is not None else deployed.kind if deployed is not None else "process"
    return render_template(
        "studio/edit.html",
        path=path,
        kind=kind,
        editor=EDITORS[kind],
        title=_title(path, deployed),
        deployed=deployed,
        draft=draft,
        tree=tree(),
        **(trying.surroundings() if kind != "form" else {}),
        studio={
            "path": path,
            "version": draft.version if draft is not None else 0,
            "saveUrl": url_for("studio.save"),
            "checkUrl": url_for("studio.check"),
            "templatesUrl": url_for("studio.element_templates"),
            "roles": [{"value": key, "label": role_name(key)} for key in (*ROLES, "client_contact")],
        },
    )


@bp.get("/file")
def file() -> Response:
    """Return the bytes to edit: the draft, else the newest deployed version."""
    need("processes.draft")
    path = request.args.get("path", "")
    draft = store().read(definitions.draft, path)
    if draft is not None:
        return Response(draft.body, mimetype=MEDIA[draft.kind])
    deployed = deployed_at(path)
    if deployed is None:
        raise NotFound(f"There is no file «{path}».")
    return Response(drawings.body(deployed.digest), mimetype=MEDIA[deployed.kind])


@bp.post("/new")
def new() -> AnyResponse:
    """Begin a draft of a new file."""
    need("processes.draft")
    path, begun = new_files.begin(
        request.form.get("kind", ""), request.form.get("key", ""), request.form.get("folder", "")
    )
    if deployed_at(path) is not None or store().read(definitions.draft, path) is not None:
        raise InvalidInput(f"There is a file «{path}» already; open it instead.")
    store().run(drafts.save, path, begun.encode(), by=person(), version=0)
    return redirect(url_for("studio.edit", path=path), 303)


@bp.post("/save")
def save() -> Response:
    """Keep a draft."""
    need("processes.draft")
    given = sent()
    path, body = text(given, "path", None), text(given, "body", None).encode()
    store().run(drafts.save, path, body, by=person(), version=number(given, "version"))
    kept = store().read(definitions.draft, path)
    return jsonify(version=kept.version if kept is not None else 0)


@bp.post("/check")
def check() -> Response:
    """Return every problem of a file as it stands in the editor, seen together with the other drafts."""
    need("processes.draft")
    given = sent()
    path = text(given, "path", None)
    files = _with_drafts({path: text(given, "body", None).encode()})
    problems = store().look(deployments.check, files)
    return jsonify(problems=[shown(each) for each in problems if getattr(each, "file", path) == path])


@bp.post("/discard")
def discard() -> AnyResponse:
    """Throw a draft away."""
    need("processes.draft")
    store().run(drafts.discard, request.form.get("path", ""), by=person())
    flash(_("草稿已放弃。"), "good")
    return redirect(url_for("studio.index"), 303)


@bp.get("/deploy")
def review() -> str:
    """Show what would be deployed: the drafts, the gate's result, what running instances do."""
    need("processes.deploy")
    rows = store().read(definitions.drafts)
    problems = store().look(deployments.check, _with_drafts({})) if rows else []
    lines = [_line(row) for row in rows]
    return render_template("studio/deploy.html", drafts=lines, problems=[shown(each) for each in problems])


@bp.post("/deploy")
def deploy() -> AnyResponse:
    """Deploy the chosen drafts together, whole or not at all."""
    need("processes.deploy")
    chosen = request.form.getlist("path")
    if not chosen:
        raise InvalidInput("Choose the drafts to deploy.")
    result = store().run(drafts.deploy, chosen, by=person(), note=request.form.get("note", ""))
    flash(_("已发布 %(n)s 个新版本。", n=len(result.new)), "good")
    return redirect(url_for("studio.index"), 303)


@bp.get("/element-templates.json")
def element_templates() -> Response:
    """Return the handlers as element templates."""
    need("processes.draft")
    return jsonify(templates(handlers()))


def tree() -> list[SimpleNamespace]:
    """Return all files, deployed or drafted, by folder."""
    known: dict[str, SimpleNamespace] = {}
    steps = _steps_by_form()
    for kind in EDITORS:
        for row in store().read(definitions.list_, kind):
            name = _name(row, steps)
            known[row.path] = SimpleNamespace(path=row.path, kind=kind, name=name or row.key, draft=False)
    for draft in store().read(definitions.drafts):
        if draft.path in known:
            known[draft.path].draft = True
        elif draft.kind in EDITORS:
            known[draft.path] = SimpleNamespace(path=draft.path, kind=draft.kind, name=draft.key, draft=True)
    folders: dict[str, list[SimpleNamespace]] = {}
    for path in sorted(
        known, key=lambda path: (PurePosixPath(path).parts[0], list(EDITORS).index(known[path].kind), path)
    ):
        folders.setdefault(PurePosixPath(path).parts[0], []).append(known[path])
    return [
        SimpleNamespace(folder=folder, name=_folder_name(folder, files), files=files)
        for folder, files in folders.items()
    ]


def _steps_by_form() -> dict[str, str]:
    """Return the name of a step that shows each form: a form has no name of its own."""
    found: dict[str, str] = {}
    for row in store().read(definitions.list_, "process"):
        process = drawings.process_of(row.id)
        for each in process.elements.values() if process is not None else ():
            if each.form:
                found.setdefault(each.form, by_language(each.name, each.name_en))
    return found


def deployed_at(path: str) -> definitions.DefinitionRow | None:
    """Return the newest deployed definition whose file lies at the path."""
    kind = KINDS.get(PurePosixPath(path).suffix)
    if kind is None:
        return None
    return next((row for row in store().read(definitions.list_, kind) if row.path == path), None)


def _line(row: definitions.DraftRow) -> SimpleNamespace:
    """Return a draft with what it changes of the deployed version."""
    deployed = deployed_at(row.path)
    found = None
    if deployed is not None and row.kind in {"process", "form"}:
        before, after = drawings.body(deployed.digest), _draft_body(row.path)
        found = (
            changes.of_process(before, after, row.path)
            if row.kind == "process"
            else changes.of_form(before, after)
        )
    return SimpleNamespace(
        path=row.path, kind=row.kind, author=row.author, at=row.at, deployed=deployed, changes=found
    )


def _with_drafts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the given files over all drafts; drafts refer to each other."""
    found = {
        row.path: _draft_body(row.path) for row in store().read(definitions.drafts) if row.kind in EDITORS
    }
    return found | dict(files)


def _draft_body(path: str) -> bytes:
    draft = store().read(definitions.draft, path)
    if draft is None:
        raise NotFound(f"There is no draft of «{path}»; somebody deployed or discarded it.")
    return draft.body


def _title(path: str, deployed: definitions.DefinitionRow | None) -> str:
    if deployed is None:
        return PurePosixPath(path).name
    return _name(deployed, _steps_by_form() if deployed.kind == "form" else {}) or deployed.key


def _name(row: definitions.DefinitionRow, steps: Mapping[str, str]) -> str:
    """Return what a file is called: a form after its step; a decision in English by its key, DMN knows one name only."""
    if row.kind == "process":
        return drawings.process_name(row.id, row.name)
    if row.kind == "form":
        return steps.get(row.key) or row.name
    return by_language(row.name, row.key.replace("_", " ").capitalize())


def _folder_name(folder: str, files: list[Any]) -> str:
    process: str | None = next((each.name for each in files if each.kind == "process"), None)
    if process is None and all(each.kind == "decision" for each in files):
        return str(_("全公司的规则"))
    return process or folder
