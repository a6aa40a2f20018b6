from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

GATEWAY = """
eventBasedGateway g starts
intermediateCatchEvent order message=order
intermediateCatchEvent stop signal=stop
userTask a
userTask b
g -> order -> a
g -> stop -> b
"""
TASK = "receiveTask r starts message=order\nuserTask a\nr -> a"


def test_each_event_behind_the_gateway_starts_an_instance() -> None:
    drive = Drive(GATEWAY)
    assert [(each.element, each.kind, each.name) for each in drive.spec.process.start_events] == [
        ("order", "message", "order"),
        ("stop", "signal", "stop"),
    ]
    drive.start("order", number=7)
    assert (drive.open, drive.root) == (["a"], {"number": 7})
    assert [drive.times()[name] for name in ("g", "order", "stop")] == [1, 1, 0]
    assert drive.times("flow.taken")["g_order"] == 1
    assert Drive(GATEWAY).start("stop").open == ["b"]


def test_a_receive_task_starts_an_instance() -> None:
    drive = Drive(TASK).start("r")
    assert drive.open == ["a"]
    assert drive.times("message.caught")["r"] == 1


def test_output_mappings_of_what_started_it_are_run() -> None:
    drive = Drive(TASK.replace("message=order", 'message=order "out=kept:= number + 1"')).start("r", number=7)
    assert drive.root["kept"] == 8


def test_both_pass_the_gate() -> None:
    for text in (GATEWAY, TASK):
        problems = check({"p.bpmn": bpmn(text)}, Known())
        assert {each.rule for each in problems} <= {"nobody-assigned"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"startEvent s\n{TASK}\ns -> r", "instantiate-inside"),
        ("receiveTask r starts message=m times=2\nendEvent e\nr -> e", "instantiate-event"),
        (GATEWAY.replace("signal=stop", "timer=duration:PT1H"), "instantiate-event"),
    ],
)
def test_the_gate_refuses_what_cannot_start(text: str, rule: str) -> None:
    assert rule in [each.rule for each in check({"p.bpmn": bpmn(text)}, Known())]


ALL = GATEWAY.replace(
    "eventBasedGateway g starts",
    '<bpmn:eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>',
)
ALL = ALL.replace("message=order", "message=order@=number")


def test_a_gateway_that_waits_for_all_begins_with_the_first_event_and_waits_for_the_others() -> None:
    drive = Drive(ALL).start("order", number=7)
    assert drive.open == ["a", "stop"]
    drive.complete_wait(drive.subscription("stop"))
    assert drive.open == ["a", "b"]
    assert [drive.times()[name] for name in ("g", "order", "stop")] == [1, 1, 1]
    drive.complete("a")
    drive.complete("b")
    assert drive.ended is not None


def test_whichever_event_comes_first_the_others_are_awaited_with_their_keys() -> None:
    drive = Drive(ALL).start("stop", number=7)
    assert drive.open == ["b", "order"]
    assert drive.opened("order").correlation_key == "7"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (ALL, "nobody-assigned"),
        (ALL.replace(' instantiate="true"', "") + "startEvent s\ns -> g", "event-gateway-parallel"),
        (ALL.replace("signal=stop", "message=order@=number"), "event-gateway-parallel"),
        (ALL.replace("@=number", ""), "correlation-missing"),
    ],
)
def test_the_gate_asks_such_a_gateway_for_events_that_find_the_instance(text: str, rule: str) -> None:
    assert rule in [each.rule for each in check({"p.bpmn": bpmn(text)}, Known())]
