"""Risks of a client, at intake and before filing, from what its profile holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from engine.errors import InvalidInput
from handlers.clients.risk_checks import CHECKS
from handlers.clients.risk_profile import RiskProfile
from handlers.findings import Finding, Severity, finding

Level = Literal["low", "medium", "high"]

WEIGHTS: Mapping[Severity, int] = {"info": 0, "low": 1, "medium": 3, "high": 10, "critical": 20}
MEDIUM_FROM, HIGH_FROM = 3, 10


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome: findings, the score (sum of weights by severity), the level, checks that lacked figures."""

    findings: tuple[Finding, ...]
    score: int
    level: Level
    not_checked: tuple[str, ...]


def assess(
    profile: RiskProfile, on: date, *, medium_from: int = MEDIUM_FROM, high_from: int = HIGH_FROM
) -> Assessment:
    """Check a client's profile as of a date; the bounds of the levels are the firm's settings.

    A check whose figures the profile lacks is listed in `not_checked`, never taken as passed.
    Raises NoRule when a limit of law is not on record for the date.
    """
    found: list[Finding] = []
    skipped: list[str] = []
    for code, check in CHECKS.items():
        if any(getattr(profile, name) is None for name in check.needs):
            skipped.append(code)
        elif facts := check.look(profile, on):
            found.append(finding(__package__ or "", code, **facts))
    score = sum(WEIGHTS[each.severity] for each in found)
    level: Level = "high" if score >= high_from else "medium" if score >= medium_from else "low"
    return Assessment(tuple(found), score, level, tuple(skipped))


def read_risk_profile(profile: Mapping[str, Any]) -> RiskProfile:
    """Make a risk profile from a client's variables, unknown keys left aside; InvalidInput names a wrong value."""
    known: dict[str, Any] = {}
    for field in fields(RiskProfile):
        value = profile.get(field.name)
        if value is None:
            continue
        wanted = _KINDS[str(field.type).removesuffix(" | None")]
        given = _read(value, wanted)
        if not isinstance(given, wanted) or isinstance(given, bool) != (wanted is bool):
            raise InvalidInput(f"The client's {field.name} is {value!r}; it must be a {wanted.__name__}.")
        known[field.name] = given
    return RiskProfile(**known)


def _read(value: Any, wanted: type) -> Any:
    """Read what JSON keeps as text or whole number: amounts and days."""
    try:
        if wanted is Decimal and (isinstance(value, str) or type(value) is int):
            return Decimal(value)
        if wanted is date and isinstance(value, str):
            return date.fromisoformat(value)
    except (ArithmeticError, ValueError):
        return value
    return value


_KINDS: Mapping[str, type] = {"Decimal": Decimal, "int": int, "date": date, "bool": bool, "str": str}
