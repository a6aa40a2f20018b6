"""What happened for a client, by day: work, papers, talks and changes as sentences, many alike told as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from engine.people import CLIENT_CONTACT
from store.queries import clients, instance_definitions
from store.queries.clients import ConversationRow, TimelineRow
from store.queries.paging import Paging
from store.queries.scope import Scope
from webui import drawings
from webui.domain_words import known
from webui.formats import zone
from webui.history_words import FACTS, TIMELINE, fact, sentence_of
from webui.place import store
from webui.words import role_name, word

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
    """One line: when, what, and the name of the process it belongs to; ``more`` are lines like it told along."""

    at: datetime
    text: str
    note: str = ""
    url: str = ""
    mark: str = ""
    more: tuple[str, ...] = ()
    like: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day, the latest first."""

    on: date
    lines: list[Told] = field(default_factory=list)


def story(scope: Scope, row: clients.ClientRow, kind: str, before: int | None) -> dict[str, Any]:
    """Return the days of a client's story and the id to go on from."""
    kinds = KINDS.get(kind, KINDS[""])[1]
    rows = store().read(clients.timeline, scope, row.id, before=before, kinds=kinds, limit=ROWS)
    told = _sentences(
        scope, [each for each in rows if kind or each.kind not in SOUGHT], _names(scope, row.id, rows)
    )
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


def _names(scope: Scope, client_id: UUID, rows: Iterable[TimelineRow]) -> dict[str, str]:
    """Return the names of the returns that the rows speak of, by their code."""
    if not any(row.kind.startswith("return.") for row in rows):
        return {}
    found = store().read(clients.obligations, scope, client_id=client_id, paging=Paging(1, 200, "-due_on"))
    return {row.code: row.name for row in found.rows}


def _sentences(scope: Scope, rows: list[TimelineRow], names: Mapping[str, str]) -> list[Told]:
    ids = {row.instance_id for row in rows if row.instance_id is not None}
    definitions = store().read(instance_definitions.of, scope, sorted(ids))
    return [
        _fact(row, names) if row.kind in FACTS else _told(row, _definition(definitions, row)) for row in rows
    ]


def _definition(definitions: Mapping[UUID, UUID], row: TimelineRow) -> UUID | None:
    return None if row.instance_id is None else definitions.get(row.instance_id)


def _told(row: TimelineRow, definition_id: UUID | None) -> Told:
    line = sentence_of(row, _what(row, definition_id))
    url = url_for("instances.show", instance_id=row.instance_id) if row.instance_id else ""
    mark = "bad" if line.bad else "person" if line.by_person else ""
    return Told(line.at, line.text, line.more, url, mark, like=f"{row.kind} {row.person}")


def _fact(row: TimelineRow, names: Mapping[str, str]) -> Told:
    """Tell a fact of books, returns or papers; what it is about is in its name or its detail."""
    code, _space, period = row.name.partition(" ")
    what = f"{known(names[code])} {period}" if code in names else row.name
    words, note = fact(row.kind, what, row.detail)
    text, mark = (f"{row.person} · {words}", "person") if row.person else (words, "")
    return Told(row.at, text, note, mark=mark, like=row.kind)


def _what(row: TimelineRow, definition_id: UUID | None) -> str:
    if definition_id is None:
        return row.name or row.element or ""
    if row.element:
        shape = drawings.element_of(definition_id, row.element)
        return drawings.element_name(
            definition_id, row.element, shape.name if shape is not None else row.name
        )
    if row.kind.startswith("instance."):
        return drawings.process_title(drawings.process_of(definition_id), row.name)
    return row.name


def _talk(talk: ConversationRow) -> Told:
    who = talk.author or (role_name(CLIENT_CONTACT) if talk.direction == "in" else "")
    way = _("来自客户") if talk.direction == "in" else _("发给客户")
    head = " · ".join(part for part in (word("channel", talk.channel), way, who) if part)
    return Told(talk.at, f"{head}：{talk.subject}", talk.text, mark="talk")


def _together(lines: list[Told]) -> list[Told]:
    """Tell many papers of one minute as one, with the others behind it."""
    found = []
    for _key, group in groupby(lines, key=_likeness):
        several = list(group)
        if len(several) > 2:  # noqa: PLR2004 - two are read faster than opened
            first = several[0]
            more = tuple(each.text for each in several[1:])
            found.append(replace(first, more=more))
        else:
            found += several
    return found


def _likeness(line: Told) -> tuple[Any, ...]:
    own = line.like if line.like.startswith("document.") else id(line)
    return line.at.replace(second=0, microsecond=0), own


def _days(lines: Iterable[Told]) -> list[Day]:
    return [
        Day(on, list(group))
        for on, group in groupby(lines, key=lambda each: each.at.astimezone(zone()).date())
    ]
