"""A month's service of a client as six stages: 收票 记账 结账 申报 缴款 交付, each with its state in colour and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as later

from store.queries import client_progress
from store.queries.client_progress import Month, Progress
from store.queries.scope import Scope
from webui.formats import now
from webui.place import store

STAGES: tuple[tuple[str, Any], ...] = (
    ("collect", later("收票")),
    ("book", later("记账")),
    ("close", later("结账")),
    ("file", later("申报")),
    ("pay", later("缴款")),
    ("deliver", later("交付")),
)
WORDS: dict[str, Any] = {
    "none": later("没有"),
    "open": later("未开始"),
    "now": later("进行中"),
    "late": later("逾期"),
    "done": later("已完成"),
}


@dataclass(frozen=True, slots=True)
class Dot:
    """One stage of one client's month; ``state`` is one of WORDS, ``count`` such as «3/5»."""

    key: str
    label: str
    state: str
    count: str = ""

    @property
    def title(self) -> str:
        """The stage and its state in words."""
        return f"{self.label}：{WORDS[self.state]}" + (f" {self.count}" if self.count else "")


def month_of(period: str) -> Month:
    """Return a month of books with the calendar month after it, in which its obligations are due."""
    year, number = (int(part) for part in period.split("-"))
    first = _following(date(year, number, 1))
    return Month(period, first, _following(first) - timedelta(days=1), now().date())


def present_month() -> str:
    """Return the month that is being worked on: the one before today's."""
    last = now().date().replace(day=1) - timedelta(days=1)
    return f"{last:%Y-%m}"


def is_month(text: str) -> bool:
    """Tell whether a text is a month such as 2026-08."""
    try:
        return f"{date.fromisoformat(f'{text}-01'):%Y-%m}" == text
    except ValueError:
        return False


def dots(scope: Scope, client_ids: Iterable[UUID], period: str) -> Mapping[UUID, list[Dot]]:
    """Return the stages of each client in a month."""
    found = store().read(client_progress.of_clients, scope, client_ids, month_of(period))
    return {client: _stages(progress) for client, progress in found.items()}


def _stages(month: Progress) -> list[Dot]:
    states = (
        _part(month.asked, month.missing),
        _part(month.vouchers, month.unposted),
        "done" if month.closed else "now" if month.vouchers and not month.unposted else "open",
        "late" if month.late else _part(month.due, month.not_done),
        _paid(month),
        "done" if month.packs else "open" if month.vouchers else "none",
    )
    counts = (
        _count(month.asked, month.missing),
        _count(month.vouchers, month.unposted),
        "",
        _count(month.due, month.not_done),
        _count(month.to_pay, month.unpaid),
        "",
    )
    idle = not (month.asked or month.vouchers or month.due)
    return [
        Dot(key, str(label), "none" if idle else state, count)
        for (key, label), state, count in zip(STAGES, states, counts, strict=True)
    ]


def _part(total: int, left: int) -> str:
    if not total:
        return "none"
    return "done" if not left else "open" if left == total else "now"


def _paid(month: Progress) -> str:
    if month.to_pay:
        return _part(month.to_pay, month.unpaid)
    return "done" if month.due and not month.not_done else "none" if not month.due else "open"


def _count(total: int, left: int) -> str:
    return f"{total - left}/{total}" if total else ""


def _following(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
