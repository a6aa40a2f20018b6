"""The pages of 账房: ``create_app(store, settings)`` gives the Flask application; the worker is started elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, g, redirect, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from store.unit_of_work import Store
from webui import (
    access,
    batches,
    client_books,
    client_changes,
    clients,
    decisions,
    definitions,
    documents,
    domain_words,
    errors,
    firm_settings,
    formats,
    handbook,
    health,
    instances,
    language,
    migrations,
    operations,
    people,
    portal,
    restarts,
    search,
    security,
    sign_in,
    studio,
    token_changes,
    trying,
    words,
    work_items,
)
from webui.assets import asset, icon
from webui.counters import counters
from webui.navigation import entries
from webui.place import Place, person
from webui.settings import Settings

__all__ = ["create_app"]

MEGABYTE = 1024 * 1024
BLUEPRINTS = (
    sign_in.bp, work_items.bp, client_changes.bp, clients.bp, client_books.bp, instances.bp, token_changes.bp,
    restarts.bp, operations.bp, definitions.bp, decisions.bp, trying.bp, migrations.bp, batches.bp, studio.bp,
    portal.bp, documents.bp, people.bp, firm_settings.bp, handbook.bp, search.bp, health.bp,
)  # fmt: skip


def create_app(store: Store, settings: Settings, *, testing: bool = False) -> Flask:
    """Return the application over ``store``; with ``testing`` an unexpected error reaches the test."""
    app = Flask(__name__)
    app.testing = testing
    app.extensions["zhangfang"] = Place(store, settings)
    _configure(app, settings)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    language.init_app(app, settings.locale)
    access.init_app(app)
    for part in (security, errors, formats, words, domain_words):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/", "home", _home)
    app.context_processor(_surroundings)
    app.jinja_env.globals.update(asset=asset, icon=icon, with_args=with_args)
    return app


def with_args(**changes: Any) -> str:
    """Return the address of this page with some of its arguments changed; None takes one out."""
    args = {**request.view_args, **request.args.to_dict()} if request.view_args else request.args.to_dict()
    args.update({name: str(value) for name, value in changes.items() if value is not None})
    for name, value in changes.items():
        if value is None:
            args.pop(name, None)
    return url_for(request.endpoint or "home", **args)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="zhangfang",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=settings.upload_megabytes * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=8 * MEGABYTE,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _home() -> Response:
    return redirect(url_for(entries(person())[0].endpoint if entries(person()) else "sign_in.me"))


def _surroundings() -> dict[str, Any]:
    who = g.get("person")
    if who is None:
        return {"person": None, "navigation": list, "counters": lambda _key: ()}
    return {
        "person": who,
        "navigation": lambda: entries(who),
        "counters": counters,
        "section": "",
        "page_class": "",
    }
