"""An error that a called process does not catch goes on to those that called it, unless nobody there catches it."""

from __future__ import annotations

from sqlalchemy import select

from engine.service_tasks import BusinessError, Call, Handlers
from engine.worker import Worker
from store.tables import Incident, Job
from tests.engine.commands.playing import Play

CHECK = "startEvent s\nserviceTask check topic=check\nendEvent e\ns -> check -> e"
CALL = "startEvent s\ncallActivity call calls=CALLED\nendEvent e\ns -> call -> e"
CATCHING = (
    CALL + "\nboundaryEvent failed on=call error=bad\nuserTask repair groups=bookkeeper\nfailed -> repair"
)


def refuse(handlers: Handlers, code: str) -> None:
    @handlers.service_task("check", effect="database")
    def check(call: Call, uow: object) -> dict[str, object]:
        raise BusinessError(code, "Something is missing.", {"missing": "invoice"})


def test_an_error_of_a_handler_goes_to_the_first_caller_that_catches_it(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    """It was an incident in the called process, although the caller had an event for it."""
    refuse(handlers, "bad")
    play.deploy(CHECK, "inner")
    play.deploy(CALL.replace("CALLED", "inner"), "middle")
    play.deploy(CATCHING.replace("CALLED", "middle"), "outer")
    outer = play.start("outer")
    worker.run_due()
    assert play.variables(outer)["missing"] == "invoice"
    assert list(play.open_items()) == ["repair"]
    assert play.states("inner") == play.states("middle") == ["failed"]
    assert play.rows(select(Incident.element)) == []


def test_an_error_that_no_caller_catches_is_an_incident_where_it_was_thrown(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    refuse(handlers, "other")
    play.deploy(CHECK, "inner")
    play.deploy(CATCHING.replace("CALLED", "inner"), "outer")
    play.start("outer")
    worker.run_due()
    assert play.rows(select(Incident.process, Incident.element, Incident.code)) == [
        ("inner", "check", "error-uncaught")
    ]
    assert play.states("inner") == play.states("outer") == ["running"]
    assert play.rows(select(Job.id)) == []
