"""The client's pages, opened by a signed link: what to do, how far the books are, what was delivered."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.commands import documents, work_items
from engine.commands import portal as commands
from engine.errors import Conflict, InvalidAnswers, InvalidInput, NotFound
from store.queries import portal_pages
from webui import portal_view
from webui.documents import sent
from webui.errors import problems_of, wants_json
from webui.language import LANGUAGES
from webui.place import settings, store

bp = Blueprint("portal", __name__, url_prefix="/portal")

COOKIE_DAYS = 30
FILES = "file:"


@bp.url_value_preprocessor
def open_link(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let only the holder of a valid link in; every other answer tells nothing."""
    del endpoint
    g.person = None
    token = (values or {}).get("token", "")
    g.language = request.cookies.get("portal_language") or g.get("language")
    g.link = store().run(commands.open_link, token)
    g.client = store().read(portal_pages.client, g.link.client_id)
    if g.client is None:
        raise NotFound("This link leads nowhere.")


@bp.get("/<token>")
def home(token: str) -> str:
    """Show all that waits for the client, where the work stands, what was delivered."""
    steps = store().read(portal_pages.steps, client_id())
    return render_template(
        "portal/home.html",
        token=token,
        client=g.client,
        firm=settings().firm_name,
        steps=[portal_view.shown(step) for step in steps],
        stages=portal_view.stages(client_id()),
        papers=store().read(portal_pages.delivered, client_id()),
    )


@bp.get("/<token>/steps/<uuid:item_id>")
def step(token: str, item_id: UUID) -> Any:
    """Show one step: its request list, its amount, its form."""
    found = store().read(portal_pages.step, client_id(), item_id)
    if found is None:
        flash(_("这一步已经完成，谢谢。"), "good")
        return redirect(url_for("portal.home", token=token))
    return render_template(
        "portal/step.html",
        token=token,
        client=g.client,
        firm=settings().firm_name,
        **portal_view.step_page(found),
    )


@bp.post("/<token>/steps/<uuid:item_id>/complete")
def complete(token: str, item_id: UUID) -> AnyResponse:
    """Hand in a step; handed in twice it is done once."""
    found = store().read(portal_pages.step, client_id(), item_id)
    home_url = url_for("portal.home", token=token)
    if found is not None:
        try:
            store().run(work_items.complete, item_id, _answers(found), by=None)
        except InvalidAnswers as error:
            if not wants_json():
                raise
            response = jsonify(problems=problems_of(error), title=_("表单还不能提交"))
            response.status_code = 422
            return response
        except Conflict:  # a second tap while the first was on its way
            if store().read(portal_pages.step, client_id(), item_id) is not None:
                raise
    flash(_("已收到，谢谢！"), "good")
    return jsonify(next=home_url) if wants_json() else redirect(home_url, 303)


@bp.post("/<token>/steps/<uuid:item_id>/draft")
def save_draft(token: str, item_id: UUID) -> Response:
    """Keep what the client has filled in so far."""
    del token
    if store().read(portal_pages.step, client_id(), item_id) is None:
        raise NotFound("This step is done.")
    given = (request.get_json(silent=True) or {}).get("answers", {})
    return jsonify(version=store().run(work_items.save_draft, item_id, given, by=None))


@bp.post("/<token>/steps/<uuid:item_id>/upload")
def upload(token: str, item_id: UUID) -> Response:
    """Keep one file for one line of the request list."""
    del token
    found = store().read(portal_pages.step, client_id(), item_id)
    if found is None:
        raise Conflict("This step is done; nothing was uploaded.")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput("Choose a file.")
    _keep(found, file, request.form.get("code", "upload"))
    return jsonify(uploaded=True)


@bp.get("/<token>/papers/<uuid:document_id>")
def paper(token: str, document_id: UUID) -> Response:
    """Send one delivered paper."""
    del token
    found = store().read(portal_pages.paper, client_id(), document_id)
    if found is None:
        raise NotFound("There is no such paper.")
    return sent(found, inline=False)


@bp.get("/<token>/language/<chosen>")
def choose_language(token: str, chosen: str) -> AnyResponse:
    """Keep the client's language in a cookie."""
    response = redirect(url_for("portal.home", token=token))
    if chosen in LANGUAGES:
        response.set_cookie(
            "portal_language",
            chosen,
            max_age=COOKIE_DAYS * 86400,
            httponly=True,
            samesite="Lax",
            path="/portal",
            secure=settings().secure_cookies,
        )
    return response


def client_id() -> UUID:
    """Return the client of the link."""
    return cast("UUID", g.link.client_id)


def _answers(found: portal_pages.Step) -> dict[str, Any]:
    try:
        answers = json.loads(request.form.get("answers", "{}"))
    except ValueError as error:
        raise InvalidInput("The answers are no JSON; reload the page.") from error
    for name in request.files:
        key = name.removeprefix(FILES)
        answers[key] = [_keep(found, file, "upload") for file in request.files.getlist(name)]
    return cast("dict[str, Any]", answers)


def _keep(found: portal_pages.Step, file: Any, code: str) -> str:
    """Keep an upload once: the same bytes for the same line are the same paper."""
    body = file.read()
    known = store().read(
        portal_pages.same_upload, client_id(), found.period or "", kind=code, digest=sha256(body).hexdigest()
    )
    kept = known or store().run(
        documents.add,
        body,
        file.filename or "file",
        file.mimetype or "application/octet-stream",
        client=client_id(),
        period=found.period,
        kind=code,
        by=None,
        from_portal=True,
    )
    return str(kept)
