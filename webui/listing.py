"""How lists read what is asked of them: page, sort key, filter text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from store.queries.paging import Paging

ROWS = 50


def paging(default: str, sorts: Mapping[str, Any], *, size: int = ROWS) -> Paging:
    """Return the page asked for; a sort key that the list does not have is the default one."""
    number = request.args.get("page", "1")
    sort = request.args.get("sort", default)
    known = sort if sort.removeprefix("-") in sorts else default
    return Paging(max(1, int(number)) if number.isdigit() else 1, size, known)


def asked_text() -> str | None:
    """Return the text that the list is filtered by, if any."""
    return request.args.get("text", "").strip() or None
