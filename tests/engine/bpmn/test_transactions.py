from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

TEXT = """
startEvent s
transaction tx {
startEvent i
parallelGateway split
userTask a
boundaryEvent ca on=a compensation
userTask ua undoes
ca ~> ua
userTask b
userTask decide
exclusiveGateway x
endEvent good
endEvent bad cancel
endEvent worse error=E
endEvent done
i -> split
split -> a -> decide -> x
split -> b -> done
x -> bad : = way = "cancel"
x -> worse : = way = "error"
x => good
}
boundaryEvent cancelled on=tx cancel
boundaryEvent failed on=tx error=E
userTask after
userTask late
endEvent e
s -> tx -> e
cancelled -> after
failed -> late
"""


def decided(way: str) -> Drive:
    drive = Drive(TEXT).start()
    drive.complete("a")
    drive.complete("decide", way=way)
    return drive


def test_a_cancelled_transaction_is_interrupted_undone_and_left_by_its_cancel_event() -> None:
    drive = decided("cancel")
    assert drive.open == ["ua"], "the other branch is over, its boundary no longer waits"
    drive.complete("ua")
    assert drive.open == ["after"]
    assert (drive.times()["tx"], drive.times()["cancelled"]) == (0, 1)


def test_an_error_leaves_a_transaction_without_undoing() -> None:
    drive = decided("error")
    assert drive.open == ["late"]
    assert drive.times()["ua"] == 0


def test_a_transaction_that_succeeds_goes_on_and_can_be_undone_later() -> None:
    drive = Drive(TEXT.replace("endEvent e", "endEvent e compensation")).start()
    drive.complete("a")
    drive.complete("decide", way="good")
    drive.complete("b")
    assert drive.open == ["ua"]
    drive.complete("ua")
    assert drive.ended is not None


def test_one_instance_of_a_multi_instance_transaction_cancels_them_all() -> None:
    drive = Drive(TEXT.replace("transaction tx {", 'transaction tx each="= [1, 2]" item=n {')).start()
    drive.complete("a")
    drive.complete("a")
    drive.complete("decide", way="cancel")
    drive.complete("ua")
    assert drive.open == ["after"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("boundaryEvent cancelled on=tx cancel", "boundaryEvent cancelled on=tx signal=x", "cancel-uncaught"),
        ("transaction tx {", "subProcess tx {", "cancel-misplaced"),
        ("boundaryEvent cancelled on=tx", "boundaryEvent cancelled quiet on=tx", "cancel-interrupts"),
    ],
)
def test_the_gate_keeps_cancel_events_and_transactions_together(old: str, new: str, rule: str) -> None:
    found = check({"p.bpmn": bpmn(TEXT)}, Known())
    assert {each.rule for each in found if each.level == "error"} == {"nobody-assigned"}
    assert rule in [each.rule for each in check({"p.bpmn": bpmn(TEXT.replace(old, new))}, Known())]
