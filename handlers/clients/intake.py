"""The look at a client before it is taken on (财会〔2023〕27号 第六条): public lists, licences, its own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handlers.clients import credit_code
from handlers.findings import Finding, Severity, finding
from handlers.tables import Row, rows

_TABLE = "handlers.clients"
_POINTS: Mapping[Severity, int] = {"info": 0, "low": 10, "medium": 20, "high": 40, "critical": 60}
_MOST = 100
_LISTS = {
    "abnormal_listed": "经营异常或严重违法名单",
    "tax_abnormal": "税务非正常户或欠税公告",
    "dishonest_listed": "失信被执行人",
}


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known of a client at intake; `duplicates` names other clients with its name or credit code."""

    credit_code: str
    industry: str
    abnormal_listed: bool = False
    tax_abnormal: bool = False
    dishonest_listed: bool = False
    licence_missing: bool = False
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Precheck:
    """The outcome: findings, points from 0 to 100, and whether a person above must decide."""

    findings: tuple[Finding, ...]
    points: int
    blocking: bool


def precheck(prospect: Prospect) -> Precheck:
    """Check a prospect by R20, the licence table and its numbers; points are the sum by severity, at most 100."""
    found = (*_public(prospect), *_licence(prospect), *_identity(prospect))
    points = min(sum(_POINTS[each.severity] for each in found), _MOST)
    return Precheck(found, points, any(each.severity == "critical" for each in found))


def licence_of(industry: str) -> Row | None:
    """Give the row of licences.csv whose words the industry's name holds; None for a free trade."""
    table = rows(_TABLE, "licences.csv")
    return next((row for row in table if any(word in industry for word in row["words"].split())), None)


def _public(prospect: Prospect) -> Iterator[Finding]:
    if lists := [label for name, label in _LISTS.items() if getattr(prospect, name)]:
        yield finding(_TABLE, "R20", lists="、".join(lists))
    if prospect.dishonest_listed:
        yield finding(_TABLE, "IN01")


def _licence(prospect: Prospect) -> Iterator[Finding]:
    row = licence_of(prospect.industry)
    if prospect.licence_missing:
        yield finding(_TABLE, "IN02", licence=row["licence"] if row else "前置许可")
    elif row:
        yield finding(_TABLE, "IN03", licence=row["licence"], basis=row["basis"])


def _identity(prospect: Prospect) -> Iterator[Finding]:
    if not prospect.credit_code:
        yield finding(_TABLE, "IN04")
    elif not credit_code.is_valid(prospect.credit_code):
        yield finding(_TABLE, "IN05", code=prospect.credit_code)
    if prospect.duplicates:
        yield finding(_TABLE, "IN06", clients="、".join(prospect.duplicates))
