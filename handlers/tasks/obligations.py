"""Service tasks about what is due for a client: proposed, planned for a year, derived for a period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.calendar import Calendar, Deadline
from engine.commands import clients
from engine.service_tasks import BusinessError, Call, Handlers, Result
from handlers.periods import Period
from handlers.tables import rows
from handlers.tasks import obligation_rows
from handlers.tasks.obligation_rows import calendar_of
from handlers.tasks.reading import day, listed, whole, word
from handlers.tasks.subjects import client_of, month_of_call, taxpayer_of
from handlers.tax.obligations import Obligation, obligations
from store.tables import Client, WorkPlan
from store.tables import Obligation as ObligationRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

_TABLE = "handlers.tax"
_DUE_RULES = {"filing": "征期最后一日（顺延）", "local": "当地规定"}
_CYCLES = {"month": "month", "quarter": "quarter", "half_year": "half_year", "year": "year"}
_DECEMBER = 12


@handlers.service_task(
    "obligations.propose", effect="database", title="列出可能的申报事项", title_en="Propose the obligations"
)
def propose(call: Call, uow: UnitOfWork) -> Result:
    """List everything that can be due, those that apply by default chosen; keeps the tax profile just registered.

    Returns `obligation_choices`, `chosen_obligations`.
    """
    client = client_of(call, uow)
    _keep_tax_profile(call, uow, client)
    taxpayer = taxpayer_of(client)
    monthly = taxpayer.vat == "general" or taxpayer.monthly_vat
    cycles = {**_CYCLES, "vat": "month" if monthly else "quarter"}
    table = rows(_TABLE, "obligations.csv")
    december = obligations(taxpayer, Period(call.now.year, _DECEMBER), calendar_of(uow))
    chosen = [each.code for each in december if each.due is not None]
    return {
        "obligation_choices": [
            {
                "label": row["name"],
                "value": row["code"],
                "cycle": cycles[row["cadence"]],
                "due_rule": _DUE_RULES.get(row["due"], row["due"]),
            }
            for row in table
        ],
        "chosen_obligations": chosen,
    }


@handlers.service_task(
    "plans.create", effect="database", title="生成年度工作计划", title_en="Make the year's work plan"
)
def create_plan(call: Call, uow: UnitOfWork) -> Result:
    """Lay the chosen obligations out over a year and keep the plan; a plan like the last one makes no new version.

    Returns `work_plan`, `work_plan_text`.
    """
    client, year = client_of(call, uow), whole(call, "plan_year", call.now.astimezone(uow.zone).year)
    chosen = {str(code) for code in listed(call, "chosen_obligations")}
    items = [item for item in _plan_items(client, year, calendar_of(uow)) if item["code"] in chosen]
    body = {"items": items, "notes": word(call, "plan_notes"), "obligations": sorted(chosen)}
    last = uow.session.scalars(
        select(WorkPlan)
        .where(WorkPlan.client_id == client.id, WorkPlan.year == year)
        .order_by(WorkPlan.version.desc())
    ).first()
    if last is None or last.body != body:
        version = (last.version if last else 0) + 1
        last = WorkPlan(
            id=uow.new_id(), client_id=client.id, year=year, version=version, body=body, at=uow.now
        )
        uow.session.add(last)
    _keep_profile(uow, client, {"obligations": sorted(chosen)})
    shown = [{**item, "due_on": day(item["due_on"])} for item in items]
    text = "\n".join(f"{item['month']}月 {item['name']} {item['due_on'] or '当地规定'}" for item in items)
    return {"work_plan": {"year": year, "version": last.version, "items": shown}, "work_plan_text": text}


@handlers.service_task(
    "obligations.derive",
    effect="database",
    title="列出本期申报事项",
    title_en="Derive the period's obligations",
    errors=("obligations.no_calendar",),
)
def derive(call: Call, uow: UnitOfWork) -> Result:
    """Make the obligations that the period brings, with due dates; provisional ones follow a calendar that has come.

    Returns `obligations`, `first_due_on`, `last_due_on`, `obligations_text`. Raises obligations.no_calendar when the
    due dates lie beyond the year after the last published holiday schedule.
    """
    client, month = client_of(call, uow), month_of_call(call)
    calendar = calendar_of(uow)
    year = month.following.year
    if not (calendar.is_scheduled(year) or calendar.is_scheduled(year - 1)):
        raise BusinessError(
            "obligations.no_calendar",
            f"No holiday schedule is known for {year} or the year before; enter the deadlines of {month} by hand.",
        )
    wanted = _wanted(client)
    found = [
        _row(uow, client, each, due)
        for each in obligations(taxpayer_of(client), month, calendar)
        if (due := each.due or _local_due(client, each, month)) and (wanted is None or each.code in wanted)
    ]
    uow.session.flush()
    shown = [obligation_rows.shown(row) for row in found]
    days = sorted(row.due_on for row in found)
    return {
        "obligations": shown,
        "first_due_on": days[0] if days else None,
        "last_due_on": days[-1] if days else None,
        "obligations_text": "\n".join(each["label"] for each in shown),
    }


def _local_due(client: Client, found: Obligation, month: Period) -> Deadline | None:
    """Give the due date of a local window when the client's profile names its day of the next month."""
    days = client.profile.get("local_due_days")
    number_of_day = days.get(found.code) if isinstance(days, dict) else None
    if number_of_day is None:
        return None
    following = month.following
    on = min(following.start.replace(day=1).toordinal() + int(number_of_day) - 1, following.end.toordinal())
    return Deadline(date.fromordinal(on), provisional=False, reason="当地规定")


def _wanted(client: Client) -> set[str] | None:
    kept = client.profile.get("obligations")
    return set(kept) if isinstance(kept, list) else None


def _row(uow: UnitOfWork, client: Client, found: Obligation, due: Deadline) -> ObligationRow:
    row = obligation_rows.find(uow, client.id, found.code, found.period)
    if row is None:
        row = ObligationRow(
            id=uow.new_id(),
            client_id=client.id,
            period=found.period,
            code=found.code,
            name=found.name,
            due_on=due.date,
            provisional=due.provisional,
            state="open",
        )
        uow.session.add(row)
    elif row.provisional and row.state == "open":
        row.due_on, row.provisional = due.date, due.provisional
    return row


def _plan_items(client: Client, year: int, calendar: Calendar) -> Iterable[dict[str, Any]]:
    """Give what comes due in the months of a year: of periods from last December to November."""
    month = Period(year - 1, _DECEMBER)
    found = []
    for _ in range(_DECEMBER):
        for each in obligations(taxpayer_of(client), month, calendar):
            due = each.due.date if each.due else None
            item_month = due.month if due else month.following.month
            if due is None or due.year == year:
                found.append(
                    {
                        "month": item_month,
                        "code": each.code,
                        "name": each.name,
                        "period": each.period,
                        "due_on": due.isoformat() if due else None,
                        "provisional": bool(each.due and each.due.provisional),
                    }
                )
        month = month.following
    return sorted(found, key=lambda item: (item["month"], str(item["due_on"] or "~"), item["code"]))


def _keep_tax_profile(call: Call, uow: UnitOfWork, client: Client) -> None:
    known: dict[str, Any] = {}
    if cycle := word(call, "vat_cycle"):
        known["monthly_vat"] = cycle == "month"
    if expires := day(call.variables.get("ca_expires_on")):
        known["ca_expires_on"] = expires.isoformat()
    _keep_profile(uow, client, known)


def _keep_profile(uow: UnitOfWork, client: Client, known: dict[str, Any]) -> None:
    if any(client.profile.get(name) != value for name, value in known.items()):
        uow.session.flush()
        profile = {"profile": {**client.profile, **known}}
        clients.update(uow, client.id, profile, by=None, version=client.version)
        uow.session.refresh(client)
