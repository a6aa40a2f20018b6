"""Decisions as handlers ask them: the newest deployed table answers, and the history of the job's instance tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import _definitions
from engine.commands._calling import asked_by
from store.unit_of_work import UnitOfWork


def decide(
    uow: UnitOfWork, decision_id: str, context: Mapping[str, Any], *, version_tag: str | None = None
) -> Any:
    """Return the answer of a deployed decision (FEEL values); NotFound when none is deployed, DecisionError when it fails."""
    decided = _definitions.decide(uow, decision_id, version_tag, context)
    asked_by(uow).extend(decided.evaluated)
    return decided.value
