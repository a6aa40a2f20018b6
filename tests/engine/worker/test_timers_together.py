from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select, update

from engine.commands import history, surroundings
from engine.worker import Worker
from store.clock import TestClock
from store.tables import ChainHead, HistoryEvent, Incident, Instance, Job
from store.unit_of_work import counted
from tests.engine.commands.playing import Play

WAIT = (
    "startEvent s\nintermediateCatchEvent w timer=duration:PT1H\nscriptTask t script='= 1 / n' result=r\n"
    "endEvent e\ns -> w -> t -> e"
)


def waiting(play: Play, clock: TestClock, count: int) -> None:
    play.deploy(WAIT)
    for number in range(count):
        play.start(n=number + 1)
    clock.advance(timedelta(hours=2))


def ends(play: Play) -> Counter[str]:
    query = select(HistoryEvent.instance_id).where(HistoryEvent.kind == "instance.completed")
    return Counter(str(row[0]) for row in play.rows(query))


def test_timers_of_one_moment_cost_a_share_of_few_statements(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    waiting(play, clock, 60)
    with counted(play.store) as statements:
        assert worker.run_due() == 60
    assert play.states("p") == ["completed"] * 60
    assert set(ends(play).values()) == {1}
    assert len(statements) < 60
    assert play.rows(select(func.count()).select_from(Job)) == [(0,)]


def test_they_fire_as_well_when_nothing_is_in_memory(play: Play, worker: Worker, clock: TestClock) -> None:
    waiting(play, clock, 5)
    known = surroundings.attach(play.store, handlers=play.store.surroundings.handlers)
    assert known.cases.take(next(iter(play.rows(select(Instance.id))))[0]) is None
    worker.run_due()
    assert play.states("p") == ["completed"] * 5
    for (chain,) in play.rows(select(ChainHead.chain)):
        assert play.store.read(history.verify, chain) == []


def test_one_whose_state_cannot_be_read_keeps_none_of_the_others(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    waiting(play, clock, 4)
    broken = play.rows(select(Instance.id).order_by(Instance.id))[1][0]
    play.store.run(
        lambda uow: uow.connection.execute(
            update(Instance).where(Instance.id == broken).values(state_body=b"no state", version=99)
        )
    )
    worker.run_due()
    assert play.states("p") == ["completed", "running", "completed", "completed"]
    assert set(ends(play).values()) == {1}
    for _ in range(3):
        clock.advance(timedelta(hours=3))
        worker.run_due()
    assert play.rows(select(Incident.instance_id)) == [(broken,)]


def test_two_timers_of_one_instance_fire_one_after_the_other(
    play: Play, worker: Worker, clock: TestClock
) -> None:
    play.deploy(
        "startEvent s\nparallelGateway g\nintermediateCatchEvent a timer=duration:PT1H\n"
        "intermediateCatchEvent b timer=duration:PT1H\nparallelGateway j\nendEvent e\n"
        "s -> g -> a -> j -> e\ng -> b -> j"
    )
    play.start()
    play.start()
    clock.advance(timedelta(hours=2))
    assert worker.run_due() == 4
    assert play.states("p") == ["completed", "completed"]
