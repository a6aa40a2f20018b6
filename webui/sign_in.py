"""Signing in and out, the person's own account, and the choice of language."""

from __future__ import annotations

from typing import Any

import pyotp
import segno
from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import people as commands
from engine.errors import NotAllowed
from store.queries import people
from webui.access import remember
from webui.language import LANGUAGES
from webui.place import person, settings, store
from webui.returning import back, own
from webui.words import role_name

bp = Blueprint("sign_in", __name__)

DEMO_PASSWORD = "zhangfang-demo"  # noqa: S105 - shown on the page of the demo firm


@bp.get("/sign-in")
def show() -> Any:
    """Ask who comes."""
    if g.person is not None:
        return redirect(url_for("home"))
    return _form("")


@bp.post("/sign-in")
def enter() -> Any:
    """Sign in; the answer to any wrong attempt is the same."""
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    code = request.form.get("code", "").strip() or None
    try:
        who = store().run(commands.sign_in, login, password, code)
    except NotAllowed as error:
        current_app.logger.info("Sign-in refused for %r: %s", login, error)
        return _form(_("登录名、密码或验证码不正确，或账号已锁定、停用。多次失败后请等 15 分钟再试。")), 403
    remember(who, store().read(commands.epoch_of, who.id))
    return redirect(own(request.form.get("back")) or url_for("home"), 303)


@bp.post("/sign-out")
def sign_out() -> Response:
    """Sign out."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for("sign_in.show"), 303)


@bp.post("/language")
def choose_language() -> Response:
    """Keep the language for this session and, for a person, for the next one."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if g.get("person") is not None:
            store().run(commands.set_locale, g.person.id, chosen)
    return back(url_for("sign_in.show"))


@bp.get("/me")
def me() -> str:
    """Show the person's own account."""
    who = person()
    return render_template("sign_in/me.html", roles=[role_name(role) for role in sorted(who.roles)])


@bp.post("/me/password")
def change_password() -> Response:
    """Change the password."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    store().run(commands.change_password, person().id, old, new)
    remember(person(), store().read(commands.epoch_of, person().id))
    flash(_("密码已修改，其他设备需重新登录。"), "good")
    return redirect(url_for("sign_in.me"), 303)


@bp.get("/me/code")
def code_form() -> str:
    """Offer a new secret for codes from an authenticator app."""
    secret = session.setdefault("new_totp", pyotp.random_base32())
    address = pyotp.TOTP(secret).provisioning_uri(name=person().login, issuer_name=settings().firm_name)
    return render_template(
        "sign_in/code.html", secret=secret, picture=segno.make(address).svg_data_uri(scale=5)
    )


@bp.post("/me/code")
def set_code() -> Response:
    """Keep the secret once the person has shown a right code."""
    secret = session.get("new_totp", "")
    if not secret or not pyotp.TOTP(secret).verify(
        request.form.get("code", ""), for_time=store().clock.now(), valid_window=1
    ):
        flash(_("验证码不正确，请重新扫描后再试。"), "bad")
        return redirect(url_for("sign_in.code_form"), 303)
    store().run(commands.set_totp, person().id, secret)
    session.pop("new_totp")
    flash(_("动态验证码已启用，下次登录需要填写。"), "good")
    return redirect(url_for("sign_in.me"), 303)


def _form(problem: str) -> str:
    return render_template(
        "sign_in/show.html",
        problem=problem,
        login=request.form.get("login", ""),
        back=own(request.values.get("back")) or "",
        demo=_demo() if settings().demo else None,
        demo_password=DEMO_PASSWORD,
    )


def _demo() -> list[dict[str, Any]]:
    rows = store().read(people.list_)
    return [
        {
            "login": row.login,
            "name": row.name,
            "name_en": row.name_en,
            "roles": [role_name(role) for role in row.roles],
        }
        for row in rows
    ]
