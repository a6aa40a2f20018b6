"""Migrations: an instance, and all that it called if wanted, goes over to another version of its definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.bpmn.migrating import Finding, Mapped, Migration
from engine.bpmn.migrating import migrate as prepare
from engine.commands import _definitions, _rights, _running, _starting
from engine.commands._carrying import OpenRow, carry_rows, open_rows
from engine.commands._definitions import Deployed
from engine.commands._operating import OPERATE, operated
from engine.commands._record import Recorder
from engine.commands._running import Live, Running
from engine.commands.history import Fact
from engine.errors import Conflict, MigrationRefused
from engine.people import Person, require
from store.tables import Instance
from store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: ``version`` (None: the newest), ``mapped`` ids that differ there, ``children`` whether called ones go along.

    Children go to the newest version of their own process, with ids as they are.
    """

    version: int | None = None
    mapped: Mapped = field(default_factory=dict)
    children: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a migration does, or would do: ``problems`` forbid it; ``children`` are reports of what was called."""

    instance_id: UUID
    process: str
    old_version: int
    new_version: int
    problems: tuple[Finding, ...]
    changes: tuple[Finding, ...]
    children: tuple[Report, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Tell whether nothing forbids it."""
        return not self.problems

    @property
    def sentences(self) -> tuple[str, ...]:
        """What forbids it, as sentences."""
        return tuple(str(each) for each in self.problems)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One instance whose migration is ready, with those that it called."""

    running: Running
    to: Deployed
    migration: Migration
    mapped: Mapped
    children: tuple[Prepared, ...]
    problems: tuple[Finding, ...]

    def all(self) -> Iterator[Prepared]:
        """Go through this and all inside, outer ones first."""
        yield self
        for child in self.children:
            yield from child.all()


def newest_of(uow: UnitOfWork, process: str, version: int | None = None) -> Deployed:
    """Return the version of a process that is migrated to: the newest unless one is named; NotFound when there is none."""
    return _definitions.newest(uow, "process", process, version=version)


def plan(uow: UnitOfWork, instance_id: UUID, target: Target, *, by: Person | None) -> Report:
    """Say what a migration would do, and write nothing. Raises NotFound, NotAllowed, Conflict (it has ended)."""
    if by is not None:
        require(by, OPERATE)
    running = _running.lock(uow, instance_id)
    _rights.must_see_client(uow, running.client_id, by)
    return _report(_prepare(uow, running, newest_of(uow, running.process, target.version), target))


def migrate(uow: UnitOfWork, instance_id: UUID, target: Target, *, reason: str, by: Person | None) -> Report:
    """Carry an instance over. MigrationRefused, with the report, leaves everything as it was; Conflict: it is there already."""
    running = operated(uow, instance_id, reason, by)
    prepared = _prepare(uow, running, newest_of(uow, running.process, target.version), target)
    report = _report(prepared)
    if not report.is_allowed:
        raise MigrationRefused(report.sentences, report)
    if all(each.migration.case is None for each in prepared.all()):
        raise Conflict(f"The instance {instance_id} is of version {report.new_version} already.")
    recorder = Recorder(uow, by)
    for each in prepared.all():
        if each.migration.case is None:
            continue
        recorder.writes.facts.append(_fact(each, reason, by))
        carry_rows(uow, each.running, each.to, kept=each.migration.kept, mapped=each.mapped)
        each.running.live = Live(each.migration.case, dict(each.running.live.kinds))
        recorder.add([(each.running, each.migration.step)])
    recorder.finish()
    return report


def _prepare(uow: UnitOfWork, running: Running, to: Deployed, target: Target) -> Prepared:
    _running.keep(uow, running)
    rows = open_rows(uow, running.id)
    migration = Migration((), ())
    if running.definition.id != to.id:
        migration = prepare(
            running.case,
            _definitions.spec_of(uow, to),
            _definitions.moment(uow),
            mapped=target.mapped,
            since={wait: row.opened_at for wait, row in rows.items()},
        )
    children = tuple(_children(uow, running)) if target.children else ()
    prepared = tuple(
        _prepare(uow, child, newest_of(uow, child.process), Target(children=True)) for child in children
    )
    problems = (*migration.problems, *_under_way(migration, rows), *_of_children(prepared))
    return Prepared(running, to, migration, target.mapped, prepared, problems)


def _children(uow: UnitOfWork, running: Running) -> Iterator[Running]:
    query = select(Instance.id).where(
        Instance.parent_id == running.id, Instance.state.in_(_starting.OPEN_STATES)
    )
    for child_id in uow.connection.scalars(query.order_by(Instance.id)).all():
        yield _running.lock(uow, child_id)


def _under_way(migration: Migration, rows: dict[int, OpenRow]) -> Iterator[Finding]:
    """Find jobs that a worker is busy with and that would get another handler."""
    for kept in migration.kept:
        row = rows.get(kept.opened.wait)
        if "topic" in kept.changed and row is not None and row.busy_until is not None:
            yield Finding("job_under_way", kept.opened.element, kept.opened.element, kept.opened.name)


def _of_children(children: tuple[Prepared, ...]) -> Iterator[Finding]:
    """Return what keeps called instances back: each keeps the whole back."""
    for child in children:
        for problem in child.problems:
            yield replace(problem, detail={"process": child.running.process, **problem.detail})


def _changes(prepared: Prepared) -> tuple[Finding, ...]:
    """Return what changes; of called instances that go along, their versions."""
    if not prepared.children:
        return prepared.migration.changes
    waits, found = prepared.running.case.waits, dict[str, Finding]()
    for child in prepared.children:
        info = waits.get(child.running.parent_wait or 0)
        if info is not None:
            version = {"version": str(child.to.version)}
            found.setdefault(info.element, Finding("child_migrated", info.element, detail=version))
    own = [each for each in prepared.migration.changes if each.code != "child_kept"]
    return (*own, *found.values())


def _report(prepared: Prepared) -> Report:
    running = prepared.running
    return Report(
        running.id,
        running.process,
        running.definition.version,
        prepared.to.version,
        prepared.problems,
        _changes(prepared),
        tuple(_report(child) for child in prepared.children),
    )


def _fact(prepared: Prepared, reason: str, by: Person | None) -> Fact:
    running = prepared.running
    plain: dict[str, Any] = {
        "reason": reason,
        "note": f"v{running.definition.version} → v{prepared.to.version}",
        "from_version": running.definition.version,
        "to_version": prepared.to.version,
        "mapped": dict(prepared.mapped),
        "changes": [str(each) for each in prepared.migration.changes if each.code != "kept"],
    }
    return Fact(
        kind="instance.migrated",
        instance_id=running.id,
        client_id=running.client_id,
        process=running.process,
        name=prepared.to.name,
        person_id=None if by is None else by.id,
        plain=plain,
    )
