"""What an advance knows of the world: the time, the zone, functions, decisions, and its budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer of a decision, and what the history keeps of it (JSON): one mapping for each table that was asked."""

    value: Any
    evaluated: tuple[Mapping[str, Any], ...] = ()


Decide = Callable[[str, str | None, Mapping[str, Any]], Decided]


def no_decisions(decision_id: str, version_tag: str | None, context: Mapping[str, Any]) -> Decided:
    """Refuse: this installation has no decisions."""
    del version_tag, context
    message = f"No decision «{decision_id}» is deployed."
    raise LookupError(message)


@dataclass(frozen=True)
class Moment:
    """The world of one command. ``now`` carries an offset; ``budget`` bounds how many tokens one advance may run.

    ``seconds`` bounds how long it may take meanwhile: it holds its row and, on SQLite, the only writer.
    ``decide(decision id, version tag or None, variables)`` evaluates a decision; ``functions`` are known to FEEL.
    """

    now: datetime
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    functions: Mapping[str, Any] = field(default_factory=dict)
    decide: Decide = no_decisions
    budget: int = 50_000
    items: int = 10_000
    seconds: float = 20.0

    @cached_property
    def environment(self) -> feel.Environment:
        """What FEEL sees beside the variables."""
        return feel.Environment(now=self.now, zone=self.zone, functions=self.functions)
