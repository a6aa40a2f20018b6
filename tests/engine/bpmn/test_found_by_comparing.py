"""What comparing random processes with the reference interpreter has found, each cut down to its core."""

from __future__ import annotations

from tests.engine.bpmn.driving import Drive


def test_undoing_an_activity_that_ran_for_no_item_goes_on_at_once() -> None:
    """It stalled: the throwing event was done before it had begun to wait."""
    drive = Drive("""
startEvent s
userTask a "each== []" item=n
boundaryEvent c on=a compensation
userTask undo undoes
c ~> undo
intermediateThrowEvent t compensation=a
endEvent e
s -> a -> t -> e
""").start()
    assert drive.ended is not None
    assert drive.times()["t"] == 1


IN_THE_LAST_MOMENT = """
startEvent s
subProcess sub {
startEvent i
scriptTask last "script== n + 1" result=n
i -> last
subProcess asked triggered {
startEvent c WORDS "condition== n > 1"
userTask answer
endEvent d
c -> answer -> d
}
}
endEvent e
s -> sub -> e
"""


def test_an_event_sub_process_that_the_last_activity_starts_keeps_its_surroundings_open() -> None:
    """The sub-process was left with a token inside, and the next step fell over it."""
    for words in ("quiet", ""):
        drive = Drive(IN_THE_LAST_MOMENT.replace("WORDS", words)).start(n=1)
        assert drive.open == (["answer", "c"] if words else ["answer"])
        drive.complete("answer")
        assert drive.ended is not None
        assert drive.times()["sub"] == drive.times()["asked"] == 1


def test_of_two_event_sub_processes_for_the_same_thing_the_one_drawn_first_starts() -> None:
    drive = Drive("""
startEvent s
intermediateThrowEvent t escalation=late
s -> t
subProcess one triggered {
startEvent f quiet escalation
userTask first
f -> first
}
subProcess two triggered {
startEvent g quiet escalation
userTask second
g -> second
}
""").start()
    assert drive.open == ["first"]


def test_what_undoes_one_of_several_sees_the_same_before_and_after_being_stored() -> None:
    """The counters of the completed activity were seen until the state was stored, and not after that."""
    drive = Drive("""
startEvent s
userTask a "each== [1, 2]" item=n
boundaryEvent c on=a compensation
userTask undo undoes
c ~> undo
intermediateThrowEvent t compensation=a
s -> a -> t
""").start()
    drive.complete("a")
    drive.complete("a")
    seen = drive.visible(drive.opened("undo").scope)
    drive.restore()
    assert drive.visible(drive.opened("undo").scope) == seen
    assert seen == {"n": 2, "loopCounter": 2}


def test_what_undoes_sees_the_variables_of_where_the_work_was_not_of_who_undoes_it() -> None:
    """Its handler ran in the scope of the event sub-process and wrote the variable there, where it was lost."""
    drive = Drive("""
startEvent s
userTask a
boundaryEvent c on=a compensation
scriptTask undo "script== amount - 1" result=amount undoes
c ~> undo
userTask wait
endEvent e
s -> a -> wait -> e
subProcess stop triggered {
startEvent m "message=stop@= key" "out=reason:= why"
endEvent back compensation
m -> back
}
""").start(amount=10, key="k")
    drive.complete("a")
    drive.complete("m", amount=100, why="asked")
    assert drive.ended is not None
    assert drive.root == {"amount": 9, "key": "k", "reason": "asked"}
