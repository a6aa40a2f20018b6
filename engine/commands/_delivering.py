"""Messages and signals on their way to whoever waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, or_, select, update

from engine.bpmn import runtime
from engine.bpmn.step import Step, SubscriptionOpened
from engine.commands import _definitions, _running, _special, _starting
from engine.commands._running import Running
from engine.commands._starting import Beginning
from engine.commands._writes import Writes
from engine.errors import AlreadyRunning
from store.tables import Definition, Instance, Message, Subscription
from store.unit_of_work import UnitOfWork
from store.upserting import insert_new

Advance = tuple[Running, Step]
_WHO = (Subscription.instance_id, Subscription.wait, Subscription.definition_id, Subscription.element)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message: ``ttl`` seconds it waits for a subscriber; ``message_id`` makes a repeat known."""

    name: str
    correlation_key: str
    variables: Mapping[str, Any]
    ttl: int
    message_id: str | None


def publish(uow: UnitOfWork, writes: Writes, sent: Sent) -> list[Advance] | None:
    """Hand a message to one waiting instance of each process, else to its start event; None when it is a repeat.

    Nobody waits: it is kept until its time to live is over (as in Zeebe, a message reaches a process once).
    """
    writes.flush(uow)
    stored = _store(uow, sent)
    if stored is None:
        return None
    advances, reached = [], set[str]()
    for row in _subscribers(uow, "message", sent.name, sent.correlation_key):
        if row.process not in reached:
            found = _go_on(uow, writes, row, sent.variables)
            advances.extend(found)
            reached.update(row.process for _ in found)
    if advances:
        _mark_delivered(uow, stored)
    return advances


def broadcast(
    uow: UnitOfWork, writes: Writes, name: str, variables: Mapping[str, Any], *, thrower: UUID | None = None
) -> list[Advance]:
    """Hand a signal to every wait for it except those of the instance that threw it, and to signal start events."""
    writes.flush(uow)
    rows = _subscribers(uow, "signal", name, None)
    return [
        advance
        for row in rows
        if row.instance_id is None or row.instance_id != thrower
        for advance in _go_on(uow, writes, row, variables)
    ]


def buffered(uow: UnitOfWork, running: Running, opened: SubscriptionOpened) -> Iterator[Advance]:
    """Hand messages that came before the wait opened to it, oldest first, as long as it waits.

    A suspended instance gets them when it is resumed.
    """
    if running.state == "suspended":
        return
    query = (
        select(Message.id, Message.variables)
        .where(
            Message.name == opened.event,
            Message.correlation_key == (opened.correlation_key or ""),
            Message.delivered_at.is_(None),
            Message.expires_at > uow.now,
        )
        .order_by(Message.published_at, Message.id)
        .with_for_update(skip_locked=True)
    )
    for message_id, text in uow.connection.execute(query).all():
        if opened.wait not in running.case.waits:
            return
        _mark_delivered(uow, message_id)
        variables = _running.variable_value(text)
        yield running, runtime.complete(running.case, opened.wait, variables, _definitions.moment(uow))


def _store(uow: UnitOfWork, sent: Sent) -> UUID | None:
    uow.connection.execute(delete(Message).where(Message.expires_at <= uow.now))
    new_id = uow.new_id()
    row = {
        "id": new_id,
        "name": sent.name,
        "correlation_key": sent.correlation_key,
        "message_id": sent.message_id or new_id.hex,
        "variables": _running.variable_text(dict(sent.variables)),
        "published_at": uow.now,
        "expires_at": uow.now + timedelta(seconds=max(0, sent.ttl)),
    }
    statement = insert_new(uow.connection.dialect.name, Message)
    return new_id if uow.connection.execute(statement, row).rowcount == 1 else None


def _subscribers(uow: UnitOfWork, kind: str, event: str, key: str | None) -> list[Row[Any]]:
    waits = Subscription.instance_id.is_not(None)
    mine = waits if key is None else and_(waits, Subscription.correlation_key == key)
    query = (
        select(*_WHO, Definition.key.label("process"))
        .outerjoin(Instance, Instance.id == Subscription.instance_id)
        .join(Definition, Definition.id == func.coalesce(Instance.definition_id, Subscription.definition_id))
        .where(
            Subscription.kind == kind,
            Subscription.event == event,
            or_(and_(mine, Instance.state == "running"), Subscription.definition_id.is_not(None)),
        )
        .order_by(Subscription.instance_id.is_(None), Subscription.opened_at, Subscription.id)
    )
    return list(uow.connection.execute(query))


def _go_on(uow: UnitOfWork, writes: Writes, row: Row[Any], variables: Mapping[str, Any]) -> list[Advance]:
    if row.instance_id is None:
        return _start(uow, writes, row, variables)
    running = _running.lock(uow, row.instance_id)
    if row.wait not in running.case.waits or running.state != "running":
        return []
    return [(running, runtime.complete(running.case, row.wait, dict(variables), _definitions.moment(uow)))]


def _start(uow: UnitOfWork, writes: Writes, row: Row[Any], variables: Mapping[str, Any]) -> list[Advance]:
    client = _special.client_named(uow, variables.get(_special.CLIENT))
    period = variables.get(_special.PERIOD)
    beginning = Beginning(
        process=row.process,
        variables=variables,
        client_id=client,
        period=str(period) if period else None,
        element=row.element,
    )
    try:
        return [_starting.begin(uow, writes, beginning)]
    except AlreadyRunning:
        return []


def _mark_delivered(uow: UnitOfWork, message_id: UUID) -> None:
    uow.connection.execute(update(Message).where(Message.id == message_id).values(delivered_at=uow.now))
