"""What each of the firm's settings is called, counted in and worth from the factory: from processes/settings.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from flask_babel import lazy_gettext as later

from webui.installation import FIRM_SETTINGS, PROCESSES
from webui.language import by_language

GROUPS: dict[str, Any] = {
    "firm": later("公司资料与处理参数"),
    "intake": later("咨询与签约"),
    "onboarding": later("建账"),
    "monthly": later("每月记账"),
    "filing": later("申报"),
    "delivery": later("交付与回访"),
    "renewal": later("续约、收费、终止"),
    "complaints": later("投诉与异常"),
    "reminders": later("提醒"),
    "escalation": later("升级通知"),
    "other": later("其他"),
}
UNITS: dict[str, Any] = {
    "workdays": later("工作日"),
    "days": later("天"),
    "times": later("次"),
    "yuan": later("元"),
    "ratio": later("比例"),
    "points": later("分"),
    "months": later("个月"),
    "text": "",
    "yesno": "",
    "cycle": later("周期（分 时 日 月 周）"),
    "json": "",
}
WHOLE = frozenset({"workdays", "days", "times", "points", "months"})
NUMBERS = WHOLE | {"yuan", "ratio"}
TEXTS = frozenset({"text", "cycle"})


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as settings.yaml describes it."""

    key: str
    unit: str
    zh: str
    en: str
    group: str
    factory: Any

    @property
    def label(self) -> str:
        """The name in the page's language."""
        return by_language(self.zh, self.en)


@cache
def described() -> Mapping[str, Described]:
    """Return the descriptions by key, in their order; none when the installation came without the file."""
    path = PROCESSES / FIRM_SETTINGS
    rows = yaml.safe_load(path.read_text("utf-8")) if path.exists() else []
    return {
        row["key"]: Described(
            row["key"],
            row.get("unit", "text"),
            row.get("zh", row["key"]),
            row.get("en", ""),
            row.get("group", "other"),
            row["value"],
        )
        for row in rows
    }


def of(key: str) -> Described:
    """Return the description of a setting; one the firm has added itself is called by its key."""
    return described().get(key) or Described(key, "json", key, key, "other", None)
