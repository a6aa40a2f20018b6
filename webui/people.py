"""员工与权限: staff with their roles and teams, one person's account, what each role may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import people as commands
from engine.errors import InvalidInput, NotFound
from engine.people import ACTIONS, ROLES, Person
from store.queries import people, people_accounts
from store.unit_of_work import UnitOfWork
from webui.listing import asked_text
from webui.place import need, person, store

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
def index() -> str:
    """List the staff, by name, role or standing."""
    need("people.manage")
    text, role, standing = (
        asked_text() or "",
        request.args.get("role", ""),
        request.args.get("standing", "active"),
    )
    staff = [
        row
        for row in store().read(people.list_, active_only=standing == "active")
        if (not role or role in row.roles) and _fits(row, text) and (standing != "left" or not row.active)
    ]
    return render_template(
        "people/index.html",
        staff=staff,
        accounts=store().read(people_accounts.all_),
        teams=store().read(people.teams),
        roles=tuple(ROLES),
        text=text,
        role=role,
        standing=standing,
        now=store().clock.now(),
    )


@bp.post("/")
def create() -> Response:
    """Add a member of staff."""
    need("people.manage")
    login = request.form.get("login", "").strip()
    store().run(
        commands.create,
        login,
        request.form.get("name", "").strip(),
        password=request.form.get("password") or None,
        roles=request.form.getlist("role"),
        email=request.form.get("email", "").strip(),
        by=person(),
    )
    flash(_("已添加员工。"), "good")
    return redirect(url_for("people.show", login=login), 303)


@bp.get("/grants")
def grants() -> str:
    """Show what each role may do."""
    need("people.manage")
    return render_template(
        "people/grants.html",
        grants=store().read(people.grants),
        roles=tuple(ROLES),
        actions=tuple(ACTIONS),
    )


@bp.post("/grants")
def grant() -> Response:
    """Say what a role may do."""
    need("people.manage")
    store().run(
        _grant_exactly, request.form.get("role", ""), frozenset(request.form.getlist("action")), by=person()
    )
    flash(_("权限已更新。"), "good")
    return redirect(url_for("people.grants"), 303)


@bp.post("/teams")
def create_team() -> Response:
    """Make a team."""
    need("people.manage")
    name = request.form.get("name", "").strip()
    if not name:
        raise InvalidInput("A team needs a name.")
    store().run(commands.create_team, name, (), by=person())
    flash(_("已建立团队「%(name)s」。", name=name), "good")
    return redirect(url_for("people.index") + "#teams", 303)


@bp.post("/teams/<uuid:team_id>")
def set_team(team_id: UUID) -> Response:
    """Say who is in a team."""
    need("people.manage")
    if team_id not in {team.id for team in store().read(people.teams)}:
        raise NotFound(f"There is no team {team_id}.")
    store().run(commands.set_team, team_id, request.form.getlist("login"), by=person())
    flash(_("团队已更新。"), "good")
    return redirect(url_for("people.index") + "#teams", 303)


@bp.get("/<login>")
def show(login: str) -> str:
    """Show one person's account."""
    need("people.manage")
    row = _row(login)
    return render_template(
        "people/show.html",
        each=row,
        account=store().read(people_accounts.all_)[row.id],
        teams=store().read(people.teams),
        roles=tuple(ROLES),
        now=store().clock.now(),
    )


@bp.post("/<login>/roles")
def set_roles(login: str) -> Response:
    """Set the roles of a person."""
    need("people.manage")
    store().run(commands.set_roles, login, request.form.getlist("role"), by=person())
    flash(_("岗位已更新。"), "good")
    return _back(login)


@bp.post("/<login>/password")
def set_password(login: str) -> Response:
    """Give somebody a new password; their sessions end."""
    need("people.manage")
    store().run(commands.set_password, login, request.form.get("password", ""), by=person())
    flash(_("密码已重设，请当面告诉本人，并请其登录后修改。"), "good")
    return _back(login)


@bp.post("/<login>/code/off")
def forget_code(login: str) -> Response:
    """Ask for no one-time code any more, for somebody who has lost their phone."""
    need("people.manage")
    store().run(commands.set_totp, _row(login).id, None)
    flash(_("动态验证码已停用，请提醒本人重新绑定。"), "good")
    return _back(login)


@bp.post("/<login>/disable")
def disable(login: str) -> Response:
    """Let a person sign in no more; their open work goes back to the queues."""
    need("people.manage")
    if login == person().login:
        raise InvalidInput("Nobody disables their own account; ask another manager.")
    count = store().run(commands.disable, login, by=person())
    flash(_("已停用，%(n)s 项未完成的工作退回队列。", n=count), "good")
    return _back(login)


@bp.post("/<login>/enable")
def enable(login: str) -> Response:
    """Let a person sign in again."""
    need("people.manage")
    store().run(commands.enable, login, by=person())
    flash(_("已恢复，可以登录。"), "good")
    return _back(login)


def _back(login: str) -> Response:
    return redirect(url_for("people.show", login=login), 303)


def _row(login: str) -> people.PersonRow:
    found = next((row for row in store().read(people.list_, active_only=False) if row.login == login), None)
    if found is None:
        raise NotFound(f"Nobody has the login «{login}»; choose a member of staff.")
    return found


def _fits(row: Any, text: str) -> bool:
    return any(text.lower() in field.lower() for field in (row.login, row.name, row.name_en, row.email))


def _grant_exactly(uow: UnitOfWork, role: str, wanted: frozenset[str], *, by: Person) -> None:
    """Allow a role these actions and no others, in one transaction."""
    known = people.grants(uow.connection).get(role, ())
    for action in ACTIONS:
        if (action in wanted) != (action in known):
            commands.grant(uow, role, action, allowed=action in wanted, by=by)
