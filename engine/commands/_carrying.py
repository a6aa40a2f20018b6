"""The rows of an instance that goes over to another version: what stays open keeps its row and gets what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, insert, select, update

from engine.bpmn.migrating import Kept, Mapped
from engine.bpmn.step import JobOpened, TimerOpened, UserTaskOpened
from engine.commands import surroundings
from engine.commands._definitions import Deployed
from engine.commands._opening import form_digest, person_id
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
    for each in kept:
        writer = _ROWS.get(running.live.kinds.get(each.opened.wait, ""))
        if writer is not None and each.changed:
            writer(uow, running, each)
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


def _item(uow: UnitOfWork, running: Running, kept: Kept) -> None:
    opened, changed = kept.opened, kept.changed
    mine = (WorkItem.instance_id == running.id, WorkItem.wait == opened.wait, WorkItem.state == "open")
    row = uow.connection.execute(select(WorkItem.id, WorkItem.assignee_id).where(*mine)).one_or_none()
    if row is None:
        return
    values: dict[str, Any] = {name: getattr(opened, name) for name in PLACE if name in changed}
    if changed & {"name", "element"}:
        values["name"] = opened.name or opened.element
    if isinstance(opened, UserTaskOpened):
        values |= {name: getattr(opened, name) for name in OF_ITEM if name in changed}
        if "separate_from" in changed:
            values["separate_from"] = list(opened.separate_from)
        if "form" in changed:
            values |= {"form_key": opened.form, "form_digest": form_digest(uow, opened.form)}
        if "assignee" in changed and row.assignee_id is None:
            values["assignee_id"] = person_id(uow, opened.assignee)
        if changed & {"candidates", "assignee"}:
            _candidates(uow, row, opened, all_="candidates" in changed)
    if values:
        uow.connection.execute(update(WorkItem).where(*mine).values(values))


def _candidates(uow: UnitOfWork, item: Any, opened: UserTaskOpened, *, all_: bool) -> None:
    """Let the item be for whom the new version names, and for who has it already."""
    item_id, wanted = item.id, {("person", opened.assignee)} if opened.assignee else set()
    if all_:
        holder = uow.connection.scalar(select(Person.login).where(Person.id == item.assignee_id))
        wanted |= {("person", holder)} if holder else set()
        uow.connection.execute(delete(Candidate).where(Candidate.work_item_id == item_id))
        wanted |= {("role", name) for name in opened.candidate_groups}
        wanted |= {("person", name) for name in opened.candidate_users}
    known = select(Candidate.kind, Candidate.name).where(Candidate.work_item_id == item_id)
    wanted -= {(row.kind, row.name) for row in uow.connection.execute(known)}
    rows = [{"work_item_id": item_id, "kind": kind, "name": name} for kind, name in sorted(wanted)]
    if rows:
        uow.connection.execute(insert(Candidate), rows)


def _job(uow: UnitOfWork, running: Running, kept: Kept) -> None:
    opened, changed = kept.opened, kept.changed
    values: dict[str, Any] = {name: getattr(opened, name) for name in PLACE if name in changed}
    if isinstance(opened, TimerOpened) and "due_at" in changed:
        values["due_at"] = opened.due_at
        uow.wake(opened.due_at)
    if isinstance(opened, JobOpened):
        values |= {"headers": dict(opened.headers)} if "headers" in changed else {}
        values |= {"retries": opened.retries} if "retries" in changed else {}
        if "topic" in changed:
            values |= _other_topic(uow, opened.topic)
    if values:
        jobs = update(Job).where(Job.instance_id == running.id, Job.wait == opened.wait)
        uow.connection.execute(jobs.values(values))


def _other_topic(uow: UnitOfWork, topic: str) -> dict[str, Any]:
    """Begin anew with another handler; whoever had the job before finds another number on it."""
    handlers = surroundings.of(uow).handlers
    uow.wake(uow.now)
    return {
        "topic": topic,
        "outside": topic in handlers and handlers[topic].effect == "outside",
        "attempts": 0,
        "error": None,
        "worker": None,
        "fence": Job.fence + 1,
        "due_at": uow.now,
    }


def _subscription(uow: UnitOfWork, running: Running, kept: Kept) -> None:
    mine = (Subscription.instance_id == running.id, Subscription.wait == kept.opened.wait)
    uow.connection.execute(update(Subscription).where(*mine).values(element=kept.opened.element))


def _incident(uow: UnitOfWork, running: Running, kept: Kept) -> None:
    mine = (
        Incident.instance_id == running.id,
        Incident.wait == kept.opened.wait,
        Incident.resolved_at.is_(None),
    )
    values = {"element": kept.opened.element, "name": kept.opened.name}
    uow.connection.execute(update(Incident).where(*mine).values(values))


_ROWS: Mapping[str, Callable[[UnitOfWork, Running, Kept], None]] = {
    "user": _item,
    "job": _job,
    "timer": _job,
    "subscription": _subscription,
    "message": _subscription,
    "signal": _subscription,
    "incident": _incident,
}
