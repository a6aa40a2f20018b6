"""Jobs whose handlers only compute (effect «none») are done in the transaction that leads to them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from engine.batches import run_batch
from engine.commands import history, instances
from engine.service_tasks import BusinessError, Call, Handlers, Result
from engine.worker import Worker
from store.tables import Contact, HistoryEvent, Job, WorkItem
from store.unit_of_work import UnitOfWork, counted
from tests.engine.commands.playing import Play

STEPS = """
startEvent s
userTask ask groups=bookkeeper
serviceTask double topic=double
boundaryEvent refused on=double error=refused
userTask done groups=bookkeeper
userTask repair groups=bookkeeper
s -> ask -> double -> done
refused -> repair
"""
ROUND = """
startEvent s
serviceTask work topic=count
exclusiveGateway more
endEvent e
s -> work -> more
more -> e : = count >= 40
more => work
"""
MIXED = """
startEvent s
serviceTask write topic=write
serviceTask double topic=double
endEvent e
s -> write -> double -> e
"""


def double(call: Call) -> Result:
    return {"number": 2 * call.variables["number"]}


def asked(play: Play, handlers: Handlers, run: Callable[[Call], Any]) -> None:
    handlers.service_task("double", effect="none", errors=("refused",))(run)
    play.deploy(STEPS)
    play.start(number=Decimal(4))


def test_the_next_step_of_a_person_is_there_when_the_one_before_is_handed_in(
    play: Play, handlers: Handlers
) -> None:
    asked(play, handlers, double)
    with counted(play.store) as statements:
        opened = play.complete("ask", by=play.firm.bao)
    assert opened == (play.item("done"),)
    assert not play.jobs()
    assert not any("INTO jobs" in each or "FROM jobs" in each for each in statements)


def test_what_it_computed_and_that_it_did_is_in_the_history_as_the_machines_doing(
    play: Play, handlers: Handlers
) -> None:
    asked(play, handlers, double)
    play.complete("ask", by=play.firm.bao)
    query = select(HistoryEvent.kind, HistoryEvent.element, HistoryEvent.person_id, HistoryEvent.detail)
    facts = [
        row for row in play.rows(query.order_by(HistoryEvent.id)) if row.element in {"ask", "double", "done"}
    ]
    who = {(row.kind, row.element): row.person_id for row in facts}
    assert who["work_item.completed", "ask"] == play.firm.bao.id
    assert who["job.completed", "double"] is None
    assert who["element.completed", "double"] is None
    assert play.store.read(history.chains)
    assert not any(play.store.read(history.verify, chain) for chain in play.store.read(history.chains))


def test_its_business_error_takes_the_way_of_its_boundary_event(play: Play, handlers: Handlers) -> None:
    def refuse(call: Call) -> Result:
        raise BusinessError("refused", "no", {"why": "odd"})

    asked(play, handlers, refuse)
    play.complete("ask", by=play.firm.bao)
    assert set(play.open_items()) == {"repair"}


@pytest.mark.parametrize(
    "answer",
    [lambda call: 1 / 0, lambda call: {"number": object()}, lambda call: 7],
    ids=["raises", "answers what is no value", "answers no mapping"],
)
def test_one_that_fails_stops_nobody_and_is_the_workers(
    play: Play, handlers: Handlers, worker: Worker, answer: Callable[[Call], Any]
) -> None:
    asked(play, handlers, answer)
    play.complete("ask", by=play.firm.bao)
    assert [(job.topic, job.attempts) for job in play.jobs()] == [("double", 0)]
    worker.run_due()
    assert [(job.topic, job.attempts) for job in play.jobs()] == [("double", 1)]


def test_jobs_that_take_too_long_are_left_to_the_worker(
    play: Play, handlers: Handlers, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands._at_once.LONGEST", 0.0)
    asked(play, handlers, double)
    play.complete("ask", by=play.firm.bao)
    assert [job.topic for job in play.jobs()] == ["double"]
    worker.run_due()
    assert set(play.open_items()) == {"done"}


def test_a_circle_of_such_jobs_holds_nobody_up_for_ever(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    handlers.service_task("count", effect="none")(lambda call: {"count": call.variables["count"] + 1})
    play.deploy(ROUND)
    play.start(count=Decimal(0))
    worker.run_due()
    assert play.states("p") == ["completed"]


def test_none_is_done_while_its_instance_is_suspended(play: Play, handlers: Handlers, worker: Worker) -> None:
    asked(play, handlers, double)
    instance = play.rows(select(WorkItem.instance_id))[0][0]
    play.store.run(instances.suspend, instance, reason="pause", by=play.firm.ma)
    assert play.open_items()
    play.store.run(instances.resume, instance, reason="go on", by=play.firm.ma)
    play.complete("ask", by=play.firm.bao)
    assert set(play.open_items()) == {"done"}


def test_one_behind_a_database_job_is_done_in_the_same_transaction(play: Play, handlers: Handlers) -> None:
    def write(call: Call, uow: UnitOfWork) -> Result:
        row = {"id": uow.new_id(), "client_id": play.firm.client, "at": uow.now, "channel": "call"}
        uow.connection.execute(insert(Contact), [{**row, "direction": "in", "subject": "test"}])
        return {"number": Decimal(3)}

    handlers.service_task("write", effect="database")(write)
    handlers.service_task("double", effect="none")(double)
    play.deploy(MIXED)
    started = play.start()
    assert play.store.run(run_batch, 20) == 1
    assert play.state(started) == "completed"
    assert play.variables(started)["number"] == 6


def test_a_job_opened_for_outside_is_done_by_a_handler_that_now_only_computes(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    handlers.service_task("double", effect="outside")(lambda call, outside: double(call))
    play.deploy(STEPS)
    play.start(number=Decimal(4))
    play.complete("ask", by=play.firm.bao)
    play.store.run(lambda uow: uow.connection.execute(update(Job).values(outside=True)))
    handlers._by_topic.clear()
    handlers.service_task("double", effect="none")(double)
    worker.run_due()
    assert set(play.open_items()) == {"done"}
