"""Coverage of decisions: which rules of a deployed version fired how often, and when last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.commands._evaluated import read_outcome
from store.queries import decisions


@dataclass(frozen=True, slots=True)
class Count:
    """How often, and when last; never: 0 and None."""

    times: int = 0
    last: datetime | None = None

    def and_(self, times: int, last: datetime) -> Count:
        """Return this count and another together."""
        return Count(self.times + times, last if self.last is None else max(self.last, last))


NEVER = Count()


@dataclass(frozen=True, slots=True)
class Coverage:
    """One decision of one version: evaluations in all, those in which no rule fired, and each rule by its number."""

    evaluated: Count = NEVER
    without_rule: Count = NEVER
    rules: Mapping[int, Count] = field(default_factory=dict)


def read(connection: Connection, definition_ids: Collection[UUID]) -> Mapping[tuple[UUID, str], Coverage]:
    """Return the coverage of the decisions of versions that were evaluated at all, by version and id of the decision."""
    found: dict[tuple[UUID, str], Coverage] = {}
    for row in decisions.outcomes(connection, definition_ids):
        decision, numbers = read_outcome(row.outcome)
        key, fired = (row.definition_id, decision), tuple(numbers)
        before = found.get(key, Coverage())
        rules = dict(before.rules)
        for number in fired:
            rules[number] = rules.get(number, NEVER).and_(row.count, row.last)
        found[key] = Coverage(
            before.evaluated.and_(row.count, row.last),
            before.without_rule if fired else before.without_rule.and_(row.count, row.last),
            rules,
        )
    return found
