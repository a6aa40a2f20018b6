"""Obligations of a client as rows: found by what a process says of them, marked done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.calendar import Calendar
from engine.commands import surroundings
from engine.errors import InvalidInput
from engine.service_tasks import Call
from handlers.tables import rows
from handlers.tasks.reading import day, mapping
from store.tables import Client, Obligation
from store.unit_of_work import UnitOfWork

_TABLE = "handlers.tax"


def obligation_of(call: Call, uow: UnitOfWork, client: Client) -> Obligation:
    """Give the obligation the variable `obligation` speaks of, made when a person has just entered it."""
    said = mapping(call, "obligation")
    code, period = str(said.get("code") or ""), str(said.get("period") or call.period or "")
    row = find(uow, client.id, code, period)
    if row is not None:
        return row
    due = day(said.get("due_on"))
    if due is None or not code:
        raise InvalidInput(f"The obligation {dict(said)} has no code or no due date; enter them first.")
    row = Obligation(
        id=uow.new_id(),
        client_id=client.id,
        period=period,
        code=code,
        name=str(said.get("name") or name_of(code)),
        due_on=due,
        provisional=said.get("provisional") is True,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def find(uow: UnitOfWork, client_id: UUID, code: str, period: str) -> Obligation | None:
    """Give the row of an obligation, if there is one."""
    found = select(Obligation).where(
        Obligation.client_id == client_id, Obligation.code == code, Obligation.period == period
    )
    return uow.session.scalars(found).first()


def shown(row: Obligation) -> dict[str, Any]:
    """Give an obligation as a process variable."""
    mark = "（暂定）" if row.provisional else ""
    return {
        "id": str(row.id),
        "code": row.code,
        "name": row.name,
        "period": row.period,
        "due_on": row.due_on,
        "provisional": row.provisional,
        "label": f"{row.name} {row.period} {row.due_on}{mark}",
        "value": str(row.id),
    }


def mark_done(row: Obligation, call: Call) -> None:
    """Mark an obligation done."""
    row.state, row.done_at = "done", call.now


def name_of(code: str) -> str:
    """Give the name of an obligation's code; the code itself when it is not in the table."""
    known: Mapping[str, str] = {row["code"]: row["name"] for row in rows(_TABLE, "obligations.csv")}
    return known.get(code, code)


def calendar_of(uow: UnitOfWork) -> Calendar:
    """Give the calendar attached to the store."""
    return surroundings.of(uow).calendar


def days_late(due: date, done: date) -> int:
    """Give how many days something was done after it was due; 0 in time."""
    return max((done - due).days, 0)
