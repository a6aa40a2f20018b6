"""Going back to a past point of an instance: choose the visit, see the variables of that time, begin anew or rewind."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import restarts
from engine.errors import ZhangfangError
from store.queries import instances
from webui import drawings, literals, previews
from webui.formats import zone
from webui.place import need, person, store
from webui.previews import Preview
from webui.sentences import sentence
from webui.token_changes import instance_row, title_of

bp = Blueprint("restarts", __name__, url_prefix="/instances/<uuid:instance_id>/restart")

MOST = 50
OPEN = ("running", "suspended")


@bp.get("/")
def ask(instance_id: UUID) -> str:
    """Show the visits of an element, what was known at the chosen one, and what beginning there would do."""
    row, element = instance_row(instance_id), request.args.get("element", "")
    found = store().look(restarts.visits, instance_id, by=person())
    at = [each for each in found if each.element == element][::-1][:MOST]
    wanted = previews.whole(request.args.get("event"))
    event = wanted if any(each.event == wanted for each in at) else (at[0].event if at else None)
    how = _how(row)
    return render_template(
        "instances/restart.html",
        instance=row,
        title=title_of(row),
        element=element,
        choices=_elements(row, found),
        visits=[SimpleNamespace(event=each.event, at=each.at, unknown=sentence(each.unknown)) for each in at],
        event=event,
        how=how,
        may_rewind=row.state in OPEN,
        lacking=() if event is None else _lacking(row, event),
        preview=None if event is None else _preview(row, event, how),
        asked={name: value for name, value in request.args.items() if name not in {"event", "how"}},
    )


@bp.post("/")
def go(instance_id: UUID) -> Response:
    """Begin a new instance there, or let this one begin there again."""
    need("instances.operate")
    event = previews.whole(request.form.get("event")) or 0
    more: dict[str, Any] = {
        "given": _given(),
        "reason": request.form.get("reason", ""),
        "by": person(),
        "version": previews.whole(request.form.get("version")),
    }
    shown = instance_id
    if request.form.get("how") == "rewind":
        store().run(restarts.rewind, instance_id, event, **more)
        flash(_("流程已退回，从所选步骤重新开始。"), "good")
    else:
        shown = store().run(restarts.restart, instance_id, event, **more)
        flash(_("新实例已开始，历史中与原实例互相注明。"), "good")
    return redirect(url_for("instances.show", instance_id=shown), 303)


def _how(row: instances.InstanceRow) -> str:
    wanted = request.args.get("how") or ("rewind" if row.state in OPEN else "new")
    return "rewind" if wanted == "rewind" and row.state in OPEN else "new"


def _given() -> dict[str, Any]:
    return literals.several(request.values.get("variables", ""), zone())


def _lacking(row: instances.InstanceRow, event: int) -> tuple[str, ...]:
    """Return the names of values that have to be given; those of a visit nobody knows are none."""
    try:
        found = store().look(restarts.then, row.id, event, by=person())
    except ZhangfangError:
        return ()
    return tuple(name for name, _length in found.lacking)


def _preview(row: instances.InstanceRow, event: int, how: str) -> Preview:
    try:
        given = _given()
    except ZhangfangError as error:
        return Preview(problem=sentence(str(error)))
    look = restarts.plan_rewind if how == "rewind" else restarts.plan_restart
    return previews.tried(row.definition_id, look, row.id, event, given=given, by=person())


def _elements(row: instances.InstanceRow, found: tuple[restarts.Visit, ...]) -> list[tuple[str, str]]:
    """Return the elements that were visited, in the order of their first visit."""
    names = {each.element: each.name for each in found}
    return [(key, drawings.element_name(row.definition_id, key, name)) for key, name in names.items()]
