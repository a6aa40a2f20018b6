"""What commands leave to the garbage collector: nothing, or a busy server stands still for seconds while it looks."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from engine.batches import run_batch
from engine.commands import work_items
from engine.commands.surroundings import LIVE_CASES
from engine.errors import NotAllowed
from engine.service_tasks import Handlers
from store.clock import TestClock
from tests.engine.commands.playing import Play

CALLED = "startEvent s\nuserTask u groups=bookkeeper\nendEvent e\ns -> u -> e"
DRAWINGS = {
    "plain": """
startEvent s
userTask u groups=bookkeeper
serviceTask j topic=noop
endEvent e
s -> u -> j -> e
""",
    "timer": """
startEvent s
userTask u groups=bookkeeper
intermediateCatchEvent t timer=duration:PT1H
endEvent e
s -> u -> t -> e
""",
    "several": """
startEvent s
userTask u groups=bookkeeper
serviceTask j topic=noop 'each== [1, 2, 3]' item=number
s -> u -> j
""",
    "calling": """
startEvent s
callActivity c calls=called
endEvent e
s -> c -> e
""",
    "parallel": """
startEvent s
userTask u groups=bookkeeper
parallelGateway f
serviceTask j topic=noop
serviceTask k topic=noop
parallelGateway g
endEvent e
s -> u -> f
f -> j -> g
f -> k -> g
g -> e
""",
    "late": """
startEvent s
subProcess sub {
startEvent i
intermediateCatchEvent w timer=duration:PT9H
endEvent o
i -> w -> o
}
boundaryEvent b on=sub timer=duration:PT1H
serviceTask j topic=noop
endEvent e
s -> sub -> e
b -> j
""",
    "whichever": """
startEvent s
eventBasedGateway g
intermediateCatchEvent t timer=duration:PT1H
intermediateCatchEvent m message='paid@=1'
endEvent e
s -> g
g -> t -> e
g -> m -> e
""",
    "undone": """
startEvent s
userTask a groups=bookkeeper
boundaryEvent ca on=a compensation
serviceTask j undoes topic=noop
ca ~> j
intermediateThrowEvent t compensation
endEvent e
s -> a -> t -> e
""",
    "inside": """
startEvent s
userTask u groups=bookkeeper
endEvent e
s -> u -> e
subProcess h triggered {
startEvent d quiet timer=duration:PT1H
serviceTask j topic=noop
d -> j
}
""",
}


@pytest.fixture
def untouched() -> Iterator[Callable[[], int]]:
    """Stop the garbage collector; what is given tells how many objects it would have found since."""
    gc.collect()
    gc.disable()
    yield gc.collect
    gc.enable()


@pytest.mark.parametrize("name", DRAWINGS)
def test_commands_and_ended_cases_leave_no_circles(
    play: Play, handlers: Handlers, clock: TestClock, name: str, untouched: Callable[[], int]
) -> None:
    handlers.service_task("noop", effect="database")(lambda call, uow: {})
    play.deploy(CALLED, "called")
    play.deploy(DRAWINGS[name])

    def go_through() -> None:
        play.start()
        for item in play.open_items().values():
            play.store.run(work_items.complete, item, {}, by=play.firm.bao)
        clock.advance(timedelta(hours=2))
        while play.store.run_apart(run_batch, 10):
            pass

    go_through()
    untouched()
    for _ in range(5):
        go_through()
    assert untouched() == 0


@pytest.mark.usefixtures("untouched")
def test_a_case_whose_place_in_memory_goes_to_others_is_gone_at_once(play: Play) -> None:
    play.deploy(CALLED)
    cases = play.store.surroundings.cases
    case = weakref.ref(cases.peek(play.start())[1].case)
    assert case() is not None
    cases.put_all({uuid4(): None for _ in range(LIVE_CASES)})
    assert case() is None


def test_a_command_that_fails_leaves_no_circles(play: Play, untouched: Callable[[], int]) -> None:
    play.deploy(CALLED)
    play.start()
    item = play.item("u")

    def fail() -> None:
        with pytest.raises(NotAllowed):
            play.store.run(work_items.complete, item, {}, by=play.firm.rui)

    fail()
    untouched()
    fail()
    assert untouched() == 0
