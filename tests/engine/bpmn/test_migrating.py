"""Migrating a case to another version of its definition: what stays, what is changed, what is refused by name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn import runtime
from engine.errors import Conflict
from tests.engine.bpmn.driving import NOON, number
from tests.engine.bpmn.migrating import Moving, codes, told

ONE = """
startEvent s
userTask a name=Check groups=clerk form=f1
endEvent e
s -> a -> e
"""


def test_a_work_item_stays_and_gets_what_the_new_version_says() -> None:
    drive = Moving(ONE).start(amount=1)
    wait = drive.wait("a")
    drive.migrate("""
        startEvent s
        userTask a name=Control groups=boss form=f2 separate_from=b
        userTask b groups=x
        endEvent e
        s -> a -> b -> e
    """)
    item = drive.opened("a")
    assert (item.wait, item.name, item.form) == (wait, "Control", "f2")
    assert (item.candidate_groups, item.separate_from) == (("boss",), ("b",))
    drive.complete("a")
    assert drive.open == ["b"]
    assert drive.root["amount"] == number(1)


def test_an_element_with_another_id_is_gone_until_it_is_mapped() -> None:
    drive = Moving(ONE).start()
    renamed = ONE.replace("userTask a", "userTask check").replace("s -> a -> e", "s -> check -> e")
    refused = drive.plan(renamed)
    assert codes(refused) == {"gone"}
    assert "«a»" in str(refused.problems[0])
    assert refused.case is None
    wait = drive.wait("a")
    found = drive.migrate(renamed, a="check")
    assert drive.wait("check") == wait
    assert "moved" in told(found)
    drive.complete("check")
    assert drive.ended is not None


def test_an_element_of_another_kind_does_not_take_its_place() -> None:
    drive = Moving(ONE).start()
    refused = drive.plan(ONE.replace("userTask a name=Check groups=clerk form=f1", "serviceTask a topic=t"))
    assert codes(refused) == {"kind"}
    assert "userTask" in str(refused.problems[0])


def test_a_mapping_that_names_nothing_is_refused() -> None:
    drive = Moving(ONE).start()
    assert codes(drive.plan(ONE, nothing="a", a="nobody")) >= {"unknown_source", "unknown_target"}


def test_elements_inserted_behind_and_before_come_or_are_passed() -> None:
    drive = Moving(ONE).start()
    drive.migrate("""
        startEvent s
        userTask before groups=x
        userTask a groups=clerk
        serviceTask after topic=t
        endEvent e
        s -> before -> a -> after -> e
    """)
    drive.complete("a")
    assert drive.open == ["after"]


def test_the_same_version_changes_nothing() -> None:
    drive = Moving(WAITING).start(key=1)
    body, waits = drive.body, dict(drive.waits)
    found = drive.migrate(WAITING)
    assert (drive.body, drive.waits) == (body, waits)
    assert told(found) == {"kept"}
    assert not found.step.history


WAITING = """
startEvent s
parallelGateway split
userTask a groups=x
boundaryEvent late on=a quiet timer=cycle:R/PT1H
userTask remind groups=x
intermediateCatchEvent m message=paid@=key
intermediateCatchEvent t timer=duration:P1D
s -> split -> a
late -> remind
split -> m
split -> t
"""

JOINED = """
startEvent s
parallelGateway split
userTask a groups=x
userTask b groups=x
userTask c groups=x
parallelGateway join
endEvent e
s -> split -> a -> join
split -> b -> join
split -> c -> join
join -> e
"""


def test_what_waits_at_a_join_still_counts_there() -> None:
    drive = Moving(JOINED).start()
    drive.complete("a")
    drive.migrate(JOINED.replace("join -> e", "userTask z groups=x\njoin -> z -> e"))
    drive.complete("b")
    drive.complete("c")
    assert drive.open == ["z"]


def test_what_came_by_a_flow_that_was_cut_by_a_new_element_is_not_asked_again() -> None:
    drive = Moving(JOINED).start()
    drive.complete("a")
    found = drive.migrate(JOINED.replace("a -> join", "a -> again -> join\nuserTask again groups=x", 1))
    assert "arrival_moved" in told(found)
    drive.complete("b")
    drive.complete("c")
    assert drive.ended is not None


def test_what_came_by_a_flow_that_is_gone_is_refused_until_it_is_given_up() -> None:
    drive = Moving(JOINED).start()
    drive.complete("a")
    two = """
        startEvent s
        parallelGateway split
        userTask b groups=x
        userTask c groups=x
        parallelGateway join
        endEvent e
        s -> split -> b -> join
        split -> c -> join
        join -> e
    """
    assert codes(drive.plan(two)) == {"flow_gone"}
    found = drive.migrate(two, a_join="")
    assert "arrival_dropped" in told(found)
    drive.complete("b")
    assert drive.ended is None
    drive.complete("c")
    assert drive.ended is not None


def test_two_flows_do_not_become_one() -> None:
    drive = Moving(JOINED).start()
    drive.complete("a")
    assert codes(drive.plan(JOINED, a_join="b_join")) == {"flow_gone"}


def test_a_join_that_waits_for_nothing_more_goes_on_at_once() -> None:
    drive = Moving(JOINED).start()
    drive.complete("a")
    drive.complete("b")
    two = JOINED.replace("split -> c -> join", "").replace("join -> e", "join -> z -> e\nuserTask z groups=x")
    assert codes(drive.plan(two.replace("userTask c groups=x", ""))) == {"gone"}
    found = drive.migrate(two.replace("userTask c groups=x", "userTask c groups=x\nsplit -> c"))
    assert "entered" in told(found)
    assert drive.open == ["c", "z"]


def test_a_parallel_branch_that_nobody_can_begin_any_more_is_refused() -> None:
    drive = Moving("""
        startEvent s
        userTask a groups=x
        endEvent e
        s -> a -> e
    """).start()
    refused = drive.plan("""
        startEvent s
        parallelGateway split
        userTask a groups=x
        userTask b groups=x
        parallelGateway join
        endEvent e
        s -> split -> a -> join -> e
        split -> b -> join
    """)
    assert codes(refused) == {"join_starves"}
    assert "b_join" in str(refused.problems[0])


def test_a_duration_that_changed_counts_from_when_the_timer_was_opened() -> None:
    drawing = "startEvent s\nintermediateCatchEvent t timer=duration:P10D\nendEvent e\ns -> t -> e"
    drive = Moving(drawing).start()
    drive.plan(drawing)
    drive.at(NOON + timedelta(days=2))
    found = drive.migrate(drawing.replace("P10D", "P3D"))
    assert drive.opened("t").due_at == NOON + timedelta(days=3)
    assert "timer_planned" in told(found)
    assert drive.later(days=1) == ["t"]
    assert drive.ended is not None


def test_a_duration_that_is_over_already_is_due_at_once() -> None:
    drawing = "startEvent s\nintermediateCatchEvent t timer=duration:P10D\nendEvent e\ns -> t -> e"
    drive = Moving(drawing).start()
    drive.plan(drawing)
    drive.at(NOON + timedelta(days=5))
    drive.migrate(drawing.replace("P10D", "P3D"))
    assert drive.opened("t").due_at < drive.moment.now
    assert drive.later(seconds=1) == ["t"]


def test_a_timer_that_is_the_same_keeps_its_due_time() -> None:
    when = "duration:= if x = 1 then duration(1) else duration(9)".replace("(1)", '("P1D")').replace(
        "(9)", '("P9D")'
    )
    drawing = "startEvent s\nintermediateCatchEvent t '" + f"timer={when}'\ns -> t"
    drive = Moving(drawing).start(x=1)
    drive.set(x=2)
    drive.migrate(drawing)
    assert drive.opened("t").due_at == NOON + timedelta(days=1)


CYCLE = """
startEvent s
userTask a groups=x
boundaryEvent late on=a quiet timer=cycle:R/PT1H
task remind
endEvent e
s -> a -> e
late -> remind
"""


def test_a_cycle_that_changed_goes_on_from_its_anchor() -> None:
    drive = Moving(CYCLE).start()
    wait = drive.wait("late")
    assert drive.later(hours=2.5) == ["late", "late"]
    found = drive.migrate(CYCLE.replace("R/PT1H", "R/PT45M"))
    assert drive.opened("late").wait == wait
    assert drive.opened("late").due_at == NOON + timedelta(minutes=45 * 4)
    assert "timer_planned" in told(found)
    assert drive.later(hours=1.5) == ["late", "late"]
    drive.complete("a")
    assert drive.ended is not None


def test_a_cycle_that_has_had_all_the_rounds_it_may_have_is_closed() -> None:
    drive = Moving(CYCLE).start()
    drive.later(hours=2.5)
    found = drive.migrate(CYCLE.replace("R/PT1H", "R2/PT1H"))
    assert drive.open == ["a"]
    assert "timer_closed" in told(found)


def test_a_timer_that_has_fired_is_not_opened_again() -> None:
    once = CYCLE.replace("cycle:R/PT1H", "duration:PT1H")
    drive = Moving(once).start()
    assert drive.later(hours=2) == ["late"]
    drive.migrate(once)
    assert drive.open == ["a"]


def test_boundary_events_that_are_new_begin_and_those_gone_end() -> None:
    drive = Moving(CYCLE).start()
    found = drive.migrate("""
        startEvent s
        userTask a groups=x
        boundaryEvent stop on=a message=stop@=1
        endEvent e
        endEvent other
        s -> a -> e
        stop -> other
    """)
    assert drive.open == ["a", "stop"]
    assert {"event_opened", "event_closed"} <= told(found)
    drive.complete("stop")
    assert drive.ended is not None


def test_a_subscription_is_opened_again_when_its_name_or_key_changed() -> None:
    drawing = "startEvent s\nreceiveTask m message=paid@=key\nendEvent e\ns -> m -> e"
    drive = Moving(drawing).start(key="K", other="O")
    wait = drive.wait("m")
    same = drive.plan(drawing)
    assert not same.step.opened
    found = drive.migrate(drawing.replace("paid@=key", "settled@=other"))
    opened = drive.opened("m")
    assert (opened.wait, opened.event, opened.correlation_key) == (wait, "settled", "O")
    assert "subscribed" in told(found)
    drive.complete("m")
    assert drive.ended is not None


def test_a_key_that_cannot_be_told_is_refused() -> None:
    drawing = "startEvent s\nreceiveTask m message=paid@=key\nendEvent e\ns -> m -> e"
    drive = Moving(drawing).start(key="K")
    refused = drive.plan(drawing.replace("=key", "=nothing"))
    assert codes(refused) == {"expression"}


def test_a_condition_that_changed_is_asked_at_once() -> None:
    drawing = "startEvent s\nintermediateCatchEvent c condition='= x > 5'\nuserTask z groups=x\ns -> c -> z"
    drive = Moving(drawing).start(x=3)
    assert drive.open == ["c"]
    drive.migrate(drawing.replace("x > 5", "x > 2"))
    assert drive.open == ["z"]


EACH = """
startEvent s
userTask a groups=x each='= items' item=it collect=results from='= done' sequential
endEvent e
s -> a -> e
"""


@pytest.mark.parametrize("drawing", [EACH, EACH.replace(" sequential", "")])
def test_a_multi_instance_goes_on_in_its_middle(drawing: str) -> None:
    drive = Moving(drawing).start(items=[1, 2, 3])
    drive.complete("a", done="x")
    drive.migrate(
        drawing.replace("userTask a", "userTask b name=New").replace("s -> a -> e", "s -> b -> z -> e")
        + "userTask z groups=x",
        a="b",
    )
    drive.complete("b", done="y")
    drive.complete("b", done="z")
    assert drive.open == ["z"]
    assert drive.root["results"] == ["x", "y", "z"]


def test_what_is_repeated_stays_so_while_it_is_under_way() -> None:
    once = EACH.replace(" each='= items' item=it collect=results from='= done' sequential", "")
    drive = Moving(EACH).start(items=[1, 2])
    assert codes(drive.plan(once)) == {"loop_removed"}
    assert codes(drive.plan(EACH.replace(" sequential", ""))) == {"loop_differs"}
    assert codes(drive.plan(EACH.replace("item=it", "item=other"))) == {"loop_differs"}
    other = Moving(once).start(items=[1, 2])
    assert codes(other.plan(EACH)) == {"loop_added"}


CALL = """
startEvent s
callActivity call calls=child out=result:=answer
userTask z groups=x
s -> call -> z
"""


def test_a_called_instance_stays_the_one_that_is_waited_for() -> None:
    drive = Moving(CALL).start()
    found = drive.migrate(CALL.replace("result:=answer", "outcome:=answer"))
    assert "child_kept" in told(found)
    drive.complete("call", answer="yes")
    assert drive.root["outcome"] == "yes"
    assert drive.open == ["z"]


def test_a_call_of_another_process_is_refused_while_a_child_runs() -> None:
    drive = Moving(CALL).start()
    refused = drive.plan(CALL.replace("calls=child", "calls=other"))
    assert codes(refused) == {"called_process"}
    assert "«child»" in str(refused.problems[0])


SUB = """
startEvent s
subProcess sub {
startEvent ps
userTask a groups=x
endEvent pe
ps -> a -> pe
}
endEvent e
s -> sub -> e
"""


def test_a_new_sub_process_is_begun_around_what_runs() -> None:
    drive = Moving(ONE).start(amount=1)
    wait = drive.wait("a")
    found = drive.migrate(SUB + "boundaryEvent stop on=sub timer=duration:P1D\nendEvent other\nstop -> other")
    assert "wrapped" in told(found)
    assert drive.wait("a") == wait
    assert drive.open == ["a", "stop"]
    assert drive.opened("a").scope != 0
    assert drive.visible(drive.opened("a").scope)["amount"] == number(1)
    drive.complete("a")
    assert drive.ended is not None


def test_parallel_tokens_share_the_new_sub_process_with_what_waits_at_their_join() -> None:
    drive = Moving(JOINED).start()
    drive.complete("a")
    body = JOINED.replace("startEvent s\n", "startEvent ps\n").replace("s -> split", "ps -> split")
    drive.migrate(
        f"startEvent s\nsubProcess sub {{\n{body.replace('endEvent e', 'endEvent pe').replace('join -> e', 'join -> pe')}\n}}\n"
        "userTask z groups=x\ns -> sub -> z"
    )
    drive.complete("b")
    drive.complete("c")
    assert drive.open == ["z"]


def test_a_sub_process_that_is_gone_is_dissolved_and_its_variables_stay() -> None:
    drive = Moving(
        SUB.replace("subProcess sub {", "subProcess sub 'in=own:=1' {")
        + "boundaryEvent stop on=sub timer=duration:P1D\nendEvent other\nstop -> other"
    ).start()
    wait = drive.wait("a")
    found = drive.migrate(ONE)
    assert {"dissolved", "event_closed"} <= told(found)
    assert (drive.open, drive.wait("a"), drive.root["own"]) == (["a"], wait, number(1))
    drive.complete("a", more=2)
    assert drive.ended is not None
    assert drive.ended.output["more"] == number(2)


def test_what_came_to_a_join_in_a_dissolved_sub_process_counts_around_it() -> None:
    body = JOINED.replace("startEvent s\n", "startEvent ps\n").replace("s -> split", "ps -> split")
    inside = body.replace("endEvent e", "endEvent pe").replace("join -> e", "join -> pe")
    drive = Moving(
        f"startEvent s\nsubProcess sub {{\n{inside}\n}}\nuserTask z groups=x\ns -> sub -> z"
    ).start()
    drive.complete("a")
    drive.migrate(JOINED)
    drive.complete("b")
    drive.complete("c")
    assert drive.ended is not None


def test_a_sub_process_whose_end_or_variables_matter_is_not_dissolved() -> None:
    mapped = Moving(SUB.replace("subProcess sub {", "subProcess sub 'in=own:=1' 'out=x:=own' {")).start()
    assert codes(mapped.plan(ONE)) == {"gone"}
    hiding = Moving(SUB.replace("subProcess sub {", "subProcess sub 'in=own:=1' {")).start(own=5)
    assert codes(hiding.plan(ONE)) == {"own_variables"}


def test_what_runs_does_not_leave_a_sub_process_that_stays() -> None:
    drive = Moving(SUB).start()
    other = SUB.replace("userTask a groups=x", "userTask q groups=x").replace(
        "ps -> a -> pe", "ps -> q -> pe"
    )
    assert codes(drive.plan(other.replace("s -> sub -> e", "userTask a groups=x\ns -> a -> sub -> e"))) == {
        "nesting"
    }
    assert "kind" in codes(drive.plan(ONE, sub="a"))


def test_what_runs_does_not_go_into_a_sub_process_that_was_there_already() -> None:
    drive = Moving(SUB.replace("s -> sub -> e", "userTask b groups=x\ns -> b -> sub -> e")).start()
    refused = drive.plan(SUB.replace("ps -> a -> pe", "userTask b groups=x\nps -> b -> a -> pe"))
    assert codes(refused) == {"nesting"}


def test_an_event_sub_process_that_is_new_waits_and_one_that_is_gone_does_not() -> None:
    handled = (
        ONE
        + """
        subProcess h triggered {
        startEvent hs quiet message=note@=1
        userTask b groups=x
        hs -> b
        }
    """
    )
    drive = Moving(ONE).start()
    drive.migrate(handled)
    assert drive.open == ["a", "hs"]
    drive.complete("hs")
    assert drive.open == ["a", "b", "hs"]
    refused = drive.plan(ONE)
    assert codes(refused) == {"gone"}
    drive.complete("b")
    drive.migrate(ONE)
    assert drive.open == ["a"]


def test_an_event_sub_process_that_interrupted_lets_no_other_begin() -> None:
    handled = (
        ONE + "subProcess h triggered {\nstartEvent hs message=note@=1\nuserTask b groups=x\nhs -> b\n}\n"
    )
    more = (
        handled + "subProcess g triggered {\nstartEvent gs message=more@=1\nuserTask c groups=x\ngs -> c\n}\n"
    )
    drive = Moving(handled).start()
    drive.complete("hs")
    assert drive.open == ["b"]
    drive.migrate(more)
    assert drive.open == ["b"]


UNDO = """
startEvent s
task book
boundaryEvent undo on=book compensation=
userTask reverse undoes groups=x
userTask a groups=x
intermediateThrowEvent back compensation=
endEvent e
undo ~> reverse
s -> book -> a -> back -> e
"""


def test_what_is_done_can_still_be_undone() -> None:
    drive = Moving(UNDO).start()
    renamed = (
        UNDO.replace("task book", "task entry")
        .replace("on=book", "on=entry")
        .replace("s -> book", "s -> entry")
    )
    assert codes(drive.plan(renamed)) == {"gone"}
    drive.migrate(renamed, book="entry")
    drive.complete("a")
    assert drive.open == ["reverse"]
    drive.complete("reverse")
    assert drive.ended is not None


def test_what_could_be_undone_and_could_not_any_more_is_refused() -> None:
    drive = Moving(UNDO).start()
    drawing = UNDO.replace("boundaryEvent undo on=book compensation=\n", "").replace("undo ~> reverse\n", "")
    drawing = drawing.replace("userTask reverse undoes groups=x\n", "").replace("a -> back -> e", "a -> e")
    drawing = drawing.replace("intermediateThrowEvent back compensation=\n", "")
    assert codes(drive.plan(drawing)) == {"compensation_gone"}


def test_undoing_goes_on_in_the_new_version() -> None:
    drive = Moving(UNDO).start()
    drive.complete("a")
    assert drive.open == ["reverse"]
    drive.migrate(UNDO.replace("userTask reverse undoes groups=x", "userTask reverse undoes groups=boss"))
    assert drive.opened("reverse").candidate_groups == ("boss",)
    drive.complete("reverse")
    assert drive.ended is not None


def test_the_reason_of_an_incident_can_be_mended_by_a_new_version() -> None:
    drawing = "startEvent s\nscriptTask a script='= 1 / x' result=y\nendEvent e\ns -> a : = y\na -> e"
    drawing = (
        "startEvent s\nexclusiveGateway g\nuserTask a groups=x\nendEvent e\ns -> g\ng -> a : = x\na -> e"
    )
    drive = Moving(drawing).start(x=5)
    assert drive.incidents
    drive.migrate(drawing.replace(": = x", ": = x > 1"))
    drive.retry("g")
    assert drive.open == ["a"]


def test_an_instance_that_could_not_begin_begins_in_the_new_version() -> None:
    handled = (
        ONE + "subProcess h triggered {\nstartEvent hs message=note@=key\nuserTask b groups=x\nhs -> b\n}\n"
    )
    drive = Moving(handled).start()
    assert drive.incidents
    mended = (
        handled.replace("=key", "=1").replace("startEvent s\n", "startEvent t\n").replace("s -> a", "t -> a")
    )
    assert codes(drive.plan(mended)) == {"gone"}
    drive.migrate(mended, s="t")
    drive.act(runtime.retry, next(iter(drive.waits)))
    assert drive.open == ["a", "hs"]


def test_a_token_that_never_began_may_begin_at_another_kind_of_element() -> None:
    drawing = "startEvent s\nuserTask a priority='= \"high\"' groups=x\nendEvent e\ns -> a -> e"
    drive = Moving(drawing).start()
    assert drive.incidents
    drive.migrate("startEvent s\nserviceTask a topic=t\nendEvent e\ns -> a -> e")
    drive.retry("a")
    drive.complete("a")
    assert drive.ended is not None


def test_an_event_gateway_waits_for_what_is_behind_it_now() -> None:
    drawing = """
        startEvent s
        eventBasedGateway g
        intermediateCatchEvent m message=paid@=1
        intermediateCatchEvent t timer=duration:P1D
        userTask z groups=x
        s -> g -> m -> z
        g -> t -> z
    """
    drive = Moving(drawing).start()
    drive.migrate(
        drawing.replace(
            "intermediateCatchEvent t timer=duration:P1D", "intermediateCatchEvent q signal=now"
        ).replace("g -> t -> z", "g -> q -> z")
    )
    assert drive.open == ["m", "q"]
    drive.complete("q")
    assert drive.open == ["z"]


def test_a_token_cannot_wait_for_an_event_of_another_kind() -> None:
    drawing = "startEvent s\nintermediateCatchEvent t timer=duration:P1D\nendEvent e\ns -> t -> e"
    drive = Moving(drawing).start()
    assert codes(drive.plan(drawing.replace("timer=duration:P1D", "signal=now"))) == {"event_kind"}


def test_an_ended_case_is_not_migrated() -> None:
    drive = Moving(ONE).start()
    drive.complete("a")
    with pytest.raises(Conflict, match="ended"):
        drive.plan(ONE)
