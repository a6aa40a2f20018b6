"""Ours as it runs in production: commands through the store, the worker for jobs, history, work items, full durability."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from benchmarks.measuring import Counter
from engine.commands import deployments, instances, people, surroundings, work_items
from engine.people import Person
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Worker
from store import schema
from store.clock import SystemClock
from store.prepared import Prepared
from store.tables import Instance, WorkItem
from store.unit_of_work import Store, UnitOfWork

HANDLERS = Handlers()


@HANDLERS.service_task("benchmark.ship", effect="none")
def ship(call: Call) -> Result:
    """Do next to nothing; it is done in the transaction of the person's step, as it is by the peers."""
    return {"shipped": call.variables["amount"]}


@HANDLERS.service_task("benchmark.work", effect="database")
def work(call: Call, uow: UnitOfWork) -> Result:
    """Count how often it was called in a loop; do nothing else."""
    del uow
    return {"count": call.variables["count"] + 1} if "count" in call.variables else {}


class Ours:
    """A store with one person, one set of diagrams and a worker that runs when it is told to."""

    def __init__(self, url: str, folder: Path, diagrams: Mapping[str, str]) -> None:
        """Open the store, make its tables, hire a person, deploy diagrams given by process key."""
        self.store = Store(url, clock=SystemClock(), documents_folder=folder / "papers")
        schema.upgrade(self.store.engine)
        surroundings.attach(self.store, handlers=HANDLERS)
        self.store.run(people.setup_firm)
        self.store.run(people.create, "manager", "Manager", by=None, roles=("manager",))
        self.person: Person = self.store.run(people.by_login, "manager")
        files = {f"{key}/{key}.bpmn": text.encode() for key, text in diagrams.items()}
        if files:
            self.store.run(deployments.deploy, files, by=None)
        self.worker = Worker(self.store)
        self.counter = Counter(self.store.engine)

    def start(self, process: str, variables: Mapping[str, Any]) -> UUID:
        """Start an instance in a transaction of its own."""
        return self.store.run(instances.start, process, variables, by=None)

    def complete(self, instance: UUID, answers: Mapping[str, Any] | None = None) -> None:
        """Complete the open work item of an instance in a transaction of its own."""
        self.store.run(_complete, instance, answers or {}, self.person)

    def finished(self) -> int:
        """Count the instances that have ended well."""
        return self.store.read(_count, "completed")

    def running(self) -> int:
        """Count the instances that wait."""
        return self.store.read(_count, "running")

    def settings(self) -> dict[str, str]:
        """Return how the database is set, as it tells itself."""
        return self.store.read(_settings)

    def close(self) -> None:
        """Close the store."""
        self.store.dispose()


def measured(
    url: str,
    folder: Path,
    diagrams: Mapping[str, str],
    run: Callable[[Ours], dict[str, Any]],
) -> dict[str, Any]:
    """Open ours, run what measures it, close it; return lines and settings."""
    system = Ours(url, folder, diagrams)
    try:
        return {"lines": run(system), "settings": system.settings()}
    finally:
        system.close()


def _complete(uow: UnitOfWork, instance: UUID, answers: Mapping[str, Any], person: Person) -> None:
    item = _OPEN_ITEM.scalar(uow.connection, b_instance=instance)
    work_items.complete(uow, item, answers, by=person)


def _count(connection: Connection, state: str) -> int:
    query = select(func.count()).select_from(Instance).where(Instance.state == state)
    return connection.scalar(query) or 0


_OPEN_ITEM = Prepared(
    select(WorkItem.id).where(WorkItem.instance_id == bindparam("b_instance"), WorkItem.state == "open")
)
SQLITE: Sequence[str] = ("journal_mode", "synchronous", "foreign_keys")
POSTGRESQL: Sequence[str] = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "shared_buffers",
)


def _settings(connection: Connection) -> dict[str, str]:
    if connection.dialect.name == "sqlite":
        names, question = SQLITE, "PRAGMA {}"
    else:
        names, question = POSTGRESQL, "SHOW {}"
    found = {name: str(connection.exec_driver_sql(question.format(name)).scalar()) for name in names}
    if "synchronous" in found:
        found["synchronous"] = {"2": "FULL", "1": "NORMAL"}.get(found["synchronous"], found["synchronous"])
    return found
