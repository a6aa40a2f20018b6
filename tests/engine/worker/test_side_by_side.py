"""People and workers at the same instances at the same time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from engine.commands import history, instances, leases, messages, work_items
from engine.errors import Conflict
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Outside, Worker
from store.clock import SystemClock
from store.tables import Contact, HistoryEvent, Instance, WorkItem
from store.unit_of_work import UnitOfWork
from tests.engine.commands.playing import Play

BUSY = """
startEvent s
parallelGateway split
userTask ask groups=bookkeeper
serviceTask book topic=book
serviceTask send topic=send
intermediateCatchEvent go message='go@= number'
parallelGateway join
endEvent e
s -> split
split -> ask -> join
split -> book -> join
split -> send -> join
split -> go -> join
join -> e
"""
MANY = 40


@pytest.fixture
def busy(play: Play, handlers: Handlers) -> Play:
    @handlers.service_task("book", effect="database")
    def book(call: Call, uow: UnitOfWork) -> Result:
        values = {"client_id": play.firm.client, "at": uow.now, "channel": "x", "direction": "in"}
        uow.session.add(Contact(id=uow.new_id(), subject=call.key, **values))
        return {}

    @handlers.service_task("send", effect="outside")
    def send(call: Call, outside: Outside) -> Result:
        return {}

    play.store.clock = SystemClock()
    play.store._pause = time.sleep
    play.deploy(BUSY)
    return play


def test_four_ways_at_once_into_the_same_instances_lose_and_double_nothing(busy: Play) -> None:
    workers = [
        Worker(busy.store, name=f"worker {number}", poll=timedelta(seconds=0.2)) for number in range(2)
    ]
    for worker in workers:
        worker.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            begun = list(pool.map(lambda number: busy.start(number=str(number)), range(MANY)))
            items = busy.rows(select(WorkItem.id).where(WorkItem.state == "open"))
            told = list(pool.map(lambda row: tell(busy, row[0]), [row for row in items for _ in range(2)]))
            sent = list(pool.map(lambda number: publish(busy, number % MANY), range(2 * MANY)))
        for _ in range(500):
            if set(busy.states("p")) == {"completed"}:
                break
            threading.Event().wait(0.02)
    finally:
        for worker in workers:
            worker.stop()
    assert Counter(told) == {"done": MANY, "conflict": MANY}
    assert Counter(sent) == {True: MANY, False: MANY}
    assert Counter(busy.states("p")) == {"completed": MANY}
    assert busy.incidents() == busy.jobs() == []
    assert len(busy.rows(select(Contact.subject).distinct())) == len(busy.rows(select(Contact.id))) == MANY
    ends = select(HistoryEvent.instance_id, func.count()).where(HistoryEvent.kind == "instance.completed")
    assert dict(map(tuple, busy.rows(ends.group_by(HistoryEvent.instance_id)))) == dict.fromkeys(begun, 1)
    for chain in busy.store.read(history.chains):
        assert busy.store.read(history.verify, chain) == []


def tell(play: Play, item: UUID) -> str:
    try:
        play.store.run(work_items.complete, item, {}, by=play.firm.bao)
    except Conflict:
        return "conflict"
    return "done"


def publish(play: Play, number: int) -> bool:
    return play.store.run(messages.publish, "go", str(number), message_id=f"id {number}")


def test_of_two_who_complete_at_once_one_does_and_the_version_moves_once(busy: Play) -> None:
    begun = busy.start(number="1")
    item = busy.item("ask")
    with ThreadPoolExecutor(4) as pool:
        told = Counter(pool.map(lambda _: tell(busy, item), range(8)))
    assert told == {"done": 1, "conflict": 7}
    rows = busy.rows(select(Instance.version).where(Instance.id == begun))
    assert rows == [(2,)]


def test_two_workers_never_lease_one_job_twice(busy: Play) -> None:
    for number in range(10):
        busy.start(number=str(number))
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda name: busy.store.run(leases.take, name, 10), "abcd"))
    ids = [leased.due.id for each in taken for leased in each]
    assert len(ids) == len(set(ids)) == 10


def test_a_cancelled_instance_ends_while_its_job_is_out(busy: Play) -> None:
    begun = busy.start(number="1")
    [leased] = busy.store.run(leases.take, "w", 5)
    busy.store.run(instances.cancel, begun, reason="over", by=busy.firm.ma)
    assert not busy.store.run(leases.finish, leased, {})
    assert busy.jobs() == []
