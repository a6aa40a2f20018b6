"""Received and produced papers: shown beside their form, downloaded, added by staff."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.commands import documents as commands
from engine.errors import InvalidInput, NotFound
from store.queries import clients, documents
from webui.access import scope
from webui.place import need, person, store
from webui.returning import back

bp = Blueprint("documents", __name__, url_prefix="/documents")

SHOWN_AS_THEY_ARE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
TEXTS = frozenset({"text/csv", "text/xml", "application/xml", "text/plain", "application/json"})
PREVIEW = 200_000


@bp.get("/<uuid:document_id>")
def show(document_id: UUID) -> str:
    """Show one document with its facts."""
    row = document_of(document_id)
    return render_template("documents/show.html", shown=row, text=preview_text(row))


@bp.get("/<uuid:document_id>/file")
def file(document_id: UUID) -> Response:
    """Return the bytes; what a browser could run is only ever downloaded."""
    row = document_of(document_id)
    return sent(row, inline=row.media_type in SHOWN_AS_THEY_ARE and not request.args.get("download"))


@bp.post("/add")
def add() -> AnyResponse:
    """Keep files for a client's period."""
    need("work.take")
    files = [file for file in request.files.getlist("file") if file.filename]
    client = request.form.get("client", type=UUID)
    if not files:
        raise InvalidInput("Choose a file.")
    if client is not None and store().read(clients.get, scope(), client) is None:
        raise NotFound(f"There is no client «{client}» for you.")
    for each in files:
        store().run(
            commands.add,
            each.read(),
            each.filename or "file",
            each.mimetype,
            client=client,
            period=request.form.get("period") or None,
            kind=request.form.get("kind", "other"),
            by=person(),
        )
    flash(_("已添加 %(n)s 个文件。", n=len(files)), "good")
    return back(url_for("home"))


def document_of(document_id: UUID) -> documents.DocumentRow:
    """Return a document that the person may see."""
    row = store().read(documents.get, scope(), document_id)
    if row is None:
        raise NotFound(f"There is no document {document_id} for you.")
    return row


def preview_text(row: documents.DocumentRow) -> str | None:
    """Return the beginning of a text document, None for others."""
    if row.media_type not in TEXTS:
        return None
    body = store().documents.get(row.digest)[:PREVIEW]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


class Sendable(Protocol):
    """A paper with what sending it needs."""

    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def filename(self) -> str: ...  # noqa: D102
    @property
    def media_type(self) -> str: ...  # noqa: D102


def sent(row: Sendable, *, inline: bool) -> Response:
    """Return the bytes of a document as an answer that no browser will run."""
    response = Response(store().documents.get(row.digest), mimetype=row.media_type)
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", filename=row.filename)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    if not inline:
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
