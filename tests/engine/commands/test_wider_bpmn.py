"""Constructs beyond the basics, through the commands: what the runtime keeps must fit what the database keeps."""

from __future__ import annotations

from sqlalchemy import select

from engine.commands import deployments, instances, messages, signals
from store.tables import InstanceVariable, Subscription
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn
from tests.engine.commands.playing import Play


def test_a_condition_comes_true_by_variables_set_from_outside(play: Play, firm: Firm) -> None:
    play.deploy(
        'startEvent s\nintermediateCatchEvent c "condition== n > 1"\nuserTask a groups=bookkeeper\ns -> c -> a'
    )
    started = play.start(n=1)
    assert play.open_items() == {}
    play.store.run(instances.set_variables, started, 0, {"n": 2}, reason="test", by=firm.ma)
    assert list(play.open_items()) == ["a"]


def test_a_condition_at_a_boundary_interrupts_a_work_item(play: Play, firm: Firm) -> None:
    play.deploy(
        'startEvent s\nuserTask a groups=bookkeeper\nboundaryEvent b on=a "condition== n > 1"\n'
        "userTask late groups=bookkeeper\nendEvent e\ns -> a -> e\nb -> late"
    )
    started = play.start(n=1)
    play.store.run(instances.set_variables, started, 0, {"n": 2}, reason="test", by=firm.ma)
    assert list(play.open_items()) == ["late"]


def test_what_a_sub_process_did_is_undone_with_its_variables_which_then_are_gone(play: Play) -> None:
    play.deploy(
        """
        startEvent s
        subProcess sub "in=room:= wanted" {
        startEvent i
        userTask a groups=bookkeeper
        boundaryEvent ca on=a compensation
        userTask ua groups=bookkeeper undoes "in=kept:= room"
        ca ~> ua
        i -> a
        }
        userTask between groups=bookkeeper
        endEvent e compensation
        s -> sub -> between -> e
        """
    )
    started = play.start(wanted="blue")
    play.complete("a")
    play.complete("between")
    rooms = select(InstanceVariable.name).where(InstanceVariable.instance_id == started)
    assert {"room", "kept"} <= {row[0] for row in play.rows(rooms)}
    play.complete("ua")
    assert play.state(started) == "completed"
    assert not {"room", "kept"} & {row[0] for row in play.rows(rooms)}


def test_several_events_of_one_shape_have_rows_of_their_own_that_go_together(play: Play) -> None:
    play.deploy(
        "startEvent s\nintermediateCatchEvent c message=paid@=1 signal=stop\nuserTask a groups=bookkeeper\ns -> c -> a"
    )
    play.start()
    assert len(play.rows(select(Subscription.id))) == 2
    play.store.run(signals.broadcast, "stop", {})
    assert list(play.open_items()) == ["a"]
    assert play.rows(select(Subscription.id)) == []


def test_either_event_behind_an_instantiating_gateway_starts_an_instance(play: Play) -> None:
    play.deploy(
        "eventBasedGateway g starts\nintermediateCatchEvent m message=order\nintermediateCatchEvent x signal=stop\n"
        "userTask a groups=bookkeeper\nuserTask b groups=bookkeeper\ng -> m -> a\ng -> x -> b"
    )
    play.store.run(messages.publish, "order", "", {})
    assert list(play.open_items()) == ["a"]
    play.store.run(signals.broadcast, "stop", {})
    assert sorted(play.open_items()) == ["a", "b"]


def test_a_warning_is_told_and_does_not_stop_a_deployment(play: Play) -> None:
    text = "startEvent s\nuserTask a groups=bookkeeper\nendEvent e\ns -> a\ns -> e"
    files = {"p/p.bpmn": bpmn(text)}
    [problem] = play.store.look(deployments.check, files)
    assert (problem.rule, problem.level) == ("dead-end", "warning")
    play.store.run(deployments.deploy, files, by=None)
    play.start()
    assert list(play.open_items()) == ["a"]


def test_a_global_task_is_called_as_a_child_instance(play: Play) -> None:
    task = (
        b'<bpmn:globalUserTask id="check" name="Check"><bpmn:extensionElements><zeebe:assignmentDefinition '
        b'candidateGroups="bookkeeper"/></bpmn:extensionElements></bpmn:globalUserTask></bpmn:definitions>'
    )
    xml = bpmn(
        "startEvent s\ncallActivity call calls=check\nuserTask after groups=bookkeeper\ns -> call -> after"
    )
    files = {"p/p.bpmn": xml.replace(b"</bpmn:definitions>", task)}
    play.store.run(deployments.deploy, files, by=None)
    started = play.start(amount=7)
    assert play.states("check") == ["running"]
    play.complete("check")
    assert list(play.open_items()) == ["after"]
    assert play.variables(started)["amount"] == 7
    assert play.states("check") == ["completed"]


def test_the_events_behind_a_gateway_for_all_find_the_instance_that_the_first_began(play: Play) -> None:
    play.deploy(
        '<bpmn:eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>\n'
        "intermediateCatchEvent m message=order@=number\nintermediateCatchEvent x message=payment@=number\n"
        "userTask a groups=bookkeeper\nuserTask b groups=bookkeeper\ng -> m -> a\ng -> x -> b"
    )
    play.store.run(messages.publish, "payment", "7", {"number": 7})
    assert sorted(play.open_items()) == ["b"]
    play.store.run(messages.publish, "order", "7", {"number": 7})
    assert sorted(play.open_items()) == ["a", "b"]
    assert play.states("p") == ["running"]
    play.store.run(messages.publish, "order", "8", {"number": 8})
    assert play.states("p") == ["running", "running"]
