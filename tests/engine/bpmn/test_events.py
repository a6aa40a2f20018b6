from __future__ import annotations

from engine.bpmn.step import EscalationThrown, MessageThrown, SignalThrown
from tests.engine.bpmn.driving import Drive, number

BOUNDARY = """
startEvent s
userTask work
boundaryEvent stop on=work message=stop@=order
boundaryEvent remind quiet on=work timer=cycle:R3/PT1H
boundaryEvent news quiet on=work signal=news
userTask stopped
userTask reminded
userTask told
endEvent e
s -> work -> e
stop -> stopped
remind -> reminded
news -> told
"""


def test_an_interrupting_boundary_event_closes_the_activity_and_all_its_other_events() -> None:
    drive = Drive(BOUNDARY).start(order=7)
    assert drive.open == ["news", "remind", "stop", "work"]
    assert drive.opened("stop").correlation_key == "7"

    step = drive.complete("stop", reason="moved")
    assert drive.open == ["stopped"]
    assert sorted(closed.reason for closed in step.closed) == ["cancelled"] * 3 + ["completed"]
    assert drive.root["reason"] == "moved"
    assert drive.times("element.cancelled")["work"] == 1


def test_a_boundary_event_that_does_not_interrupt_may_happen_again_and_again() -> None:
    drive = Drive(BOUNDARY).start(order=7)
    for _time in range(3):
        drive.complete("news")
    assert drive.open.count("told") == 3
    assert "news" in drive.open


def test_a_repeating_boundary_timer_keeps_its_wait_and_ends_after_its_rounds() -> None:
    drive = Drive(BOUNDARY).start(order=7)
    first = drive.opened("remind")
    drive.later(hours=1)
    second = drive.opened("remind")
    assert second.wait == first.wait
    assert (second.due_at - first.due_at).total_seconds() == 3600
    assert drive.later(hours=10) == ["remind", "remind"]
    assert drive.open.count("reminded") == 3
    assert "remind" not in drive.open


def test_completing_the_activity_closes_its_boundary_events() -> None:
    drive = Drive(BOUNDARY).start(order=7)
    drive.complete("work")
    assert drive.ended is not None


def test_a_boundary_event_of_a_sub_process_interrupts_everything_inside_before_another_token_runs() -> None:
    drive = Drive("""
        startEvent s
        subProcess sub {
            startEvent i
            intermediateThrowEvent cry signal=fire
            userTask never
            userTask beside
            i -> beside
            i -> cry -> never
        }
        boundaryEvent alarm on=sub signal=fire
        userTask rescued
        userTask after
        s -> sub -> after
        alarm -> rescued
    """).start()
    assert drive.open == ["rescued"]
    assert drive.times("element.entered")["never"] == 0
    assert [each for step in drive.steps for each in step.thrown] == [SignalThrown("fire", {})]


def test_a_signal_reaches_every_wait_of_its_own_instance_at_once() -> None:
    drive = Drive("""
        startEvent s
        parallelGateway fork
        intermediateCatchEvent one signal=go
        intermediateCatchEvent two signal=go
        userTask ask
        intermediateThrowEvent call signal=go in="who:=name"
        userTask a
        userTask b
        userTask c
        intermediateCatchEvent later signal=go
        s -> fork
        fork -> one -> a
        fork -> two -> b
        fork -> ask -> call -> later -> c
    """).start(name="li")
    step = drive.complete("ask")
    assert drive.open == ["a", "b", "later"]
    assert step.thrown == (SignalThrown("go", {"who": "li"}),)
    assert drive.root["who"] == "li"


NESTED_SIGNAL = """
startEvent s
subProcess sub {
    startEvent i
    endEvent cry signal=fire
    i -> cry
    subProcess inner triggered {
        startEvent hear signal=fire
        userTask handle
        endEvent again LAST
        hear -> handle -> again
    }
}
boundaryEvent alarm on=sub signal=fire
userTask outside
userTask after
s -> sub -> after
alarm -> outside
"""


def test_what_a_signal_has_started_is_not_interrupted_by_the_same_signal_further_out() -> None:
    drive = Drive(NESTED_SIGNAL.replace("LAST", "")).start()
    assert drive.open == ["alarm", "handle"]
    assert drive.times()["cry"] == 1
    drive.complete("handle")
    assert drive.open == ["after"]


def test_a_signal_thrown_again_reaches_the_next_scope() -> None:
    drive = Drive(NESTED_SIGNAL.replace("LAST", "signal=fire")).start()
    drive.complete("handle")
    assert drive.open == ["outside"]
    assert drive.times()["again"] == 1


def test_messages_are_caught_by_events_and_receive_tasks_and_thrown_with_what_is_mapped() -> None:
    drive = Drive("""
        startEvent s
        intermediateThrowEvent ask message="question@= client.code" in="text:=greeting" in="n:=1+1"
        receiveTask answer message="answer@= client.code"
        sendTask thank message="thanks@= client.code"
        endEvent e message="bye@= 5"
        s -> ask -> answer -> thank -> e
    """).start(client={"code": "KH001"}, greeting="您好")
    assert drive.steps[0].thrown == (MessageThrown("question", "KH001", {"text": "您好", "n": number(2)}),)
    assert drive.opened("answer").correlation_key == "KH001"
    assert drive.opened("answer").event == "answer"

    step = drive.complete("answer", reply="好")
    sent = [(each.name, each.correlation_key) for each in step.thrown if isinstance(each, MessageThrown)]
    assert sent == [("thanks", "KH001"), ("bye", "5")]
    assert drive.ended is not None
    assert drive.ended.output["reply"] == "好"


def test_links_lead_from_throw_to_catch() -> None:
    drive = Drive("""
        startEvent s
        userTask a
        intermediateThrowEvent out link=L
        intermediateCatchEvent back link=L
        userTask b
        s -> a -> out
        back -> b
    """).start()
    drive.complete("a")
    assert drive.open == ["b"]


def test_a_terminate_end_ends_its_scope_only() -> None:
    drive = Drive("""
        startEvent s
        subProcess sub {
            startEvent i
            userTask a
            userTask b
            endEvent stop terminate
            i -> a -> stop
            i -> b
        }
        userTask after
        userTask beside
        endEvent all terminate
        s -> sub -> after -> all
        s -> beside
    """).start()
    drive.complete("a")
    assert drive.open == ["after", "beside"]
    drive.complete("after")
    assert drive.ended is not None
    assert drive.ended.state == "terminated"


ESCALATION = """
startEvent s
subProcess sub {
    startEvent i
    intermediateThrowEvent up escalation=HELP in="level:=2"
    userTask inner
    i -> up -> inner
}
boundaryEvent hear on=sub escalation=HELP QUIET
userTask heard
userTask after
s -> sub -> after
hear -> heard
"""


def test_an_escalation_that_does_not_interrupt_lets_the_thrower_go_on() -> None:
    drive = Drive(ESCALATION.replace("QUIET", "quiet")).start()
    assert drive.open == ["heard", "inner"]
    assert drive.root["level"] == number(2)


def test_an_interrupting_escalation_ends_the_thrower() -> None:
    drive = Drive(ESCALATION.replace("QUIET", "")).start()
    assert drive.open == ["heard"]


def test_an_escalation_that_nobody_catches_goes_to_the_caller_or_nowhere() -> None:
    text = "startEvent s\nintermediateThrowEvent up escalation=HELP\nuserTask a\ns -> up -> a"
    assert Drive(text).start().steps[0].thrown == ()
    assert Drive(text).start(called=True).steps[0].thrown == (EscalationThrown("HELP", {}),)


def test_a_process_may_be_started_by_message_signal_or_time() -> None:
    text = """
        startEvent plain
        startEvent asked message=order
        startEvent monthly timer=cycle:R/P1M
        userTask a
        userTask b
        plain -> a
        asked -> b
        monthly -> b
    """
    drive = Drive(text)
    kinds = {each.element: (each.kind, each.name) for each in drive.spec.process.start_events}
    assert kinds == {"plain": ("none", ""), "asked": ("message", "order"), "monthly": ("timer", "")}
    assert drive.start().open == ["a"]
    assert Drive(text).start("asked", order=1).open == ["b"]
    assert Drive(text).start("monthly").open == ["b"]


def test_an_end_event_with_a_topic_is_a_job() -> None:
    drive = Drive("startEvent s\nendEvent e topic=mail.send message=done\ns -> e").start()
    assert drive.open == ["e"]
    drive.complete("e")
    assert drive.ended is not None
