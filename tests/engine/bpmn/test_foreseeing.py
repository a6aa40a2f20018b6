"""A dry run: what a change would do, without doing it, and which joins would not come out right."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn import runtime, state
from engine.bpmn.foreseeing import foresee
from engine.bpmn.operating import Move, Place, Skip, Target
from engine.errors import InvalidInput
from tests.engine.bpmn.driving import Drive

PARALLEL = """
startEvent s
userTask before
parallelGateway split
userTask a
userTask b
parallelGateway join
userTask after
s -> before -> split -> a -> join -> after
split -> b -> join
"""
DEEP = """
startEvent s
parallelGateway split
userTask a
parallelGateway inner
userTask x
userTask y
parallelGateway met
userTask z
userTask b
parallelGateway join
userTask after
s -> split -> a -> inner -> x -> met -> z -> join -> after
inner -> y -> met
split -> b -> join
"""


def warned(drive: Drive, *places: Place, to: Target | None = None) -> list[tuple[Any, ...]]:
    change = Move(places, () if to is None else (to,))
    drive.restore()
    found = foresee(drive.case, lambda case: runtime.operate(case, change, drive.moment))
    return [(each.kind, each.element, each.flows) for each in found.warned]


def at(drive: Drive, element: str) -> Place:
    return Place(drive.wait(element))


def test_a_dry_run_tells_what_would_happen_and_changes_nothing() -> None:
    drive = Drive("startEvent s\nuserTask a\nuserTask b\ns -> a -> b").start(x=1)
    body = state.dump(drive.case)
    found = foresee(
        drive.case, lambda case: runtime.operate(case, Skip(at(drive, "a"), {"x": 2}), drive.moment)
    )
    assert [each.element for each in found.step.opened] == ["b"]
    assert found.after.root_scope.values["x"] == 2
    assert state.dump(drive.case) == body
    assert drive.case.root_scope.values["x"] == 1


def test_a_dry_run_raises_what_the_change_would_raise_and_leaves_the_case_usable() -> None:
    drive = Drive(PARALLEL).start()
    with pytest.raises(InvalidInput):
        warned(drive, at(drive, "before"), to=Target("join"))
    drive.complete("before")


def test_a_move_within_a_branch_warns_of_nothing() -> None:
    drive = Drive(DEEP).start()
    assert warned(drive, at(drive, "a"), to=Target("z")) == []
    assert warned(drive, at(drive, "a"), to=Target("inner")) == []
    drive.complete("a")
    assert warned(drive, at(drive, "x"), at(drive, "y"), to=Target("z")) == []


def test_a_branch_that_is_taken_away_leaves_the_join_waiting() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    assert warned(drive, at(drive, "a")) == [("short", "join", ("a_join",))]
    assert warned(drive, at(drive, "a"), to=Target("b")) == [("short", "join", ("a_join",))]
    assert warned(drive, at(drive, "a"), to=Target("after")) == [("short", "join", ("a_join",))]


def test_a_token_that_has_come_counts_for_its_branch() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    drive.complete("a")
    assert warned(drive, at(drive, "b"), to=Target("b_join", "through")) == []
    assert warned(drive, at(drive, "b"), to=Target("after")) == [("short", "join", ("b_join",))]


def test_a_step_back_before_the_split_while_a_branch_still_runs_leaves_too_many() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    assert warned(drive, at(drive, "a"), to=Target("before")) == [("over", "join", ("b_join",))]
    assert warned(drive, at(drive, "a"), at(drive, "b"), to=Target("before")) == []


def test_an_inner_join_is_told_apart_from_the_outer_one() -> None:
    drive = Drive(DEEP).start()
    drive.complete("a")
    assert warned(drive, at(drive, "x"), to=Target("z")) == [
        ("short", "met", ("x_met",)),
        ("over", "join", ("z_join",)),
    ]


def test_what_was_uneven_before_is_not_told_again() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    drive.act(runtime.operate, Move((at(drive, "a"),)))
    assert warned(drive, at(drive, "b"), to=Target("b")) == []


def test_results_that_would_be_lost_with_a_body_are_told() -> None:
    text = """
    startEvent s
    userTask each "each== [1, 2, 3]" item=it collect=results "from== it"
    userTask after
    s -> each -> after
    """
    drive = Drive(text).start()
    drive.complete("each")
    assert warned(drive, at(drive, "each")) == []
    drive.complete("each")
    assert warned(drive, at(drive, "each"), to=Target("after")) == [("lost", "each", ("1", "2"))]
    change = Skip(at(drive, "each"))
    drive.restore()
    found = foresee(drive.case, lambda case: runtime.operate(case, change, drive.moment))
    assert found.warned == ()


def test_the_warning_is_a_sentence() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    change = Move((at(drive, "a"),))
    found = foresee(drive.case, lambda case: runtime.operate(case, change, drive.moment))
    assert str(found.warned[0]) == (
        "The join «join» will wait for a token through a_join, where none can come from any more."
    )


def test_a_hundred_blocks_in_a_row_are_looked_through_without_recursion() -> None:
    lines, last = ["startEvent s"], "s"
    for n in range(600):
        lines += [f"parallelGateway p{n}", f"parallelGateway j{n}", f"userTask a{n}", f"userTask b{n}"]
        lines += [f"{last} -> p{n} -> a{n} -> j{n}", f"p{n} -> b{n} -> j{n}"]
        last = f"j{n}"
    drive = Drive("\n".join(lines)).start()
    assert warned(drive, at(drive, "a0"), to=Target("b599")) == [
        ("short", "j0", ("a0_j0",)),
        ("over", "j599", ("b599_j599",)),
    ]
