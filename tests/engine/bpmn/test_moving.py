"""An operator moves tokens: what waited is cancelled, what is put runs in the scope where it belongs."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn import runtime
from engine.bpmn.operating import Move, Place, Target
from engine.bpmn.step import Step, TimerOpened
from engine.errors import Conflict, InvalidInput, NotFound
from tests.engine.bpmn.driving import Drive, values

LINE = """
startEvent s
userTask a
userTask b
userTask c
endEvent e
s -> a -> b -> c -> e
"""
NESTED = """
startEvent s
userTask first
subProcess outer in=level:=1 {
startEvent os
userTask o
subProcess inner in=level:=2 {
startEvent is
userTask i
userTask j
is -> i -> j
}
boundaryEvent late on=inner timer=duration:PT1H
userTask remind
os -> o -> inner
late -> remind
}
userTask last
s -> first -> outer -> last
"""
PARALLEL = """
startEvent s
userTask before
parallelGateway split
userTask a
userTask a2
userTask b
parallelGateway join
userTask after
s -> before -> split -> a -> a2 -> join -> after
split -> b -> join
"""
ITEMS = """
startEvent s
subProcess each "each== [\\"x\\", \\"y\\", \\"z\\"]" item=it collect=results "from== it" {
startEvent is
userTask i
userTask j
is -> i -> j
}
userTask after
s -> each -> after
"""


def move(drive: Drive, *places: Place, to: Target | None = None, **variables: Any) -> Step:
    change = Move(places, () if to is None else (to,), values(variables))
    return drive.act(runtime.operate, change)


def at(drive: Drive, element: str) -> Place:
    return Place(drive.wait(element))


def tokens(drive: Drive, node: str) -> list[int]:
    return sorted(token.id for token in drive.case.tasks.values() if token.task_spec.name == node)


def test_a_moved_token_waits_at_its_new_element_and_the_old_work_is_cancelled() -> None:
    drive = Drive(LINE).start()
    step = move(drive, at(drive, "a"), to=Target("c"))
    assert drive.open == ["c"]
    assert [each.reason for each in step.closed] == ["cancelled"]
    assert drive.times("element.cancelled") == {"a": 1}
    drive.complete("c")
    assert drive.ended


def test_a_token_can_be_put_behind_an_element_or_through_a_flow() -> None:
    drive = Drive(LINE).start()
    move(drive, at(drive, "a"), to=Target("a", "after"))
    assert drive.open == ["b"]
    move(drive, at(drive, "b"), to=Target("b_c", "through"))
    assert drive.open == ["c"]
    move(drive, at(drive, "c"), to=Target("a"))
    assert drive.open == ["a"]


def test_variables_are_set_where_the_moved_token_begins() -> None:
    drive = Drive(LINE).start(amount=1)
    move(drive, at(drive, "a"), to=Target("b"), amount=2, note="moved")
    assert drive.root == values({"amount": 2, "note": "moved"})


def test_what_an_operator_asks_twice_is_refused_the_second_time() -> None:
    drive = Drive(LINE).start()
    asked = at(drive, "a")
    move(drive, asked, to=Target("b"))
    with pytest.raises(Conflict, match="Nothing waits at"):
        move(drive, asked, to=Target("b"))


def test_the_last_token_is_not_taken_away() -> None:
    drive = Drive(LINE).start()
    with pytest.raises(Conflict, match="cancel the instance instead"):
        move(drive, at(drive, "a"))


@pytest.mark.parametrize(
    ("to", "message"),
    [
        (Target("nothing"), "no element «nothing»"),
        (Target("nothing", "through"), "no sequence flow «nothing»"),
        (Target("e", "after"), "Nothing follows behind «e»"),
        (Target("b", "before", 99), "cannot begin inside token 99"),
    ],
)
def test_a_place_that_is_none_is_refused_by_name(to: Target, message: str) -> None:
    drive = Drive(LINE).start()
    with pytest.raises((InvalidInput, NotFound), match=message):
        move(drive, at(drive, "a"), to=to)


# --- sub-processes ---


def test_sub_processes_around_the_target_are_opened_with_their_input_mappings_and_boundary_events() -> None:
    drive = Drive(NESTED).start()
    move(drive, at(drive, "first"), to=Target("j"))
    assert drive.open == ["j", "late"]
    assert isinstance(drive.opened("late"), TimerOpened)
    assert drive.visible(drive.opened("j").scope)["level"] == 2
    assert drive.times("element.entered")["outer"] == drive.times("element.entered")["inner"] == 1
    drive.complete("j")
    assert drive.open == ["last"]


def test_a_move_within_an_open_sub_process_keeps_its_scope_and_its_timer() -> None:
    drive = Drive(NESTED).start()
    drive.complete("first")
    drive.complete("o")
    late, scope = drive.wait("late"), drive.opened("i").scope
    drive.set(scope, mark=7)
    move(drive, at(drive, "i"), to=Target("j"))
    assert drive.open == ["j", "late"]
    assert drive.wait("late") == late
    assert drive.visible(drive.opened("j").scope)["mark"] == 7


def test_a_scope_that_is_left_without_tokens_is_cancelled_with_its_events() -> None:
    drive = Drive(NESTED).start()
    drive.complete("first")
    drive.complete("o")
    move(drive, at(drive, "i"), to=Target("last"))
    assert drive.open == ["last"]
    assert drive.times("element.cancelled") == {"i": 1, "inner": 1, "outer": 1}
    assert set(drive.case.scopes) == {0}


def test_a_move_from_an_inner_to_its_outer_sub_process_closes_only_the_inner_one() -> None:
    drive = Drive(NESTED).start()
    drive.complete("first")
    drive.complete("o")
    outer = tokens(drive, "outer")
    move(drive, at(drive, "i"), to=Target("o"))
    assert drive.open == ["o"]
    assert tokens(drive, "outer") == outer
    assert tokens(drive, "inner") == []


def test_everything_in_a_scope_is_taken_with_its_token() -> None:
    drive = Drive(NESTED).start()
    drive.complete("first")
    drive.complete("o")
    outer = tokens(drive, "outer")[0]
    move(drive, Place(token=outer), to=Target("i"))
    assert drive.open == ["i", "late"]
    assert tokens(drive, "outer") != [outer], "the scope that goes is not the one to begin in"


def test_a_sub_process_whose_input_mapping_fails_is_not_opened() -> None:
    text = """
    startEvent s
    userTask a
    subProcess sub 'in=n:=for i in 1..99999999 return i' {
    startEvent ps
    userTask b
    ps -> b
    }
    s -> a -> sub
    """
    drive = Drive(text).start()
    with pytest.raises(InvalidInput, match="«sub» cannot be opened"):
        move(drive, at(drive, "a"), to=Target("b"))


# --- parallel branches and joins ---


def test_a_join_still_takes_one_token_of_each_branch_after_a_move_within_a_branch() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    move(drive, at(drive, "a"), to=Target("a2"))
    drive.complete("a2")
    assert drive.open == ["b"]
    drive.complete("b")
    assert drive.open == ["after"]
    drive.complete("after")
    assert drive.ended


def test_a_token_goes_to_a_join_through_one_of_its_flows_and_counts_as_having_come() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    with pytest.raises(InvalidInput, match=r"through one of them \(a2_join, b_join\)"):
        move(drive, at(drive, "a"), to=Target("join"))
    move(drive, at(drive, "a"), to=Target("a2_join", "through"))
    drive.complete("b")
    assert drive.open == ["after"]


def test_a_token_that_has_come_to_a_join_can_be_moved_away_from_it() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    drive.complete("b")
    move(drive, Place(flow="b_join"), to=Target("b"))
    assert drive.open == ["a", "b"]
    for element in ("b", "a", "a2"):
        drive.complete(element)
    assert drive.open == ["after"]


def test_a_join_that_can_never_complete_is_an_incident_not_silence() -> None:
    drive = Drive(PARALLEL).start()
    drive.complete("before")
    drive.complete("a")
    drive.complete("a2")
    move(drive, at(drive, "b"))
    assert [each.code for each in drive.incidents] == ["join-stuck"]
    drive.retry("join")
    assert drive.open == ["after"]


def test_a_place_with_several_ways_out_asks_for_one_of_them() -> None:
    drive = Drive(PARALLEL).start()
    with pytest.raises(InvalidInput, match="Several flows lead out of «split»"):
        move(drive, at(drive, "before"), to=Target("split", "after"))
    move(drive, at(drive, "before"), to=Target("split"))
    assert drive.open == ["a", "b"]


# --- multi-instance ---


def test_a_move_inside_one_item_stays_in_that_item() -> None:
    drive = Drive(ITEMS).start()
    second = sorted(each.wait for each in drive.waits.values())[1]
    move(drive, Place(second), to=Target("j"))
    assert drive.open == ["i", "i", "j"]
    assert drive.visible(drive.opened("j").scope)["it"] == "y"
    for element in ("j", "i", "i", "j", "j"):
        drive.complete(element)
    assert drive.root["results"] == ["x", "y", "z"]


def test_a_new_item_is_never_made_by_hand() -> None:
    drive = Drive(ITEMS).start()
    body = tokens(drive, "each")[0]
    with pytest.raises(InvalidInput, match="can begin in several places"):
        move(drive, to=Target("i"))
    with pytest.raises(InvalidInput, match=f"cannot begin inside token {body}"):
        move(drive, to=Target("i", inside=body))
    move(drive, Place(token=body), to=Target("after"))
    with pytest.raises(InvalidInput, match="cannot be made by hand"):
        move(drive, at(drive, "after"), to=Target("i"))
    move(drive, at(drive, "after"), to=Target("each"))
    assert drive.open == ["i", "i", "i"]


def test_a_chosen_item_gets_the_token() -> None:
    drive = Drive(ITEMS).start()
    third = tokens(drive, "each#each")[2]
    move(drive, to=Target("j", inside=third))
    assert drive.open == ["i", "i", "i", "j"]
    assert drive.visible(drive.opened("j").scope)["it"] == "z"


def test_an_item_that_is_taken_out_is_no_longer_counted_as_active() -> None:
    drive = Drive(ITEMS).start()
    move(drive, at(drive, "i"), to=None)
    scope = drive.opened("i").scope
    seen = drive.visible(scope)
    assert (seen["numberOfInstances"], seen["numberOfActiveInstances"]) == (3, 2)
    for element in ("i", "i", "j", "j"):
        drive.complete(element)
    assert drive.root["results"] == [None, "y", "z"]
    assert drive.open == ["after"]


# --- call activities, events ---

CALL = "startEvent s\ncallActivity call calls=child\nuserTask a\ns -> call -> a"
EVENTS = """
startEvent s
userTask a
boundaryEvent late on=a timer=duration:PT1H
userTask chase
boundaryEvent quiet quiet on=a timer=duration:PT2H
userTask mail
subProcess stop triggered {
startEvent asked message=stop@=1
userTask wind
asked -> wind
}
subProcess note triggered {
startEvent told quiet message=note@=1
userTask read
told -> read
}
s -> a
late -> chase
quiet -> mail
"""


def test_a_child_instance_is_cancelled_when_its_call_is_moved_away() -> None:
    drive = Drive(CALL).start()
    step = move(drive, at(drive, "call"), to=Target("a"))
    assert [(each.reason) for each in step.closed] == ["cancelled"]
    assert drive.open == ["a"]
    step = move(drive, at(drive, "a"), to=Target("call"))
    assert drive.open == ["call"]


def test_boundary_events_go_with_their_activity_and_come_back_with_it() -> None:
    drive = Drive(EVENTS).start()
    move(drive, at(drive, "a"), to=Target("late", "after"))
    assert drive.open == ["asked", "chase", "told"]
    move(drive, at(drive, "chase"), to=Target("a"))
    assert drive.open == ["a", "asked", "late", "quiet", "told"]


def test_a_token_put_at_a_boundary_event_goes_on_behind_it() -> None:
    drive = Drive(EVENTS).start()
    move(drive, to=Target("quiet"))
    assert drive.open == ["a", "asked", "late", "mail", "quiet", "told"]
    assert drive.times("timer.fired") == {}, "nothing came that history could tell of"


def test_a_wait_beside_an_activity_names_the_activity() -> None:
    drive = Drive(EVENTS).start()
    with pytest.raises(InvalidInput, match="«late» waits beside «a»"):
        move(drive, at(drive, "late"), to=Target("chase"))


def test_an_interrupting_event_sub_process_interrupts_when_a_token_is_put_into_it() -> None:
    drive = Drive(EVENTS).start()
    move(drive, to=Target("wind"))
    assert drive.open == ["wind"]


def test_an_event_sub_process_that_does_not_interrupt_is_put_beside_what_runs() -> None:
    drive = Drive(EVENTS).start()
    move(drive, to=Target("note"))
    assert drive.open == ["a", "asked", "late", "quiet", "read", "told"]


def test_out_of_an_interrupting_event_sub_process_the_events_listen_again() -> None:
    drive = Drive(EVENTS).start()
    drive.complete("asked")
    assert drive.open == ["wind"]
    move(drive, at(drive, "wind"), to=Target("a"))
    assert drive.open == ["a", "asked", "late", "quiet", "told"]
    drive.complete("asked")
    assert drive.open == ["wind"]


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


def test_a_token_at_an_event_gateway_is_moved_by_any_event_it_waits_for() -> None:
    drive = Drive(GATEWAY).start()
    move(drive, at(drive, "t"), to=Target("b"))
    assert drive.open == ["b"]
    move(drive, at(drive, "b"), to=Target("g"))
    assert drive.open == ["m", "t"]


def test_a_token_with_an_incident_can_be_moved() -> None:
    text = "startEvent s\nuserTask a\nexclusiveGateway x\nuserTask b\ns -> a -> x\nx -> b : = amount > 1"
    drive = Drive(text).start(amount=0)
    drive.complete("a")
    assert [each.element for each in drive.incidents] == ["x"]
    move(drive, at(drive, "x"), to=Target("b"))
    assert drive.open == ["b"]


UNDOING = """
startEvent s
userTask book
boundaryEvent undo on=book compensation
serviceTask unbook topic=t undoes
undo ~> unbook
intermediateThrowEvent back compensation
userTask after
s -> book -> back -> after
"""


def test_nothing_is_moved_out_of_a_compensation_that_is_under_way() -> None:
    drive = Drive(UNDOING).start()
    with pytest.raises(InvalidInput, match="begun by compensation only"):
        move(drive, at(drive, "book"), to=Target("unbook"))
    drive.complete("book")
    with pytest.raises(Conflict, match="«back» is being compensated"):
        move(drive, at(drive, "unbook"), to=Target("after"))
    drive.complete("unbook")
    assert drive.open == ["after"]


def test_an_ad_hoc_sub_process_that_is_opened_for_one_element_begins_nothing_else() -> None:
    text = "startEvent s\nuserTask a\nadHocSubProcess h {\nuserTask x\nuserTask y\n}\nuserTask b\ns -> a -> h -> b"
    drive = Drive(text).start()
    move(drive, at(drive, "a"), to=Target("y"))
    assert drive.open == ["y"]
    drive.complete("y")
    assert drive.open == ["b"]
