"""What is due for a client: the obligations of a period by its attributes, with their due dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.calendar import Calendar, Deadline
from handlers.clients.taxpayer import Taxpayer
from handlers.periods import Period
from handlers.tables import Row, rows

_WHO: Mapping[str, Callable[[Taxpayer], bool]] = {
    "everyone": lambda _: True,
    "general": lambda client: client.vat == "general",
    "small_scale_quarter": lambda client: client.vat == "small_scale" and not client.monthly_vat,
    "small_scale_month": lambda client: client.vat == "small_scale" and client.monthly_vat,
    "withholding": lambda client: client.withholds_wages,
    "company": lambda client: client.legal_form == "company",
    "business_income": lambda client: client.legal_form != "company",
    "statements_month": lambda client: client.legal_form == "company" and client.monthly_statements,
    "statements_quarter": lambda client: client.legal_form == "company" and not client.monthly_statements,
    "stamp_quarter": lambda client: client.stamp_by_quarter,
    "property": lambda client: client.owns_property,
    "cultural": lambda client: client.cultural_fee,
    "union": lambda client: client.union_fee,
    "employer": lambda client: client.employs,
}
_LOCAL = "当地期限，暂按常见期限；请核对当地通知"
_CYCLES: Mapping[str, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing due for a period; `due` is None where the window is local: `usual` is then what to go by, provisional."""

    code: str
    name: str
    name_en: str
    period: str
    due: Deadline | None
    usual: Deadline | None
    basis: str
    confidence: str
    note: str


def obligations(client: Taxpayer, month: Period, calendar: Calendar) -> tuple[Obligation, ...]:
    """Give what becomes due for periods that end with this month: monthly, quarterly, yearly ones.

    In the order of the table obligations.csv. Due dates in years without a schedule are provisional.
    """
    found = []
    for row in rows(__package__ or "", "obligations.csv"):
        if _WHO[row["who"]](client) and (period := _period(row, client, month)):
            due = _due(row["due"], month, calendar)
            usual = _due(row["usual"], month, calendar)
            found.append(
                Obligation(
                    code=row["code"],
                    name=row["name"],
                    name_en=row["name_en"],
                    period=period,
                    due=due,
                    usual=replace(usual, provisional=True, reason=_LOCAL) if usual else None,
                    basis=row["basis"],
                    confidence=row["confidence"],
                    note=row["note"],
                )
            )
    return tuple(found)


def _period(row: Row, client: Taxpayer, month: Period) -> str:
    cadence = row["cadence"]
    if cadence == "vat":
        cadence = "month" if client.vat == "general" or client.monthly_vat else "quarter"
    length = _CYCLES[cadence]
    if month.month % length:
        return ""
    if cadence == "half_year":
        return f"{month.year}H{month.month // length}"
    kinds: Mapping[int, Period] = {
        1: month,
        3: Period(month.year, month.month - 2, "quarter"),
        12: Period(month.year, 1, "year"),
    }
    return str(kinds[length])


def _due(text: str, month: Period, calendar: Calendar) -> Deadline | None:
    if text in {"local", ""}:
        return None
    if text == "filing":
        return calendar.filing_deadline(str(month.following))
    day, _, moved = text.partition(" ")
    fixed = date.fromisoformat(f"{month.year + 1}-{day}")
    return calendar.due(fixed) if moved else Deadline(fixed, provisional=False, reason="")
