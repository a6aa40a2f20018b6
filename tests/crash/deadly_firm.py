"""A process with one handler that kills it, and one that does not."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path

from engine.commands import deployments, instances, people, surroundings
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Worker
from store import schema
from store.clock import SystemClock
from store.unit_of_work import Store, UnitOfWork
from tests.engine.bpmn.drawing import bpmn

HARMLESS = 20


class Later:
    """A clock that is some hours ahead, so that no pause has to be waited for."""

    def __init__(self, hours: int) -> None:
        self._ahead = timedelta(hours=hours)

    def now(self) -> datetime:
        return SystemClock().now() + self._ahead


def open_store(folder: Path, hours: int = 0) -> Store:
    """Open the store with its handlers."""
    handlers = Handlers()

    @handlers.service_task("die", effect="database")
    def die(call: Call, uow: UnitOfWork) -> Result:
        del call, uow
        os.kill(os.getpid(), signal.SIGKILL)
        return {}

    @handlers.service_task("live", effect="database")
    def live(call: Call, uow: UnitOfWork) -> Result:
        del call, uow
        return {}

    store = Store(f"sqlite:///{folder}/firm.db", clock=Later(hours), documents_folder=folder / "documents")
    surroundings.attach(store, handlers=handlers)
    return store


def set_up(folder: Path) -> None:
    """Start instances with a deadly one among them."""
    store = open_store(folder)
    schema.upgrade(store.engine)
    store.run(people.setup_firm)
    drawing = "startEvent s\nserviceTask work topic={}\nendEvent e\ns -> work -> e"
    files = {f"{one}/{one}.bpmn": bpmn(drawing.format(one), one) for one in ("die", "live")}
    store.run(deployments.deploy, files, by=None)
    for number in range(HARMLESS):
        store.run(instances.start, "live", {}, by=None)
        if number == HARMLESS // 2:
            store.run(instances.start, "die", {}, by=None)
    store.dispose()


def work(folder: Path, hours: int) -> None:
    """Do what is due at that hour."""
    store = open_store(folder, hours)
    worker = Worker(store, doing=folder / "doing")
    worker.run_due()
    worker.stop()
    store.dispose()
