"""The process that is killed: it starts instances by messages and works them off, like a firm in a hurry."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert

from engine.commands import clients, deployments, messages, people, surroundings
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Outside, Worker
from store import schema
from store.clock import SystemClock
from store.tables import Contact
from store.unit_of_work import Store, UnitOfWork
from tests.engine.bpmn.drawing import bpmn

DATABASE, ACKNOWLEDGED, SENT, READY = "firm.sqlite", "acknowledged.log", "sent.log", "ready"
PROCESS = """
startEvent begin message=order
serviceTask one topic=book
parallelGateway split
serviceTask two topic=book
serviceTask three topic=send
intermediateCatchEvent pause timer=duration:PT0S
parallelGateway join
callActivity four calls=child
endEvent end
begin -> one -> split
split -> two -> join
split -> three -> join
split -> pause -> join
join -> four -> end
"""
CHILD = "startEvent s\nserviceTask inner topic=book\nendEvent e\ns -> inner -> e"


def open_store(folder: Path) -> Store:
    """Open the store with handlers that leave traces: a row for each booking, an fsynced line for each sending."""
    handlers = Handlers()

    @handlers.service_task("book", effect="database")
    def book(call: Call, uow: UnitOfWork) -> Result:
        row = {
            "id": uow.new_id(),
            "client_id": call.client,
            "at": uow.now,
            "channel": "booking",
            "direction": "in",
            "subject": call.key,
        }
        uow.connection.execute(insert(Contact), [row])
        return {}

    @handlers.service_task("send", effect="outside")
    def send(call: Call, outside: Outside) -> Result:
        write_line(folder / SENT, call.key)
        return {}

    store = Store(
        f"sqlite:///{folder / DATABASE}", clock=SystemClock(), documents_folder=folder / "documents"
    )
    surroundings.attach(store, handlers=handlers, lease=timedelta(seconds=1))
    return store


def set_up(folder: Path) -> None:
    """Create the database with one client and the process."""
    store = open_store(folder)
    schema.upgrade(store.engine)
    store.run(people.setup_firm)
    store.run(clients.create, "晨光贸易有限公司", code="0001", by=None)
    files = {"p/p.bpmn": bpmn(PROCESS), "child/child.bpmn": bpmn(CHILD, "child")}
    store.run(deployments.deploy, files, by=None)
    store.dispose()


def work(folder: Path, most: int) -> None:
    """Work until killed: send orders number by number, the unacknowledged one again, up to ``most``."""
    store = open_store(folder)
    worker = Worker(store)
    worker.start()
    (folder / READY).touch()
    for number in count(acknowledged(folder)):
        if number >= most:
            break
        store.run(messages.publish, "order", "", {"client": "0001"}, message_id=str(number))
        write_line(folder / ACKNOWLEDGED, str(number))
    threading.Event().wait()


def acknowledged(folder: Path) -> int:
    """Return how many orders were acknowledged."""
    path = folder / ACKNOWLEDGED
    return len(path.read_text().splitlines()) if path.exists() else 0


def write_line(path: Path, line: str) -> None:
    """Append a line that survives."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
