"""An operator lets a token pass its element undone, or do it afresh."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn import runtime
from engine.bpmn.operating import Place, Repeat, Skip
from engine.bpmn.step import ChildOpened, JobOpened, Step, UserTaskOpened
from engine.errors import Conflict, InvalidInput
from tests.engine.bpmn.driving import Drive, values


def skip(drive: Drive, element: str, *, outputs: bool | None = None, **variables: Any) -> Step:
    return drive.act(runtime.operate, Skip(Place(drive.wait(element)), values(variables), outputs))


def repeat(drive: Drive, element: str) -> Step:
    return drive.act(runtime.operate, Repeat(Place(drive.wait(element))))


def token(drive: Drive, node: str) -> Place:
    return Place(token=min(each.id for each in drive.case.tasks.values() if each.task_spec.name == node))


EACH_KIND = """
startEvent s
userTask person
serviceTask machine topic=t
callActivity child calls=other
intermediateCatchEvent clock timer=duration:PT1H
intermediateCatchEvent letter message=m@=1
receiveTask reply message=r@=1
intermediateCatchEvent rule "condition== false"
userTask last
s -> person -> machine -> child -> clock -> letter -> reply -> rule -> last
"""


def test_whatever_waits_can_be_skipped_and_is_told_as_skipped_not_as_done() -> None:
    drive = Drive(EACH_KIND).start()
    kinds = ("person", "machine", "child", "clock", "letter", "reply", "rule")
    for element in kinds:
        assert drive.open == [element]
        step = skip(drive, element)
        assert [each.reason for each in step.closed] == ["cancelled"], element
    assert drive.open == ["last"]
    assert dict(drive.times("element.skipped")) == dict.fromkeys(kinds, 1)
    assert dict(drive.times()) == {"s": 1}
    for kind in ("timer.fired", "message.caught", "condition.caught"):
        assert not drive.times(kind)


MAPPED = """
startEvent s
serviceTask rate topic=t "out=price:=result.price"
userTask after
s -> rate -> after
"""


def test_without_a_result_output_mappings_are_left_alone_so_nothing_is_overwritten_with_null() -> None:
    drive = Drive(MAPPED).start(price=5)
    skip(drive, "rate")
    assert drive.root == values({"price": 5})


def test_with_a_result_output_mappings_are_applied_as_if_the_handler_had_returned_it() -> None:
    drive = Drive(MAPPED).start(price=5)
    skip(drive, "rate", result={"price": 9})
    assert drive.root == values({"price": 9})


def test_the_operator_decides_about_output_mappings_when_they_say_so() -> None:
    drive = Drive(MAPPED).start(price=5)
    skip(drive, "rate", outputs=True)
    assert drive.root == {"price": None}
    drive = Drive(MAPPED).start(price=5)
    skip(drive, "rate", outputs=False, price=7)
    assert drive.root == values({"price": 7})


def test_a_second_skip_of_the_same_wait_is_refused() -> None:
    drive = Drive(MAPPED).start()
    place = Place(drive.wait("rate"))
    drive.act(runtime.operate, Skip(place))
    with pytest.raises(Conflict, match="Nothing waits at"):
        drive.act(runtime.operate, Skip(place))


BOUNDARY = """
startEvent s
userTask a
boundaryEvent late on=a timer=duration:PT1H
boundaryEvent remind quiet on=a timer=cycle:R3/PT1H
userTask chase
userTask mail
userTask after
s -> a -> after
late -> chase
remind -> mail
"""


def test_skipping_an_activity_lets_its_boundary_events_go() -> None:
    drive = Drive(BOUNDARY).start()
    skip(drive, "a")
    assert drive.open == ["after"]


def test_skipping_an_event_beside_an_activity_lets_it_take_place_now() -> None:
    drive = Drive(BOUNDARY).start()
    skip(drive, "remind")
    assert drive.open == ["a", "late", "mail", "remind"]
    skip(drive, "late")
    assert drive.open == ["chase", "mail"]


GATEWAY = """
startEvent s
eventBasedGateway g
intermediateCatchEvent m message=m@=1
intermediateCatchEvent t timer=duration:PT1H
userTask a
userTask b
s -> g
g -> m -> a
g -> t -> b
"""


def test_of_events_behind_a_gateway_the_skipped_one_is_the_one_that_comes() -> None:
    drive = Drive(GATEWAY).start()
    with pytest.raises(InvalidInput, match="skip the one that shall come"):
        drive.act(runtime.operate, Skip(token(drive, "g")))
    skip(drive, "t")
    assert drive.open == ["b"]


# --- incidents ---

TROUBLE = """
startEvent s
serviceTask job topic=t "out=y:=x"
exclusiveGateway x
userTask a
s -> job -> x
x -> a : = y > 1
"""


def test_a_job_with_an_incident_is_skipped() -> None:
    drive = Drive(TROUBLE).start(y=2)
    drive.throw("job", "boom", "broken")
    assert [each.code for each in drive.incidents] == ["error-uncaught"]
    skip(drive, "job")
    assert drive.open == ["a"]


def test_a_token_that_failed_on_entering_passes_its_element() -> None:
    text = "startEvent s\nserviceTask job topic=t 'in=n:=for i in 1..99999999 return i'\nuserTask a\ns -> job -> a"
    drive = Drive(text).start()
    assert [each.code for each in drive.incidents] == ["expression"]
    skip(drive, "job")
    assert drive.open == ["a"]
    assert drive.times("element.skipped") == {"job": 1}


def test_a_gateway_without_a_way_out_is_not_skipped_but_moved_or_retried() -> None:
    drive = Drive(TROUBLE).start(y=0)
    drive.complete("job")
    with pytest.raises(InvalidInput, match="no way leads on"):
        skip(drive, "x")
    with pytest.raises(InvalidInput, match="is a gateway"):
        repeat(drive, "x")


# --- scopes ---

SUB = """
startEvent s
subProcess sub "in=n:=amount" "out=total:=n" {
startEvent i
userTask a
serviceTask b topic=t
i -> a
i -> b
}
boundaryEvent late on=sub timer=duration:PT1H
userTask chase
userTask after
s -> sub -> after
late -> chase
"""


def test_a_whole_sub_process_is_skipped_by_its_token() -> None:
    drive = Drive(SUB).start(amount=3)
    assert drive.open == ["a", "b", "late"]
    drive.act(runtime.operate, Skip(token(drive, "sub")))
    assert drive.open == ["after"]
    assert "total" not in drive.root
    assert set(drive.case.scopes) == {0}


def test_a_whole_sub_process_is_repeated_with_its_inputs_as_they_are_now() -> None:
    drive = Drive(SUB).start(amount=3)
    drive.complete("a", n=8)
    drive.set(0, amount=4)
    drive.act(runtime.operate, Repeat(token(drive, "sub")))
    assert drive.open == ["a", "b", "late"]
    assert drive.visible(drive.opened("a").scope)["n"] == 4
    drive.complete("a")
    drive.complete("b")
    assert drive.root["total"] == 4


def test_the_whole_instance_is_neither_skipped_nor_repeated() -> None:
    drive = Drive(SUB).start()
    for change in (Skip, Repeat):
        with pytest.raises(InvalidInput, match="whole instance"):
            drive.act(runtime.operate, change(token(drive, "#process")))


ITEMS = """
startEvent s
userTask each "each== [1, 2, 3]" item=it collect=results "from== result" assignee==who
userTask after
s -> each -> after
"""


def test_a_skipped_item_has_no_result_and_counts_as_done() -> None:
    drive = Drive(ITEMS).start()
    skip(drive, "each")
    drive.complete("each", result="b")
    drive.complete("each", result="c")
    assert drive.root["results"] == [None, "b", "c"]
    assert drive.open == ["after"]


def test_a_skipped_multi_instance_hands_out_what_it_has_when_outputs_are_applied() -> None:
    drive = Drive(ITEMS).start()
    drive.complete("each", result="a")
    drive.act(runtime.operate, Skip(token(drive, "each"), outputs=True))
    assert drive.root["results"] == ["a", None, None]
    assert drive.open == ["after"]


def test_a_repeated_item_is_the_same_item() -> None:
    drive = Drive(ITEMS).start()
    second = sorted(each.wait for each in drive.waits.values())[1]
    drive.act(runtime.operate, Repeat(Place(second)))
    newest = max(drive.waits)
    seen = drive.visible(drive.waits[newest].scope)
    assert (seen["it"], seen["loopCounter"]) == (2, 2)
    drive.complete_wait(newest, result="b")
    drive.complete("each", result="a")
    drive.complete("each", result="c")
    assert drive.root["results"] == ["a", "b", "c"]


def test_a_repeated_multi_instance_begins_with_all_its_items() -> None:
    drive = Drive(ITEMS).start()
    drive.complete("each", result="a")
    drive.act(runtime.operate, Repeat(token(drive, "each")))
    assert drive.open == ["each"] * 3
    for result in ("x", "y", "z"):
        drive.complete("each", result=result)
    assert drive.root["results"] == ["x", "y", "z"]


def test_the_next_item_of_a_sequence_follows_a_skipped_one() -> None:
    drive = Drive(ITEMS.replace("item=it", "item=it sequential")).start()
    skip(drive, "each")
    assert drive.visible(drive.opened("each").scope)["it"] == 2


# --- repeating ---


def test_repeating_opens_new_work_with_input_mappings_evaluated_again() -> None:
    drive = Drive('startEvent s\nuserTask a assignee==who "in=copy:=who"\nuserTask b\ns -> a -> b').start(
        who="mei"
    )
    old = drive.wait("a")
    drive.set(0, who="lin")
    step = repeat(drive, "a")
    assert [(each.wait, each.reason) for each in step.closed] == [(old, "cancelled")]
    opened = drive.opened("a")
    assert isinstance(opened, UserTaskOpened)
    assert (opened.assignee, drive.visible(opened.scope)["copy"]) == ("lin", "lin")
    assert opened.wait != old


def test_repeating_a_service_task_with_an_incident_opens_a_new_job() -> None:
    drive = Drive(TROUBLE).start(y=2)
    old = drive.wait("job")
    drive.throw("job", "boom")
    repeat(drive, "job")
    assert isinstance(drive.opened("job"), JobOpened)
    assert drive.wait("job") != old


def test_repeating_a_call_starts_another_child_and_a_timer_begins_anew() -> None:
    drive = Drive(EACH_KIND).start()
    for element in ("person", "machine"):
        drive.complete(element)
    repeat(drive, "child")
    assert isinstance(drive.opened("child"), ChildOpened)
    drive.complete("child")
    due = drive.opened("clock").due_at
    drive.later(minutes=30)
    repeat(drive, "clock")
    assert (drive.opened("clock").due_at - due).total_seconds() == 30 * 60


def test_a_repeated_activity_has_its_boundary_timers_anew() -> None:
    drive = Drive(BOUNDARY).start()
    before = drive.wait("late")
    repeat(drive, "a")
    assert drive.open == ["a", "late", "remind"]
    assert drive.wait("late") != before


# --- compensation ---

UNDOING = """
startEvent s
userTask book
boundaryEvent undo on=book compensation
serviceTask unbook topic=t undoes
undo ~> unbook
userTask pay
boundaryEvent unpay on=pay compensation
serviceTask refund topic=t undoes
unpay ~> refund
intermediateThrowEvent back compensation
userTask after
s -> book -> pay -> back -> after
"""


def test_what_was_skipped_is_not_undone() -> None:
    drive = Drive(UNDOING).start()
    drive.complete("book")
    skip(drive, "pay")
    assert drive.open == ["unbook"]
    skip(drive, "unbook")
    assert drive.open == ["after"]


def test_a_step_that_undoes_is_not_repeated_but_can_be_skipped() -> None:
    drive = Drive(UNDOING).start()
    drive.complete("book")
    drive.complete("pay")
    with pytest.raises(Conflict, match="«back» is being compensated"):
        repeat(drive, "refund")
    skip(drive, "refund")
    assert drive.open == ["unbook"]
