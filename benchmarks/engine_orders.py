"""The engine under the same load as the yardstick: start, a person, a machine, the end; every wait committed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.batches import run_batch
from engine.commands import deployments, instances, people, surroundings, work_items
from engine.people import Person
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Worker
from store import schema
from store.clock import SystemClock
from store.tables import Instance, WorkItem
from store.unit_of_work import Store, UnitOfWork

HANDLERS = Handlers()


@HANDLERS.service_task("benchmark.ship", effect="database")
def ship(call: Call, uow: UnitOfWork) -> Result:
    """Do next to nothing, so that the engine is what is measured."""
    del uow
    return {"shipped": call.variables["amount"]}


class EngineOrders:
    """Runs the process of one user task and one service task through commands and worker."""

    def __init__(self, diagram: Path, url: str, folder: Path) -> None:
        """Open a store, deploy the diagram, hire a person."""
        self.store = Store(url, clock=SystemClock(), documents_folder=folder / "papers")
        schema.upgrade(self.store.engine)
        surroundings.attach(self.store, handlers=HANDLERS)
        self.store.run(people.setup_firm)
        self.store.run(people.create, "manager", "Manager", by=None, roles=("manager",))
        self.person: Person = self.store.run(people.by_login, "manager")
        self.store.run(deployments.deploy, {"order/order.bpmn": diagram.read_bytes()}, by=None)
        self.worker = Worker(self.store)

    def run(self, amount: int) -> None:
        """Take one instance from its start to its end."""
        instance = self.store.run(instances.start, "order", {"amount": Decimal(amount)}, by=None)
        item = self.store.read(_open_item, instance)
        self.store.run(work_items.complete, item, {}, by=self.person)
        self.store.run(run_batch, 1)

    def run_many(self, amounts: range) -> None:
        """Take many instances to their end side by side: all start, all are approved, the worker takes its batches."""
        started = [
            self.store.run(instances.start, "order", {"amount": Decimal(each)}, by=None) for each in amounts
        ]
        for instance in started:
            self.store.run(work_items.complete, self.store.read(_open_item, instance), {}, by=self.person)
        self.worker.run_due(limit=len(started) + 1)

    def finished(self) -> int:
        """Count the instances that have ended."""
        return self.store.read(_count)

    def close(self) -> None:
        """Close the store."""
        self.store.dispose()


def _open_item(connection: Connection, instance: UUID) -> UUID:
    return connection.scalars(select(WorkItem.id).where(WorkItem.instance_id == instance)).one()


def _count(connection: Connection) -> int:
    query = select(func.count()).select_from(Instance).where(Instance.state == "completed")
    return connection.scalar(query) or 0
