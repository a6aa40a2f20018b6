"""Jobs that are due together: written together, and each on its own when one of them fails late."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from engine.batches import run_batch
from engine.service_tasks import BusinessError, Call, Handlers, Result
from store.tables import Contact, Instance
from store.unit_of_work import UnitOfWork, counted
from tests.engine.commands.playing import Play
from tests.work import calls_of

JOB = """
startEvent s
serviceTask work topic=work out='sum:= total'
boundaryEvent refused on=work error=refused
userTask done groups=bookkeeper
userTask repair groups=bookkeeper
s -> work -> done
refused -> repair
"""
PLAIN = """
startEvent s
serviceTask work topic=work
userTask done groups=bookkeeper
s -> work -> done
"""
EACH = """
startEvent s
serviceTask a topic=work 'each== items' item=item collect=out 'from== item'
endEvent e
s -> a -> e
"""


def contact(play: Play, uow: UnitOfWork) -> None:
    row = {
        "id": uow.new_id(), "client_id": play.firm.client, "at": uow.now, "channel": "call", "direction": "in",
        "subject": "test",
    }  # fmt: skip
    uow.connection.execute(insert(Contact), [row])


@pytest.fixture(autouse=True)
def _in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no batch end early because the machine is slow."""
    monkeypatch.setattr("engine.batches.LONGEST_BATCH", 60.0)


def statements_for(play: Play, count: int) -> list[str]:
    """Return what a batch of ``count`` jobs sends, transaction control aside."""
    with counted(play.store) as statements:
        assert play.store.run(run_batch, 50) == count
    return [each for each in statements if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]


def test_a_batch_costs_as_many_statements_as_one_job(play: Play, handlers: Handlers) -> None:
    handlers.service_task("work", effect="database")(lambda call, uow: {"total": Decimal(1)})
    play.deploy(JOB)
    for _ in range(2):
        play.start()
    few = len(statements_for(play, 2))
    for _ in range(20):
        play.start()
    many = statements_for(play, 20)
    heads = [each for each in many if each.startswith("UPDATE chain_heads")]
    assert len(many) - len(heads) == few - 2, ()
    assert len(play.open_items()) == 1
    assert play.states("p") == ["running"] * 22


def test_a_handler_that_reads_finds_what_the_jobs_before_it_have_written(
    play: Play, handlers: Handlers
) -> None:
    seen: list[int] = []

    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        states = uow.connection.scalars(select(Instance.state)).all()
        seen.append(states.count("completed"))
        contact(play, uow)
        return {}

    play.deploy("startEvent s\nserviceTask a topic=work\nendEvent e\ns -> a -> e")
    for _ in range(3):
        play.start()
    play.store.run(run_batch, 20)
    assert seen == [0, 1, 2]
    assert play.states("p") == ["completed"] * 3
    assert len(play.rows(select(Contact.id))) == 3


def test_a_handler_that_fails_before_it_touches_the_database_stops_nobody(
    play: Play, handlers: Handlers
) -> None:
    calls: list[int] = []

    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        calls.append(len(calls))
        if len(calls) == 2:
            raise LookupError("no rule")
        return {"total": Decimal(1)}

    play.deploy(JOB)
    for _ in range(3):
        play.start()
    assert play.store.run(run_batch, 20) == 3
    assert calls == [0, 1, 2], "nothing was done twice"
    assert [job.error for job in play.jobs()] == ["no rule"]
    assert [job.attempts for job in play.jobs()] == [1]


@pytest.mark.parametrize("where", ["in the database", "in its result"])
def test_a_job_that_fails_late_takes_nothing_of_the_others_with_it(
    play: Play, handlers: Handlers, where: str
) -> None:
    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        contact(play, uow)
        if call.variables["bad"] and where == "in the database":
            raise LookupError("no rule")
        return {"total": object() if call.variables["bad"] else Decimal(1)}

    play.deploy(PLAIN)
    for bad in (False, True, False):
        play.start(bad=bad)
    assert play.store.run(run_batch, 20) == 3
    assert len(play.jobs()) == 1
    assert play.jobs()[0].attempts == 1
    assert len(play.rows(select(Contact.id))) == 2
    assert list(play.open_items()) == ["done"]


def test_a_business_error_keeps_what_its_handler_wrote(play: Play, handlers: Handlers) -> None:
    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        contact(play, uow)
        raise BusinessError("refused", "not today")

    play.deploy(JOB)
    play.start()
    play.start()
    assert play.store.run(run_batch, 20) == 2
    assert len(play.rows(select(Contact.id))) == 2
    assert list(play.open_items()) == ["repair"]


def test_a_job_that_another_of_its_batch_interrupts_is_not_run(play: Play, handlers: Handlers) -> None:
    ran: list[str] = []

    @handlers.service_task("first", effect="database")
    def first(call: Call, uow: UnitOfWork) -> Result:
        ran.append(call.element)
        raise BusinessError("refused", "not today")

    handlers.service_task("second", effect="database")(lambda call, uow: ran.append(call.element))
    play.deploy(
        """
        startEvent s
        subProcess both {
        startEvent i
        serviceTask a topic=first
        serviceTask b topic=second
        i -> a
        i -> b
        }
        boundaryEvent refused on=both error=refused
        userTask repair groups=bookkeeper
        userTask done groups=bookkeeper
        s -> both -> done
        refused -> repair
        """
    )
    play.start()
    assert play.store.run(run_batch, 20) == 2
    assert ran == ["a"]
    assert list(play.open_items()) == ["repair"]
    assert play.jobs() == []


@pytest.mark.parametrize("reads", [False, True])
def test_the_items_of_one_instance_cost_the_same_however_many_there_are(
    play: Play, handlers: Handlers, *, reads: bool
) -> None:
    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        if reads:
            uow.connection.execute(select(Contact.id))
        return {}

    play.deploy(EACH)
    costs: dict[int, float] = {}
    done: list[int] = []
    for count in (100, 400):
        play.start(items=[Decimal(each) for each in range(count)])
        calls = calls_of(lambda: done.append(play.store.run(run_batch, 20)))
        costs[count] = calls / done[-1]
        while play.store.run(run_batch, 20):
            pass
    assert costs[400] <= 1.5 * costs[100]
    assert play.states("p") == ["completed"] * 2
