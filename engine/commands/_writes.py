"""Rows that a command is about to write, collected and written table by table in few statements."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from engine.bpmn import state
from engine.commands import _running, history
from engine.commands._running import Running
from engine.errors import AlreadyRunning, Conflict
from store.prepared import Prepared
from store.tables import (
    Candidate,
    Incident,
    Instance,
    InstanceVariable,
    Job,
    Subscription,
    WorkItem,
)
from store.unit_of_work import UnitOfWork
from store.upserting import upsert

Row = dict[str, Any]
WaitKey = tuple[UUID, int]

_STATE_CHANGE = Prepared(
    update(Instance)
    .where(Instance.id == bindparam("b_id"), Instance.version == bindparam("b_version"))
    .values({name: bindparam(f"b_{name}_new") for name in ("state", "state_body", "version", "ended_at")})
)
_ITEM_CLOSE = Prepared(
    update(WorkItem)
    .where(
        WorkItem.instance_id == bindparam("b_instance"),
        WorkItem.wait == bindparam("b_wait"),
        WorkItem.state == "open",
    )
    .values(
        state=bindparam("b_state"),
        completed_at=bindparam("b_at"),
        completed_by=bindparam("b_by"),
        version=WorkItem.version + 1,
    )
)
_INCIDENT_CLOSE = Prepared(
    update(Incident)
    .where(
        Incident.instance_id == bindparam("b_instance"),
        Incident.wait == bindparam("b_wait"),
        Incident.resolved_at.is_(None),
    )
    .values(resolved_at=bindparam("b_at"), resolved_by=bindparam("b_by"), resolution=bindparam("b_how"))
)
_OF_WAIT = {
    table: Prepared(
        delete(table).where(table.instance_id == bindparam("b_instance"), table.wait == bindparam("b_wait"))
    )
    for table in (Job, Subscription)
}
_INSERT = {
    table: Prepared(insert(table)) for table in (Instance, WorkItem, Candidate, Job, Subscription, Incident)
}
_SCOPE_END = Prepared(
    delete(InstanceVariable).where(
        InstanceVariable.instance_id == bindparam("b_instance"),
        InstanceVariable.scope == bindparam("b_scope"),
    )
)
_VARIABLES = Prepared(
    lambda database: upsert(
        database, InstanceVariable, keys=("instance_id", "scope", "name"), values=("value",)
    )
)


@dataclass(slots=True)
class Writes:
    """What is to be written. A row that opens and closes before ``flush`` is never written.

    ``at_once``: jobs among the rows that need not wait for the worker.
    """

    started: dict[UUID, Row] = field(default_factory=dict)
    touched: dict[UUID, Running] = field(default_factory=dict)
    ended: dict[UUID, str] = field(default_factory=dict)
    rows: dict[type[Any], dict[WaitKey, Row]] = field(default_factory=dict)
    candidates: dict[WaitKey, list[Row]] = field(default_factory=dict)
    gone: dict[type[Any], list[WaitKey]] = field(default_factory=dict)
    items_closed: list[Row] = field(default_factory=list)
    incidents_closed: list[Row] = field(default_factory=list)
    variables: dict[tuple[UUID, int, str], str] = field(default_factory=dict)
    scopes_ended: list[Row] = field(default_factory=list)
    facts: list[history.Fact] = field(default_factory=list)
    at_once: deque[WaitKey] = field(default_factory=deque)

    def add(self, table: type[Any], key: WaitKey, row: Row) -> None:
        """Write a row that stands for a wait."""
        self.rows.setdefault(table, {})[key] = row

    def drop(self, table: type[Any], key: WaitKey) -> bool:
        """Take back a row that is not written yet; False when there is none."""
        return self.rows.get(table, {}).pop(key, None) is not None

    def remove(self, table: type[Any], key: WaitKey) -> None:
        """Delete the row of a wait."""
        if not self.drop(table, key):
            self.gone.setdefault(table, []).append(key)

    def pending_key(self, process: str, business_key: str) -> bool:
        """Tell whether an instance that is not written yet has this business key."""
        return any(
            row["process"] == process and row["business_key"] == business_key for row in self.started.values()
        )

    def flush(self, uow: UnitOfWork, *, states: bool = True) -> None:
        """Write everything, parents before children, and begin anew.

        Without ``states`` those of instances that were there before and go on are kept back: nobody but who holds an
        instance reads its state, and one of thousands of tokens is long. They must be flushed in the same transaction.
        """
        _write_instances(uow, self, states=states)
        _write_closed(uow, self)
        _write_variables(uow, self)
        _write_opened(uow, self)
        history.append(uow, self.facts)
        for collected in (
            self.started,
            self.ended,
            self.rows,
            self.candidates,
            self.gone,
            self.variables,
        ):
            collected.clear()
        for listed in (self.items_closed, self.incidents_closed, self.scopes_ended, self.facts):
            listed.clear()


def _write_instances(uow: UnitOfWork, writes: Writes, *, states: bool) -> None:
    new, changed, kept = [], [], {}
    for running in writes.touched.values():
        if not states and running.id not in writes.started and not running.case.completed:
            kept[running.id] = running
            continue
        running.state = writes.ended.get(running.id, running.state)
        body, ended_at = state.dump(running.case), uow.now if running.case.completed else None
        row = writes.started.get(running.id)
        if row is not None:
            new.append(row | {"state": running.state, "state_body": body, "ended_at": ended_at})
        else:
            changed.append(_state_change(running, body, ended_at))
            running.version += 1
        _running.keep(uow, running)
    writes.touched = kept
    if new:
        _insert_instances(uow, new)
    if _STATE_CHANGE.run(uow.connection, changed) != len(changed):
        raise Conflict("An instance was changed by somebody else meanwhile; nothing was done, try again.")


def _insert_instances(uow: UnitOfWork, rows: list[Row]) -> None:
    try:
        _INSERT[Instance].run(uow.connection, rows)
    except IntegrityError as error:
        if "business_key" not in str(error.orig):
            raise
        keys = ", ".join(sorted({str(row["business_key"]) for row in rows if row["business_key"]}))
        message = f"Somebody else has just started the same for {keys}; nothing was done."
        raise AlreadyRunning(message) from error


def _state_change(running: Running, body: bytes, ended_at: Any) -> Row:
    return {
        "b_id": running.id,
        "b_version": running.version,
        "b_state_new": running.state,
        "b_state_body_new": body,
        "b_version_new": running.version + 1,
        "b_ended_at_new": ended_at,
    }


def _write_closed(uow: UnitOfWork, writes: Writes) -> None:
    for table, keys in writes.gone.items():
        _OF_WAIT[table].run(uow.connection, [{"b_instance": key[0], "b_wait": key[1]} for key in keys])
    _ITEM_CLOSE.run(uow.connection, writes.items_closed)
    _INCIDENT_CLOSE.run(uow.connection, writes.incidents_closed)
    _SCOPE_END.run(uow.connection, writes.scopes_ended)


def _write_variables(uow: UnitOfWork, writes: Writes) -> None:
    rows = [
        {"instance_id": instance, "scope": scope, "name": name, "value": value}
        for (instance, scope, name), value in writes.variables.items()
    ]
    _VARIABLES.run(uow.connection, rows)


def _write_opened(uow: UnitOfWork, writes: Writes) -> None:
    for table in (WorkItem, Job, Subscription, Incident):
        _INSERT[table].run(uow.connection, list(writes.rows.get(table, {}).values()))
    items = writes.rows.get(WorkItem, {})
    candidates = [row for key in items for row in writes.candidates.get(key, ())]
    _INSERT[Candidate].run(uow.connection, candidates)
    for job in writes.rows.get(Job, {}).values():
        uow.wake(job["due_at"])
