"""The rows of an instance that goes over to another version: what stays open keeps its row and gets what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, delete, insert, select, update

from engine.bpmn.migrating import Kept, Mapped
from engine.bpmn.step import JobOpened, TimerOpened, UserTaskOpened
from engine.commands import surroundings
from engine.commands._definitions import Deployed
from engine.commands._opening import form_digest, person_id, sole_role
from engine.commands._running import Running
from store.tables import Candidate, Incident, Instance, Job, Person, Subscription, WorkItem
from store.unit_of_work import UnitOfWork

PLACE = ("element", "scope")
OF_ITEM = ("lane", "waits_for_client", "due_at", "follow_up_at", "priority")


@dataclass(frozen=True, slots=True)
class OpenRow:
    """What a row says of its wait: since when it waits, and until when a worker is busy with it."""

    opened_at: datetime
    busy_until: datetime | None = None


def open_rows(uow: UnitOfWork, instance_id: UUID) -> dict[int, OpenRow]:
    """Return what the work items and jobs of an instance say of their waits."""
    items = select(WorkItem.wait, WorkItem.opened_at).where(
        WorkItem.instance_id == instance_id, WorkItem.state == "open"
    )
    found = {row.wait: OpenRow(row.opened_at) for row in uow.connection.execute(items)}
    jobs = select(Job.wait, Job.opened_at, Job.worker, Job.due_at).where(Job.instance_id == instance_id)
    for row in uow.connection.execute(jobs):
        busy = row.due_at if row.worker is not None and row.due_at > uow.now else None
        found[row.wait] = OpenRow(row.opened_at, busy)
    return found


def carry_rows(
    uow: UnitOfWork, running: Running, to: Deployed, *, kept: tuple[Kept, ...], mapped: Mapped
) -> None:
    """Change the rows of waits that stay, and say of which version the instance is from now on."""
    by_writer: dict[Writer, list[Kept]] = {}
    for each in kept:
        writer = _ROWS.get(running.live.kinds.get(each.opened.wait, ""))
        if writer is not None and each.changed:
            by_writer.setdefault(writer, []).append(each)
    for writer, found in by_writer.items():
        writer(uow, running, found)
    _rename_done(uow, running, mapped)
    items = update(WorkItem).where(WorkItem.instance_id == running.id, WorkItem.state == "open")
    uow.connection.execute(items.values(definition_id=to.id, version=WorkItem.version + 1))
    instance = update(Instance).where(Instance.id == running.id)
    uow.connection.execute(instance.values(definition_id=to.id))
    running.definition = to


def _rename_done(uow: UnitOfWork, running: Running, mapped: Mapped) -> None:
    """Let what was done before bear the new ids: the separation of duties asks who did which element."""
    renamed = {old: new for old, new in mapped.items() if new and old != new}
    if not renamed:
        return
    element = case(*((WorkItem.element == old, new) for old, new in renamed.items()), else_=WorkItem.element)
    done = update(WorkItem).where(
        WorkItem.instance_id == running.id, WorkItem.state != "open", WorkItem.element.in_(renamed)
    )
    uow.connection.execute(done.values(element=element))


def _items(uow: UnitOfWork, running: Running, kept: list[Kept]) -> None:
    query = select(WorkItem.wait, WorkItem.id, WorkItem.assignee_id, Person.login).outerjoin(
        Person, Person.id == WorkItem.assignee_id
    )
    mine = query.where(WorkItem.instance_id == running.id, WorkItem.state == "open")
    rows = {row.wait: row for row in uow.connection.execute(mine)}
    known = [(each, rows[each.opened.wait]) for each in kept if each.opened.wait in rows]
    changes = [(each.opened.wait, _of_item(uow, each, row.assignee_id)) for each, row in known]
    _update(uow, running, WorkItem, changes)
    _candidates(uow, known)


def _of_item(uow: UnitOfWork, kept: Kept, assignee: UUID | None) -> dict[str, Any]:
    opened, changed = kept.opened, kept.changed
    values: dict[str, Any] = {name: getattr(opened, name) for name in PLACE if name in changed}
    if changed & {"name", "element"}:
        values["name"] = opened.name or opened.element
    if isinstance(opened, UserTaskOpened):
        values |= {name: getattr(opened, name) for name in OF_ITEM if name in changed}
        if "separate_from" in changed:
            values["separate_from"] = list(opened.separate_from)
        if "form" in changed:
            values |= {"form_key": opened.form, "form_digest": form_digest(uow, opened.form)}
        if "assignee" in changed and assignee is None:
            values["assignee_id"] = person_id(uow, opened.assignee)
    return values


def _candidates(uow: UnitOfWork, known: list[tuple[Kept, Any]]) -> None:
    """Let items be for whom the new version names, and for who has them already."""
    anew = [row.id for kept, row in known if "candidates" in kept.changed]
    if anew:
        gone = delete(Candidate).where(Candidate.work_item_id == bindparam("b_item"))
        uow.connection.execute(gone, [{"b_item": item_id} for item_id in anew])
    there = _named(uow, [row.id for kept, row in known if "candidates" not in kept.changed])
    rows = [
        {"work_item_id": row.id, "kind": kind, "name": name}
        for kept, row in known
        for kind, name in sorted(_wanted(kept, row.login))
        if (row.id, kind, name) not in there
    ]
    if rows:
        uow.connection.execute(insert(Candidate), rows)
    _sole_roles(uow, [row.id for kept, row in known if kept.changed & {"candidates", "assignee"}])


def _sole_roles(uow: UnitOfWork, items: list[UUID]) -> None:
    """Say anew which role alone may take each item."""
    wanted: dict[UUID, list[tuple[str, str]]] = {item: [] for item in items}
    for item, kind, name in _named(uow, items):
        wanted[item].append((kind, name))
    rows = [{"b_item": item, "b_role": sole_role(named)} for item, named in wanted.items()]
    if rows:
        which = update(WorkItem).where(WorkItem.id == bindparam("b_item"))
        uow.connection.execute(which.values(sole_role=bindparam("b_role")), rows)


def _named(uow: UnitOfWork, items: list[UUID]) -> set[tuple[UUID, str, str]]:
    """Return whom items are for, of those that keep them."""
    query = select(Candidate.work_item_id, Candidate.kind, Candidate.name)
    found = uow.connection.execute(query.where(Candidate.work_item_id.in_(items))) if items else ()
    return {(item, kind, name) for item, kind, name in found}


def _wanted(kept: Kept, holder: str | None) -> set[tuple[str, str]]:
    opened = kept.opened
    if not isinstance(opened, UserTaskOpened) or not kept.changed & {"candidates", "assignee"}:
        return set()
    people = {opened.assignee} if opened.assignee else set()
    if "candidates" not in kept.changed:
        return {("person", name) for name in people}
    people |= {*opened.candidate_users, *({holder} if holder else ())}
    return {("role", name) for name in opened.candidate_groups} | {("person", name) for name in people}


def _jobs(uow: UnitOfWork, running: Running, kept: list[Kept]) -> None:
    changes = []
    for each in kept:
        opened, changed = each.opened, each.changed
        values: dict[str, Any] = {name: getattr(opened, name) for name in PLACE if name in changed}
        if isinstance(opened, TimerOpened) and "due_at" in changed:
            values["due_at"] = opened.due_at
            uow.wake(opened.due_at)
        if isinstance(opened, JobOpened):
            values |= {"headers": dict(opened.headers)} if "headers" in changed else {}
            values |= {"retries": opened.retries} if "retries" in changed else {}
            values |= _other_topic(uow, opened.topic) if "topic" in changed else {}
        changes.append((opened.wait, values))
    _update(uow, running, Job, changes)


def _other_topic(uow: UnitOfWork, topic: str) -> dict[str, Any]:
    """Begin anew with another handler."""
    handlers = surroundings.of(uow).handlers
    uow.wake(uow.now)
    return {
        "topic": topic,
        "outside": topic in handlers and handlers[topic].effect == "outside",
        "attempts": 0,
        "error": None,
        "worker": None,
        "due_at": uow.now,
    }


def _subscriptions(uow: UnitOfWork, running: Running, kept: list[Kept]) -> None:
    changes = [(each.opened.wait, {"element": each.opened.element}) for each in kept]
    _update(uow, running, Subscription, changes)


def _incidents(uow: UnitOfWork, running: Running, kept: list[Kept]) -> None:
    changes = [
        (each.opened.wait, {"element": each.opened.element, "name": each.opened.name}) for each in kept
    ]
    _update(uow, running, Incident, changes)


def _children(uow: UnitOfWork, running: Running, kept: list[Kept]) -> None:
    """Let called instances bear the new id of the element that called them."""
    theirs = update(Instance).where(
        Instance.parent_id == running.id, Instance.parent_wait == bindparam("b_wait")
    )
    rows = [{"b_wait": each.opened.wait, "b_element": each.opened.element} for each in kept]
    uow.connection.execute(theirs.values(parent_element=bindparam("b_element")), rows)


def _update(
    uow: UnitOfWork, running: Running, table: type[Any], changes: Iterable[tuple[int, dict[str, Any]]]
) -> None:
    """Change rows by their waits: one statement for all whose same columns change."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for wait, values in changes:
        if values:
            row = {f"b_{name}": value for name, value in values.items()}
            by_columns.setdefault(tuple(sorted(values)), []).append(row | {"b_wait": wait})
    for columns, rows in by_columns.items():
        new: dict[str, Any] = {name: bindparam(f"b_{name}") for name in columns}
        fence = {"fence": Job.fence + 1} if "topic" in columns else {}  # who had the job before is too late
        mine = (table.instance_id == running.id, table.wait == bindparam("b_wait"), *_still_open(table))
        uow.connection.execute(update(table).where(*mine).values(new | fence), rows)


def _still_open(table: type[Any]) -> tuple[Any, ...]:
    if table is WorkItem:
        return (WorkItem.state == "open",)
    return (Incident.resolved_at.is_(None),) if table is Incident else ()


Writer = Callable[[UnitOfWork, Running, list[Kept]], None]
_ROWS: Mapping[str, Writer] = {
    "user": _items,
    "job": _jobs,
    "timer": _jobs,
    "subscription": _subscriptions,
    "message": _subscriptions,
    "signal": _subscriptions,
    "incident": _incidents,
    "child": _children,
}
