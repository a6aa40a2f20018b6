"""Acts upon all instances of a process: begin one with its number in view, watch how far it is, stop it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import batches as commands
from engine.errors import NotFound
from store.queries import batches, definitions
from store.queries.batches import Batch, Many
from webui import drawings
from webui.access import scope
from webui.migration_words import names_in, told
from webui.place import need, person, store
from webui.sentences import sentence

bp = Blueprint("batches", __name__)


@bp.get("/processes/<key>/operate")
def operate(key: str) -> str:
    """Show how many instances of each version run or stand still, with what can be done to all of them."""
    need("instances.operate")
    newest = _newest(key)
    counts = store().read(batches.by_version, scope(), key)
    versions = sorted({version for version, _state in counts}, reverse=True)
    lines = [_line(counts, version) for version in versions]
    if len(lines) > 1:
        total = (sum(line.running for line in lines), sum(line.suspended for line in lines))
        lines.insert(0, SimpleNamespace(version=None, running=total[0], suspended=total[1]))
    return render_template(
        "batches/operate.html",
        key=key,
        title=drawings.process_title(drawings.process_of(newest.id), newest.name),
        newest=newest,
        lines=lines,
        recent=store().read(batches.recent, key),
    )


@bp.post("/processes/<key>/operate")
def begin(key: str) -> Response:
    """Begin to suspend, resume or cancel all instances of a process or of one version."""
    need("instances.operate")
    version = request.form.get("version", "")
    many = Many(key, int(version) if version.isdigit() else None)
    act, reason = request.form.get("act", ""), request.form.get("reason", "")
    batch_id = store().run(commands.begin, act, many, reason=reason, by=person())
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


@bp.get("/batches/<uuid:batch_id>")
def show(batch_id: UUID) -> str:
    """Show how far an act upon many instances is, and what it could not do."""
    need("instances.operate")
    batch = store().read(batches.get, batch_id)
    if batch is None:
        raise NotFound("There is no such act upon many instances.")
    newest = _newest(batch.process)
    return render_template(
        "batches/show.html",
        batch=batch,
        title=drawings.process_title(drawings.process_of(newest.id), newest.name),
        groups=_refused(batch),
    )


@bp.post("/batches/<uuid:batch_id>/stop")
def stop(batch_id: UUID) -> Response:
    """End an act that is under way; what is done stays done."""
    need("instances.operate")
    store().run(commands.stop, batch_id, by=person())
    flash(_("已停止；已处理的不会撤回。"), "good")
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


def _line(counts: dict[tuple[int, str], int], version: int) -> SimpleNamespace:
    return SimpleNamespace(
        version=version,
        running=counts.get((version, "running"), 0),
        suspended=counts.get((version, "suspended"), 0),
    )


def _newest(key: str) -> definitions.DefinitionRow:
    row = store().read(definitions.newest, "process", key)
    if row is None:
        raise NotFound(f"No process «{key}» is deployed.")
    return row


def _refused(batch: Batch) -> list[SimpleNamespace]:
    """Return what could not be done, instances with the same reasons together."""
    names = names_in(*(_process(batch, version) for version in _versions(batch)))
    found: dict[tuple[str, ...], list[str]] = {}
    for refusal in batch.refused:
        problems = commands.problems_of(refusal)
        reasons = tuple(told(each, names) for each in problems) or (sentence(refusal["message"]),)
        found.setdefault(reasons, []).append(refusal["instance"])
    return [SimpleNamespace(reasons=reasons, instances=ids) for reasons, ids in found.items()]


def _versions(batch: Batch) -> tuple[int | None, int | None]:
    return batch.wanted["many"]["version"], batch.wanted.get("to")


def _process(batch: Batch, version: int | None) -> Any:
    for row in store().read(definitions.versions, "process", batch.process):
        if row.version == version:
            return drawings.process_of(row.id)
    return None
