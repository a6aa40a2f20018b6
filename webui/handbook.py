"""手册: the firm's operations manual, made from the SOP texts of the deployed processes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from store.queries import definitions
from webui import drawings
from webui.definitions import card, newest, steps
from webui.language import by_language
from webui.place import need, store
from webui.words import GROUP, word

bp = Blueprint("handbook", __name__, url_prefix="/handbook")


@bp.get("/")
def index() -> Any:
    """Open the handbook at its first chapter."""
    need("processes.view")
    chapters = contents()
    if not chapters:
        return render_template("handbook/empty.html")
    first: Response = redirect(url_for("handbook.show", key=chapters[0].processes[0].key))
    return first


@bp.get("/<key>")
def show(key: str) -> str:
    """Show one process of the handbook: purpose, diagram, each step's rules and papers."""
    need("processes.view")
    row = newest(key)
    process = drawings.process_of(row.id)
    return render_template(
        "handbook/show.html",
        contents=contents(),
        card=card(row),
        definition=row,
        sop=by_language(process.documentation, process.sop_en) if process else "",
        steps=steps(process),
    )


def contents() -> list[SimpleNamespace]:
    """Return the chapters (groups) with their processes."""
    chapters: dict[str, list[SimpleNamespace]] = {}
    for row in store().read(definitions.list_, "process"):
        each = card(row)
        chapters.setdefault(each.group, []).append(each)
    order = list(GROUP)
    keys = sorted(chapters, key=lambda key: order.index(key) if key in order else len(order))
    return [
        SimpleNamespace(
            name=word("group", key) if key in GROUP else chapters[key][0].group_name, processes=chapters[key]
        )
        for key in keys
    ]
