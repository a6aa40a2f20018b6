"""Finding instances by what they know: a FEEL condition over their variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from sqlalchemy import Connection

from engine import feel
from engine.commands._running import variable_value
from engine.commands.trying import plain
from engine.errors import ExpressionError
from store.queries import instance_search
from store.queries.instances import InstanceFilter, InstanceRow
from store.queries.scope import Scope

AT_ONCE = 500
MOST_LOOKED_AT = 20_000
MOST_FOUND = 200
LONGEST = 3.0
"""Seconds for all instances together."""
OWN = "this"


@dataclass(frozen=True, slots=True)
class Found:
    """The instances that a condition is true for, the newest first.

    ``failed``: how many it could not be evaluated for, with the first ``error``. ``whole``: all were looked at.
    """

    rows: tuple[InstanceRow, ...]
    looked_at: int
    failed: int
    error: str
    whole: bool


def find(
    connection: Connection,
    scope: Scope,
    filters: InstanceFilter,
    condition: str,
    *,
    env: feel.Environment,
    most: int = MOST_FOUND,
) -> Found:
    """Return the newest instances, among those the person may see, that the condition is true for.

    It reads the variables of the process and ``this``: process, version, state, period, business key, client, started
    at, ended at. Raises ExpressionError when it cannot be read. Where variables have the name ``this`` they rule.
    """
    expression = feel.compile(plain(condition.rstrip()), functions=env.functions)
    names = expression.variables | expression.maybe_variables
    ends = monotonic() + LONGEST
    search = _Search(expression, replace(env, limits=feel.Limits(seconds=LONGEST), until=ends))
    before = None
    while search.looked_at < MOST_LOOKED_AT and len(search.rows) < most:
        rows = instance_search.newest(connection, scope, filters, before=before, limit=AT_ONCE)
        known = instance_search.root_variables(connection, [row.id for row in rows], names) if names else {}
        for row in rows:
            if monotonic() > ends:
                return search.found(most, whole=False)
            search.look(row, known.get(row.id, {}))
        if len(rows) < AT_ONCE:
            return search.found(most, whole=True)
        before = rows[-1].id
    return search.found(most, whole=False)


class _Search:
    """What has been found so far."""

    def __init__(self, expression: feel.Expression, env: feel.Environment) -> None:
        self._expression, self._env = expression, env
        self.rows: list[InstanceRow] = []
        self.looked_at = self._failed = 0
        self._error = ""

    def look(self, row: InstanceRow, stored: Mapping[str, str]) -> None:
        """Evaluate the condition for one instance."""
        self.looked_at += 1
        known: dict[str, Any] = {name: variable_value(value) for name, value in stored.items()}
        try:
            if self._expression.evaluate({OWN: _facts(row), **known}, self._env) is True:
                self.rows.append(row)
        except ExpressionError as error:
            self._failed += 1
            self._error = self._error or error.message

    def found(self, most: int, *, whole: bool) -> Found:
        """Return at most so many."""
        whole = whole and len(self.rows) <= most
        return Found(tuple(self.rows[:most]), self.looked_at, self._failed, self._error, whole)


def _facts(row: InstanceRow) -> dict[str, Any]:
    return {
        "process": row.process,
        "version": row.process_version,
        "state": row.state,
        "period": row.period,
        "business key": row.business_key,
        "client": row.client_code,
        "started at": row.started_at,
        "ended at": row.ended_at,
    }
