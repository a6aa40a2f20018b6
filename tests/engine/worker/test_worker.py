from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update

from engine.commands import deployments, incidents, instances, jobs, leases, messages, surroundings
from engine.commands._failing import PAUSES
from engine.service_tasks import BusinessError, Call, Handlers, Result
from engine.worker import Outside, Worker
from store.clock import SystemClock, TestClock
from store.tables import Contact, Instance, Job
from store.unit_of_work import Store, UnitOfWork
from tests.engine.bpmn.drawing import bpmn
from tests.engine.commands.playing import Play

JOB = """
startEvent s
serviceTask work topic=work in='amount:= 2 * base' in=note:hello out='sum:= total'
boundaryEvent refused on=work error=refused
userTask done groups=bookkeeper
userTask repair groups=bookkeeper
s -> work -> done
refused -> repair
"""


def contact(play: Play, uow: UnitOfWork) -> dict[str, Any]:
    """Return a row that a handler may write."""
    return {
        "id": uow.new_id(),
        "client_id": play.firm.client,
        "at": uow.now,
        "channel": "call",
        "direction": "in",
        "subject": "test",
    }


def test_a_database_job_runs_its_handler_and_its_token_in_one_transaction(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    seen: list[Call] = []

    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        seen.append(call)
        row = {
            "id": uow.new_id(),
            "client_id": play.firm.client,
            "at": uow.now,
            "channel": "x",
            "direction": "in",
            "subject": "s",
        }
        uow.connection.execute(insert(Contact), [row])
        return {"total": call.variables["amount"] + 1}

    play.deploy(JOB)
    started = play.start(base=Decimal(4))
    assert worker.run_due() == 1
    assert play.variables(started)["sum"] == Decimal(9)
    assert list(play.open_items()) == ["done"]
    assert play.jobs() == []
    assert (seen[0].variables["note"], seen[0].attempt, seen[0].element) == ("hello", 1, "work")
    assert len(play.rows(select(Contact.id))) == 1


def test_a_failing_database_job_leaves_no_trace_of_its_writes_and_is_tried_again_later(
    play: Play, handlers: Handlers, worker: Worker, clock: TestClock
) -> None:
    attempts: list[int] = []

    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        attempts.append(call.attempt)
        row = {
            "id": uow.new_id(),
            "client_id": play.firm.client,
            "at": uow.now,
            "channel": "x",
            "direction": "in",
            "subject": "s",
        }
        uow.connection.execute(insert(Contact), [row])
        uow.session.add(
            Contact(
                id=uow.new_id(),
                client_id=play.firm.client,
                at=uow.now,
                channel="y",
                direction="in",
                subject="s",
            )
        )
        if call.attempt < 3:
            raise ConnectionError(f"no answer from 10.0.0.{call.attempt}")
        return {"total": 1}

    play.deploy(JOB)
    play.start(base=Decimal(4))
    for pause in PAUSES[:2]:
        worker.run_due()
        assert play.jobs()[0].due_at == clock.now() + pause
        assert "no answer" in play.jobs()[0].error
        assert play.rows(select(Contact.id)) == []
        clock.advance(pause)
    worker.run_due()
    assert sorted(set(attempts)) == [1, 2, 3]
    assert list(play.open_items()) == ["done"]
    assert len(play.rows(select(Contact.id))) == 2


def test_used_up_attempts_are_incidents_of_one_cause_that_are_retried_together(
    play: Play, handlers: Handlers, worker: Worker, clock: TestClock
) -> None:
    broken = [True]

    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        if broken:
            raise LookupError(f"no rule for {call.instance} of 2026-{call.attempt}")
        return {"total": uow.now}

    play.deploy(JOB)
    for _ in range(5):
        play.start(base=Decimal(1))
    for _ in range(3):
        worker.run_due()
        clock.advance(timedelta(days=1))
    opened = play.incidents()
    assert len(opened) == 5
    assert len({one.cause for one in opened}) == 1
    assert "LookupError" in opened[0].trace
    assert worker.run_due() == 0

    broken.clear()
    ids = [one.id for one in opened]
    assert play.store.run(incidents.retry, ids, reason="rule added", by=play.firm.ma) == 5
    assert worker.run_due() == 5
    assert play.incidents() == []
    assert play.store.run(incidents.retry, ids, reason="again", by=play.firm.ma) == 0


def test_the_result_of_a_failed_job_may_be_given_by_hand(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        raise LookupError

    play.deploy(JOB.replace("topic=work", "topic=work retries=1"))
    started = play.start(base=Decimal(1))
    worker.run_due()
    [incident] = play.incidents()
    play.store.run(incidents.resolve, incident.id, {"total": Decimal(5)}, reason="by phone", by=play.firm.ma)
    assert play.variables(started)["sum"] == Decimal(5)
    assert play.jobs() == []


def test_a_business_error_takes_the_way_of_its_boundary_event(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    @handlers.service_task("work", effect="database", errors=("refused",))
    def work(call: Call, uow: UnitOfWork) -> Result:
        raise BusinessError("refused", "not this one", {"why": "late"})

    play.deploy(JOB)
    started = play.start(base=Decimal(1))
    worker.run_due()
    assert list(play.open_items()) == ["repair"]
    assert play.variables(started)["why"] == "late"


def test_a_business_error_that_nobody_catches_is_an_incident_and_a_retry_asks_the_handler_again(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    broken = [True]

    @handlers.service_task("work", effect="database", errors=("other",))
    def work(call: Call, uow: UnitOfWork) -> Result:
        if broken:
            raise BusinessError("other", "nobody catches this")
        return {"total": 1}

    play.deploy(JOB)
    play.start(base=Decimal(1))
    worker.run_due()
    [incident] = play.incidents()
    assert play.jobs() == []
    broken.clear()
    play.store.run(incidents.retry, [incident.id], reason="fixed", by=play.firm.ma)
    worker.run_due()
    assert list(play.open_items()) == ["done"]


def test_a_topic_without_a_handler_is_an_incident_at_once(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        return {"total": 1}

    play.deploy(JOB)
    handlers._by_topic.clear()
    play.start(base=Decimal(1))
    worker.run_due()
    [incident] = play.incidents()
    assert incident.code == "NoHandler"
    handlers.service_task("work", effect="outside")(lambda call, outside: {"total": call.attempt})
    play.store.run(incidents.retry, [incident.id], reason="installed", by=play.firm.ma)
    worker.run_due()
    assert list(play.open_items()) == ["done"]


def test_an_outside_job_runs_with_no_transaction_open_and_the_same_key_on_every_attempt(
    play: Play, handlers: Handlers, worker: Worker, clock: TestClock
) -> None:
    keys: list[str] = []

    @handlers.service_task("work", effect="outside")
    def work(call: Call, outside: Outside) -> Result:
        keys.append(call.key)
        assert outside.store.run(lambda uow: uow.now) == clock.now()  # nobody holds the writer
        if len(keys) == 1:
            raise TimeoutError("no answer")
        return {"total": outside.documents.put(b"letter")}

    play.deploy(JOB)
    started = play.start(base=Decimal(1))
    worker.run_due()
    clock.advance(PAUSES[0])
    worker.run_due()
    assert keys == [keys[0]] * 2
    assert len(play.variables(started)["sum"]) == 64


def test_who_lost_the_lease_writes_nothing(play: Play, handlers: Handlers, clock: TestClock) -> None:
    @handlers.service_task("work", effect="outside")
    def work(call: Call, outside: Outside) -> Result:
        return {}

    play.deploy(JOB)
    started = play.start(base=Decimal(1))
    [slow] = play.store.run(leases.take, "slow", 5)
    assert play.store.run(leases.take, "other", 5) == []
    clock.advance(timedelta(minutes=2))
    [quick] = play.store.run(leases.take, "quick", 5)
    assert quick.call.key == slow.call.key

    assert not play.store.run(leases.finish, slow, {"total": Decimal(1)})
    assert not play.store.run(leases.fail, slow, TimeoutError())
    assert not play.store.run(leases.throw, slow, BusinessError("refused"))
    assert play.store.run(leases.finish, quick, {"total": Decimal(2)})
    assert not play.store.run(leases.finish, slow, {"total": Decimal(3)})
    assert play.variables(started)["sum"] == Decimal(2)


def test_a_job_whose_worker_never_comes_back_is_an_incident_after_its_attempts(
    play: Play, handlers: Handlers, clock: TestClock
) -> None:
    handlers.service_task("work", effect="outside")(lambda call, outside: {"total": 1})
    play.deploy(JOB)
    play.start(base=Decimal(4))
    for attempt in (1, 2, 3):
        [leased] = play.store.run(leases.take, f"worker {attempt}", 5)
        assert leased.call.attempt == attempt
        clock.set(leased.until)
    assert play.store.run(leases.take, "worker 4", 5) == []
    [incident] = play.incidents()
    assert "«worker 3»" in incident.message
    assert play.jobs()[0].held


def test_a_job_that_cannot_be_called_does_not_keep_the_others_from_being_leased(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    handlers.service_task("work", effect="outside")(lambda call, outside: {"total": 1})
    play.deploy(JOB)
    broken, sound = play.start(base=Decimal(4)), play.start(base=Decimal(4))
    play.store.surroundings.cases.take(broken)
    spoil = update(Instance).where(Instance.id == broken).values(state_body=b"no state")
    play.store.run(lambda uow: uow.connection.execute(spoil))
    worker.run_due()
    [left] = play.jobs()
    assert (left.instance_id, left.attempts) == (broken, 1)
    assert play.variables(sound)["sum"] == Decimal(1)


def test_a_restarted_worker_runs_at_once_what_it_had_leased_before(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    handlers.service_task("work", effect="outside")(lambda call, outside: {"total": 1})
    play.deploy(JOB)
    play.start(base=Decimal(1))
    play.store.run(leases.take, worker.name, 5)
    assert worker.run_due() == 0
    assert play.store.run(leases.release, worker.name) == 1
    assert worker.run_due() == 1


def test_restarts_of_a_worker_are_no_failures_of_its_jobs_however_long_they_take(
    play: Play, handlers: Handlers, worker: Worker, clock: TestClock
) -> None:
    handlers.service_task("work", effect="outside")(lambda call, outside: {"total": 1})
    play.deploy(JOB)
    play.start(base=Decimal(1))
    for _ in range(5):
        [leased] = play.store.run(leases.take, worker.name, 5)
        assert leased.call.attempt == 1
        clock.set(leased.until + timedelta(hours=1))
        play.store.run(leases.release, worker.name)
    assert worker.run_due() == 1
    assert play.incidents() == []


def test_the_result_of_a_job_that_ran_while_its_instance_was_suspended_is_not_lost(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    handlers.service_task("work", effect="outside")(lambda call, outside: {})
    play.deploy(JOB.replace("userTask done groups=bookkeeper", "serviceTask done topic=work"))
    begun = play.start(base=Decimal(1))
    [leased] = play.store.run(leases.take, "w", 5)
    play.store.run(instances.suspend, begun, reason="wait", by=play.firm.ma)
    assert play.store.run(leases.finish, leased, {"total": Decimal(2)})
    assert play.variables(begun)["sum"] == Decimal(2)
    assert worker.run_due() == 0
    play.store.run(instances.resume, begun, reason="go on", by=play.firm.ma)
    assert worker.run_due() == 1


def test_a_job_beside_its_instance_runs_even_when_the_instance_has_ended(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    sent: list[str] = []

    @handlers.service_task("mail", effect="outside")
    def mail(call: Call, outside: Outside) -> Result:
        sent.append(call.headers["to"])
        return None

    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        common = {
            "kind": "service",
            "instance_id": call.instance,
            "wait": -1,
            "scope": 0,
            "element": call.element,
        }
        headers = {"to": "zhou@example.org"}
        row = {
            "id": uow.new_id(),
            "topic": "mail",
            "headers": headers,
            "due_at": uow.now,
            "opened_at": uow.now,
        }
        uow.session.add(Job(**common, **row))
        return {}

    play.deploy("startEvent s\nserviceTask w topic=work\nendEvent e\ns -> w -> e")
    play.start()
    worker.run_due()
    assert play.states("p") == ["completed"]
    assert sent == ["zhou@example.org"]
    assert play.jobs() == []


def test_a_timer_that_comes_due_lets_its_token_go_on(play: Play, worker: Worker, clock: TestClock) -> None:
    play.deploy(
        "startEvent s\nuserTask a groups=bookkeeper\nboundaryEvent late quiet on=a timer=cycle:R3/PT1H\n"
        "userTask remind groups=bookkeeper\ns -> a\nlate -> remind"
    )
    play.start()
    assert worker.run_due() == 0
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        assert worker.run_due() == 1
    clock.advance(timedelta(hours=5))
    assert worker.run_due() == 0
    assert play.states("p") == ["running"]
    assert play.jobs() == []


def test_completing_the_work_takes_its_timers_away(play: Play, worker: Worker, clock: TestClock) -> None:
    play.deploy(
        "startEvent s\nuserTask a groups=bookkeeper\nboundaryEvent late on=a timer=duration:PT1H\n"
        "endEvent e\nendEvent f\ns -> a -> e\nlate -> f"
    )
    play.start()
    play.complete("a", by=play.firm.bao)
    clock.advance(timedelta(days=1))
    assert worker.run_due() == 0
    assert play.states("p") == ["completed"]


CYCLE = "startEvent s timer=cycle:R/2026-08-31T09:00:00+08:00/P1M\nendEvent e\ns -> e"


def test_a_timer_start_begins_an_instance_each_round_true_to_the_calendar(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    play.deploy(CYCLE)
    dues = []
    for _ in range(4):
        [job] = play.jobs()
        dues.append(job.due_at.date().isoformat())
        clock.set(job.due_at)
        worker.run_due()
    assert dues == ["2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31"]
    assert len(play.states("p")) == 4


@pytest.mark.parametrize(("policy", "expected"), [("once", 1), ("all", 3), ("none", 0)])
def test_rounds_missed_while_nothing_ran_are_caught_up_as_the_diagram_says(
    play: Play, worker: Worker, clock: TestClock, policy: str, expected: int
) -> None:
    play.deploy(CYCLE.replace("startEvent s", f"startEvent s catch_up={policy}"))
    clock.set(datetime(2026, 12, 1, tzinfo=UTC))
    worker.run_due()
    assert len(play.states("p")) == expected
    assert play.jobs()[0].due_at == datetime(2026, 12, 31, 1, tzinfo=UTC)


def test_a_new_version_takes_over_the_timer_start_of_the_old_one(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    play.deploy(CYCLE)
    play.deploy(CYCLE.replace("P1M", "P1D"))
    assert len(play.jobs()) == 1
    clock.advance(timedelta(days=1))
    worker.run_due()
    assert len(play.states("p")) == 1


def test_a_process_that_calls_itself_without_end_is_stopped_also_when_nothing_of_it_is_in_memory(
    play: Play, handlers: Handlers, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands._starting.DEEPEST", 5)
    handlers.service_task("noop", effect="database")(lambda call, uow: {})
    play.deploy(
        "startEvent s\nserviceTask w topic=noop\ncallActivity again calls=p\nendEvent e\ns -> w -> again -> e"
    )
    started = play.start()
    for _ in range(8):
        for row in play.rows(select(Instance.id)):
            play.store.surroundings.cases.take(row[0])
        worker.run_due(limit=1)
    assert sorted(play.rows(select(Instance.depth))) == [(depth,) for depth in range(6)]
    assert "calls itself" in play.incidents()[0].message or "call itself" in play.incidents()[0].message
    assert play.state(started) == "running"


def test_one_bad_job_among_many_does_not_hold_up_the_others(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        if call.variables["base"] == 13:
            raise ValueError("unlucky")
        return {"total": 1}

    play.deploy(JOB)
    for number in range(30):
        play.start(base=Decimal(number))
    worker.run_due()
    assert len(play.rows(select(Job.id))) == 1
    assert len([row for row in play.states("p") if row == "running"]) == 30


def test_a_batch_without_time_left_still_does_one_job(
    play: Play, handlers: Handlers, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.batches.LONGEST_BATCH", -1.0)
    handlers.service_task("work", effect="database")(lambda call, uow: {"total": 1})
    play.deploy(JOB)
    for number in range(3):
        play.start(base=Decimal(number))
    assert worker.run_due() == 3
    assert play.rows(select(Job.id)) == []


def test_a_job_that_fails_beside_another_of_its_instance_leaves_nothing_behind_in_memory(
    play: Play, handlers: Handlers, worker: Worker, clock: TestClock
) -> None:
    results: list[dict[str, Any]] = [{"second": lambda: 1}, {"second": 2}]
    handlers.service_task("good", effect="database")(lambda call, uow: {"first": 1})
    handlers.service_task("bad", effect="database")(lambda call, uow: results[call.attempt - 1])
    play.deploy(
        """
        startEvent s
        parallelGateway split
        serviceTask a topic=good
        serviceTask b topic=bad
        parallelGateway join
        endEvent e
        s -> split
        split -> a -> join
        split -> b -> join
        join -> e
        """
    )
    begun = play.start()
    worker.run_due()  # one transaction: a is done and written, the result of b cannot be stored
    assert "cannot be stored" in play.jobs()[0].error
    clock.advance(PAUSES[0])
    worker.run_due()
    assert play.state(begun) == "completed"
    assert (play.variables(begun)["first"], play.variables(begun)["second"]) == (1, 2)


def test_a_job_after_one_that_failed_sees_what_the_first_of_them_has_done(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        if call.variables["number"] == "1":
            messages.publish(uow, "go", "3", {})
        if call.variables["number"] == "2":
            raise ValueError("unlucky")
        return {}

    play.deploy(
        """
        startEvent s
        parallelGateway split
        serviceTask work topic=work
        intermediateCatchEvent go message='go@= number'
        endEvent e
        endEvent f
        s -> split
        split -> work -> e
        split -> go -> f
        """
    )
    begun = [play.start(number=str(number)) for number in (1, 2, 3)]
    worker.run_due()
    assert [play.state(one) for one in begun] == ["running", "running", "completed"]
    assert [job.error for job in play.jobs()] == ["unlucky"]


# The background worker, on the system's clock.


@pytest.fixture
def live(store: Store) -> Store:
    store.clock = SystemClock()
    return store


def started(store: Store) -> tuple[Worker, Callable[[], None]]:
    worker = Worker(store)
    worker.start()
    return worker, worker.stop


def test_the_background_worker_starts_what_a_commit_opens_within_a_second(
    live: Store, handlers: Handlers
) -> None:
    ran: dict[str, threading.Event] = {"here": threading.Event(), "out": threading.Event()}

    @handlers.service_task("here", effect="database")
    def here(call: Call, uow: UnitOfWork) -> Result:
        ran["here"].set()
        return {}

    @handlers.service_task("out", effect="outside")
    def out(call: Call, outside: Outside) -> Result:
        ran["out"].set()
        return {}

    xml = bpmn(
        "startEvent s\nserviceTask a topic=here\nserviceTask b topic=out\nendEvent e\ns -> a -> b -> e"
    )
    live.run(deployments.deploy, {"p/p.bpmn": xml}, by=None)
    _, stop = started(live)
    try:
        live.run(instances.start, "p", {}, by=None)
        assert ran["here"].wait(30)
        assert ran["out"].wait(30)
    finally:
        stop()
    assert live.read(jobs.next_due) is None


def test_the_background_worker_sees_what_another_process_has_started(
    live: Store, handlers: Handlers, tmp_path: Path
) -> None:
    ran = threading.Event()

    @handlers.service_task("here", effect="database")
    def here(call: Call, uow: UnitOfWork) -> Result:
        ran.set()
        return {}

    xml = bpmn("startEvent s\nserviceTask a topic=here\nendEvent e\ns -> a -> e")
    live.run(deployments.deploy, {"p/p.bpmn": xml}, by=None)
    url = live.engine.url.render_as_string(hide_password=False)
    other = Store(url, clock=live.clock, documents_folder=tmp_path)
    surroundings.attach(other, handlers=handlers)
    worker = Worker(live, watch=0.05, poll=timedelta(hours=1))
    worker.start()
    try:
        other.run(instances.start, "p", {}, by=None)
        assert ran.wait(30)
    finally:
        worker.stop()
        other.dispose()


def test_a_stopped_worker_has_finished_what_it_had_begun(live: Store, handlers: Handlers) -> None:
    begun, go = threading.Event(), threading.Event()

    @handlers.service_task("out", effect="outside")
    def out(call: Call, outside: Outside) -> Result:
        begun.set()
        go.wait(5)
        return {}

    live.run(
        deployments.deploy,
        {"p/p.bpmn": bpmn("startEvent s\nserviceTask b topic=out\nendEvent e\ns -> b -> e")},
        by=None,
    )
    _, stop = started(live)
    live.run(instances.start, "p", {}, by=None)
    assert begun.wait(2)
    threading.Timer(0.05, go.set).start()
    stop()
    assert live.read(jobs.next_due) is None


def test_a_worker_may_be_stopped_the_moment_it_hands_out_a_round(live: Store) -> None:
    for _ in range(20):  # an error in its thread fails the test
        worker = Worker(live)
        worker.start()
        worker.stop()


def test_an_idle_worker_asks_once_and_sleeps(live: Store) -> None:
    worker = Worker(live)
    asked: list[Any] = []
    read = live.read

    def noted(query: Any, *args: Any) -> Any:
        asked.append(query)
        return read(query, *args)

    live.read = noted  # type: ignore[method-assign,assignment]
    worker.start()
    try:
        assert worker._scheduler is not None
        for _ in range(500):
            later = live.clock.now() + timedelta(minutes=14)
            if asked and worker._wake_at is not None and worker._wake_at > later:
                break
            threading.Event().wait(0.01)
        assert worker._wake_at is not None
        assert worker._wake_at > live.clock.now() + timedelta(minutes=14)
    finally:
        worker.stop()
    begins_to_listen = (
        live.engine.dialect.name == "postgresql"
    )  # and asks for what it may have missed until then
    assert asked in ([jobs.next_due], [jobs.next_due] * (1 + begins_to_listen))


def test_a_job_of_a_suspended_instance_does_not_keep_the_worker_awake(
    play: Play, worker: Worker, handlers: Handlers
) -> None:
    handlers.service_task("work", effect="database")(lambda call, uow: {"total": 1})
    play.deploy(JOB)
    begun: UUID = play.start(base=Decimal(1))
    play.store.run(instances.suspend, begun, reason="wait", by=play.firm.ma)
    assert play.store.read(jobs.next_due) is None
    assert worker.run_due() == 0


def test_a_listener_whose_connection_is_cut_hears_again(
    live: Store, handlers: Handlers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if live.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no notices; its log file is looked at")
    monkeypatch.setattr("store.notices.AGAIN_AFTER", 0.05)
    ran = threading.Semaphore(0)
    handlers.service_task("here", effect="database")(lambda call, uow: ran.release())
    xml = bpmn("startEvent s\nserviceTask a topic=here\nendEvent e\ns -> a -> e")
    live.run(deployments.deploy, {"p/p.bpmn": xml}, by=None)
    other = Store(
        live.engine.url.render_as_string(hide_password=False), clock=live.clock, documents_folder=tmp_path
    )
    surroundings.attach(other, handlers=handlers)
    worker = Worker(live, poll=timedelta(hours=1))
    worker.start()
    try:
        other.run(instances.start, "p", {}, by=None)
        assert ran.acquire(timeout=30)
        listening = "select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%'"
        with other.engine.connect() as connection:
            assert connection.execute(text(listening)).scalars().all() == [True]
        other.run(instances.start, "p", {}, by=None)
        assert ran.acquire(timeout=30)
    finally:
        worker.stop()
        other.dispose()
