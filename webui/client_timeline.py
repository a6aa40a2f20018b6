"""What happened for a client, by day: work, papers, talks and changes as sentences, many alike told as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from store.queries import clients
from store.queries.clients import ConversationRow, TimelineRow
from store.queries.scope import Scope
from webui.formats import zone
from webui.history_words import TIMELINE, Sentence
from webui.live_view import timeline_of
from webui.place import store
from webui.words import word

ROWS = 120
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (later("全部"), (*TIMELINE, "return.", "vouchers.", "period.", "contract.")),
    "work": (later("工作"), ("work_item.", "incident.")),
    "runs": (later("流程"), ("instance.", "error.")),
    "papers": (later("资料"), ("document.",)),
    "talks": (later("联系"), ("contact.", "portal.")),
    "books": (later("账务与申报"), ("return.", "vouchers.", "period.", "contract.")),
    "data": (later("档案"), ("client.",)),
}
WITH_TALKS = frozenset({"", "talks"})
SOUGHT = ("work_item.claimed", "work_item.released", "portal.opened")
"""Kinds left out of the whole story; they show when their own filter is chosen."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line: when, what, and the name of the process it belongs to; ``more`` are further lines told with it."""

    at: datetime
    text: str
    note: str = ""
    url: str = ""
    mark: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day, the latest first."""

    on: date
    lines: list[Told] = field(default_factory=list)


def story(scope: Scope, row: clients.ClientRow, kind: str, before: int | None) -> dict[str, Any]:
    """Return the days of a client's story and the id to go on from."""
    kinds = KINDS.get(kind, KINDS[""])[1]
    rows = store().read(clients.timeline, scope, row.id, before=before, kinds=kinds, limit=ROWS)
    told = [_told(line) for line in _sentences(rows, everything=bool(kind))]
    if kind in WITH_TALKS and before is None:
        oldest = rows[-1].at if len(rows) == ROWS else None
        talks = store().read(clients.conversations, scope, row.id)
        told += [_talk(each) for each in talks if oldest is None or each.at >= oldest]
    told.sort(key=lambda each: each.at, reverse=True)
    return {
        "days": _days(_together(told)),
        "kinds": [(key, label) for key, (label, _prefixes) in KINDS.items()],
        "kind": kind,
        "older": rows[-1].id if len(rows) == ROWS else None,
    }


def _sentences(rows: Iterable[TimelineRow], *, everything: bool) -> list[Sentence]:
    return timeline_of([row for row in rows if everything or row.kind not in SOUGHT])


def _told(line: Sentence) -> Told:
    return Told(
        line.at, line.text, line.more, line.url, "bad" if line.bad else "person" if line.by_person else ""
    )


def _talk(talk: ConversationRow) -> Told:
    who = talk.author or (_("客户") if talk.direction == "in" else "")
    way = _("来自客户") if talk.direction == "in" else _("发给客户")
    head = " · ".join(part for part in (word("channel", talk.channel), way, who) if part)
    return Told(talk.at, f"{head}：{talk.subject}", talk.text, mark="talk")


def _together(lines: list[Told]) -> list[Told]:
    """Tell many lines of one minute that begin alike as one, with the others behind it."""
    found = []
    for _key, group in groupby(lines, key=_likeness):
        several = list(group)
        if len(several) > 2:  # noqa: PLR2004 - two are read faster than opened
            first = several[0]
            more = tuple(each.text for each in several[1:])
            found.append(Told(first.at, first.text, first.note, first.url, first.mark, more))
        else:
            found += several
    return found


def _likeness(line: Told) -> tuple[Any, ...]:
    return line.at.replace(second=0, microsecond=0), line.text.partition("「")[0], line.mark, line.url


def _days(lines: Iterable[Told]) -> list[Day]:
    return [
        Day(on, list(group))
        for on, group in groupby(lines, key=lambda each: each.at.astimezone(zone()).date())
    ]
