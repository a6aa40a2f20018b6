"""The small numbers in the rail: what is late, what nobody has taken, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from store.queries import incidents, work_items
from webui.access import scope
from webui.place import person, store


@dataclass(frozen=True, slots=True)
class Counter:
    """A number with the words for it; ``kind`` 'late' paints it."""

    number: int
    title: str
    kind: str = ""


def desk_counts() -> work_items.Counts:
    """Return the counts of the person's desk, read once a request."""
    if "desk_counts" not in g:
        g.desk_counts = store().read(work_items.counts, scope(), store().clock.now())
    counts: work_items.Counts = g.desk_counts
    return counts


def counters(key: str) -> tuple[Counter, ...]:
    """Return the counters of one line of the rail."""
    found: tuple[Counter, ...] = ()
    if key == "desk" and person().may("work.take"):
        found = (Counter(desk_counts().overdue, _("逾期"), "late"), Counter(desk_counts().mine, _("我的")))
    elif key == "team" and person().may("work.take"):
        found = (Counter(desk_counts().unassigned, _("待领取")),)
    elif key == "operations":
        found = (Counter(store().read(incidents.count_open, scope()), _("异常"), "late"),)
    return tuple(counter for counter in found if counter.number)
