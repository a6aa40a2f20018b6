from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands import (
    clients,
    documents,
    incidents,
    instances,
    messages,
    people,
    portal,
    settings,
    work_items,
)
from engine.errors import AlreadyRunning, Conflict, InvalidInput, NotAllowed, NotFound
from engine.worker import Worker
from store.tables import Instance, Subscription, WorkItem
from store.unit_of_work import counted
from tests.conftest import Firm
from tests.engine.commands.playing import Play

KEYED = '<bpmn:extensionElements><zf:process key="client-period"/></bpmn:extensionElements>\n'
ONE = "startEvent s\nuserTask a groups=bookkeeper\nendEvent e\ns -> a -> e"
PARENT = """
startEvent s
callActivity call calls=child
boundaryEvent failed on=call error=bad
userTask after groups=bookkeeper
userTask repair groups=bookkeeper
s -> call -> after
failed -> repair
"""
CHILD = "startEvent s\nuserTask inside groups=bookkeeper\nendEvent e\ns -> inside -> e"


def test_an_instance_begins_with_what_is_known_of_client_period_settings_and_starter(
    play: Play, firm: Firm
) -> None:
    play.deploy(KEYED + ONE)
    play.store.run(settings.put, "grace_days", Decimal(3), by=firm.ma)
    started = play.store.run(
        instances.start, "p", {"extra": "x"}, by=firm.lin, client=firm.client, period="2026-08"
    )
    variables = play.variables(started)
    assert variables["client"]["code"] == "0001"
    assert variables["client"]["staff"] == {"bookkeeper": "bao", "reviewer": "rui"}
    assert variables["settings"] == {"grace_days": Decimal(3)}
    assert (variables["period"], variables["initiator"], variables["extra"]) == ("2026-08", "lin", "x")
    assert variables["business_key"] == "client:0001:2026-08"


def test_one_business_key_has_one_running_instance(play: Play) -> None:
    play.deploy(KEYED + ONE)
    first = begin(play, "2026-08")
    with pytest.raises(AlreadyRunning, match="client:0001:2026-08"):
        begin(play, "2026-08")
    begin(play, "2026-09")
    play.store.run(instances.cancel, first, reason="typed wrong", by=play.firm.ma)
    begin(play, "2026-08")


def begin(play: Play, period: str) -> UUID:
    return play.store.run(instances.start, "p", {}, by=None, client=play.firm.client, period=period)


def test_a_period_is_asked_for_where_the_key_has_one(play: Play, firm: Firm) -> None:
    play.deploy(KEYED + ONE)
    with pytest.raises(InvalidInput, match="period such as"):
        play.store.run(instances.start, "p", {}, by=None, client=firm.client)


def test_unknown_things_cannot_be_started(play: Play, firm: Firm) -> None:
    with pytest.raises(NotFound, match="No process «nothing»"):
        play.start("nothing")
    play.deploy(ONE)
    with pytest.raises(NotFound, match="in version 7"):
        play.store.run(instances.start, "p", {}, by=None, version=7)
    with pytest.raises(NotAllowed):
        play.start(by=firm.bao)


def test_a_called_process_runs_as_an_instance_of_its_own_and_hands_its_variables_back(play: Play) -> None:
    play.deploy(
        "startEvent s\nscriptTask inside script='= 6 * 7' result=answer\nendEvent e\ns -> inside -> e",
        "child",
    )
    play.deploy(PARENT)
    parent = play.start()
    assert list(play.open_items()) == ["after"]
    assert play.states("child") == ["completed"]
    assert play.variables(parent)["answer"] == Decimal(42)
    rows = play.rows(select(Instance.parent_id, Instance.root_id).where(Instance.process == "child"))
    assert rows == [(parent, parent)]


def test_a_call_activity_waits_for_the_people_in_the_called_process(play: Play, firm: Firm) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    parent = play.start()
    assert list(play.open_items()) == ["inside"]
    opened = play.complete("inside", by=firm.bao)
    assert opened == (play.item("after"),)
    assert play.state(parent) == "running"


def test_a_failing_called_process_throws_its_error_in_the_caller(play: Play) -> None:
    play.deploy("startEvent s\nendEvent e error=bad\ns -> e", "child")
    play.deploy(PARENT)
    play.start()
    assert list(play.open_items()) == ["repair"]
    assert play.states("child") == ["failed"]


def test_cancelling_cancels_what_was_called(play: Play, firm: Firm) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    parent = play.start()
    play.store.run(instances.cancel, parent, reason="client left", by=firm.ma)
    assert play.state(parent) == "cancelled"
    assert play.states("child") == ["cancelled"]
    assert play.open_items() == {}
    assert play.rows(select(Subscription.id)) == []
    with pytest.raises(Conflict, match="has ended"):
        play.store.run(instances.cancel, parent, reason="again", by=firm.ma)


def test_a_called_process_that_is_not_deployed_is_an_incident_that_can_be_retried(
    play: Play, firm: Firm
) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT.replace("calls=child", "calls='= target'"))
    started = play.start(target="missing")
    [incident] = play.incidents()
    assert "No process «missing»" in incident.message
    play.store.run(instances.set_variables, started, 0, {"target": "child"}, reason="typo", by=firm.ma)
    assert play.store.run(incidents.retry, [incident.id], reason="corrected", by=firm.ma) == 1
    assert list(play.open_items()) == ["inside"]
    assert play.incidents() == []


def test_a_process_that_calls_itself_without_end_becomes_an_incident(play: Play) -> None:
    play.deploy("startEvent s\ncallActivity again calls=p\ns -> again")
    play.start()
    assert len(play.states("p")) == 51
    [incident] = play.incidents()
    assert "does a process call itself" in incident.message


def test_many_called_instances_cost_few_statements_more_than_one(play: Play) -> None:
    play.deploy(CHILD, "child")
    play.deploy(
        "startEvent s\ncallActivity call calls=child each='= items' item=one\nendEvent e\ns -> call -> e"
    )
    with counted(play.store) as one:
        play.start(items=[Decimal(1)])
    with counted(play.store) as many:
        play.start(items=[Decimal(number) for number in range(100)])
    assert len(play.states("child")) == 101
    assert len(many) < len(one) + 210  # two for the hash chain of each instance, the rest in bulk


def test_a_suspended_instance_stands_still_and_goes_on_when_resumed(
    play: Play, firm: Firm, worker: Worker
) -> None:
    play.deploy(
        "startEvent s\nparallelGateway both\nuserTask a groups=bookkeeper\nintermediateCatchEvent t timer=duration:PT0S\n"
        "intermediateCatchEvent m message='go@= \"1\"'\nuserTask timed groups=bookkeeper\nuserTask told groups=bookkeeper\n"
        "s -> both\nboth -> a\nboth -> t -> timed\nboth -> m -> told"
    )
    started = play.start()
    play.store.run(instances.suspend, started, reason="fees unpaid", by=firm.ma)
    with pytest.raises(Conflict, match="until it is resumed"):
        play.complete("a", by=firm.bao)
    assert worker.run_due() == 0
    play.store.run(messages.publish, "go", "1")
    assert list(play.open_items()) == ["a"]

    play.store.run(instances.resume, started, reason="paid", by=firm.ma)
    worker.run_due()
    play.complete("a", by=firm.bao)
    assert sorted(play.open_items()) == ["timed", "told"]


def test_what_an_operator_does_needs_a_reason_and_the_right(play: Play, firm: Firm) -> None:
    play.deploy(ONE)
    started = play.start()
    with pytest.raises(InvalidInput, match="reason"):
        play.store.run(instances.cancel, started, reason=" ", by=firm.ma)
    with pytest.raises(NotAllowed):
        play.store.run(instances.cancel, started, reason="because", by=firm.bao)


def test_running_instances_stay_on_their_version(play: Play, firm: Firm) -> None:
    play.deploy(ONE)
    old = play.start()
    play.deploy("startEvent s\nuserTask a groups=bookkeeper\nuserTask b groups=bookkeeper\ns -> a -> b")
    new = play.start()
    for row in play.rows(select(WorkItem.id).where(WorkItem.state == "open")):
        play.store.run(work_items.complete, row[0], {}, by=firm.bao)
    assert (play.state(old), play.state(new)) == ("completed", "running")
    assert list(play.open_items()) == ["b"]


def test_clients_of_other_portfolios_are_out_of_reach_for_every_command(play: Play, firm: Firm) -> None:
    play.deploy(ONE)
    play.store.run(people.set_roles, "bei", ["client_manager"], by=firm.ma)
    play.store.run(people.grant, "client_manager", "instances.operate", allowed=True, by=firm.ma)
    bei = play.store.read(people.load, firm.bei.id)
    assert bei is not None
    started = play.store.run(instances.start, "p", {}, by=firm.lin, client=firm.client)
    tries: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (instances.start, ("p", {}), {"client": firm.client}),
        (instances.cancel, (started,), {"reason": "x"}),
        (documents.add, (b"x", "a.pdf", ""), {"client": firm.client}),
        (portal.create_link, (firm.client, "upload"), {}),
        (clients.update, (firm.client, {"notes": "x"}), {"version": 1}),
    ]
    for command, arguments, named in tries:
        with pytest.raises(NotAllowed, match="does not look after"):
            play.store.run(command, *arguments, by=bei, **named)
