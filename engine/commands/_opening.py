"""From what a Step opened to rows: one function for each kind of wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from engine.bpmn.step import (
    ConditionOpened,
    IncidentOpened,
    JobOpened,
    Opened,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
)
from engine.commands import _definitions, surroundings
from engine.commands._running import Running
from engine.commands._writes import Writes
from engine.errors import NotFound
from store.tables import Incident, Job, Subscription, WorkItem
from store.tables import Person as PersonRow
from store.unit_of_work import UnitOfWork

Opener = Callable[[UnitOfWork, Writes, Running, Any], None]


def _work_item(uow: UnitOfWork, writes: Writes, running: Running, opened: UserTaskOpened) -> None:
    key, item_id = (running.id, opened.wait), uow.new_id()
    wanted = _candidates(opened)
    writes.add(
        WorkItem,
        key,
        {
            "id": item_id,
            "instance_id": running.id,
            "definition_id": running.definition.id,
            "process": running.process,
            "wait": opened.wait,
            "scope": opened.scope,
            "element": opened.element,
            "name": opened.name or opened.element,
            "lane": opened.lane,
            "sole_role": sole_role(wanted),
            "state": "open",
            "assignee_id": person_id(uow, opened.assignee),
            "client_id": running.client_id,
            "period": running.period,
            "priority": opened.priority,
            "due_at": opened.due_at,
            "follow_up_at": opened.follow_up_at,
            "form_key": opened.form,
            "form_digest": form_digest(uow, opened.form),
            "separate_from": list(opened.separate_from),
            "waits_for_client": opened.waits_for_client,
            "opened_at": uow.now,
            "version": 1,
        },
    )
    writes.candidates[key] = [{"work_item_id": item_id, "kind": kind, "name": name} for kind, name in wanted]


def _candidates(opened: UserTaskOpened) -> list[tuple[str, str]]:
    people = dict.fromkeys((*opened.candidate_users, *((opened.assignee,) if opened.assignee else ())))
    roles = [("role", name) for name in dict.fromkeys(opened.candidate_groups)]
    return roles + [("person", name) for name in people]


def _job(uow: UnitOfWork, writes: Writes, running: Running, opened: JobOpened) -> None:
    row, key = _job_row(uow, running, opened, "service"), (running.id, opened.wait)
    handlers = surroundings.of(uow).handlers
    effect = handlers[opened.topic].effect if opened.topic in handlers else None
    row |= {
        "topic": opened.topic,
        "outside": effect == "outside",
        "headers": dict(opened.headers),
        "retries": opened.retries,
        "due_at": uow.now,
    }
    writes.add(Job, key, row)
    if effect == "none" and not row["held"]:
        writes.at_once.append(key)


def _timer(uow: UnitOfWork, writes: Writes, running: Running, opened: TimerOpened) -> None:
    writes.add(
        Job, (running.id, opened.wait), _job_row(uow, running, opened, "timer") | {"due_at": opened.due_at}
    )


def _job_row(uow: UnitOfWork, running: Running, opened: Opened, kind: str) -> dict[str, Any]:
    return {
        "id": uow.new_id(),
        "kind": kind,
        "instance_id": running.id,
        "wait": opened.wait,
        "scope": opened.scope,
        "element": opened.element,
        "topic": None,
        "outside": False,
        "headers": {},
        "held": running.state == "suspended",
        "fence": 0,
        "attempts": 0,
        "retries": 3,
        "opened_at": uow.now,
    }


def _subscription(uow: UnitOfWork, writes: Writes, running: Running, opened: SubscriptionOpened) -> None:
    row = {
        "id": uow.new_id(),
        "kind": opened.kind,
        "event": opened.event,
        "correlation_key": opened.correlation_key,
        "instance_id": running.id,
        "wait": opened.wait,
        "element": opened.element,
        "opened_at": uow.now,
    }
    writes.add(Subscription, (running.id, opened.wait), row)


def _incident(uow: UnitOfWork, writes: Writes, running: Running, opened: IncidentOpened) -> None:
    row = {
        "id": uow.new_id(),
        "instance_id": running.id,
        "wait": opened.wait,
        "process": running.process,
        "element": opened.element,
        "name": opened.name,
        "client_id": running.client_id,
        "code": opened.code,
        "cause": f"{running.process}/{opened.element}/{opened.code}",
        "message": opened.message,
        "opened_at": uow.now,
    }
    writes.add(Incident, (running.id, opened.wait), row)


def _condition(_uow: UnitOfWork, _writes: Writes, _running: Running, _opened: ConditionOpened) -> None:
    """Write nothing: the runtime asks a condition itself whenever a variable changes."""


def sole_role(wanted: Sequence[tuple[str, str]]) -> str | None:
    """Return the role that alone may take an item, of whom it is for as (kind, name); None when there is no such role."""
    return wanted[0][1] if len(wanted) == 1 and wanted[0][0] == "role" else None


def form_digest(uow: UnitOfWork, form: str | None) -> str | None:
    """Return the digest of the form that an item opens with; None when it has none, or none is deployed."""
    if form is None:
        return None
    try:
        return _definitions.form_digest(uow, form)
    except NotFound:
        return None  # the item opens all the same and says so when it is to be completed; deploying the form helps


def person_id(uow: UnitOfWork, login: str | None) -> Any:
    """Return the id of an active person by login; None when there is none."""
    if login is None:
        return None
    if f"login {login}" not in uow.cache:
        query = select(PersonRow.id).where(PersonRow.login == login, PersonRow.active.is_(True))
        uow.cache[f"login {login}"] = uow.connection.scalar(query)
    return uow.cache[f"login {login}"]


ROW_OF: dict[type[Opened], tuple[str, Opener]] = {
    UserTaskOpened: ("user", _work_item),
    JobOpened: ("job", _job),
    TimerOpened: ("timer", _timer),
    SubscriptionOpened: ("subscription", _subscription),
    IncidentOpened: ("incident", _incident),
    ConditionOpened: ("condition", _condition),
}
"""Kind of row and its writer, by what opened; a child instance is started by ``_record`` itself."""
