"""Service tasks about what is due for a client: proposed when it comes, derived for each period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from engine.calendar import Calendar, Deadline
from engine.service_tasks import BusinessError, Call, Handlers, Result
from handlers.periods import Period
from handlers.tables import rows
from handlers.tasks import obligation_rows
from handlers.tasks.obligation_rows import calendar_of
from handlers.tasks.profiles import keep_in_profile
from handlers.tasks.reading import day, number, word
from handlers.tasks.subjects import client_of, month_of_call, scope_of, taxpayer_of
from handlers.tax.obligations import Obligation, obligations
from store.tables import Client
from store.tables import Obligation as ObligationRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

_TABLE = "handlers.tax"
_DUE_RULES = {"filing": "征期最后一日（顺延）", "local": "当地规定"}
_WITH_PAYROLL = frozenset({"SOCIAL", "HPF"})
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
    vat = "month" if taxpayer.vat == "general" or taxpayer.monthly_vat else "quarter"
    choices = [
        {
            "label": row["name"],
            "value": row["code"],
            "cycle": vat if row["cadence"] == "vat" else row["cadence"],
            "due_rule": _DUE_RULES.get(row["due"], row["due"]),
        }
        for row in rows(_TABLE, "obligations.csv")
    ]
    year = call.now.astimezone(uow.zone).year
    return {
        "obligation_choices": choices,
        "chosen_obligations": _by_default(uow, client, year, calendar_of(uow)),
    }


@handlers.service_task(
    "obligations.derive",
    effect="database",
    title="列出本期申报事项",
    title_en="Derive the period's obligations",
    errors=("obligations.no_calendar",),
)
def derive(call: Call, uow: UnitOfWork) -> Result:
    """Make the obligations that the period brings, with due dates; provisional ones follow a calendar that has come.

    Where the window is local the client's profile names its day (`local_due_days`: code → day of the next month), else
    the usual date stands, marked provisional. Returns `obligations`, `first_due_on`, `last_due_on`, `obligations_text`.
    Raises obligations.no_calendar when the due dates lie beyond the year after the last published holiday schedule.
    """
    client, month, calendar = client_of(call, uow), month_of_call(call), calendar_of(uow)
    year = month.following.year
    if not (calendar.is_scheduled(year) or calendar.is_scheduled(year - 1)):
        raise BusinessError(
            "obligations.no_calendar",
            f"No holiday schedule is known for {year} or the year before; enter the deadlines of {month} by hand.",
        )
    kept = client.profile.get("obligations")
    wanted = set(kept if isinstance(kept, list) else _by_default(uow, client, month.year, calendar))
    brought = [each for each in obligations(taxpayer_of(client), month, calendar) if each.code in wanted]
    found = [_row(call, uow, client, each_due) for each_due in _dated(client, brought, month)]
    uow.session.flush()
    shown = [obligation_rows.shown(row) for row in found]
    days = sorted(row.due_on for row in found)
    return {
        "obligations": shown,
        "first_due_on": days[0] if days else None,
        "last_due_on": days[-1] if days else None,
        "obligations_text": "\n".join(each["label"] for each in shown),
    }


def _by_default(uow: UnitOfWork, client: Client, year: int, calendar: Calendar) -> list[str]:
    """Give the codes that apply to the client in a year; contributions only where the firm does the payroll."""
    # In December all cycles fall due: month, quarter, half year, year.
    apply = [each.code for each in obligations(taxpayer_of(client), Period(year, _DECEMBER), calendar)]
    payroll = "payroll" in client.profile or "payroll" in scope_of(uow, client.id)
    return [code for code in apply if payroll or code not in _WITH_PAYROLL]


def _dated(client: Client, brought: list[Obligation], month: Period) -> Iterator[tuple[Obligation, Deadline]]:
    days = client.profile.get("local_due_days")
    own = days if isinstance(days, dict) else {}
    for each in brought:
        due = each.due or _on_day(month.following, own.get(each.code)) or each.usual
        if due is not None:
            yield each, due


def _on_day(month: Period, number_of_day: object) -> Deadline | None:
    if number_of_day in (None, ""):
        return None
    on = month.start + timedelta(days=int(number(number_of_day)) - 1)
    return Deadline(min(on, month.end), provisional=False, reason="当地规定")


def _row(call: Call, uow: UnitOfWork, client: Client, dated: tuple[Obligation, Deadline]) -> ObligationRow:
    found, due = dated
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
            instance_id=call.instance,
        )
        uow.session.add(row)
    elif row.provisional and row.state == "open":
        row.due_on, row.provisional = due.date, due.provisional
    return row


def _keep_tax_profile(call: Call, uow: UnitOfWork, client: Client) -> None:
    known: dict[str, Any] = {}
    if cycle := word(call, "vat_cycle"):
        known["monthly_vat"] = cycle == "month"
    if expires := day(call.variables.get("ca_expires_on"), uow.zone):
        known["ca_expires_on"] = expires.isoformat()
    keep_in_profile(uow, client, known)
