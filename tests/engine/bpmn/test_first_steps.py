from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn.step import JobOpened, UserTaskOpened
from engine.bpmn.tokens import Token
from engine.errors import Conflict
from tests.engine.bpmn.driving import Drive, number

LINE = """
startEvent Start
userTask ask groups=bookkeeper,reviewer form=answers due="= date(\\"2026-02-03\\")" priority=70
serviceTask work topic=tax.vat retries=5
endEvent End
Start -> ask -> work -> End
"""


def test_a_person_then_a_handler_then_the_end() -> None:
    drive = Drive(LINE).start(amount=5)
    asked = drive.opened("ask")
    assert isinstance(asked, UserTaskOpened)
    assert (asked.candidate_groups, asked.form, asked.priority) == (("bookkeeper", "reviewer"), "answers", 70)
    assert asked.due_at is not None
    assert asked.due_at.isoformat() == "2026-02-03T15:59:59+00:00"

    drive.complete("ask", approved=True)
    job = drive.opened("work")
    assert isinstance(job, JobOpened)
    assert (job.topic, job.retries) == ("tax.vat", 5)
    assert drive.visible(job.scope) == {"amount": number(5), "approved": True}

    drive.complete("work", vat=3)
    assert drive.ended is not None
    assert drive.ended.state == "completed"
    assert drive.ended.output == {"amount": number(5), "approved": True, "vat": number(3)}


def test_a_wait_that_is_over_cannot_be_completed_again() -> None:
    drive = Drive(LINE).start()
    wait = drive.wait("ask")
    drive.complete("ask")

    with pytest.raises(Conflict, match="went on or was interrupted"):
        drive.complete_wait(wait)


def test_an_ended_instance_takes_nothing_more() -> None:
    drive = Drive("startEvent a\nendEvent b\na -> b").start()
    assert drive.ended is not None

    with pytest.raises(Conflict, match="ended"):
        drive.set(x=1)


def test_every_transition_passes_through_the_tokens_state_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Token, "_set_state", lambda _token, _value: None)

    drive = Drive.__new__(Drive)
    Drive.__init__(drive, LINE)
    with pytest.raises(AssertionError, match="waits for something"):
        drive.start()
    assert drive.open == []


def test_a_cancelled_instance_closes_all_its_waits() -> None:
    drive = Drive("""
        startEvent s
        userTask a
        userTask b
        s -> a
        s -> b
        boundaryEvent late on=a timer=duration:P1D
        endEvent e
        late -> e
        a -> e
        b -> e
    """).start()
    assert drive.open == ["a", "b", "late"]

    step = drive.cancel()
    assert [closed.reason for closed in step.closed] == ["cancelled"] * 3
    assert drive.ended is not None
    assert drive.ended.state == "cancelled"


def test_the_same_content_is_compiled_once() -> None:
    assert Drive(LINE).spec is Drive(LINE).spec


def test_numbers_begin_anew_in_every_instance_and_depend_on_nothing_else() -> None:
    first, second = Drive(LINE).start(), Drive(LINE).start()
    first.later(hours=timedelta(hours=1).seconds / 3600)
    assert first.body == second.body
