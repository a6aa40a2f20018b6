"""Constructs beyond the basics, through the commands: what the runtime keeps must fit what the database keeps."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from engine.commands import conditions, deployments, instances, messages, signals
from store.clock import TestClock
from store.tables import InstanceVariable, Subscription, WorkItem
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.test_correlation import bind, key, read_from
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


CONDITIONAL = 'startEvent s "condition== amount > {}"\nuserTask {} groups=bookkeeper\ns -> {}'


def test_a_condition_starts_every_process_that_it_holds_for(play: Play, firm: Firm) -> None:
    play.deploy(CONDITIONAL.format(100, "a", "a"), "p")
    play.deploy(CONDITIONAL.format(1000, "b", "b"), "q")
    play.deploy("startEvent s\nuserTask c groups=bookkeeper\ns -> c", "r")

    [started] = play.store.run(conditions.evaluate, {"amount": Decimal(200)}, by=firm.ma)
    assert list(play.open_items()) == ["a"]
    assert play.variables(started)["amount"] == 200
    assert play.variables(started)["initiator"] == "ma"

    assert play.store.run(conditions.evaluate, {"amount": Decimal(5000)}, process="q") != ()
    assert play.states("q") == ["running"]
    assert play.states("p") == ["running"]
    assert play.store.run(conditions.evaluate, {"something": "else"}) == ()


def test_a_suspended_process_is_not_started_by_a_condition(play: Play, firm: Firm) -> None:
    play.deploy(CONDITIONAL.format(100, "a", "a"))
    play.store.run(deployments.set_state, "p", "suspended", reason="holiday", by=firm.ma)
    assert play.store.run(conditions.evaluate, {"amount": Decimal(200)}) == ()


def test_a_call_bound_to_its_deployment_keeps_to_the_version_that_was_there_then(
    play: Play, clock: TestClock
) -> None:
    child = "startEvent s\nuserTask {} groups=bookkeeper\ns -> {}"
    parent = "startEvent s\ncallActivity call calls=child binding={}\nendEvent e\ns -> call -> e"
    play.deploy(child.format("old", "old"), "child")
    play.deploy(parent.format("deployment"), "bound")
    play.deploy(parent.format("latest"), "free")
    clock.advance(timedelta(seconds=1))
    play.deploy(child.format("new", "new"), "child")
    play.start("bound")
    assert list(play.open_items()) == ["old"]
    play.start("free")
    assert sorted(play.open_items()) == ["new", "old"]


def test_a_call_bound_to_its_deployment_fails_when_nothing_was_there_then(
    play: Play, clock: TestClock
) -> None:
    play.store.run(
        deployments.deploy,
        {
            "bound/bound.bpmn": bpmn(
                'startEvent s\ncallActivity call "calls== name" binding=deployment\ns -> call', "bound"
            )
        },
        by=None,
    )
    clock.advance(timedelta(seconds=1))
    play.deploy("startEvent s\ntask a\ns -> a", "child")
    play.start("bound", name="child")
    [incident] = play.incidents()
    assert "No process «child» was deployed when «bound» version 1 was." in incident.message


def test_pools_are_instances_that_find_each_other_by_the_keys_of_their_collaboration(play: Play) -> None:
    shop = bpmn('startEvent s\nsendTask send message=paid "in=order:= mine"\ntask e\ns -> send -> e', "shop")
    subscribed = bind(number="= mine.number")
    bank = f"{subscribed}\nstartEvent s\nreceiveTask wait message=paid\nuserTask done groups=bookkeeper\ns -> wait -> done"
    other = (
        bpmn(bank, "bank")
        .split(b"<bpmn:process", 1)[1]
        .split(b"</bpmn:process>")[0]
        .replace(b'id="', b'id="b-')
    )
    for name in ("sourceRef", "targetRef"):
        other = other.replace(f'{name}="'.encode(), f'{name}="b-'.encode())
    pools = read_from("number", "= order.number") + key("number").replace(
        'processRef="p"', 'processRef="shop"'
    )
    more = b"<bpmn:process" + other + b"</bpmn:process>" + pools.encode() + b"</bpmn:definitions>"
    play.store.run(
        deployments.deploy, {"shop/shop.bpmn": shop.replace(b"</bpmn:definitions>", more)}, by=None
    )
    play.start("b-bank", mine={"number": Decimal(7)})
    waiting = play.start("b-bank", mine={"number": Decimal(8)})
    play.start("shop", mine={"number": Decimal(7)})
    assert len(play.rows(select(WorkItem.id))) == 1
    assert play.rows(select(Subscription.instance_id, Subscription.correlation_key)) == [(waiting, "8")]
