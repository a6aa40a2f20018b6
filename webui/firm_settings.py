"""设置: limits and periods that the firm may change; processes read them as ``settings.<key>``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import yaml
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response

from engine import feel
from engine.commands import settings as commands
from engine.errors import InvalidInput
from store.queries import firm_settings
from webui import variables
from webui.installation import FIRM_SETTINGS, PROCESSES
from webui.language import by_language
from webui.place import need, person, store

bp = Blueprint("firm_settings", __name__, url_prefix="/settings")

Reader = Callable[[str, str], Any]

UNITS: dict[str, Any] = {
    "workdays": later("工作日"),
    "days": later("天"),
    "times": later("次"),
    "yuan": later("元"),
    "ratio": later("比例"),
    "points": later("分"),
    "months": later("个月"),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A setting as the settings page asks for it: by its name in words, with a field that fits its unit."""

    key: str
    label: str
    unit: str
    value: str
    row: firm_settings.SettingRow

    @property
    def unit_name(self) -> str:
        """The unit in words; nothing when the value has none."""
        return str(UNITS.get(self.unit, ""))


@bp.get("/")
def index() -> str:
    """List all settings of the firm, those of the seed in its order, then those of the firm's own."""
    need("settings.edit")
    order = list(_explanations())
    rows = sorted(
        store().read(firm_settings.list_),
        key=lambda row: order.index(row.key) if row.key in order else len(order),
    )
    return render_template("firm_settings/index.html", rows=[_explained(row) for row in rows])


@bp.post("/")
def put() -> Response:
    """Change one setting."""
    need("settings.edit")
    key, text = request.form.get("key", "").strip(), request.form.get("value", "")
    store().run(commands.put, key, feel.from_json(_read(key, text)), by=person())
    flash(_("已保存「%(key)s」。", key=_label(key)), "good")
    return redirect(url_for("firm_settings.index"), 303)


@cache
def _explanations() -> Mapping[str, Mapping[str, str]]:
    path = PROCESSES / FIRM_SETTINGS
    rows = yaml.safe_load(path.read_text("utf-8")) if path.exists() else []
    return {row["key"]: row for row in rows}


def _explained(row: firm_settings.SettingRow) -> Explained:
    stored = row.value["value"] if set(row.value) == {"value"} else row.value
    value = feel.from_json(stored)
    unit = str(_explanations().get(row.key, {}).get("unit", ""))
    shown = value if unit in {"text", "cycle"} and isinstance(value, str) else variables.shown(value)
    return Explained(row.key, _label(row.key), unit, shown, row)


def _label(key: str) -> str:
    found = _explanations().get(key, {})
    return by_language(found.get("zh", key), found.get("en", key))


def _read(key: str, text: str) -> Any:
    unit = _explanations().get(key, {}).get("unit", "")
    fallback: Reader = _number if unit in UNITS else _json
    return _READERS.get(unit, fallback)(key, text)


def _json(key: str, text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        raise InvalidInput(
            f'The value of «{key}» is no JSON: write texts in quotes, such as "abc" ({error}).'
        ) from error


def _number(key: str, text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise InvalidInput(f"The value of «{key}» must be a number, not «{text}».") from None


_READERS: dict[str, Reader] = {
    "text": lambda _key, text: text.strip(),
    "cycle": lambda _key, text: text.strip(),
    "yesno": lambda _key, text: text == "true",
}
