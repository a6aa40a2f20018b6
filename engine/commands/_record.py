"""The only writer of Steps: what an advance did becomes rows, history, child instances and delivered events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.bpmn import runtime
from engine.bpmn.step import (
    ChildOpened,
    Closed,
    Ended,
    EscalationThrown,
    MessageThrown,
    Opened,
    ScopeClosed,
    SignalThrown,
    Step,
    SubscriptionOpened,
    UserTaskOpened,
    VariableSet,
)
from engine.commands import _definitions, _delivering, _erring, _running, _special, _starting
from engine.commands._at_once import AtOnce
from engine.commands._closing import Ending, remove
from engine.commands._delivering import Advance, Sent
from engine.commands._evaluated import kept
from engine.commands._opening import ROW_OF
from engine.commands._running import Running
from engine.commands._starting import Beginning
from engine.commands._telling import together
from engine.commands._writes import Writes
from engine.commands.history import Fact
from engine.errors import Conflict, ZhangfangError
from engine.people import Person
from store.tables import Instance, WorkItem
from store.unit_of_work import UnitOfWork

MOST_ADVANCES = 20_000
NOT_IN_HISTORY = frozenset({_special.CLIENT, _special.SETTINGS})


def record(
    uow: UnitOfWork, running: Running, step: Step, *, by: Person | None = None, writes: Writes | None = None
) -> tuple[UUID, ...]:
    """Write a Step and everything that follows from it in other instances; return the ids of work items that opened."""
    recorder = Recorder(uow, by, writes)
    recorder.add([(running, step)])
    return recorder.finish()


def collect(uow: UnitOfWork, running: Running, step: Step, writes: Writes) -> None:
    """Note a Step and everything that follows from it in ``writes``, which the caller flushes."""
    recorder = Recorder(uow, None, writes)
    recorder.add([(running, step)])
    recorder.settle()


class Recorder:
    """Writes Steps one after the other until nothing follows: a loop, so depth of calls costs no stack."""

    def __init__(self, uow: UnitOfWork, by: Person | None, writes: Writes | None = None) -> None:
        """Work for one command; ``by`` is the person whose doing it is, None the system."""
        self.uow = uow
        self.by = by
        self.writes = writes or Writes()
        self._at_once = AtOnce(uow, self.writes)
        self._queue: deque[Advance] = deque()
        self._opened: list[tuple[UUID, int]] = []
        self._items: list[UUID] = []

    def add(self, advances: list[Advance] | None) -> None:
        """Take Steps to be written."""
        self._queue.extend(advances or ())

    def finish(self) -> tuple[UUID, ...]:
        """Write all Steps; return the ids of the work items that are open because of them, oldest first."""
        self.settle()
        items = self.writes.rows.get(WorkItem, {})
        opened = [items[key]["id"] for key in self._opened if key in items]
        self.writes.flush(self.uow)
        return tuple(self._items + opened)

    def settle(self) -> None:
        """Note all Steps and what follows from them."""
        for _ in range(MOST_ADVANCES):
            if not self._queue and not self._go_on_at_once():
                break
            self._write(*self._queue.popleft())
        else:
            raise Conflict(
                f"One command led to more than {MOST_ADVANCES} advances: do instances send each other messages without end?"
            )

    def _go_on_at_once(self) -> bool:
        advance = self._at_once.next()
        if advance is None:
            return False
        self.by = None  # what follows is the machine's doing
        self._queue.append(advance)
        return True

    def _flush_before_reading(self) -> None:
        items = self.writes.rows.get(WorkItem, {})
        self._items.extend(items[key]["id"] for key in self._opened if key in items)
        self._opened.clear()

    def _write(self, running: Running, step: Step) -> None:
        self.writes.touched[running.id] = running
        if step.ended is not None:
            self.writes.ended[running.id] = step.ended.state
        self._history(running, step)
        for closed in step.closed:
            self._close(running, closed)
        self._variables(running, step)
        called = (each.variables for each in step.opened if isinstance(each, ChildOpened))
        _special.expect_clients(self.uow, (variables.get(_special.CLIENT) for variables in called))
        for opened in step.opened:
            self._open(running, opened)
        for thrown in step.thrown:
            self._throw(running, thrown)
        if step.ended is not None:
            self._end(running, step.ended)

    def _fact(self, running: Running, kind: str, **more: Any) -> Fact:
        return Fact(
            kind=kind,
            instance_id=running.id,
            client_id=running.client_id,
            process=running.process,
            person_id=None if self.by is None else self.by.id,
            **more,
        )

    def _history(self, running: Running, step: Step) -> None:
        for happened in step.history:
            plain = {} if happened.wait is None else {"wait": happened.wait}
            self.writes.facts.append(
                self._fact(
                    running,
                    happened.kind,
                    element=happened.element,
                    name=happened.name,
                    detail=happened.detail,
                    plain={**happened.plain, **plain},
                )
            )

    def _variables(self, running: Running, step: Step) -> None:
        written: list[tuple[int, str, Any]] = []
        for change in step.variables:
            if isinstance(change, ScopeClosed):
                self._end_scope(running, change)
            else:
                shown = self._set_variable(running, change)
                if change.name not in NOT_IN_HISTORY:
                    written.append((change.scope, change.name, shown))
        lines = len(step.history)  # so many facts before these tell of the same Step
        for scope, values in together(written):
            plain = {"scope": scope, "values": values, "lines": lines}
            self.writes.facts.append(self._fact(running, "variables.set", plain=plain))

    def _set_variable(self, running: Running, change: VariableSet) -> Any:
        body, shown = kept(change.value)
        self.writes.variables[running.id, change.scope, change.name] = body.decode()
        return shown

    def _end_scope(self, running: Running, ended: ScopeClosed) -> None:
        variables = self.writes.variables
        for key in [key for key in variables if key[0] == running.id and key[1] == ended.scope]:
            del variables[key]
        self.writes.scopes_ended.append({"b_instance": running.id, "b_scope": ended.scope})

    def _close(self, running: Running, closed: Closed) -> None:
        kind = running.live.kinds.pop(closed.wait, None)
        if closed.wait in running.handled:
            running.handled.discard(closed.wait)
        elif kind == "child":
            if closed.reason == "cancelled":
                self._cancel_children(running, closed.wait)
        else:
            self._remove_row(running, closed.wait, kind, closed.reason)

    def _remove_row(self, running: Running, wait: int, kind: str | None, reason: str) -> None:
        ending = Ending((running.id, wait), self.uow.now, None if self.by is None else self.by.id)
        remove(self.writes, ending, kind, reason)

    def _open(self, running: Running, opened: Opened) -> None:
        before = running.live.kinds.get(opened.wait)
        if before is not None and before != "child":
            self._remove_row(running, opened.wait, before, "cancelled")
        if isinstance(opened, ChildOpened):
            running.live.kinds[opened.wait] = "child"
            self._start_child(running, opened)
            return
        kind, opener = ROW_OF[type(opened)]
        running.live.kinds[opened.wait] = kind
        opener(self.uow, self.writes, running, opened)
        if isinstance(opened, UserTaskOpened):
            self._opened.append((running.id, opened.wait))
        elif isinstance(opened, SubscriptionOpened) and opened.kind == "message":
            self.add(list(_delivering.buffered(self.uow, running, opened)))

    def _start_child(self, parent: Running, opened: ChildOpened) -> None:
        variables = opened.variables
        period = variables.get(_special.PERIOD)
        try:
            child = _starting.begin(
                self.uow,
                self.writes,
                Beginning(
                    process=opened.process,
                    variables=variables,
                    client_id=_special.client_named(self.uow, variables.get(_special.CLIENT))
                    or parent.client_id,
                    period=str(period) if period else parent.period,
                    business_key=opened.business_key,
                    initiator=parent.case.root_scope.values.get(_special.INITIATOR),
                    person_id=None if self.by is None else self.by.id,
                    as_deployed=opened.as_deployed,
                    version_tag=opened.version_tag,
                    parent=parent,
                    parent_wait=opened.wait,
                    parent_element=opened.element,
                ),
            )
        except ZhangfangError as error:
            code = f"call-{type(error).__name__}"
            self._throw_error(parent, opened.wait, code, str(error))
        else:
            self.add([child])

    def _cancel_children(self, parent: Running, wait: int) -> None:
        self._flush_before_reading()
        self.writes.flush(self.uow)
        query = select(Instance.id).where(
            Instance.parent_id == parent.id,
            Instance.parent_wait == wait,
            Instance.state.in_(_starting.OPEN_STATES),
        )
        for child_id in self.uow.connection.scalars(query.order_by(Instance.id)).all():
            child = _running.lock(self.uow, child_id)
            if not child.case.completed:
                self.add([(child, runtime.cancel(child.case, _definitions.moment(self.uow)))])

    def _throw(self, running: Running, thrown: MessageThrown | SignalThrown | EscalationThrown) -> None:
        if isinstance(thrown, EscalationThrown):
            self._escalate(running, thrown)
            return
        self._flush_before_reading()
        if isinstance(thrown, MessageThrown):
            sent = Sent(thrown.name, thrown.correlation_key, thrown.variables, thrown.ttl, thrown.message_id)
            self.add(_delivering.publish(self.uow, self.writes, sent))
        else:
            name, variables = thrown.name, thrown.variables
            self.add(_delivering.broadcast(self.uow, self.writes, name, variables, thrower=running.id))

    def _escalate(self, running: Running, thrown: EscalationThrown) -> None:
        for parent, wait in self._waiting_parent(running):
            moment = _definitions.moment(self.uow)
            step = runtime.escalate(parent.case, wait, thrown.code, dict(thrown.variables), moment)
            self.add([(parent, step)])

    def _end(self, running: Running, ended: Ended) -> None:
        self.writes.facts.append(
            self._fact(
                running, f"instance.{ended.state}", plain={"code": ended.code, "message": ended.message}
            )
        )
        for parent, wait in self._waiting_parent(running):
            if ended.state == "failed":
                code = ended.code or "failed"
                step = _erring.throw(self.uow, parent, wait, code, ended.message, ended.sent)
                self.add([(parent, step)])
            elif ended.state == "cancelled":
                text = f"The called instance {running.id} was cancelled."
                self._throw_error(parent, wait, "call-cancelled", text)
            else:
                moment = _definitions.moment(self.uow)
                self.add([(parent, runtime.complete(parent.case, wait, dict(ended.output), moment))])

    def _throw_error(self, running: Running, wait: int, code: str, message: str) -> None:
        self.add([(running, _erring.throw(self.uow, running, wait, code, message, {}))])

    def _waiting_parent(self, running: Running) -> Iterator[tuple[Running, int]]:
        if running.parent_id is None or running.parent_wait is None:
            return
        parent = _running.lock(self.uow, running.parent_id)
        if not parent.case.completed and running.parent_wait in parent.case.waits:
            yield parent, running.parent_wait
