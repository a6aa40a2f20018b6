"""BPMN properties are variables of the scope of their owner."""

from __future__ import annotations

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

TEXT = """
<bpmn:property id="p1" name="total"/>
<bpmn:property id="plain"/>
startEvent s
subProcess sub {
<bpmn:property id="p2" name="sum"/>
startEvent i
userTask a
i -> a
}
userTask b
s -> sub -> b
"""


def test_a_property_of_the_process_is_there_from_the_start_and_keeps_what_it_is_given() -> None:
    drive = Drive(TEXT).start(total=5)
    assert drive.root == {"total": 5, "plain": None}


def test_a_property_of_a_sub_process_takes_what_is_written_inside_and_goes_with_it() -> None:
    drive = Drive(TEXT).start(sum=1)
    drive.complete("a", sum=2, total=3)
    assert drive.open == ["b"]
    assert drive.root == {"total": 3, "plain": None, "sum": 1}


def test_the_placeholder_that_the_editor_draws_for_data_is_no_variable() -> None:
    text = 'startEvent s\n<bpmn:userTask id="a"><bpmn:property id="x" name="__targetRef_placeholder"/></bpmn:userTask>\ns -> a'
    assert {each.rule for each in check({"p.bpmn": bpmn(text)}, Known())} == {"nobody-assigned"}
    drive = Drive(text).start()
    assert drive.variables == {}
