from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

FLAT = """
startEvent s
userTask a
boundaryEvent ca on=a compensation
userTask ua undoes
ca ~> ua
userTask b
boundaryEvent cb on=b compensation
userTask ub undoes
cb ~> ub
exclusiveGateway x
intermediateThrowEvent t compensation{ref}
userTask after
endEvent e
s -> a -> b -> x
x -> t : = undo
x => after
t -> after -> e
"""
NESTED = """
startEvent s
subProcess sub "in=room:= wanted" {
startEvent i
userTask a
boundaryEvent ca on=a compensation
userTask ua undoes
ca ~> ua
endEvent ie
i -> a -> ie
%s
}
userTask between
intermediateThrowEvent t compensation=sub
endEvent e
s -> sub -> between -> t -> e
"""
HANDLER = """
subProcess undo triggered {
startEvent us compensation
userTask first
intermediateThrowEvent ut compensation=a
userTask last
us -> first -> ut -> last
}
"""


def after_both(ref: str = "", **variables: Any) -> Drive:
    drive = Drive(FLAT.format(ref=ref)).start(**variables)
    drive.complete("a")
    drive.complete("b")
    return drive


def test_everything_that_was_completed_is_undone_in_reverse_order() -> None:
    drive = after_both(undo=True)
    assert drive.open == ["ub"]
    drive.complete("ub")
    assert drive.open == ["ua"]
    drive.complete("ua")
    assert drive.open == ["after"]
    assert drive.times("compensation.thrown")["t"] == 1
    assert drive.times()["t"] == 1


def test_without_a_throw_nothing_is_undone() -> None:
    drive = after_both(undo=False)
    drive.complete("after")
    assert drive.ended is not None
    assert drive.times()["ua"] == drive.times("element.entered")["ca"] == 0


def test_just_the_named_activity_is_undone() -> None:
    drive = after_both("=a", undo=True)
    assert drive.open == ["ua"]
    drive.complete("ua")
    assert drive.open == ["after"]


def test_what_was_not_completed_is_not_undone() -> None:
    text = (
        FLAT.format(ref="")
        .replace("s -> a -> b -> x", "s -> a -> x\nx -> b : = no")
        .replace("= undo", "= true")
    )
    drive = Drive(text).start(no=False)
    drive.complete("a")
    assert drive.open == ["ua"]
    drive.complete("ua")
    assert drive.open == ["after"]


def test_nothing_is_undone_twice() -> None:
    text = (
        FLAT.format(ref="=a").replace("t -> after", "t -> t2 -> after")
        + "intermediateThrowEvent t2 compensation"
    )
    drive = Drive(text).start(undo=True)
    drive.complete("a")
    drive.complete("b")
    drive.complete("ua")
    assert drive.open == ["ub"]
    drive.complete("ub")
    assert drive.open == ["after"]


def test_an_end_event_waits_for_what_it_undoes() -> None:
    text = FLAT.format(ref="").replace("endEvent e", "endEvent e compensation")
    drive = Drive(text).start(undo=False)
    for name in ("a", "b", "after", "ub", "ua"):
        assert drive.open == [name]
        drive.complete(name)
    assert drive.ended is not None
    assert drive.ended.state == "completed"


def test_each_round_of_a_loop_is_undone() -> None:
    text = """
    startEvent s
    exclusiveGateway again
    serviceTask a topic=t
    boundaryEvent ca on=a compensation
    serviceTask ua topic=u undoes
    ca ~> ua
    exclusiveGateway x
    endEvent e compensation
    s -> again -> a -> x
    x -> again : = n < 3
    x => e
    """
    drive = Drive(text).start(n=0)
    for number in (1, 2, 3):
        drive.complete("a", n=number)
    for _ in range(3):
        drive.complete("ua")
    assert drive.ended is not None
    assert drive.times()["ua"] == 3


def test_a_completed_sub_process_is_undone_inside_with_its_variables_as_they_were() -> None:
    drive = Drive(NESTED % "").start(wanted="blue")
    drive.complete("a")
    drive.set(wanted="red")
    drive.complete("between")
    assert drive.open == ["ua"]
    scope = drive.opened("ua").scope
    assert drive.visible(scope)["room"] == "blue"
    drive.complete("ua", room="green")
    assert drive.ended is not None
    assert list(drive.case.scopes) == [0]
    assert "room" not in drive.root


def test_a_compensation_event_sub_process_decides_how_it_is_undone() -> None:
    drive = Drive(NESTED % HANDLER).start(wanted="blue")
    drive.complete("a")
    drive.complete("between")
    for name in ("first", "ua", "last"):
        assert drive.open == [name]
        assert drive.visible(drive.opened(name).scope)["room"] == "blue"
        drive.complete(name)
    assert drive.ended is not None
    assert drive.times("compensation.caught")["us"] == 1


def test_a_handler_of_the_whole_sub_process_takes_the_place_of_those_inside() -> None:
    more = "boundaryEvent cs on=sub compensation\nuserTask us undoes\ncs ~> us"
    drive = Drive((NESTED % "") + more).start(wanted=1)
    drive.complete("a")
    drive.complete("between")
    assert drive.open == ["us"]
    drive.complete("us")
    assert drive.ended is not None


@pytest.mark.parametrize("order", ["", "sequential"])
def test_each_instance_of_a_multi_instance_is_undone_with_its_item(order: str) -> None:
    text = f"""
    startEvent s
    userTask a each="= rooms" item=room {order}
    boundaryEvent ca on=a compensation
    userTask ua undoes
    ca ~> ua
    endEvent e compensation
    s -> a -> e
    """
    drive = Drive(text).start(rooms=["r1", "r2", "r3"])
    for _ in range(3):
        drive.complete("a")
    seen = []
    for _ in range(3):
        seen.append(drive.visible(drive.opened("ua").scope)["room"])
        drive.complete("ua")
    assert seen == ["r3", "r2", "r1"]
    assert drive.ended is not None
    assert list(drive.case.scopes) == [0]


def test_a_multi_instance_sub_process_is_undone_instance_by_instance() -> None:
    text = """
    startEvent s
    subProcess sub each="= rooms" item=room {
    startEvent i
    userTask a
    boundaryEvent ca on=a compensation
    userTask ua undoes
    ca ~> ua
    endEvent ie
    i -> a -> ie
    }
    endEvent e compensation
    s -> sub -> e
    """
    drive = Drive(text).start(rooms=["r1", "r2"])
    drive.complete("a")
    drive.complete("a")
    assert drive.visible(drive.opened("ua").scope)["room"] == "r2"
    drive.complete("ua")
    assert drive.visible(drive.opened("ua").scope)["room"] == "r1"
    drive.complete("ua")
    assert drive.ended is not None


def test_what_an_interrupted_sub_process_had_done_is_forgotten_with_its_scopes() -> None:
    text = """
    startEvent s
    subProcess outer {
    startEvent o
    subProcess inner in=x:=1 {
    startEvent i
    userTask a
    boundaryEvent ca on=a compensation
    userTask ua undoes
    ca ~> ua
    i -> a
    }
    userTask b
    o -> inner -> b
    }
    boundaryEvent stop on=outer signal=stop
    endEvent e compensation
    endEvent f
    s -> outer -> f
    stop -> e
    """
    drive = Drive(text).start()
    drive.complete("a")
    assert len(drive.case.scopes) == 3
    drive.complete("stop")
    assert drive.ended is not None
    assert list(drive.case.scopes) == [0]


def test_an_interrupted_compensation_lets_go_of_everything() -> None:
    text = """
    startEvent s
    subProcess all {
    startEvent o
    subProcess inner in=x:=1 {
    startEvent i
    userTask a
    boundaryEvent ca on=a compensation
    userTask ua undoes
    ca ~> ua
    i -> a
    }
    endEvent oe compensation
    o -> inner -> oe
    }
    boundaryEvent stop on=all signal=stop
    userTask after
    s -> all
    stop -> after
    """
    drive = Drive(text).start()
    drive.complete("a")
    assert drive.open == ["stop", "ua"]
    drive.complete("stop")
    assert drive.open == ["after"]
    assert list(drive.case.scopes) == [0]


def test_an_error_of_a_handler_is_not_caught_by_what_is_completed_but_further_out() -> None:
    text = """
    startEvent s
    subProcess all {
    startEvent o
    subProcess inner {
    startEvent i
    serviceTask a topic=t
    boundaryEvent ca on=a compensation
    serviceTask ua topic=u undoes
    ca ~> ua
    i -> a
    }
    boundaryEvent near on=inner error=E
    endEvent oe compensation
    endEvent ne
    o -> inner -> oe
    near -> ne
    }
    boundaryEvent far on=all error=E
    userTask after
    s -> all
    far -> after
    """
    drive = Drive(text).start()
    drive.complete("a")
    drive.throw("ua", "E")
    assert drive.open == ["after"]
    assert (drive.times()["near"], drive.times()["far"]) == (0, 1)


def test_the_gate_checks_how_compensation_is_drawn() -> None:
    def rules(text: str) -> list[tuple[str, str, str]]:
        found = check({"p.bpmn": bpmn(text)}, Known())
        return [(e.rule, e.element, e.level) for e in found if e.rule != "nobody-assigned"]

    flat = FLAT.format(ref="")
    assert rules(flat) == []
    assert rules(NESTED % HANDLER) == []
    assert rules(flat.replace("ca ~> ua\nuserTask b", "userTask b").replace("userTask ua undoes\n", "")) == [
        ("compensation-empty", "ca", "warning")
    ]
    assert ("compensation-handler", "ua", "error") in rules(flat.replace("userTask ua undoes", "userTask ua"))
    assert ("compensation-flow", "ua", "error") in rules(flat.replace("ca ~> ua", "ca ~> ua\nua -> b"))
    assert ("compensation-target", "t", "error") in rules(FLAT.format(ref="=gone"))
    assert ("compensation-empty", "t", "warning") in rules(FLAT.format(ref="=after"))
    assert ("compensation-never", "undo", "warning") in rules(flat + HANDLER)
    quiet = NESTED % HANDLER.replace("startEvent us", "startEvent us quiet")
    assert ("compensation-interrupts", "us", "error") in rules(quiet)
    waits = flat.replace("intermediateThrowEvent t compensation", "<T>")
    thrown = '<bpmn:intermediateThrowEvent id="t"><bpmn:compensateEventDefinition waitForCompletion="false"/>'
    found = rules(waits.replace("<T>", f"{thrown}</bpmn:intermediateThrowEvent>"))
    assert ("not-run-wait-for-completion", "t", "error") in found
    assert ("event-several", "e", "error") in rules(
        flat.replace("endEvent e", "endEvent e compensation message=m")
    )
