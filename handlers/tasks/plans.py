"""Service task that lays a client's year out as a work plan (工作计划, 财会〔2023〕27号)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from engine.calendar import Calendar
from engine.service_tasks import Call, Handlers, Result
from handlers.periods import Period, month_of, parse_period
from handlers.tasks.obligation_rows import calendar_of
from handlers.tasks.profiles import keep_in_profile
from handlers.tasks.reading import day, listed, whole, word
from handlers.tasks.subjects import client_of, taxpayer_of
from handlers.tax.obligations import Obligation, obligations
from store.tables import Client, Contract, WorkPlan
from store.unit_of_work import UnitOfWork

handlers = Handlers()

_DECEMBER = 12


@handlers.service_task(
    "plans.create", effect="database", title="生成年度工作计划", title_en="Make the year's work plan"
)
def create_plan(call: Call, uow: UnitOfWork) -> Result:
    """Lay the chosen obligations out over a year, from the month the service begins, and keep the plan.

    A plan like the last one makes no new version. Returns `work_plan`, `work_plan_text`.
    """
    client, year = client_of(call, uow), whole(call, "plan_year", call.now.astimezone(uow.zone).year)
    chosen = {str(code) for code in listed(call, "chosen_obligations")}
    planned = _planned(client, year, calendar_of(uow), _begins(uow, client))
    items = [item for item in planned if item["code"] in chosen]
    body = {"items": items, "notes": word(call, "plan_notes"), "obligations": sorted(chosen)}
    plan = _kept(uow, client, year, body)
    keep_in_profile(uow, client, {"obligations": sorted(chosen)})
    shown = [{**item, "due_on": day(item["due_on"])} for item in items]
    return {
        "work_plan": {"year": year, "version": plan.version, "items": shown},
        "work_plan_text": "\n".join(_line(item) for item in items),
    }


def _kept(uow: UnitOfWork, client: Client, year: int, body: dict[str, Any]) -> WorkPlan:
    last = uow.session.scalars(
        select(WorkPlan)
        .where(WorkPlan.client_id == client.id, WorkPlan.year == year)
        .order_by(WorkPlan.version.desc())
    ).first()
    if last is not None and last.body == body:
        return last
    version = (last.version if last else 0) + 1
    plan = WorkPlan(id=uow.new_id(), client_id=client.id, year=year, version=version, body=body, at=uow.now)
    uow.session.add(plan)
    return plan


def _begins(uow: UnitOfWork, client: Client) -> Period | None:
    """Give the first month of the service: by the signed contract, else by the books; None when neither is known."""
    signed = select(func.min(Contract.starts_on)).where(
        Contract.client_id == client.id, Contract.state == "signed"
    )
    if starts := uow.session.scalar(signed):
        return month_of(starts)
    start = client.profile.get("books_start")
    return parse_period(str(start)) if start else None


def _planned(client: Client, year: int, calendar: Calendar, begins: Period | None) -> list[dict[str, Any]]:
    """Give what falls due in a year: of the periods from last December to this November that the service covers."""
    taxpayer, month = taxpayer_of(client), Period(year - 1, _DECEMBER)
    items = []
    for _ in range(_DECEMBER):
        if begins is None or month >= begins:
            items += [_item(each, month) for each in obligations(taxpayer, month, calendar)]
        month = month.following
    return sorted(items, key=lambda item: (item["due_on"], item["code"]))


def _item(found: Obligation, month: Period) -> dict[str, Any]:
    due = found.due or found.usual
    on: date = due.date if due else month.following.end
    return {
        "month": on.month,
        "code": found.code,
        "name": found.name,
        "period": found.period,
        "due_on": on.isoformat(),
        "provisional": due is None or due.provisional,
    }


def _line(item: dict[str, Any]) -> str:
    mark = "（暂定）" if item["provisional"] else ""
    return f"{item['month']}月 {item['name']} {item['period']} {item['due_on']}{mark}"
