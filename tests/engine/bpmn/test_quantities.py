"""An activity may begin with several tokens, and send out several."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

TWICE = """
startEvent s
<bpmn:userTask id="a" completionQuantity="2"/>
userTask b
<bpmn:userTask id="c" startQuantity="2"/>
s -> a -> b -> c
"""


def test_tokens_are_sent_out_and_gathered_by_number() -> None:
    drive = Drive(TWICE).start()
    drive.complete("a")
    assert drive.open == ["b", "b"]
    drive.complete("b")
    assert drive.open == ["b"]
    drive.complete("b")
    assert drive.open == ["c"]
    drive.complete("c")
    assert drive.ended is not None
    assert drive.times("flow.taken")["a_b"] == 2


def test_tokens_of_different_flows_are_counted_together() -> None:
    text = 'startEvent s\nuserTask a\nuserTask b\n<bpmn:userTask id="c" startQuantity="2"/>\ns -> a -> c\ns -> b -> c'
    drive = Drive(text).start()
    drive.complete("b")
    assert drive.open == ["a"]
    drive.complete("a")
    assert drive.open == ["c"]


def test_tokens_that_are_too_few_are_an_incident_that_can_be_let_go_on() -> None:
    drive = Drive('startEvent s\nuserTask a\n<bpmn:userTask id="c" startQuantity="2"/>\ns -> a -> c').start()
    drive.complete("a")
    [incident] = drive.incidents
    assert (incident.element, incident.code) == ("c", "join-stuck")
    assert incident.message.startswith("«c» begins with more tokens than can come.")
    drive.retry("c")
    assert drive.open == ["c"]
    assert drive.incidents == []


def test_a_multi_instance_activity_gathers_and_sends_out_once_for_all_its_runs() -> None:
    tag = "bpmn:multiInstanceLoopCharacteristics"
    loop = f"<{tag}><bpmn:loopCardinality>2</bpmn:loopCardinality></{tag}>"
    text = f'startEvent s\n<bpmn:task id="a" startQuantity="1" completionQuantity="3">{loop}</bpmn:task>\nuserTask b\ns -> a -> b'
    assert Drive(text).start().open == ["b", "b", "b"]


@pytest.mark.parametrize("given", ["0", "-1", "many", "1001"])
@pytest.mark.parametrize("attribute", ["startQuantity", "completionQuantity"])
def test_impossible_quantities_are_refused(attribute: str, given: str) -> None:
    xml = bpmn(f'startEvent s\n<bpmn:task id="a" {attribute}="{given}"/>\ns -> a')
    [problem] = check({"p.bpmn": xml}, Known())
    assert (problem.element, problem.rule) == ("a", "quantity")
    assert f"The {attribute} «{given}»" in problem.message
