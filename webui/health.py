"""For the machine that watches this one: alive, and ready to work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection, text

from webui.place import store

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> Response:
    """Tell that the process answers."""
    return jsonify(alive=True)


@bp.get("/ready")
def ready() -> Response:
    """Tell that the database answers."""
    store().read(_answer)
    return jsonify(ready=True)


def _answer(connection: Connection) -> None:
    connection.execute(text("select 1"))
