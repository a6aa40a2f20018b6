"""Depth and size: nothing recurses, nothing stalls, and the last rounds cost what the first ones did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn import parser, runtime, specs, state
from engine.bpmn.step import Step
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import NOON, SHANGHAI, Drive
from tests.work import calls_of

MOMENT = runtime.Moment(NOON, SHANGHAI)
FLAT = 1.5


def started(drawing: str, moment: runtime.Moment = MOMENT, **variables: object) -> tuple[runtime.Case, Step]:
    spec = specs.compile_spec(parser.parse(bpmn(drawing), "p.bpmn"), "p")
    return runtime.start(spec, dict(variables), moment)


def cost_of_ends(act: Callable[[], object], rounds: int) -> float:
    """How many times the calls of the first tenth of the rounds the last tenth costs."""
    tenth = rounds // 10

    def several() -> None:
        for _round in range(tenth):
            act()

    first = calls_of(several)
    for _round in range(rounds - 2 * tenth):
        act()
    return calls_of(several) / first


LOOP = """
startEvent s
exclusiveGateway again
userTask work
scriptTask count "script== n + 1" result=n
endEvent e
s -> again
again -> work : = more
again => e
work -> count -> again
"""


def test_ten_thousand_rounds_of_a_loop_cost_the_same_each_and_leave_nothing_behind() -> None:
    case, _step = started(LOOP, more=True, n=0)
    size = len(state.dump(case))

    def round_() -> None:
        [wait] = case.waits
        runtime.complete(case, wait, {}, MOMENT)

    assert cost_of_ends(round_, 10_000) < FLAT
    assert len(state.dump(case)) - size <= 20  # the digits of some numbers
    assert len(case.tasks) == 2
    assert case.root_scope.values["n"] == 10_000


def test_a_loop_whose_rounds_fork_leaves_nothing_behind_either() -> None:
    case, _step = started("""
startEvent s
exclusiveGateway again
parallelGateway split
userTask one
subProcess two {
startEvent i
userTask inner
i -> inner
}
boundaryEvent late on=two timer=duration:P1D
task tidy
inclusiveGateway join
s -> again -> split
split -> one -> join
split -> two -> join
late -> tidy -> join
join -> again
""")
    sizes = []

    def round_() -> None:
        for element in ("one", "inner"):
            [wait] = [wait for wait, info in case.waits.items() if info.element == element]
            runtime.complete(case, wait, {}, MOMENT)
        sizes.append(len(state.dump(case)))

    assert cost_of_ends(round_, 300) < FLAT
    assert sizes[-1] - sizes[0] <= 60
    assert len(case.scopes) == 2


def test_a_budget_of_ten_thousand_rounds_without_rest_is_run_through() -> None:
    moment = runtime.Moment(NOON, SHANGHAI, budget=50_000, seconds=600)
    drawing = LOOP.replace("userTask work", "task work").replace("= more", "= n < 10000")
    case, step = started(drawing, moment, n=0)
    assert step.ended is not None
    assert step.ended.output["n"] == 10_000
    assert len(case.tasks) <= 1


@pytest.mark.parametrize("order", ["", "sequential"])
def test_ten_thousand_items_cost_the_same_each(order: str) -> None:
    case, _step = started(
        f'startEvent s\nserviceTask work topic=t each="= items" item=n collect=all from="= r" {order}\ns -> work',
        items=list(range(10_000)),
    )
    steps: list[Step] = []
    size = len(state.dump(case))

    def complete_one() -> None:
        wait = next(iter(case.waits))
        steps.append(runtime.complete(case, wait, {"r": 1}, MOMENT))

    for _item in range(10):
        complete_one()
    assert len(state.dump(case)) <= size + 20  # no item leaves more than digits behind
    assert cost_of_ends(complete_one, 9_990) < FLAT
    ended = steps[-1].ended
    assert ended is not None
    assert ended.output["all"] == [1] * 10_000


def test_fifty_nested_sub_processes_are_entered_stored_and_left() -> None:
    depth = 50
    lines = ["startEvent s", "s -> sub0"]
    for level in range(depth):
        lines += [f"subProcess sub{level} {{", f"startEvent i{level}"]
        lines.append(f"i{level} -> sub{level + 1}" if level < depth - 1 else f"i{level} -> last")
    lines += ["userTask last", *["}"] * depth]
    drive = Drive("\n".join(lines)).start()
    assert len(drive.case.tasks) == depth + 2
    drive.complete("last")
    assert drive.ended is not None
    assert drive.times()["sub0"] == 1


def test_an_error_goes_out_through_fifty_sub_processes() -> None:
    depth = 50
    lines = [
        "startEvent s",
        "s -> sub0",
        "boundaryEvent caught on=sub0 error=E",
        "caught -> repair",
        "userTask repair",
    ]
    for level in range(depth):
        lines += [f"subProcess sub{level} {{", f"startEvent i{level}"]
        lines.append(f"i{level} -> sub{level + 1}" if level < depth - 1 else f"i{level} -> last")
    lines += ["userTask last", *["}"] * depth]
    drive = Drive("\n".join(lines)).start()
    drive.throw("last", "E")
    assert drive.open == ["repair"]
    assert len(drive.case.scopes) == 1


def branches(count: int, kind: str, activity: str) -> str:
    lines = ["startEvent s", f"{kind} split", f"{kind} join", "s -> split"]
    for number in range(count):
        lines += [f"{activity} a{number}", f"split -> a{number} -> join"]
    return "\n".join(lines)


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_a_thousand_branches_come_to_one_join(kind: str) -> None:
    case, step = started(branches(1_000, kind, "task"))
    assert step.ended is not None
    assert len(case.tasks) <= 1


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_a_thousand_waiting_branches_cost_the_same_each(kind: str) -> None:
    case, _step = started(branches(1_000, kind, "userTask"))

    def complete_one() -> None:
        runtime.complete(case, next(iter(case.waits)), {}, MOMENT)

    assert cost_of_ends(complete_one, 1_000) < FLAT
    assert case.completed


def test_five_hundred_boundary_events_wait_beside_one_activity() -> None:
    lines = ["startEvent s", "userTask work", "s -> work"]
    for number in range(500):
        quiet = "quiet" if number % 2 else ""
        lines += [
            f"boundaryEvent b{number} {quiet} on=work signal=s{number}",
            f"task t{number}",
            f"b{number} -> t{number}",
        ]
    drive = Drive("\n".join(lines)).start()
    assert len(drive.open) == 501
    for number in range(1, 100, 2):
        drive.complete(f"b{number}")
    assert len(drive.open) == 501
    drive.complete("b0")
    assert drive.ended is not None


def test_five_hundred_conditions_are_asked_only_when_what_they_read_changes() -> None:
    case, one = with_conditions(500), with_conditions(2)

    def cost(case: runtime.Case, name: str) -> int:
        return calls_of(lambda: runtime.set_variables(case, 0, {name: 1}, MOMENT))

    assert cost(case, "v1") < 1.5 * cost(one, "v1")
    assert cost(case, "nobody") < 1.5 * cost(one, "nobody")


def with_conditions(count: int) -> runtime.Case:
    lines = ["startEvent s", "userTask work", "s -> work"]
    for number in range(count):
        lines += [f'boundaryEvent b{number} quiet on=work "condition== v{number} > 0"', f"task t{number}"]
        lines.append(f"b{number} -> t{number}")
    variables: dict[str, object] = {f"v{number}": 0 for number in range(count)}
    case, _step = started("\n".join(lines), MOMENT, **variables)
    spec, body = case.definition, state.dump(case)
    rows = [(0, name, value) for name, value in case.root_scope.values.items()]
    return state.load(spec, body, rows)


MANY_JOINS = """
startEvent s
subProcess each each="= items" item=n {
startEvent i
KIND split
userTask a
userTask b
KIND join
i -> split
split -> a -> join
split -> b -> join
}
s -> each
"""


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_a_thousand_joins_that_wait_do_not_slow_each_other_down(kind: str) -> None:
    case, _step = started(MANY_JOINS.replace("KIND", kind), items=list(range(1_000)))
    first = iter([wait for wait, info in case.waits.items() if info.element == "a"])

    def arrive() -> None:
        runtime.complete(case, next(first), {}, MOMENT)

    assert cost_of_ends(arrive, 1_000) < FLAT


UNDOABLE = """
startEvent s
exclusiveGateway again
REPEATED
boundaryEvent c on=a compensation
userTask undo undoes
c ~> undo
scriptTask count "script== n + 1" result=n
intermediateThrowEvent back compensation=a
endEvent e
s -> again
again -> a : = n < 1000
again => back
a -> count -> again
back -> e
"""


def test_a_thousand_rounds_are_undone_at_the_same_cost_each() -> None:
    case, _step = started(UNDOABLE.replace("REPEATED", "task a"), n=0)

    def undo_one() -> None:
        [wait] = case.waits
        runtime.complete(case, wait, {}, MOMENT)

    assert cost_of_ends(undo_one, 1_000) < FLAT
    assert case.completed


def test_a_thousand_rounds_without_any_item_are_undone_by_nothing() -> None:
    """Each of them was undone inside the one before it: a recursion error."""
    _case, step = started(UNDOABLE.replace("REPEATED", 'userTask a "each== []" item=i'), n=0)
    assert step.ended is not None
    assert {each.element for each in step.history} >= {"a", "back", "e"}
