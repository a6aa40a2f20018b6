"""设置: limits and periods that the firm may change, by group; processes read them as ``settings.<key>``."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import feel
from engine.commands import settings as commands
from engine.errors import InvalidInput
from store.queries import firm_settings
from store.queries.firm_settings import SettingRow
from webui import settings_words, variables
from webui.listing import asked_text
from webui.place import need, person, store
from webui.settings_words import GROUPS, NUMBERS, TEXTS, UNITS, WHOLE, Described

bp = Blueprint("firm_settings", __name__, url_prefix="/settings")

YES_NO = {"true": True, "false": False}


@bp.get("/")
def index() -> str:
    """List all settings of the firm by group."""
    need("settings.edit")
    text = (asked_text() or "").lower()
    rows = [_shown(row) for row in store().read(firm_settings.list_)]
    order = list(settings_words.described())
    rows.sort(key=lambda row: order.index(row.key) if row.key in order else len(order))
    groups = [
        (key, label, [row for row in rows if row.group == key and text in f"{row.key} {row.label}".lower()])
        for key, label in GROUPS.items()
    ]
    return render_template(
        "firm_settings/index.html",
        groups=[group for group in groups if group[2]],
        text=text,
        mended=request.args.get("saved", ""),
    )


@bp.post("/")
def put() -> Response:
    """Change one setting."""
    need("settings.edit")
    key, text = request.form.get("key", "").strip(), request.form.get("value", "").strip()
    about = settings_words.of(key)
    store().run(commands.put, key, feel.native(_value(about, text)), by=person())
    flash(_("已保存「%(key)s」。", key=about.label), "good")
    return redirect(url_for("firm_settings.index", saved=key) + f"#{about.group}", 303)


def _shown(row: SettingRow) -> SimpleNamespace:
    about = settings_words.of(row.key)
    value = feel.from_json(row.value["value"] if set(row.value) == {"value"} else row.value)
    return SimpleNamespace(
        key=row.key,
        label=about.label,
        group=about.group if about.group in GROUPS else "other",
        unit=about.unit,
        unit_name=UNITS.get(about.unit, about.unit),
        whole=about.unit in WHOLE,
        value=_written(about, value),
        is_true=value is True,
        factory=_factory(about, value),
        at=row.at,
        changed_by=row.changed_by,
    )


def _factory(about: Described, value: Any) -> str:
    """Return the factory value when the firm has another one."""
    if about.factory is None or feel.native(about.factory) == value:
        return ""
    return _written(about, feel.native(about.factory))


def _written(about: Described, value: Any) -> str:
    if about.unit == "yesno":
        return str(_("是") if value is True else _("否"))
    if about.unit in TEXTS and isinstance(value, str):
        return value
    return format(value, "f") if isinstance(value, Decimal) else variables.shown(value)


def _value(about: Described, text: str) -> Any:
    """Return the value that a text means, by the setting's unit; others are written as JSON."""
    if about.unit in TEXTS:
        return text
    if about.unit == "yesno":
        if text not in YES_NO:
            raise InvalidInput(f"«{about.key}» is yes or no; choose one of them.")
        return YES_NO[text]
    if about.unit in NUMBERS:
        return _number(about, text)
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        raise InvalidInput(
            f'The value of «{about.key}» is no JSON: write texts in quotes, such as "abc" ({error}).'
        ) from error


def _number(about: Described, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise InvalidInput(f"«{about.key}» must be a number, not «{text}».") from None
    if not number.is_finite() or number < 0 or (about.unit in WHOLE and number != number.to_integral_value()):
        raise InvalidInput(f"«{about.key}» must be a whole number of 0 or more, not «{text}».")
    return number
