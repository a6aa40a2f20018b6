"""How the variables that a Step wrote are told in the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def together(written: Iterable[tuple[int, str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Put (scope, name, value) together by scope. A name written twice begins anew: of two writers both are told."""
    found: list[tuple[int, dict[str, Any]]] = []
    latest: dict[int, dict[str, Any]] = {}
    for scope, name, value in written:
        if scope not in latest or name in latest[scope]:
            latest[scope] = {}
            found.append((scope, latest[scope]))
        latest[scope][name] = value
    return found
