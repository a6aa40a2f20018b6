"""The gate's problems in the page's language: by the rule's slug, with the gate's own sentence where it says more."""

from __future__ import annotations

from typing import Any

from webui.language import language

RULES: dict[str, Any] = {}


def shown(problem: Any) -> dict[str, Any]:
    """Return a problem (of a diagram, a form or a decision) as the studio lists it."""
    rule = getattr(problem, "rule", "")
    message = getattr(problem, "message", str(problem))
    words = RULES.get(rule)
    if words is not None and language() != "en":
        message = f"{words}（{message}）"
    return {
        "file": getattr(problem, "file", ""),
        "element": getattr(problem, "element", ""),
        "name": getattr(problem, "name", "") or getattr(problem, "place", ""),
        "line": getattr(problem, "line", 0),
        "rule": rule,
        "message": message,
        "advice": getattr(problem, "advice", ""),
    }
