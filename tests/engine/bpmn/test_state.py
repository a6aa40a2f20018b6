from __future__ import annotations

import msgspec
import pytest

from engine.bpmn import state
from engine.errors import InvalidInput
from tests.engine.bpmn.driving import Drive

TEXT = """
startEvent s
userTask a each="= [1, 2]" item=n
boundaryEvent late quiet on=a timer=cycle:R3/PT1H
userTask b
parallelGateway join
userTask after
s -> a -> join
s -> b -> join
late -> after
join -> after
"""


def test_a_dumped_case_is_the_same_after_a_round_trip() -> None:
    drive = Drive(TEXT).start()
    drive.complete("b")
    rows = [(scope, name, value) for (scope, name), value in drive.variables.items()]
    assert state.dump(state.load(drive.spec, drive.body, rows)) == drive.body


def test_the_stored_form_says_its_format_and_is_small() -> None:
    drive = Drive(TEXT).start()
    assert msgspec.json.decode(drive.body)["format"] == state.FORMAT
    assert len(drive.body) < 700


def test_a_newer_format_is_refused() -> None:
    drive = Drive(TEXT).start()
    newer = drive.body.replace(b'"format":1', b'"format":99')
    with pytest.raises(InvalidInput, match="format 99"):
        state.load(drive.spec, newer, [])


def test_a_body_that_is_none_is_refused() -> None:
    drive = Drive(TEXT)
    with pytest.raises(InvalidInput, match="cannot be read"):
        state.load(drive.spec, b"{}", [])


def test_a_token_at_an_element_that_is_gone_is_refused_by_name() -> None:
    drive = Drive(TEXT).start()
    other = Drive("startEvent s\nuserTask a\ns -> a")
    rows = [(scope, name, value) for (scope, name), value in drive.variables.items()]
    with pytest.raises(InvalidInput, match="stands at"):
        state.load(other.spec, drive.body, rows)
