"""How values look on pages: dates ``11-15 周日``, money ``12,345.60``, sizes; exact values on hover."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import gettext as _
from markupsafe import Markup

from webui.language import language

WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
KILO = 1024


def zone() -> ZoneInfo:
    """Return the firm's time zone."""
    known: ZoneInfo = current_app.extensions["zhangfang"].settings.zone
    return known


def now() -> datetime:
    """Return the present moment in the firm's zone."""
    moment: datetime = current_app.extensions["zhangfang"].store.clock.now()
    return moment.astimezone(zone())


def _short(day: date, today: date) -> str:
    text = f"{day:%m-%d} {WEEKDAYS[language()][day.weekday()]}"
    return text if day.year == today.year else f"{day.year}-{text}"


def day(value: date | datetime | None) -> Markup:
    """Show a day as ``11-15 周日`` with the exact value on hover."""
    if value is None:
        return Markup('<span class="muted">–</span>')
    local = value.astimezone(zone()) if isinstance(value, datetime) else value
    exact = f"{local:%Y-%m-%d %H:%M:%S}" if isinstance(local, datetime) else local.isoformat()
    plain = local.date() if isinstance(local, datetime) else local
    return Markup('<time class="nowrap" datetime="{}" title="{}">{}</time>').format(
        value.isoformat(), exact, _short(plain, now().date())
    )


def moment(value: datetime | None, *, relative: bool = False) -> Markup:
    """Show a time as ``11-15 周日 09:12``; the browser says «12 分钟前» for recent ones when ``relative``."""
    if value is None:
        return Markup('<span class="muted">–</span>')
    local = value.astimezone(zone())
    shown = (
        f"{local:%H:%M}"
        if local.date() == now().date()
        else f"{_short(local.date(), now().date())} {local:%H:%M}"
    )
    mark = Markup(" data-relative") if relative else Markup("")
    return Markup('<time class="nowrap" datetime="{}" title="{}"{}>{}</time>').format(
        value.isoformat(), f"{local:%Y-%m-%d %H:%M:%S}", mark, shown
    )


def clock_time(value: datetime) -> str:
    """Show the time of day."""
    return f"{value.astimezone(zone()):%H:%M}"


def money(value: Decimal | None) -> str:
    """Show an amount as ``12,345.60``."""
    return "–" if value is None else f"{value:,.2f}"


def size(value: int) -> str:
    """Show a size of bytes."""
    if value < KILO * KILO:
        return f"{max(1, round(value / KILO))} KB"
    return f"{value / KILO / KILO:.1f} MB"


def duration(seconds: float | None) -> str:
    """Show a length of time in its largest unit."""
    if seconds is None:
        return "–"
    steps: tuple[tuple[float, str], ...] = (
        (86400, _("%(n)s 天", n=f"{seconds / 86400:.1f}")),
        (3600, _("%(n)s 小时", n=f"{seconds / 3600:.1f}")),
        (60, _("%(n)s 分钟", n=f"{seconds / 60:.0f}")),
    )
    return next((text for limit, text in steps if seconds >= limit), _("%(n)s 秒", n=f"{seconds:.0f}"))


def due_kind(due_at: datetime | None, *, waiting: bool = False) -> str:
    """Return the status of a due time: late, today, waiting, or nothing."""
    if due_at is not None and due_at <= now():
        return "late"
    if waiting:
        return "waiting"
    if due_at is not None and due_at.astimezone(zone()).date() == now().date():
        return "today"
    return ""


def init_app(app: Flask) -> None:
    """Make the formats known to the templates."""
    app.jinja_env.filters.update(
        day=day, moment=moment, clock_time=clock_time, money=money, filesize=size, duration=duration
    )
    app.jinja_env.globals.update(due_kind=due_kind, now=now)
