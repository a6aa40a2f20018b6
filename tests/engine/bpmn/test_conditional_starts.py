"""Conditional start events begin an instance when somebody hands in variables that they hold for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.bpmn.conditional_starts import starts_that_hold
from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive, values

TEXT = """
startEvent plain
startEvent big "condition== amount > 100"
startEvent both "condition== amount > 10 and urgent" signal=now
userTask a
userTask b
plain -> a
big -> b
both -> b
"""


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"amount": 500}, ("big",)),
        ({"amount": 500, "urgent": True}, ("big", "both")),
        ({"amount": 5, "urgent": True}, ()),
        ({}, ()),
        ({"amount": "many"}, ()),
    ],
)
def test_those_are_found_whose_condition_is_true(
    variables: dict[str, object], expected: tuple[str, ...]
) -> None:
    drive = Drive(TEXT)
    assert starts_that_hold(drive.spec, values(variables), drive.moment) == expected


def test_the_instance_begins_there_with_the_variables() -> None:
    drive = Drive(TEXT).start("big", amount=500)
    assert (drive.open, drive.root) == (["b"], {"amount": Decimal(500)})


def test_such_a_process_passes_the_gate_and_needs_a_condition() -> None:
    found = check({"p.bpmn": bpmn(TEXT)}, Known())
    assert {each.rule for each in found} == {"nobody-assigned"}
    found = check({"p.bpmn": bpmn(TEXT.replace('"condition== amount > 100"', '"condition="'))}, Known())
    assert ("big", "event-condition-missing") in [(each.element, each.rule) for each in found]
