"""Migrating running instances: which version to which, what becomes what, a trial with a report, then the act."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.bpmn.model import ProcessModel
from engine.commands import batches, migrations
from engine.commands.migrations import Report, Target
from engine.errors import Conflict, InvalidInput, NotFound
from store.queries import batches as batch_queries
from store.queries import definitions, instances
from store.queries.batches import Many
from webui import changes, drawings, migration_table
from webui.access import scope
from webui.migration_words import Names, kind_word, names_in, told
from webui.place import need, person, store

bp = Blueprint("migrations", __name__, url_prefix="/processes/<key>/migrate")

TRIED = 200
"""Instances that a trial goes through; the act itself checks each one again."""
EXAMPLES = 5
Versions = tuple[definitions.DefinitionRow, definitions.DefinitionRow]


@bp.get("")
def show(key: str) -> str:
    """Show both versions and the table of what becomes what."""
    need("instances.operate")
    return _page(key, request.args, ())


@bp.post("/check")
def check(key: str) -> str:
    """Try the migration on the instances and report; nothing is written."""
    need("instances.operate")
    old, new = _versions(key, request.form)
    reports = [_tried(each, _target(new)) for each in _ids(key, old, limit=TRIED)]
    names = names_in(drawings.process_of(old.id), drawings.process_of(new.id))
    return _page(key, request.form, _groups(reports, names), tried=len(reports))


@bp.post("")
def migrate(key: str) -> Response:
    """Migrate one instance at once, or all of a version by a job."""
    need("instances.operate")
    old, new = _versions(key, request.form)
    reason, chosen = request.form.get("reason", "").strip(), _instance(request.form)
    if chosen is not None:
        store().run(migrations.migrate, chosen, _target(new), reason=reason, by=person())
        flash(_("已转到版本 %(n)s。", n=new.version), "good")
        return redirect(url_for("instances.show", instance_id=chosen), 303)
    many = _many(key, old, request.form)
    batch_id = store().run(batches.begin, "migrate", many, target=_target(new), reason=reason, by=person())
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


def _page(
    key: str, given: Mapping[str, str], groups: tuple[SimpleNamespace, ...], *, tried: int | None = None
) -> str:
    old, new = _versions(key, given)
    processes = drawings.process_of(old.id), drawings.process_of(new.id)
    waiting = _waiting(old, given)
    found = _rows(processes, waiting, given) if old.id != new.id else ()
    instance = _instance(given)
    total = 1 if instance else store().read(batch_queries.count, scope(), _many(key, old, given))
    return render_template(
        "migrations/show.html",
        key=key,
        title=drawings.process_title(processes[1], new.name),
        versions=store().read(definitions.versions, "process", key),
        old=old,
        new=new,
        instance=instance,
        total=total,
        rows=[row for row in found if not row.matched],
        matched=[row for row in found if row.matched],
        kind_word=kind_word,
        waiting={"elements": {element: {"tokens": count} for element, count in waiting.items()}},
        focus=next((row.field.removeprefix(migration_table.ELEMENT) for row in found if row.waiting), ""),
        marks=_marks(old, new),
        groups=groups,
        tried=tried,
        allowed=sum(group.count for group in groups if not group.problems),
        mapped=migration_table.mapped(given),
        children=bool(given.get("children")),
        narrowed={name: given.get(name, "").strip() for name in ("client", "period")},
        given=[(name, value) for name, value in given.items() if name.startswith(("map.", "flow."))],
    )


def _versions(key: str, given: Mapping[str, str]) -> Versions:
    """Return the version to leave and the one to go to: those asked for, else the one most instances are of, and the newest."""
    known = {row.version: row for row in store().read(definitions.versions, "process", key)}
    if not known:
        raise NotFound(f"No process «{key}» is deployed.")
    new = known.get(_number(given.get("to")), known[max(known)])
    others = [row for row in known.values() if row.id != new.id] or [new]
    old = known.get(_number(given.get("from")), max(others, key=lambda row: (row.running, row.version)))
    return old, new


def _many(key: str, old: definitions.DefinitionRow, given: Mapping[str, str]) -> Many:
    """Return which instances are meant: those of the old version, of one client or period when that is said."""
    client, period = (given.get(name, "").strip() or None for name in ("client", "period"))
    return Many(key, old.version, client=client, period=period)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _instance(given: Mapping[str, str]) -> UUID | None:
    text = given.get("instance")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise InvalidInput(f"«{text}» is not the id of an instance.") from error


def _ids(key: str, old: definitions.DefinitionRow, *, limit: int) -> tuple[UUID, ...]:
    chosen = _instance(request.form)
    if chosen is not None:
        return (chosen,)
    return store().read(batch_queries.ids, scope(), _many(key, old, request.form), limit=limit)


def _target(new: definitions.DefinitionRow) -> Target:
    return Target(new.version, migration_table.mapped(request.form), bool(request.form.get("children")))


def _tried(instance: UUID, target: Target) -> Report | None:
    """Try one instance; None when it ended between the list and the trial."""
    return store().run(_plan, instance, target, person())


def _plan(uow: Any, instance: UUID, target: Target, by: Any) -> Report | None:
    try:
        return migrations.plan(uow, instance, target, by=by)
    except Conflict:
        return None


def _groups(reports: list[Report | None], names: tuple[Names, Names]) -> tuple[SimpleNamespace, ...]:
    """Put reports that say the same together, those with problems first."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[UUID]] = {}
    for report in reports:
        if report is None:
            continue
        problems = tuple(told(each, names) for each in report.problems)
        changed = tuple(told(each, names) for each in report.changes if each.code != "kept")
        found.setdefault((problems, changed), []).append(report.instance_id)
    groups = [
        SimpleNamespace(problems=problems, changes=changed, count=len(ids), examples=ids[:EXAMPLES])
        for (problems, changed), ids in found.items()
    ]
    return tuple(sorted(groups, key=lambda group: (not group.problems, -group.count)))


def _waiting(old: definitions.DefinitionRow, given: Mapping[str, str]) -> dict[str, int]:
    chosen = _instance(given)
    where = None if chosen else old.id
    found: dict[str, int] = {}
    for token in store().read(instances.tokens, scope(), instance_id=chosen, definition_id=where):
        if token.kind != "incident":
            found[token.element] = found.get(token.element, 0) + token.count
    return found


def _rows(
    processes: tuple[ProcessModel | None, ProcessModel | None],
    waiting: Mapping[str, int],
    given: Mapping[str, str],
) -> tuple[migration_table.Row, ...]:
    old, new = processes
    return () if old is None or new is None else migration_table.rows(old, new, waiting, given)


def _marks(old: definitions.DefinitionRow, new: definitions.DefinitionRow) -> dict[str, Any]:
    found = changes.of_process(drawings.body(old.digest), drawings.body(new.digest), new.path)
    return {"elements": {}} if found is None else found.marks
