"""Random processes of all constructs on random paths: the engine does what an independent token game does.

After every move waits, variables, history, what is thrown, the end and the stored state are compared, and the state goes
through its stored form. ``pytest --examples 5000 --first-example 1000 tests/engine/bpmn/test_against_reference.py`` for
more of them; one that differs is cut down before it is shown.
"""

from __future__ import annotations

from collections import Counter

import pytest

from engine.bpmn.gate import Known, check
from engine.bpmn.nodes.gateways import ParallelSpec
from engine.bpmn.problem import refusing
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.reference.growing import COMPOSITES, LEAVES, Block
from tests.engine.bpmn.reference.playing import Example, cut_down, example, fault, play

PARTS = 8


def seeds_of(request: pytest.FixtureRequest, part: int) -> range:
    first, count = (request.config.getoption(name) for name in ("--first-example", "--examples"))
    return range(first + part, first + count, PARTS)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_does_what_the_reference_does(request: pytest.FixtureRequest, part: int) -> None:
    for seed in seeds_of(request, part):
        found = example(seed)
        if fault(found):
            pytest.fail(told(cut_down(found)))


def told(found: Example) -> str:
    drawings, _counters = found.drawings()
    shown = "\n".join(f"--- {name}\n{text}" for name, text in drawings.items())
    return f"{found!r}\n{shown}\n{fault(found)}"


def test_the_random_processes_can_be_deployed() -> None:
    for seed in range(60):
        drawings, _counters = example(seed).drawings()
        files = {f"{name}.bpmn": bpmn(text, name) for name, text in drawings.items()}
        assert refusing(check(files, Known())) == []


def test_the_random_processes_hold_every_construct_and_mostly_come_to_an_end() -> None:
    kinds, ends = Counter[str](), Counter[str]()
    for seed in range(60):
        found = example(seed)
        pending = [found.block, *found.handlers, *found.called]
        while pending:
            block = pending.pop()
            kinds[block.kind] += 1
            pending.extend(block.parts)
        ends["ended" if play(found).drive.ended is not None else "open"] += 1
    assert set(kinds) == {each[0] for each in (*LEAVES, *COMPOSITES)}
    assert ends["ended"] > 40


def test_tokens_that_feed_each_other_are_stopped_on_both_sides() -> None:
    twin = play(example(62844))  # an escalation and a signal, each thrown by what the other starts
    assert "budget" in {incident.code for incident in twin.drive.incidents}


def test_a_difference_is_found_and_cut_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ParallelSpec, "complete", lambda self, case, host, counts: len(counts) >= 2)
    user = Block("user")
    found = Example(
        Block("sequence", 1, (user, Block("parallel", 2, (user, user, Block("sub", 3, (user,))))))
    )
    assert fault(found).startswith("Differs")
    small = cut_down(found)
    assert small.block.size < found.block.size
    assert "parallelGateway" in told(small)
