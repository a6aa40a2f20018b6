"""The client's pages, opened by a signed link: what to do, how far the books are, what was delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from engine import feel
from engine.commands import work_items
from engine.errors import Conflict, InvalidAnswers, InvalidInput, NotFound
from store.queries import portal_pages
from webui import portal_form, portal_guard, portal_stages, portal_uploads, portal_view
from webui.documents import sent
from webui.errors import problems_of, wants_json
from webui.form_words import problem_text
from webui.language import LANGUAGES
from webui.place import settings, store

bp = Blueprint("portal", __name__, url_prefix="/portal")
bp.url_value_preprocessor(portal_guard.keep_token)
bp.before_request(portal_guard.open_link)
bp.after_request(portal_guard.set_headers)

COOKIE_DAYS = 30
FILES = "file:"
UNFIT = 422
RECENT = 4


@bp.get("/<token>")
def home(token: str) -> str:
    """Show all that waits for the client, where the work stands, what was delivered."""
    steps = store().read(portal_pages.steps, client_id())
    papers = store().read(portal_pages.delivered, client_id())
    return _page(
        "portal/home.html",
        token,
        steps=portal_view.cards(steps, client_id()),
        lines=portal_stages.lines(client_id(), store().clock.now()),
        papers=papers,
        recent=papers[: max(RECENT, sum(each.at == papers[0].at for each in papers))] if papers else (),
    )


@bp.get("/<token>/steps/<uuid:item_id>")
def step(token: str, item_id: UUID) -> Any:
    """Show one step: its request list, its amount, its form."""
    found = store().read(portal_pages.step, client_id(), item_id)
    if found is None:
        flash(_("这一步已经完成，谢谢。"), "good")
        return redirect(url_for("portal.home", token=token))
    return _step_page(token, portal_view.opened(found, client_id()), {})


@bp.post("/<token>/steps/<uuid:item_id>/complete")
def complete(token: str, item_id: UUID) -> Any:
    """Hand in a step; handed in twice it is done once."""
    home_url = url_for("portal.home", token=token)
    found = store().read(portal_pages.step, client_id(), item_id)
    if found is not None:
        opened = portal_view.opened(found, client_id())
        answers = _answers(found, opened)
        try:
            store().run(work_items.complete, item_id, answers, by=None)
        except InvalidAnswers as error:
            if wants_json():
                return jsonify(problems=problems_of(error), title=_("表单还不能提交")), UNFIT
            problems = {path: problem_text(problem) for path, problem in error.problems.items()}
            return _step_page(token, opened, problems, answers), UNFIT
        except Conflict:  # a second tap while the first was on its way
            if store().read(portal_pages.step, client_id(), item_id) is not None:
                raise
    flash(_("已收到，谢谢！"), "good")
    return jsonify(next=home_url) if wants_json() else redirect(home_url, 303)


@bp.post("/<token>/steps/<uuid:item_id>/draft")
def save_draft(token: str, item_id: UUID) -> Response:
    """Keep what the client has filled in so far, and tell which fields that hides or asks for."""
    del token
    found = store().read(portal_pages.step, client_id(), item_id)
    if found is None:
        raise NotFound("This step is done.")
    if request.is_json:
        given = (request.get_json(silent=True) or {}).get("answers", {})
        return jsonify(version=store().run(work_items.save_draft, item_id, given, by=None))
    opened = portal_view.opened(found, client_id())
    if opened.form is None:
        return jsonify(saved=True)
    answers = portal_form.answers_of(opened.form, request.form)
    store().run(work_items.save_draft, item_id, _stored(answers), by=None)
    fields = portal_form.shown(opened.form, answers, {})
    return jsonify(
        saved=True,
        hidden=[each.key for each in fields if each.key and each.hidden],
        required=[each.key for each in fields if each.key and each.required],
    )


@bp.post("/<token>/steps/<uuid:item_id>/upload")
def upload(token: str, item_id: UUID) -> Any:
    """Keep files for lines of the request list or for a field; sent again they are kept once."""
    found = store().read(portal_pages.step, client_id(), item_id)
    if found is None:
        raise Conflict(_("这一步已经完成，没有上传。"))
    kept = []
    for name in request.files:
        code = request.form.get("code") or name.removeprefix(FILES)
        kept += _kept(found, name, code, request.form.get("key", ""))
    if not kept:
        raise InvalidInput(_("请选择文件。"))
    if wants_json():
        return jsonify(uploaded=[str(each) for each in kept])
    flash(_("已收到 %(n)s 个文件，谢谢！", n=len(kept)), "good")
    return redirect(url_for("portal.step", token=token, item_id=item_id), 303)


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
            portal_guard.COOKIE,
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


def _page(template: str, token: str, **values: Any) -> str:
    return render_template(template, token=token, client=g.client, firm=settings().firm_name, **values)


def _step_page(
    token: str,
    opened: portal_view.Opened,
    problems: Mapping[str, str],
    answers: Mapping[str, Any] | None = None,
) -> str:
    given = opened.answers if answers is None else answers
    fields = portal_form.shown(opened.form, given, problems) if opened.form and opened.is_plain else ()
    ids = [UUID(each) for each in _ids(given, fields)]
    return _page(
        "portal/step.html",
        token,
        step=opened.card,
        fields=fields,
        problems=problems,
        viewer=None if opened.is_plain else portal_view.for_viewer(opened),
        files={str(each.id): each for each in store().read(portal_pages.own, client_id(), ids)},
        accept=portal_uploads.ACCEPT,
        megabytes=settings().upload_megabytes,
    )


def _ids(answers: Mapping[str, Any], fields: Any) -> list[str]:
    keys = [each.key for each in fields if each.look == "filepicker"]
    return [str(one) for key in keys for one in answers.get(key) or ()]


def _answers(found: portal_pages.Step, opened: portal_view.Opened) -> dict[str, Any]:
    """Read the answers of this request; files that came with it are kept and named by their documents."""
    if opened.form is None:
        return {}
    if "answers" in request.form:
        answers = _json(request.form["answers"])
    else:
        answers = portal_form.answers_of(opened.form, _own_files(request.form))
    for name in request.files:
        key = name.removeprefix(FILES)
        kept = [str(each) for each in _kept(found, name, key, "")]
        if kept and key in opened.form.form.keys:
            answers[key] = [*(answers.get(key) or ()), *kept] if isinstance(answers.get(key), list) else kept
    return answers


def _own_files(given: MultiDict[str, str]) -> MultiDict[str, str]:
    """Leave out names of documents that this client has not sent."""
    named = [(name, value) for name, value in given.items(multi=True) if name.startswith(portal_form.KEPT)]
    ids = [UUID(value) for _name, value in named if len(value) == len(str(UUID(int=0)))]
    own = {str(each.id) for each in store().read(portal_pages.own, client_id(), ids)}
    return MultiDict(
        (name, value)
        for name, value in given.items(multi=True)
        if not name.startswith(portal_form.KEPT) or value in own
    )


def _kept(found: portal_pages.Step, name: str, code: str, key: str) -> list[UUID]:
    files = [file for file in request.files.getlist(name) if file.filename]
    return [
        portal_uploads.keep(
            portal_uploads.Upload(
                client_id(), found.period, code, found.instance_id, f"{key}-{place}" if key and place else key
            ),
            file,
        )
        for place, file in enumerate(files)
    ]


def _json(text: str) -> dict[str, Any]:
    try:
        answers = json.loads(text)
    except ValueError as error:
        raise InvalidInput(_("内容不完整，请刷新页面后再提交。")) from error
    if not isinstance(answers, dict):
        raise InvalidInput(_("内容不完整，请刷新页面后再提交。"))
    return answers


def _stored(answers: Mapping[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", feel.to_json(feel.native(answers)))
