"""No branch overwrites what another has written: variables live in scopes, not in copies of their own.

The cases are those in which SpiffWorkflow's own joins lose data.
"""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.step import VariableSet
from tests.engine.bpmn.driving import Drive

FORK = """
startEvent s
KIND split
userTask a
userTask b
KIND join
userTask after
endEvent e
s -> split
split -> a -> join
split -> b -> join
join -> after -> e
"""
KINDS = pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])


def forked(kind: str, **variables: Any) -> Drive:
    return Drive(FORK.replace("KIND", kind)).start(**variables)


@KINDS
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_what_one_branch_sets_is_kept_when_the_other_ends(kind: str, order: str) -> None:
    drive = forked(kind, amount=1, status="draft")
    written: dict[str, dict[str, object]] = {
        "a": {"amount": 100, "status": "approved"},
        "b": {"note": "seen"},
    }
    for element in order:
        drive.complete(element, **written[element])
    assert drive.open == ["after"]
    assert drive.root == {"amount": 100, "status": "approved", "note": "seen"}


@KINDS
def test_both_branches_append_to_one_list(kind: str) -> None:
    drawing = FORK.replace("KIND", kind)
    for name, item in (("a", 2), ("b", 3)):
        drawing = drawing.replace(
            f"userTask {name}\n", f'userTask {name} "out=list:= append(list, {item})"\n'
        )
    drive = Drive(drawing).start(list=[1])
    drive.complete("b")
    drive.complete("a")
    assert drive.root["list"] == [1, 3, 2]


@KINDS
def test_both_branches_write_into_one_context(kind: str) -> None:
    drawing = FORK.replace("KIND", kind)
    for name in "ab":
        drawing = drawing.replace(f"userTask {name}\n", f'userTask {name} "out=client.{name}:= seen"\n')
    drive = Drive(drawing).start(client={"code": "0001"})
    drive.complete("a", seen=1)
    drive.complete("b", seen=2)
    assert drive.root["client"] == {"code": "0001", "a": 1, "b": 2}


@KINDS
def test_what_one_branch_clears_stays_cleared(kind: str) -> None:
    drive = forked(kind, note="old", client={"code": "0001", "draft": True})
    drive.complete("a", note=None, client={"code": "0001"})
    drive.complete("b", other=1)
    assert drive.root == {"note": None, "client": {"code": "0001"}, "other": 1}


@pytest.mark.parametrize("order", ["", "sequential"])
def test_a_total_that_one_instance_sets_is_left_alone_by_the_others(order: str) -> None:
    drive = Drive(
        f'startEvent s\nuserTask a each="= [1, 2, 3]" item=n {order}\nuserTask after\ns -> a -> after'
    )
    drive.start(total=0)
    drive.complete("a", total=10)
    drive.complete("a")
    drive.complete("a", other=1)
    assert drive.root == {"total": 10, "other": 1}


def test_every_instance_adds_to_one_total() -> None:
    drive = Drive(
        'startEvent s\nuserTask a each="= [1, 2, 3]" item=n "out=total:= total + n"\nuserTask z\ns -> a -> z'
    )
    drive.start(total=0)
    for wait in sorted(drive.waits, reverse=True):
        drive.complete_wait(wait)
    assert drive.root == {"total": 6}


def test_the_last_of_two_writers_stays_and_both_are_told() -> None:
    drive = Drive("""
startEvent s
scriptTask a "script== 1" result=amount
scriptTask b "script== 2" result=amount
userTask after
s -> a -> after
s -> b -> after
""").start()
    [step] = drive.steps
    told = [each.value for each in step.variables if isinstance(each, VariableSet) and each.name == "amount"]
    assert told == [1, 2]
    assert drive.root == {"amount": 2}
