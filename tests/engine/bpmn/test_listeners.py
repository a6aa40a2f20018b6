"""Execution listeners: jobs before an element begins and after it is done."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from engine.bpmn.step import JobOpened, UserTaskOpened
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive


def listeners(*each: str) -> str:
    inner = "".join(
        f'<zeebe:executionListener eventType="{one.split(":")[0]}" type="{one.split(":")[1]}"/>'
        for one in each
    )
    return f"<zeebe:executionListeners>{inner}</zeebe:executionListeners>"


def drawn(*each: str, element: str = "userTask a groups=x", more: str = "", loop: str = "") -> bytes:
    text = (
        f"startEvent s\n{element} {loop}\nuserTask after groups=x\nendEvent e\ns -> a -> after -> e\n{more}"
    )
    xml = bpmn(text).decode()
    head = xml.index(f'<bpmn:{element.split(maxsplit=1)[0]} id="a"')
    if "<bpmn:extensionElements>" in xml[head:].split("\n")[0]:
        place = xml.index("<bpmn:extensionElements>", head) + len("<bpmn:extensionElements>")
        return (xml[:place] + listeners(*each) + xml[place:]).encode()
    place = xml.index(">", head) + 1
    return (
        xml[:place] + f"<bpmn:extensionElements>{listeners(*each)}</bpmn:extensionElements>" + xml[place:]
    ).encode()


def topic(drive: Drive, element: str = "a") -> str:
    opened = drive.opened(element)
    return opened.topic if isinstance(opened, JobOpened) else type(opened).__name__


def test_they_are_heard_one_after_the_other_around_the_element() -> None:
    drive = Drive(drawn("start:one", "start:two", "end:three")).start()
    heard = []
    for _turn in range(4):
        heard.append(topic(drive))
        drive.complete("a")
    assert heard == ["one", "two", UserTaskOpened.__name__, "three"]
    assert drive.open == ["after"]
    assert (drive.times()["a"], drive.times("element.entered")["a"]) == (1, 1)


def test_what_a_start_listener_brings_is_the_elements_own_and_what_an_end_listener_brings_is_not() -> None:
    drive = Drive(drawn("start:one", "end:two")).start()
    drive.complete("a", own=1)
    assert drive.visible(drive.opened("a").scope)["own"] == 1
    drive.complete("a")
    drive.complete("a", shared=2)
    assert drive.root == {"shared": 2}


def test_input_mappings_are_read_once_before_and_output_mappings_written_before_the_end() -> None:
    task = 'userTask a groups=x "in=n:= number + 1" "out=number:= n"'
    drive = Drive(drawn("start:one", "end:two", element=task)).start(number=1)
    assert drive.visible(drive.opened("a").scope)["n"] == 2
    drive.complete("a", n=10)
    drive.complete("a")
    assert drive.root["number"] == 10
    drive.complete("a")
    assert drive.open == ["after"]


def test_boundary_events_wait_when_the_element_has_begun_and_errors_of_listeners_are_caught() -> None:
    more = "boundaryEvent b on=a error=bad\nuserTask late groups=x\nb -> late"
    drive = Drive(drawn("start:one", more=more)).start()
    drive.throw("a", "bad")
    assert drive.open == ["late"]


def test_a_failing_start_stays_where_it_is_and_listeners_are_not_heard_again() -> None:
    drive = Drive(drawn("start:one", element='userTask a "groups== who"')).start(who=1)
    drive.complete("a")
    assert [each.element for each in drive.incidents] == ["a"]
    drive.set(who="x")
    drive.retry("a")
    assert drive.times("element.entered")["a"] == 1


def test_those_of_a_multi_instance_activity_are_heard_for_each_instance() -> None:
    drive = Drive(drawn("start:one", loop="times=2")).start()
    assert [topic(drive)] == ["one"]
    assert drive.open == ["a", "a"]


@pytest.mark.parametrize(
    "element",
    ["exclusiveGateway a", "task a", "intermediateThrowEvent a", 'scriptTask a "script== 1" result=x'],
)
def test_any_element_may_have_them(element: str) -> None:
    drive = Drive(drawn("start:one", "end:two", element=element)).start()
    drive.complete("a")
    assert topic(drive) == "two"
    drive.complete("a")
    assert drive.open == ["after"]


def test_a_process_may_have_them() -> None:
    head = f"<bpmn:extensionElements>{listeners('start:one', 'end:two')}</bpmn:extensionElements>"
    drive = Drive(f"{head}\nstartEvent s\nuserTask a\nendEvent e\ns -> a -> e").start()
    assert topic(drive, "p") == "one"
    drive.complete("p", found=1)
    drive.complete("a")
    assert topic(drive, "p") == "two"
    drive.complete("p")
    assert drive.ended is not None
    assert drive.ended.output == {"found": 1}


BEHIND_A_GATEWAY = bpmn(
    "startEvent s\neventBasedGateway g\nintermediateCatchEvent x signal=x\nintermediateCatchEvent y signal=y\n"
    "endEvent e\ns -> g\ng -> x -> e\ng -> y -> e"
).replace(
    b'CatchEvent id="x">',
    f'CatchEvent id="x"><bpmn:extensionElements>{listeners("start:one")}</bpmn:extensionElements>'.encode(),
)


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (drawn("create:one"), "listener-kind"),
        (drawn("start:"), "topic-missing"),
        (drawn("start:= x"), "topic-expression"),
        (drawn("start:other"), "topic-unknown"),
        (drawn("start:one").replace(b'type="one"', b'type="one" retries="many"'), "retries-unreadable"),
        (
            BEHIND_A_GATEWAY,
            "listener-misplaced",
        ),
    ],
)
def test_the_gate_asks_of_them_what_it_asks_of_jobs(xml: bytes, rule: str) -> None:
    assert rule in [each.rule for each in check({"p.bpmn": xml}, Known(topics=frozenset({"one"})))]


def test_sound_ones_pass_the_gate() -> None:
    assert check({"p.bpmn": drawn("start:one", "end:one")}, Known(topics=frozenset({"one"}))) == []
