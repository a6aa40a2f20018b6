"""What commands cost in SQL statements, transaction control aside: a change that makes one dearer says so here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.batches import run_batch
from engine.commands import instances, messages, signals, work_items
from engine.service_tasks import Handlers
from store.clock import TestClock
from store.unit_of_work import counted
from tests.engine.commands.playing import Play

TRIVIAL = "startEvent s\nuserTask u groups=bookkeeper\nserviceTask j topic=noop\nendEvent e\ns -> u -> j -> e"
TWO_STEPS = (
    "startEvent s\nuserTask u groups=bookkeeper\nuserTask v groups=bookkeeper\nendEvent e\ns -> u -> v -> e"
)
TIMER = (
    "startEvent s\nintermediateCatchEvent t timer=duration:PT1H\nuserTask u groups=bookkeeper\ns -> t -> u"
)
MESSAGE = "startEvent s\nintermediateCatchEvent m message='paid@= number'\nuserTask u groups=bookkeeper\ns -> m -> u"
SIGNAL = "startEvent s\nintermediateCatchEvent m signal=closed\nuserTask u groups=bookkeeper\ns -> m -> u"
CALLED = "startEvent s\nuserTask u groups=bookkeeper\nendEvent e\ns -> u -> e"
CALLING = "startEvent s\ncallActivity c calls=called 'each== items' item=item\nendEvent e\ns -> c -> e"
CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "NOTIFY")


def cost(play: Play, act: Callable[[], object]) -> int:
    """Return how many statements ``act`` sends."""
    with counted(play.store) as statements:
        act()
    return sum(not each.startswith(CONTROL) for each in statements)


def test_the_plainest_instance_costs_20_statements_and_3_commits(play: Play, handlers: Handlers) -> None:
    handlers.service_task("noop", effect="database")(lambda call, uow: {})
    play.deploy(TRIVIAL)
    one(play)  # fills the caches
    with counted(play.store) as statements:
        one(play)
    begun = [statement for statement in statements if statement.startswith("BEGIN")]
    if play.store.engine.dialect.name == "sqlite":
        assert begun == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN IMMEDIATE", "BEGIN IMMEDIATE"], (
            "the one that only reads is the test's own"
        )
    assert sum(not each.startswith(CONTROL) for each in statements) - 1 == 20
    assert play.states("p") == ["completed", "completed"]


def test_with_a_service_that_only_computes_it_costs_13_and_2(play: Play, handlers: Handlers) -> None:
    handlers.service_task("noop", effect="none")(lambda call: {})
    play.deploy(TRIVIAL)

    def one() -> None:
        play.start()
        play.store.run(work_items.complete, play.item("u"), {}, by=play.firm.bao)

    one()
    assert cost(play, one) - 1 == 13
    assert play.states("p") == ["completed", "completed"]


def one(play: Play) -> None:
    """Run one instance from start to end."""
    play.start()
    play.store.run(work_items.complete, play.item("u"), {}, by=play.firm.bao)
    assert play.store.run(run_batch, 20) == 1


def test_a_step_from_person_to_person(play: Play) -> None:
    play.deploy(TWO_STEPS)
    play.start()
    play.complete("u", by=play.firm.bao)
    play.start()
    item = play.item("u")
    assert cost(play, lambda: play.store.run(work_items.complete, item, {}, by=play.firm.bao)) == 8


def test_claiming(play: Play) -> None:
    play.deploy(TWO_STEPS)
    play.start()
    item = play.item("u")
    assert cost(play, lambda: play.store.run(work_items.claim, item, by=play.firm.bao)) == 4


def test_a_timer_that_comes_due(play: Play, clock: TestClock) -> None:
    play.deploy(TIMER)
    play.start()
    clock.advance(timedelta(hours=2))
    assert cost(play, lambda: play.store.run(run_batch, 20)) == 9


def test_a_message(play: Play) -> None:
    play.deploy(MESSAGE)
    play.start(number="7")
    assert cost(play, lambda: play.store.run(messages.publish, "paid", "7", {}, by=None)) == 12


@pytest.mark.parametrize("count", [1, 30])
def test_a_signal_costs_two_statements_for_each_instance_and_the_rest_once(play: Play, count: int) -> None:
    play.deploy(SIGNAL)
    for _ in range(count):
        play.start()
    spent = cost(play, lambda: play.store.run(signals.broadcast, "closed", {}, by=None))
    assert spent == 8 + count


@pytest.mark.parametrize("count", [1, 40])
def test_a_call_costs_the_same_however_many_it_calls(play: Play, count: int) -> None:
    play.deploy(CALLED, process="called")
    play.deploy(CALLING)
    play.start(items=[0])
    items = list(range(count))
    assert cost(play, lambda: play.store.run(instances.start, "p", {"items": items}, by=None)) == 9
