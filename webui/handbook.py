"""手册: the firm's operations manual, made from the SOP texts of the deployed processes."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Blueprint, render_template, request

from engine.errors import NotFound
from store.queries import definitions
from webui import drawings, handbook_text
from webui.definitions import card, newest
from webui.place import need, store
from webui.words import GROUP, word

bp = Blueprint("handbook", __name__, url_prefix="/handbook")

LINES = 4


@bp.get("/")
def index() -> str:
    """Show the contents, or where the words looked for stand."""
    need("processes.view")
    words = request.args.get("q", "").strip()
    return render_template(
        "handbook/index.html", contents=contents(), words=words, found=_found(words) if words else ()
    )


@bp.get("/print")
def whole() -> str:
    """Show the whole handbook on one page, for paper."""
    need("processes.view")
    chapters = []
    for group in contents():
        for each in group.processes:
            process = drawings.process_of(each.definition_id)
            if process is not None:
                chapters.append((each, handbook_text.chapter(process)))
    return render_template("handbook/print.html", chapters=chapters, contents=contents())


@bp.get("/<key>")
def show(key: str) -> str:
    """Show one process of the handbook: purpose, lanes, diagram, each step's rules, limits and papers."""
    need("processes.view")
    row = newest(key)
    process = drawings.process_of(row.id)
    if process is None:
        raise NotFound(
            f"The process «{key}» was deployed by an older release; deploy it again to read it here."
        )
    return render_template(
        "handbook/show.html",
        contents=contents(),
        card=card(row),
        definition=row,
        chapter=handbook_text.chapter(process),
        titles={each.key: each.title for group in contents() for each in group.processes},
    )


def contents() -> list[SimpleNamespace]:
    """Return the chapters (groups) with their processes."""
    chapters: dict[str, list[SimpleNamespace]] = {}
    for row in store().read(definitions.list_, "process"):
        each = card(row)
        each.definition_id = row.id
        chapters.setdefault(each.group, []).append(each)
    order = list(GROUP)
    keys = sorted(chapters, key=lambda key: order.index(key) if key in order else len(order))
    return [
        SimpleNamespace(
            name=word("group", key) if key in GROUP else chapters[key][0].group_name, processes=chapters[key]
        )
        for key in keys
    ]


def _found(words: str) -> list[SimpleNamespace]:
    found = []
    for group in contents():
        for each in group.processes:
            process = drawings.process_of(each.definition_id)
            lines = handbook_text.fits(process, each.title, words) if process is not None else []
            if lines:
                found.append(SimpleNamespace(card=each, lines=lines[:LINES], more=max(0, len(lines) - LINES)))
    return sorted(found, key=lambda each: words.lower() not in each.card.title.lower())
