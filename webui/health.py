"""For the machine that watches this one: alive, and ready to work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from store import schema
from webui.place import store

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> Response:
    """Tell that the process answers."""
    return jsonify(alive=True)


@bp.get("/ready")
def ready() -> Response:
    """Tell that the database answers."""
    schema.answer(store().engine)
    return jsonify(ready=True)
