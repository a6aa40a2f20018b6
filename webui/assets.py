"""What the front end's build made: names of the bundles and of the icon sprite."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import url_for
from markupsafe import Markup

from engine.errors import NotFound

BUILT = Path(__file__).parent / "static" / "built"


@cache
def _manifest(stamp: float) -> dict[str, str]:
    del stamp  # a new build is a new manifest
    names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return names


def asset(name: str) -> str:
    """Return the address of a built file by its plain name, such as ``app.js``."""
    manifest = BUILT / "manifest.json"
    if not manifest.exists():
        raise NotFound(
            "The front end is not built; run «npm ci --ignore-scripts && npm run build» in webui/frontend."
        )
    names = _manifest(manifest.stat().st_mtime)
    if name not in names:
        raise NotFound(f"The front end's build has no «{name}»; build it again.")
    return url_for("static", filename=f"built/{names[name]}")


def icon(name: str, css: str = "") -> Markup:
    """Return one icon of the sprite; decoration only, the text beside it says what it means."""
    return Markup(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    ).format(css, asset("icons"), name)
