"""Decisions as handlers ask them: the newest deployed table answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import _definitions
from store.unit_of_work import UnitOfWork


def decide(
    uow: UnitOfWork, decision_id: str, context: Mapping[str, Any], *, version_tag: str | None = None
) -> Any:
    """Return the answer of a deployed decision (FEEL values); NotFound when none is deployed, DecisionError when it fails."""
    return _definitions.decide(uow, decision_id, version_tag, context)
