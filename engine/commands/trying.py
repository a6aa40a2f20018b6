"""Trying an expression or a decision on variables that are at hand: nothing is kept, no transaction is open meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from time import monotonic
from typing import Any
from uuid import UUID

from engine import dmn, feel
from engine.commands import _definitions
from engine.errors import InvalidInput, NotFound
from store.unit_of_work import Store, UnitOfWork

SECONDS = 3
"""All expressions of one trial together: a table has hundreds of cells."""
STEPS = 1_000_000


def expression(store: Store, text: str, variables: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """Return the value of an expression (with or without ``=`` before it) and the warnings; ExpressionError."""
    known = _environment(store)
    return feel.compile(plain(text), functions=known.functions).evaluate_with_warnings(variables, known)


def plain(text: str) -> str:
    """Return an expression without the sign that process files write before it; lines and columns stay as they are."""
    return text.replace("=", " ", 1) if text.lstrip().startswith("=") else text


def decision(
    store: Store, decisions: dmn.Decisions, decision_id: str, variables: Mapping[str, Any]
) -> dmn.Evaluation:
    """Return what a decision gives; DecisionError."""
    return decisions.evaluate(decision_id, variables, _environment(store))


def deployed(uow: UnitOfWork, definition_id: UUID) -> dmn.Decisions:
    """Return the decisions of a deployed version; to be called by ``store.look``."""
    return _definitions.decisions_of(uow, _definitions.by_id(uow, definition_id))


def drafted(uow: UnitOfWork, body: bytes, path: str) -> dmn.Decisions:
    """Return the decisions of a file that is being written, with what it imports as it is deployed. For ``store.look``."""
    heading = dmn.heading(body, file=path)
    beside = _definitions.imported_files(uow, heading, without={PurePosixPath(path).stem})
    return dmn.parse(body, file=path, beside=beside)


def newest(uow: UnitOfWork, decision_id: str) -> dmn.Decisions:
    """Return the newest deployed decisions among which one is; NotFound. To be called by ``store.look``."""
    for each in _definitions.newest_of_kind(uow, "decision"):
        found = _definitions.decisions_of(uow, each)
        if decision_id in found.ids:
            return found
    raise NotFound(f"No deployed decision file has the decision «{decision_id}»; deploy one that has it.")


def written(store: Store, text: str) -> dict[str, Any]:
    """Return the variables of a text, JSON or a FEEL context; ExpressionError or InvalidInput."""
    value: Any = {}
    if text.strip():
        value = _json(text)
    if value is None:
        value, warnings = expression(store, text, {})
        if warnings:
            raise InvalidInput(f"The variables have a mistake: {warnings[0]}")
    if not isinstance(value, dict):
        message = 'Write the variables as {"name": value}.'
        raise InvalidInput(message)
    return value


def _json(text: str) -> Any:
    """Return the value of JSON text; None when it is none, FEEL perhaps."""
    try:
        return feel.native(json.loads(text, parse_float=Decimal, parse_int=Decimal))
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _environment(store: Store) -> feel.Environment:
    return feel.Environment(
        now=store.clock.now(),
        zone=store.zone,
        functions=store.surroundings.functions,
        limits=feel.Limits(steps=STEPS, seconds=SECONDS),
        until=monotonic() + SECONDS,
    )
