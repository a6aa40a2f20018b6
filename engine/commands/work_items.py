"""Work items: claim, hand over, put off, save, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from engine import feel
from engine.bpmn import runtime
from engine.commands import _definitions, _rights, _running, history, people
from engine.commands._record import record
from engine.commands._rights import Duty
from engine.commands._running import COLUMNS, Running
from engine.commands._writes import Writes
from engine.errors import Conflict, InvalidAnswers, NotAllowed, NotFound
from engine.forms import Checked
from engine.people import Person, require
from store.prepared import Prepared
from store.queries.scope import takeable_items, visible_items
from store.tables import Instance, WorkItem
from store.unit_of_work import UnitOfWork

_ITEM = (
    WorkItem.id,
    WorkItem.instance_id,
    WorkItem.wait,
    WorkItem.scope,
    WorkItem.element,
    WorkItem.name,
    WorkItem.state,
    WorkItem.assignee_id,
    WorkItem.client_id,
    WorkItem.form_key,
    WorkItem.form_digest,
    WorkItem.separate_from,
    WorkItem.sole_role,
    WorkItem.version,
)
_LOCK = Prepared(
    select(*COLUMNS, *_ITEM)
    .join(Instance, Instance.id == WorkItem.instance_id)
    .where(WorkItem.id == bindparam("b_item"))
    .with_for_update()
)
_CLOSE = Prepared(
    update(WorkItem)
    .where(WorkItem.id == bindparam("b_item"), WorkItem.version == bindparam("b_version"))
    .values(
        state="completed",
        assignee_id=bindparam("b_assignee"),
        completed_at=bindparam("b_at"),
        completed_by=bindparam("b_by"),
        answers=bindparam("b_answers"),
        draft=None,
        version=bindparam("b_version_new"),
    )
)


@dataclass(slots=True)
class Item:
    """A work item as a command finds it."""

    id: UUID
    instance_id: UUID
    wait: int
    scope: int
    element: str
    name: str
    state: str
    assignee_id: UUID | None
    client_id: UUID | None
    form_key: str | None
    form_digest: str | None
    separate_from: list[str]
    sole_role: str | None
    version: int

    @property
    def duty(self) -> Duty:
        """What is asked of who takes it."""
        separate = tuple(self.separate_from)
        return Duty(self.id, self.instance_id, self.client_id, self.name, separate, self.sole_role)


def claim(uow: UnitOfWork, item_id: UUID, *, by: Person) -> None:
    """Take an open work item; of two at once one gets it and the other a Conflict that names who has it."""
    require(by, "work.take")
    item = _open(uow, item_id)
    if item.assignee_id == by.id:
        return
    _rights.must_take(uow, item.duty, by)
    free = update(WorkItem).where(
        WorkItem.id == item_id, WorkItem.state == "open", WorkItem.assignee_id.is_(None)
    )
    change = {"assignee_id": by.id, "claimed_at": uow.now, "version": WorkItem.version + 1}
    if uow.connection.execute(free.values(change)).rowcount != 1:
        now = _open(uow, item_id)
        if now.assignee_id != by.id:
            raise _taken(uow, now)
        return
    _note(uow, item, "work_item.claimed", by=by)


def release(uow: UnitOfWork, item_id: UUID, *, by: Person) -> None:
    """Give a work item back to its queue; one's own, or anybody's with the right to assign. The draft stays."""
    item = _open(uow, item_id)
    _must_hold(uow, item, by)
    _change(uow, item, assignee_id=None, claimed_at=None)
    _note(uow, item, "work_item.released", by=by)


def assign(uow: UnitOfWork, item_id: UUID, to_login: str, *, by: Person | None) -> None:
    """Hand a work item to somebody who may take it: by its holder, or with the right to assign."""
    item = _open(uow, item_id)
    if by is not None:
        _must_hold(uow, item, by)
    person = people.by_login(uow, to_login)
    _rights.must_take(uow, item.duty, person)
    _change(uow, item, assignee_id=person.id, claimed_at=uow.now)
    _note(uow, item, "work_item.assigned", by=by, to=person.login)


def postpone(uow: UnitOfWork, item_id: UUID, until: datetime | None, *, by: Person) -> None:
    """Put a work item out of sight until a moment (aware); None brings it back."""
    item = _open(uow, item_id)
    _must_hold(uow, item, by)
    _change(uow, item, follow_up_at=until)
    _note(uow, item, "work_item.postponed", by=by, until=until)


def save_draft(uow: UnitOfWork, item_id: UUID, answers: Mapping[str, Any], *, by: Person | None) -> int:
    """Keep answers that are not handed in yet (plain JSON, not validated); return the new version of the item."""
    item = _open(uow, item_id)
    if by is not None:
        _must_be_taken_by(uow, item, by)
    _change(uow, item, draft=dict(answers))
    return item.version + 1


def complete(
    uow: UnitOfWork,
    item_id: UUID,
    answers: Mapping[str, Any] | None = None,
    *,
    by: Person | None,
    version: int | None = None,
    left_out: list[str] | None = None,
) -> tuple[UUID, ...]:
    """Hand in a work item and run its instance on; return the ids of items that opened in the same tree for this person.

    ``answers`` are the form's, as the browser gives them. ``version`` is that of the item the person saw. Raises Conflict
    (somebody was faster, or has it; the instance is suspended), NotAllowed, InvalidAnswers. ``by`` None is the client portal.
    ``left_out`` gets the labels of filled in fields that are hidden here: they are not kept, and the history says so.
    """
    running, item = _locked(uow, item_id)
    _must_be_open(item)
    if version is not None and version != item.version:
        raise Conflict(
            f"«{item.name}» has changed since it was opened; look at its present state and hand it in again."
        )
    _running.must_run(running)
    if by is not None:
        require(by, "work.take")
        _must_be_taken_by(uow, item, by)
    checked = _validated(uow, running, item, answers or {})
    _close(uow, item, checked.values, by)
    uow.after_commit(partial(([] if left_out is None else left_out).extend, checked.left_out))
    running.handled.add(item.wait)
    writes = Writes(facts=[_fact(item, "work_item.completed", by, **checked.noted)])
    step = runtime.complete(running.case, item.wait, checked.values, _definitions.moment(uow))
    opened = record(uow, running, step, by=by, writes=writes)
    return () if by is None else _takeable(uow, opened, running.root_id, by)


def visible_variables(uow: UnitOfWork, item_id: UUID) -> dict[str, Any]:
    """Return the variables (FEEL values) that the form of a work item shows; to be called by ``store.look``."""
    running, item = _locked(uow, item_id)
    _running.keep(uow, running)
    return runtime.visible(running.case, item.scope)


def _open(uow: UnitOfWork, item_id: UUID) -> Item:
    row = uow.connection.execute(select(*_ITEM).where(WorkItem.id == item_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no work item {item_id}.")
    item = Item(*row)
    _must_be_open(item)
    return item


def _locked(uow: UnitOfWork, item_id: UUID) -> tuple[Running, Item]:
    values = _LOCK.first(uow.connection, b_item=item_id)
    if values is None:
        raise NotFound(f"There is no work item {item_id}.")
    return _running.hold(uow, values[: len(COLUMNS)]), Item(*values[len(COLUMNS) :])


def _must_be_open(item: Item) -> None:
    if item.state != "open":
        raise Conflict(f"«{item.name}» is {item.state} already; nothing was changed.")


def _must_hold(uow: UnitOfWork, item: Item, by: Person) -> None:
    if item.assignee_id == by.id:
        return
    require(by, "work.assign")
    seen = select(WorkItem.id).where(WorkItem.id == item.id, visible_items(_rights.scope_of(by)))
    if uow.connection.scalar(seen) is None:
        raise NotAllowed(f"{by.name} does not look after the client of «{item.name}».")


def _must_be_taken_by(uow: UnitOfWork, item: Item, by: Person) -> None:
    if item.assignee_id not in {None, by.id}:
        raise _taken(uow, item)
    _rights.must_take(uow, item.duty, by)


def _taken(uow: UnitOfWork, item: Item) -> Conflict:
    holder = "somebody else" if item.assignee_id is None else _rights.login_of(uow, item.assignee_id)
    return Conflict(f"«{item.name}» is with {holder}; ask them to hand it over.")


def _validated(uow: UnitOfWork, running: Running, item: Item, answers: Mapping[str, Any]) -> Checked:
    if item.form_key is None:
        if answers:
            raise InvalidAnswers(dict.fromkeys(answers, "This step has no form, so it takes no answers."))
        return Checked({})
    digest = item.form_digest or _definitions.form_digest(uow, item.form_key)
    form = _definitions.form_of(uow, digest)
    return form.checked(answers, runtime.visible(running.case, item.scope), _definitions.environment(uow))


def _close(uow: UnitOfWork, item: Item, values: Mapping[str, Any], by: Person | None) -> None:
    person_id = None if by is None else by.id
    change = {
        "b_item": item.id,
        "b_version": item.version,
        "b_version_new": item.version + 1,
        "b_assignee": person_id or item.assignee_id,
        "b_at": uow.now,
        "b_by": person_id,
        "b_answers": feel.to_json(dict(values)),
    }
    if _CLOSE.run(uow.connection, [change]) != 1:
        raise Conflict(f"«{item.name}» was changed by somebody else meanwhile; nothing was done.")


def _change(uow: UnitOfWork, item: Item, **values: Any) -> None:
    same = update(WorkItem).where(WorkItem.id == item.id, WorkItem.version == item.version)
    if uow.connection.execute(same.values(**values, version=item.version + 1)).rowcount != 1:
        raise Conflict(f"«{item.name}» was changed by somebody else meanwhile; look at it again.")


def _takeable(uow: UnitOfWork, opened: tuple[UUID, ...], root_id: UUID, by: Person) -> tuple[UUID, ...]:
    if not opened:
        return ()
    query = (
        select(*_ITEM)
        .join(Instance, Instance.id == WorkItem.instance_id)
        .where(
            WorkItem.id.in_(opened),
            Instance.root_id == root_id,
            (WorkItem.assignee_id == by.id)
            | (WorkItem.assignee_id.is_(None) & takeable_items(_rights.scope_of(by))),
        )
    )
    items = [Item(*row) for row in uow.connection.execute(query.order_by(WorkItem.opened_at, WorkItem.id))]
    return tuple(item.id for item in items if _is_separate(uow, item, by))


def _is_separate(uow: UnitOfWork, item: Item, by: Person) -> bool:
    try:
        _rights.must_be_separate(uow, item.duty, by.id, by.name)
    except NotAllowed:
        return False
    return True


def _note(uow: UnitOfWork, item: Item, kind: str, *, by: Person | None, **detail: Any) -> None:
    history.append(uow, [_fact(item, kind, by, **detail)])


def _fact(item: Item, kind: str, by: Person | None, **detail: Any) -> history.Fact:
    return history.Fact(
        kind=kind,
        instance_id=item.instance_id,
        client_id=item.client_id,
        element=item.element,
        name=item.name,
        person_id=None if by is None else by.id,
        detail=detail,
        plain={"wait": item.wait},
    )
