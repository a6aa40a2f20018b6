from __future__ import annotations

from dataclasses import replace

import pytest

from engine.bpmn import parser, runtime, specs, state
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import NOON, SHANGHAI, Drive
from tests.work import calls_of

LOOP = """
startEvent s
exclusiveGateway again
userTask work
task note
endEvent e
s -> again
again -> work : = more
again => e
work -> note -> again
"""


def test_a_loop_of_five_thousand_rounds_keeps_a_constant_state() -> None:
    drive = Drive(LOOP).start(more=True)
    drive.complete("work")
    size = len(drive.body)
    case = drive.case
    for _round in range(5_000):
        [wait] = case.waits
        runtime.complete(case, wait, {}, drive.moment)
    assert len(case.tasks) == 2
    assert len(state.dump(case)) <= size + 20
    assert case.waits


def test_a_loop_that_never_rests_ends_in_an_incident() -> None:
    moment = runtime.Moment(NOON, SHANGHAI, budget=500)
    drive = Drive("startEvent s\ntask a\ntask b\ns -> a -> b -> a", moment).start()
    [incident] = drive.incidents
    assert incident.code == "budget"
    assert "500 tokens" in incident.message
    drive.retry(incident.element)
    assert len(drive.incidents) == 1


def test_an_advance_that_takes_too_long_ends_in_an_incident_that_can_be_retried() -> None:
    moment = runtime.Moment(NOON, SHANGHAI, seconds=-1)
    drive = Drive("startEvent s\ntask a\nuserTask b\ns -> a -> b", moment).start()
    [incident] = drive.incidents
    assert incident.code == "budget"
    drive.moment = replace(moment, seconds=60)
    drive.retry(incident.element)
    assert drive.open == ["b"]


def test_tokens_left_over_when_the_budget_is_spent_go_on_with_the_next_advance() -> None:
    moment = runtime.Moment(NOON, SHANGHAI, budget=4)
    drive = Drive(
        "startEvent s\nuserTask a\nuserTask b\nuserTask c\nuserTask d\ns -> a\ns -> b\ns -> c\ns -> d", moment
    ).start()
    assert len(drive.incidents) == 1
    drive.moment = replace(moment, budget=100)
    drive.retry(drive.incidents[0].element)
    assert drive.open == ["a", "b", "c", "d"]


def test_two_thousand_nodes_in_a_line_run_through() -> None:
    names = [f"t{number}" for number in range(2_000)]
    text = "\n".join(["startEvent s", *(f"task {name}" for name in names), f"s -> {' -> '.join(names)}"])
    drive = Drive(text).start()
    assert drive.ended is not None
    assert drive.times()["t1999"] == 1


@pytest.mark.parametrize("more", ["", "sequential"])
def test_a_thousand_items_cost_ten_times_a_hundred(more: str) -> None:
    text = f'startEvent s\nserviceTask work topic=t each="= items" item=n collect=all from="= n" {more}\ns -> work'
    spec = specs.compile_spec(parser.parse(bpmn(text), "p.bpmn"), "p")
    moment = runtime.Moment(NOON, SHANGHAI)

    def run(count: int) -> None:
        case, step = runtime.start(spec, {"items": list(range(count))}, moment)
        while not case.completed:
            wait, info = next(iter(case.waits.items()))
            assert (
                runtime.visible(case, info.scope)["n"] is not None
            )  # what the handler of each item is given
            step = runtime.complete(case, wait, {}, moment)
        assert step.ended is not None
        assert len(step.ended.output["all"]) == count

    run(1)
    assert calls_of(lambda: run(1_000)) < 10.5 * calls_of(lambda: run(100))


def test_a_huge_multi_instance_is_an_incident_not_a_hung_process() -> None:
    moment = runtime.Moment(NOON, SHANGHAI, items=100)
    text = bpmn('startEvent s\nuserTask a each="= for i in 1..101 return i" item=n\ns -> a')
    drive = Drive(text, moment).start()
    assert drive.incidents[0].code == "budget"
    assert "101 items, more than the 100" in drive.incidents[0].message


@pytest.mark.parametrize("count", ["1000000000000", "1e6000"])
def test_a_number_of_rounds_beyond_all_memory_is_an_incident_too(count: str) -> None:
    drive = Drive(f'startEvent s\nuserTask a times="= {count}"\ns -> a').start()
    assert drive.incidents[0].code == "budget"


def test_a_hundred_parallel_blocks_in_a_row_run_in_few_steps() -> None:
    lines, before = ["startEvent s"], "s"
    for number in range(100):
        fork, a, b, join = (f"{name}{number}" for name in ("fork", "a", "b", "join"))
        lines += [f"parallelGateway {fork}", f"task {a}", f"task {b}", f"parallelGateway {join}"]
        lines += [f"{before} -> {fork}", f"{fork} -> {a} -> {join}", f"{fork} -> {b} -> {join}"]
        before = join
    drive = Drive("\n".join(lines), runtime.Moment(NOON, SHANGHAI, budget=410)).start()
    assert drive.ended is not None


def test_deeply_nested_sub_processes_end_without_recursion() -> None:
    depth = 30
    lines = ["startEvent s", "s -> sub0"]
    for level in range(depth):
        lines += [f"subProcess sub{level} {{", f"startEvent i{level}"]
        lines.append(f"i{level} -> sub{level + 1}" if level < depth - 1 else f"i{level} -> last")
    lines += ["userTask last", *["}"] * depth]
    drive = Drive("\n".join(lines)).start()
    drive.complete("last")
    assert drive.ended is not None
