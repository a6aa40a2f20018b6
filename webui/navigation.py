"""The left rail: where a person may go, with counters of what is late and what nobody has taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as later

from engine.people import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the rail; shown when the person may do one of ``actions``."""

    key: str
    label: Any
    icon: str
    endpoint: str
    actions: tuple[str, ...]


ENTRIES: tuple[Entry, ...] = (
    Entry("desk", later("我的工作"), "inbox", "work_items.desk", ("work.take",)),
    Entry("team", later("团队队列"), "users", "work_items.team", ("work.take", "work.assign")),
    Entry("clients", later("客户"), "building", "clients.index", ("clients.view", "clients.view_all")),
    Entry("instances", later("实例"), "git-branch", "instances.index", ("instances.view",)),
    Entry("processes", later("流程"), "sitemap", "definitions.index", ("processes.view",)),
    Entry("studio", later("工作室"), "edit", "studio.index", ("processes.draft", "processes.deploy")),
    Entry(
        "operations",
        later("运行"),
        "activity",
        "operations.index",
        ("incidents.resolve", "instances.operate"),
    ),
    Entry("handbook", later("手册"), "book-2", "handbook.index", ("processes.view",)),
    Entry("people", later("员工与权限"), "key", "people.index", ("people.manage",)),
    Entry("settings", later("设置"), "settings", "firm_settings.index", ("settings.edit",)),
)


def entries(person: Person) -> list[Entry]:
    """Return the entries that the person may open."""
    return [entry for entry in ENTRIES if any(person.may(action) for action in entry.actions)]
