"""What a check found: one value for all areas, its texts kept in a table of the area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from handlers.tables import Row, rows

Severity = Literal["info", "low", "medium", "high", "critical"]

_BLOCKING = ("high", "critical")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found: its rule, how grave it is, what it says in Chinese and English, its basis.

    `where` is the line of the paper it is about, counted from 1, when it is about one.
    """

    code: str
    severity: Severity
    message: str
    message_en: str
    basis: str = ""
    where: str = ""


def finding(package: str, code: str, /, **facts: object) -> Finding:
    """Make the finding `code` of the package's table findings.csv, its texts filled with the facts."""
    row = _by_code(package)[code]
    return Finding(
        code=code,
        severity=cast("Severity", row["severity"]),
        message=row["message"].format(**facts),
        message_en=row["message_en"].format(**facts),
        basis=row["basis"],
        where=str(facts.get("line", "")),
    )


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give the findings that forbid going on: those of high and critical severity."""
    return tuple(found for found in findings if found.severity in _BLOCKING)


@cache
def _by_code(package: str) -> dict[str, Row]:
    return {row["code"]: row for row in rows(package, "findings.csv")}
