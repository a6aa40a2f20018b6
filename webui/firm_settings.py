"""设置: limits and periods that the firm may change; processes read them as ``settings.<key>``."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import feel
from engine.commands import settings as commands
from engine.errors import InvalidInput
from store.queries import firm_settings
from webui import variables
from webui.place import need, person, store

bp = Blueprint("firm_settings", __name__, url_prefix="/settings")


@bp.get("/")
def index() -> str:
    """List all settings of the firm."""
    need("settings.edit")
    rows = store().read(firm_settings.list_)
    shown = [(row, variables.shown(feel.from_json(_bare(row.value)))) for row in rows]
    return render_template("firm_settings/index.html", rows=shown)


@bp.post("/")
def put() -> Response:
    """Change one setting."""
    need("settings.edit")
    key, text = request.form.get("key", "").strip(), request.form.get("value", "")
    try:
        value = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        raise InvalidInput(
            f'The value of «{key}» is no JSON: write texts in quotes, such as "abc" ({error}).'
        ) from error
    store().run(commands.put, key, feel.from_json(value), by=person())
    flash(_("已保存「%(key)s」。", key=key), "good")
    return redirect(url_for("firm_settings.index"), 303)


def _bare(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and set(value) == {"value"} else value
