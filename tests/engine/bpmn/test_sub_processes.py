from __future__ import annotations

import pytest

from engine.bpmn import runtime
from tests.engine.bpmn.driving import Drive, number

NESTED = """
startEvent s
subProcess outer in="n:=1" out="total:=n" {
    startEvent o
    subProcess inner {
        startEvent i
        userTask a
        endEvent ie
        i -> a -> ie
    }
    userTask b
    o -> inner -> b
}
endEvent e
s -> outer -> e
"""


def test_a_sub_process_ends_when_nothing_is_left_inside() -> None:
    drive = Drive(NESTED).start()
    drive.complete("a", n=5)
    assert drive.open == ["b"]
    drive.complete("b")
    assert drive.ended is not None
    assert drive.ended.output == {"total": number(5)}


def test_a_local_variable_is_written_where_it_is_declared_and_gone_with_its_scope() -> None:
    drive = Drive(NESTED).start(n=0)
    step = drive.complete("a", n=5, other=1)
    assert drive.root == {"n": number(0), "other": number(1)}
    assert {change.scope for change in step.variables if getattr(change, "name", "") == "n"} != {0}
    drive.complete("b")
    assert drive.root["n"] == number(0)


EVENTS = """
startEvent s
userTask work
endEvent e
s -> work -> e
subProcess extra triggered {
    startEvent more KIND
    userTask handle
    endEvent handled
    more -> handle -> handled
}
"""


@pytest.mark.parametrize("kind", ["message=more@=1", "signal=more", "timer=duration:PT1H", "escalation=more"])
def test_an_interrupting_event_sub_process_takes_over(kind: str) -> None:
    text = EVENTS.replace("KIND", kind)
    if kind.startswith("escalation"):
        text = text.replace("userTask work", "intermediateThrowEvent work escalation=more")
        drive = Drive(text).start()
    else:
        drive = Drive(text).start()
        drive.complete("more")
    assert drive.open == ["handle"]
    drive.complete("handle")
    assert drive.ended is not None
    assert drive.ended.state == "completed"


@pytest.mark.parametrize("kind", ["message=more@=1", "signal=more", "timer=cycle:R/PT1H"])
def test_an_event_sub_process_that_does_not_interrupt_runs_beside_as_often_as_it_is_called(kind: str) -> None:
    drive = Drive(EVENTS.replace("KIND", f"quiet {kind}")).start()
    drive.later(minutes=60) if "timer" in kind else drive.complete("more")
    drive.later(minutes=60) if "timer" in kind else drive.complete("more")
    assert drive.open == ["handle", "handle", "more", "work"]
    drive.complete("work")
    assert drive.open == ["handle", "handle", "more"]
    drive.complete("handle")
    drive.complete("handle")
    assert drive.ended is not None


def test_an_event_sub_process_that_waits_does_not_keep_the_process_open() -> None:
    drive = Drive(EVENTS.replace("KIND", "timer=duration:P30D")).start()
    drive.complete("work")
    assert drive.ended is not None


DEEP = """
startEvent s
subProcess sub {
    startEvent i
    userTask work
    i -> work
    subProcess extra triggered {
        startEvent more quiet signal=more
        subProcess deeper triggered {
            startEvent stop error=E
            userTask repaired
            stop -> repaired
        }
        serviceTask job topic=t
        userTask next
        more -> job -> next
    }
    subProcess takeover triggered {
        startEvent over message=over@=1
        userTask last
        over -> last
    }
}
boundaryEvent cut on=sub message=cut@=1
userTask after
userTask cutoff
s -> sub -> after
cut -> cutoff
"""


def test_event_sub_processes_work_at_any_depth() -> None:
    drive = Drive(DEEP).start()
    drive.complete("more")
    drive.throw("job", "E")
    assert drive.open == ["cut", "more", "over", "repaired", "work"]

    drive.complete("over")
    assert drive.open == ["cut", "last"]
    drive.complete("last")
    assert drive.open == ["after"]


def test_a_boundary_event_also_interrupts_event_sub_processes_inside() -> None:
    drive = Drive(DEEP).start()
    drive.complete("more")
    drive.complete("cut")
    assert drive.open == ["cutoff"]


CALL = """
startEvent s
callActivity call calls=tax_filing WORDS
boundaryEvent failed on=call error=NO_RATE
boundaryEvent heard quiet on=call escalation=HELP
userTask after
userTask repair
userTask told
s -> call -> after
failed -> repair
heard -> told
"""


def test_a_call_activity_is_a_child_that_takes_and_gives_all_variables() -> None:
    drive = Drive(CALL.replace("WORDS", "binding=versionTag tag=v2")).start(period="2026-11")
    child = drive.opened("call")
    assert (child.process, child.version_tag, child.business_key) == ("tax_filing", "v2", None)
    assert child.variables == {"period": "2026-11"}
    drive.complete("call", paid=3)
    assert drive.open == ["after"]
    assert drive.root == {"period": "2026-11", "paid": number(3)}


def test_a_call_activity_with_mappings_takes_and_gives_only_what_they_say() -> None:
    words = 'all_parent=false in="month:=period" in="business_key:=5" out="result:=paid"'
    drive = Drive(CALL.replace("WORDS", words)).start(period="2026-11", secret=1)
    child = drive.opened("call")
    assert child.variables == {"month": "2026-11", "business_key": number(5)}
    assert child.business_key == "5"
    drive.complete("call", paid=3, other=4)
    assert drive.root == {"period": "2026-11", "secret": number(1), "result": number(3)}


def test_errors_and_escalations_of_a_child_come_to_the_calling_token() -> None:
    drive = Drive(CALL.replace("WORDS", "")).start()
    drive.act(runtime.escalate, drive.wait("call"), "HELP", {"n": number(1)})
    assert drive.open == ["call", "told"]
    drive.throw("call", "NO_RATE")
    assert drive.open == ["repair", "told"]


def test_the_called_process_may_be_an_expression() -> None:
    text = CALL.replace("calls=tax_filing WORDS", 'calls="= kind + \\"_filing\\""')
    assert Drive(text).start(kind="vat").opened("call").process == "vat_filing"
    assert Drive(text).start(kind=1).incidents[0].code == "called-process"
