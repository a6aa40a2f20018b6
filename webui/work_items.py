"""我的工作: the desk. Queues, the list, one item with its form, and the acts on it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import saved_filters
from engine.commands import work_items as commands
from engine.errors import InvalidAnswers, InvalidInput, NotAllowed, ZhangfangError
from webui.access import scope
from webui.answers import answers_of
from webui.desk_view import KEPT, desk_page, first_of_mine
from webui.errors import wants_json
from webui.formats import now, zone
from webui.history_words import not_kept
from webui.place import need, person, store
from webui.returning import back

bp = Blueprint("work_items", __name__)


@bp.get("/desk")
def desk() -> str:
    """Show my work: queues, list and, when one is chosen, the item."""
    need("work.take")
    return render_template("work_items/desk.html", team=False, **desk_page(scope(), "mine"))


@bp.get("/team")
def team() -> str:
    """Show the work of the team and what nobody has taken."""
    need("work.take")
    return render_template("work_items/desk.html", team=True, **desk_page(scope(), "unassigned"))


@bp.post("/items/<uuid:item_id>/claim")
def claim(item_id: UUID) -> Response:
    """Take a work item."""
    store().run(commands.claim, item_id, by=person())
    flash(_("已领取。"), "good")
    return back()


@bp.post("/items/<uuid:item_id>/release")
def release(item_id: UUID) -> Response:
    """Give a work item back to its queue."""
    store().run(commands.release, item_id, by=person())
    flash(_("已退回队列。"), "good")
    return back()


@bp.post("/items/<uuid:item_id>/assign")
def assign(item_id: UUID) -> Response:
    """Hand a work item to somebody else."""
    store().run(commands.assign, item_id, request.form.get("to", ""), by=person())
    flash(_("已转交。"), "good")
    return back()


@bp.post("/items/<uuid:item_id>/postpone")
def postpone(item_id: UUID) -> Response:
    """Put a work item out of sight until a day's start."""
    store().run(commands.postpone, item_id, _day(request.form.get("until", "")), by=person())
    flash(_("已暂缓，到时会再出现。"), "good")
    return back()


@bp.post("/items/<uuid:item_id>/draft")
def save_draft(item_id: UUID) -> Response:
    """Keep the answers as they are, unchecked."""
    given = (request.get_json(silent=True) or {}).get("answers", {})
    return jsonify(version=store().run(commands.save_draft, item_id, given, by=person()))


@bp.post("/items/<uuid:item_id>/complete")
def complete(item_id: UUID) -> Response:
    """Hand in the form of a work item."""
    version = request.form.get("version", type=int)
    left_out: list[str] = []
    given: dict[str, Any] = {"by": person(), "version": version, "left_out": left_out}
    following = store().run(commands.complete, item_id, answers_of(item_id), **given)
    flash(_("已完成。"), "good")
    if left_out:
        flash(not_kept(left_out), "note")
    url = url_for("work_items.desk", item=_next(item_id, following) if request.form.get("next") else None)
    return jsonify(next=url) if wants_json() else redirect(url, 303)


@bp.post("/desk/filters")
def save_filter() -> Response:
    """Keep the present filters under a name."""
    query: dict[str, Any] = {name: value for name, value in request.form.items() if name in KEPT and value}
    store().run(saved_filters.save, request.form.get("name", ""), query, by=person())
    flash(_("已保存筛选。"), "good")
    return redirect(url_for("work_items.desk", **query), 303)


@bp.post("/desk/filters/<uuid:filter_id>/remove")
def remove_filter(filter_id: UUID) -> Response:
    """Keep a filter no longer."""
    store().run(saved_filters.remove, filter_id, by=person())
    return redirect(url_for("work_items.desk"), 303)


@bp.post("/items/bulk")
def bulk() -> Response:
    """Claim, release, hand over, postpone or complete several items; each stands for itself."""
    act = BULK.get(request.form.get("act", ""))
    if act is None:
        raise InvalidInput("Choose what to do with the selected items.")
    done, refused = 0, list[ZhangfangError]()
    for item_id in request.form.getlist("id", type=UUID):
        try:
            act(item_id)
            done += 1
        except ZhangfangError as error:
            refused.append(error)
    if done:
        flash(_("%(n)s 项已处理。", n=done), "good")
    for reason in refused[:3]:
        flash(_("有一项没有处理：%(why)s", why=_refusal(reason)), "bad")
    return back()


def _assign_chosen(item_id: UUID) -> Any:
    return store().run(commands.assign, item_id, request.form.get("to", ""), by=person())


BULK: dict[str, Any] = {
    "claim": lambda item_id: store().run(commands.claim, item_id, by=person()),
    "release": lambda item_id: store().run(commands.release, item_id, by=person()),
    "assign": _assign_chosen,
    "postpone": lambda item_id: store().run(
        commands.postpone, item_id, _day(request.form.get("until", "")), by=person()
    ),
    "complete": lambda item_id: store().run(commands.complete, item_id, {}, by=person()),
}


def _refusal(error: ZhangfangError) -> str:
    if isinstance(error, NotAllowed):
        return str(_("没有权限，或不能由同一个人办理"))
    if isinstance(error, InvalidAnswers):
        return str(_("需要先填写表单"))
    return str(_("它已有变化"))


def _day(text: str) -> datetime:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=zone())
    except ValueError:
        raise InvalidInput(f"«{text}» is no day; write it as 2026-11-30.") from None
    if day <= now():
        raise InvalidInput("An item can be postponed to a later day only.")
    return datetime.combine(day.date(), time(8, 0), zone())


def _next(item_id: UUID, following: Any) -> UUID | None:
    """Return the item to open next: one that this one opened for me, else the first of my list."""
    mine = [each for each in first_of_mine(scope()) if each != item_id]
    return next((each for each in following or () if each in mine), mine[0] if mine else None)
