from __future__ import annotations

from tests.engine.bpmn.driving import Drive, number

SCOPED = """
startEvent s
subProcess outer {
    startEvent o
    subProcess inner {
        startEvent i
        serviceTask work topic=t
        boundaryEvent own on=work error=OWN
        userTask repaired
        i -> work
        own -> repaired
    }
    boundaryEvent mid on=inner error=MID
    userTask middle
    o -> inner
    mid -> middle
}
boundaryEvent any on=outer error
userTask everything
userTask sibling
boundaryEvent theirs on=sibling error=OUT
s -> outer
s -> sibling
any -> everything
theirs -> everything
"""


def test_an_error_goes_outwards_to_the_first_catcher_of_its_code() -> None:
    for code, open_then in (
        ("OWN", ["repaired", "sibling"]),
        ("MID", ["middle", "sibling"]),
        ("OUT", ["everything", "sibling"]),
    ):
        drive = Drive(SCOPED).start()
        drive.throw("work", code, "went wrong", hint=3)
        assert drive.open == open_then
        assert drive.root["hint"] == number(3)
        assert drive.times("error.thrown")["work"] == 1
        assert sum(drive.times("error.caught").values()) == 1


def test_an_error_that_nobody_catches_is_an_incident_and_the_wait_stays() -> None:
    drive = Drive("startEvent s\nserviceTask work topic=t\nendEvent e\ns -> work -> e").start()
    wait = drive.wait("work")

    step = drive.throw("work", "BAD", "no such invoice")
    [incident] = drive.incidents
    assert (incident.wait, incident.code) == (wait, "error-uncaught")
    assert incident.message == "The error «BAD» is caught nowhere: no such invoice"
    assert step.closed == ()

    step = drive.retry("work")
    assert drive.incidents == []
    assert drive.opened("work").topic == "t"
    assert drive.wait("work") == wait
    drive.complete("work")
    assert drive.ended is not None


ERROR_END = """
startEvent s
subProcess sub {
    startEvent i
    userTask a
    userTask beside
    endEvent bad error=E1 in="why:=reason"
    i -> a -> bad
    i -> beside
}
boundaryEvent caught on=sub error=CODE out="text:=errorCode" out="because:=why"
userTask handle
userTask after
s -> sub -> after
caught -> handle
"""


def test_an_error_end_event_interrupts_its_sub_process_and_brings_its_variables() -> None:
    drive = Drive(ERROR_END.replace("CODE", "E1")).start(reason="late")
    drive.complete("a")
    assert drive.open == ["handle"]
    assert drive.root == {"reason": "late", "text": "E1", "because": "late"}


def test_an_uncaught_error_end_event_is_an_incident_never_a_normal_flow() -> None:
    drive = Drive(ERROR_END.replace("CODE", "E2")).start(reason="late")
    drive.complete("a")
    assert drive.open == ["bad", "beside", "caught"][:2]
    assert drive.incidents[0].code == "error-uncaught"
    assert drive.times()["sub"] == 0


def test_an_uncaught_error_end_event_fails_a_called_instance() -> None:
    drive = Drive(ERROR_END.replace("CODE", "E2")).start(called=True, reason="late")
    drive.complete("a")
    assert drive.ended is not None
    assert (drive.ended.state, drive.ended.code) == ("failed", "E1")
    assert drive.ended.output == {"reason": "late"}


EVENT_PROCESS = """
startEvent s
serviceTask work topic=t
userTask beside
s -> work
s -> beside
subProcess rescue triggered {
    startEvent on_error error=BAD
    userTask repair
    serviceTask again topic=t
    endEvent done
    on_error -> repair -> again -> done
}
"""


def test_an_error_event_sub_process_interrupts_the_process_and_then_ends_it() -> None:
    drive = Drive(EVENT_PROCESS).start()
    drive.throw("work", "BAD", "no rate")
    assert drive.open == ["repair"]
    seen = drive.visible(drive.opened("repair").scope)
    assert (seen["errorCode"], seen["errorMessage"]) == ("BAD", "no rate")
    drive.complete("repair")
    drive.complete("again")
    assert drive.ended is not None
    assert drive.ended.state == "completed"
    assert drive.root == {}


def test_an_error_event_sub_process_does_not_catch_what_it_throws_itself() -> None:
    drive = Drive(EVENT_PROCESS).start()
    drive.throw("work", "BAD")
    drive.complete("repair")
    drive.throw("again", "BAD")
    assert drive.incidents[0].code == "error-uncaught"


def test_a_named_code_goes_before_a_catch_all_at_the_same_place() -> None:
    text = """
        startEvent s
        serviceTask work topic=t
        boundaryEvent any on=work error
        boundaryEvent exact on=work error=E
        userTask a
        userTask b
        s -> work
        any -> a
        exact -> b
    """
    drive = Drive(text).start()
    drive.throw("work", "E")
    assert drive.open == ["b"]
    drive = Drive(text).start()
    drive.throw("work", "F")
    assert drive.open == ["a"]
