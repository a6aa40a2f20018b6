"""Acts upon all instances of a process: migrate, suspend, resume, cancel. A job carries them out, some at a time.

Each instance is dealt with by the same command as when it is dealt with alone, in a savepoint of its own: one that
cannot be, or was changed meanwhile, is told and stops no other. Each turn is a short transaction, so others get theirs;
what a turn has done stays done when the next one fails, and the job goes on behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, insert, update

from engine.bpmn.migrating import Finding
from engine.commands import _definitions, _rights, _running, history, instances, migrations, people
from engine.commands.instances import OPERATE
from engine.commands.migrations import Target
from engine.errors import InvalidInput, MigrationRefused, NotAllowed, NotFound, ZhangfangError
from engine.people import Person, require
from store.queries import batches
from store.queries.batches import FINISHED, TOPIC, Many
from store.queries.scope import EVERYTHING, Scope
from store.tables import Incident, Job
from store.unit_of_work import UnitOfWork

TURN = 50
"""Instances that one transaction deals with at most."""
LONGEST_TURN = 0.15
"""Seconds after which a turn ends: it holds SQLite's only writer."""
MOST_TOLD = 200
"""Refused instances that are told one by one; the others are counted."""
NARROWED = ("version", "except_version", "client", "period")


class DueBatch(Protocol):
    """What a turn needs of its job."""

    @property
    def id(self) -> UUID:
        """The id of the batch."""

    @property
    def headers(self) -> Mapping[str, Any]:
        """What is wanted."""

    @property
    def progress(self) -> Mapping[str, Any] | None:
        """How far it is."""


Act = Callable[[UnitOfWork, UUID, Mapping[str, Any], str, Person | None], object]


def begin(
    uow: UnitOfWork,
    act: str,
    many: Many,
    *,
    target: Target | None = None,
    reason: str,
    by: Person | None,
) -> UUID:
    """Begin an act (migrate, suspend, resume, cancel) upon many instances; return the id of the batch.

    Raises NotAllowed, InvalidInput (no reason, no such act), NotFound (no such process or version), Conflict.
    """
    total = wanted(uow, act, many, target=target, reason=reason, by=by)
    batch_id = uow.new_id()
    headers = _headers(uow, act, many, target, reason=reason, by=by) | {"total": total}
    job = {
        "id": batch_id,
        "kind": "service",
        "element": act,
        "topic": TOPIC,
        "headers": headers,
        "progress": {"after": None, "done": 0, "refused": [], "refused_count": 0},
        "due_at": uow.now,
        "held": False,
        "fence": 0,
        "attempts": 0,
        "retries": 3,
        "opened_at": uow.now,
    }
    uow.connection.execute(insert(Job), [job])
    _note(uow, "batch.begun", batch_id, headers)
    uow.wake(uow.now)
    return batch_id


def wanted(
    uow: UnitOfWork, act: str, many: Many, *, target: Target | None, reason: str, by: Person | None
) -> int:
    """Check what is asked for, and return how many instances it is for."""
    if by is not None:
        require(by, OPERATE)
    if act not in ACTS or (act == "migrate") != (target is not None):
        raise InvalidInput(f"«{act}» is nothing that can be done to many instances.")
    if not reason.strip():
        raise InvalidInput("Give the reason; it is kept in the history.")
    for version in {many.version, None if target is None else target.version}:
        _definitions.newest(uow, "process", many.process, version=version)
    return batches.count(uow.connection, _scope(by), many_of(act, many))


def many_of(act: str, many: Many) -> Many:
    """Return which of the instances an act is for: those that run, those that are suspended, or all open ones."""
    state = {"suspend": "running", "resume": "suspended"}.get(act)
    return replace(many, state=state)


def act_upon(  # noqa: PLR0917 - a row of ACTS
    uow: UnitOfWork, act: str, instance_id: UUID, headers: Mapping[str, Any], by: Person | None
) -> None:
    """Do to one instance what is wanted of all; raises what the command for one raises."""
    ACTS[act](uow, instance_id, headers, headers["reason"], by)


def go_on(uow: UnitOfWork, due: DueBatch) -> None:
    """Deal with the next instances of a batch, and plan its next turn or finish it."""
    headers, progress = due.headers, dict(due.progress or {})
    by, act = _person(uow, headers), headers["act"]
    after = UUID(progress["after"]) if progress["after"] else None
    many = many_of(act, Many(headers["process"], **headers["wanted"]["many"]))
    found = batches.ids(uow.connection, _scope(by), many, after=after, limit=TURN)
    latest = monotonic() + LONGEST_TURN
    for instance_id in found:
        refusal = _try_one(uow, act, instance_id, headers, by)
        progress["after"] = str(instance_id)
        if refusal is None:
            progress["done"] += 1
        else:
            progress["refused_count"] += 1
            progress["refused"] = [*progress["refused"], refusal][:MOST_TOLD]
        if monotonic() > latest:
            break
    if not found:
        uow.connection.execute(delete(Job).where(Job.id == due.id))
        _note(uow, FINISHED, due.id, {**headers, **progress})
        return
    again = {"progress": progress, "due_at": uow.now, "attempts": 0, "error": None}
    uow.connection.execute(update(Job).where(Job.id == due.id).values(again))
    uow.wake(uow.now)


def stop(uow: UnitOfWork, batch_id: UUID, *, by: Person | None) -> None:
    """End a batch that is under way; what it has done stays done. NotFound when it has ended."""
    if by is not None:
        require(by, OPERATE)
    batch = batches.get(uow.connection, batch_id)
    if batch is None or batch.finished_at is not None:
        raise NotFound("This act upon many instances has ended already.")
    job = uow.connection.execute(
        delete(Job).where(Job.id == batch_id).returning(Job.headers, Job.progress)
    ).one()
    told_of = update(Incident).where(Incident.job_id == batch_id, Incident.resolved_at.is_(None))
    uow.connection.execute(told_of.values(resolved_at=uow.now, resolution="stopped"))
    stopped = None if by is None else by.name
    _note(uow, FINISHED, batch_id, {**job.headers, **(job.progress or {}), "stopped_by": stopped})


def _try_one(  # noqa: PLR0917 - as act_upon
    uow: UnitOfWork, act: str, instance_id: UUID, headers: Mapping[str, Any], by: Person | None
) -> dict[str, Any] | None:
    """Deal with one instance; return why it could not be, None when it was."""
    try:
        with uow.savepoint():
            act_upon(uow, act, instance_id, headers, by)
    except ZhangfangError as error:
        _running.forget_all(uow)
        return told(instance_id, error)
    return None


def told(instance_id: UUID, error: ZhangfangError) -> dict[str, Any]:
    """Return a refusal as it is kept: the sentence, and the findings that it stands for."""
    problems = error.report.problems if isinstance(error, MigrationRefused) else ()
    return {
        "instance": str(instance_id),
        "message": str(error),
        "problems": [asdict(each) for each in problems],
    }


def problems_of(refusal: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the findings of a refusal that was kept."""
    return tuple(Finding(**each) for each in refusal["problems"])


def _headers(
    uow: UnitOfWork, act: str, many: Many, target: Target | None, *, reason: str, by: Person | None
) -> dict[str, Any]:
    narrowed = {name: getattr(many, name) for name in NARROWED}
    where: dict[str, Any] = {"many": narrowed}
    if target is not None:
        where |= {"to": target.version, "mapped": dict(target.mapped), "children": target.children}
    return {
        "act": act,
        "process": many.process,
        "wanted": where,
        "reason": reason,
        "person": None if by is None else str(by.id),
        "begun_at": uow.now.isoformat(),
    }


def _note(uow: UnitOfWork, kind: str, batch_id: UUID, plain: Mapping[str, Any]) -> None:
    fact = history.Fact(
        kind=kind,
        element=str(batch_id),
        process=plain["process"],
        name=plain["act"],
        person_id=UUID(plain["person"]) if plain["person"] else None,
        plain=plain,
    )
    history.append(uow, [fact])


def _person(uow: UnitOfWork, headers: Mapping[str, Any]) -> Person | None:
    if headers["person"] is None:
        return None
    person = people.load(uow.connection, UUID(headers["person"]))
    if person is None:
        raise NotAllowed("Who began this act upon many instances may not act any more; begin it anew.")
    return person


def _scope(by: Person | None) -> Scope:
    return EVERYTHING if by is None else _rights.scope_of(by)


def _migrate(  # noqa: PLR0917 - as act_upon
    uow: UnitOfWork, instance_id: UUID, headers: Mapping[str, Any], reason: str, by: Person | None
) -> object:
    where = headers["wanted"]
    target = Target(where["to"], where["mapped"], where["children"])
    return migrations.migrate(uow, instance_id, target, reason=reason, by=by)


def _plain_act(command: Callable[..., object]) -> Act:
    return lambda uow, instance_id, _headers, reason, by: command(uow, instance_id, reason=reason, by=by)


ACTS: Mapping[str, Act] = {
    "migrate": _migrate,
    "suspend": _plain_act(instances.suspend),
    "resume": _plain_act(instances.resume),
    "cancel": _plain_act(instances.cancel),
}
"""What can be done to many instances → the command that does it to one."""
