"""Who asks: the person of the session, and the pages that are open to everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask, g, redirect, request, session, url_for
from werkzeug.exceptions import Unauthorized

from engine.commands import people
from engine.people import Person
from store.queries.scope import Scope
from webui.errors import wants_json
from webui.place import person, store

OPEN = frozenset(
    {"static", "sign_in.show", "sign_in.enter", "sign_in.choose_language", "health.live", "health.ready"}
)
"""Endpoints without a person; the portal's blueprint has its own key, the link."""


def scope() -> Scope:
    """Return what the signed-in person may see."""
    who = person()
    return Scope(who.id, who.login, who.roles, who.teams, who.may("clients.view_all"))


def remember(who: Person, epoch: int) -> None:
    """Begin the person's session."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    session["person"], session["epoch"] = str(who.id), epoch
    if language:
        session["language"] = language


def _load_person() -> Any:
    g.person = None
    if request.path.startswith("/portal") or request.endpoint == "static":
        return None
    if "person" in session:
        g.person = store().read(people.of_session, UUID(session["person"]), session.get("epoch", 0))
    if g.person is not None or request.endpoint is None or request.endpoint in OPEN:
        return None  # an address that leads nowhere is told in the frame to whoever has one
    if wants_json():
        raise Unauthorized
    return redirect(url_for("sign_in.show", back=request.full_path if request.method == "GET" else None))


def init_app(app: Flask) -> None:
    """Ask every request who it comes from."""
    app.before_request(_load_person)
