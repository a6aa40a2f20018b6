"""Headers of every answer, and the token that a changing request must carry."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, Response, request, session
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
YEAR = 31536000


def csrf_token() -> str:
    """Return the session's token, made when first asked for."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    token: str = session["csrf"]
    return token


def csrf_field() -> Markup:
    """Return the hidden field for a form."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf_token())


def _check_token() -> None:
    if request.method not in CHANGING or request.blueprint == "portal":
        return  # who knows the portal's address holds its key: there is no session for another site to borrow
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(given.encode(), session.get("csrf", "").encode()) or not given:
        raise BadRequest(_("页面已过期，请返回并刷新后再提交；您填写的内容没有提交。"))


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    built = request.path.startswith("/static/built/")
    if built:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask) -> None:
    """Guard every request and answer of the application."""
    app.before_request(_check_token)
    app.after_request(_set_headers)
    app.jinja_env.globals.update(csrf_field=csrf_field, csrf_token=csrf_token)
