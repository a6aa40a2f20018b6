"""员工与权限: staff, their roles, and what each role may do."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import people as commands
from engine.people import ACTIONS, ROLES
from store.queries import people
from store.unit_of_work import UnitOfWork
from webui.place import need, person, store

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
def index() -> str:
    """List the staff and the matrix of grants."""
    need("people.manage")
    return render_template(
        "people/index.html",
        staff=store().read(people.list_, active_only=False),
        grants=store().read(people.grants),
        roles=tuple(ROLES),
        actions=tuple(ACTIONS),
    )


@bp.post("/")
def create() -> Response:
    """Add a member of staff."""
    need("people.manage")
    store().run(
        commands.create,
        request.form.get("login", "").strip(),
        request.form.get("name", "").strip(),
        password=request.form.get("password") or None,
        roles=request.form.getlist("role"),
        by=person(),
    )
    flash(_("已添加员工。"), "good")
    return redirect(url_for("people.index"), 303)


@bp.post("/<login>/roles")
def set_roles(login: str) -> Response:
    """Set the roles of a person."""
    need("people.manage")
    store().run(commands.set_roles, login, request.form.getlist("role"), by=person())
    flash(_("岗位已更新。"), "good")
    return redirect(url_for("people.index"), 303)


@bp.post("/<login>/disable")
def disable(login: str) -> Response:
    """Let a person sign in no more; their open work goes back to the queues."""
    need("people.manage")
    store().run(commands.disable, login, by=person())
    flash(_("已停用。"), "good")
    return redirect(url_for("people.index"), 303)


@bp.post("/grants")
def grant() -> Response:
    """Say what a role may do."""
    need("people.manage")
    role = request.form.get("role", "")
    store().run(_grant_exactly, role, frozenset(request.form.getlist("action")))
    flash(_("权限已更新。"), "good")
    return redirect(url_for("people.index") + "#grants", 303)


def _grant_exactly(uow: UnitOfWork, role: str, wanted: frozenset[str]) -> None:
    """Allow a role these actions and no others, in one transaction."""
    known = people.grants(uow.connection).get(role, ())
    for action in ACTIONS:
        if (action in wanted) != (action in known):
            commands.grant(uow, role, action, allowed=action in wanted, by=person())
