from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.commands import messages, signals
from engine.errors import InvalidInput
from store.clock import TestClock
from store.tables import Instance, Message, Subscription
from tests.conftest import Firm
from tests.engine.commands.playing import Play

WAITS = "startEvent s\nintermediateCatchEvent m message='paid@= order'\nuserTask after groups=bookkeeper\ns -> m -> after"


def test_a_message_reaches_who_waits_for_its_key_and_brings_its_variables(play: Play) -> None:
    play.deploy(WAITS)
    first, second = play.start(order="1"), play.start(order="2")
    assert play.store.run(messages.publish, "paid", "2", {"amount": "7"})
    assert list(play.open_items()) == ["after"]
    assert play.variables(second)["amount"] == "7"
    assert "amount" not in play.variables(first)


def test_a_message_that_comes_early_waits_for_its_subscriber_until_it_expires(
    play: Play, clock: TestClock
) -> None:
    play.deploy(WAITS)
    play.store.run(messages.publish, "paid", "1", {"amount": "7"}, ttl=60)
    play.store.run(messages.publish, "paid", "2", {}, ttl=60)
    started = play.start(order="1")
    assert play.variables(started)["amount"] == "7"
    clock.advance(timedelta(seconds=61))
    play.start(order="2")
    assert len(play.open_items()) == 1


def test_one_message_is_given_once(play: Play) -> None:
    play.deploy(WAITS)
    play.store.run(messages.publish, "paid", "1")
    play.start(order="1")
    play.start(order="1")
    assert len(play.rows(select(Subscription.id))) == 1


def test_a_repeated_message_is_known_and_does_nothing(play: Play) -> None:
    play.deploy(WAITS)
    play.start(order="1")
    play.start(order="1")
    assert play.store.run(messages.publish, "paid", "1", message_id="bank-77")
    assert not play.store.run(messages.publish, "paid", "1", message_id="bank-77")
    assert len(play.rows(select(Subscription.id))) == 1
    assert play.rows(select(func.count()).select_from(Message)) == [(1,)]


def test_a_message_start_event_starts_an_instance_of_the_newest_version(play: Play, firm: Firm) -> None:
    old = "startEvent s message=enquiry\nuserTask a groups=bookkeeper\ns -> a"
    play.deploy(old)
    play.deploy(old.replace("userTask a", "userTask b").replace("-> a", "-> b"))
    play.store.run(messages.publish, "enquiry", "", {"client": "0001", "text": "hello"})
    assert list(play.open_items()) == ["b"]
    assert play.rows(select(Instance.client_id)) == [(firm.client,)]


def test_a_thrown_message_goes_from_one_instance_to_another_in_the_same_transaction(play: Play) -> None:
    play.deploy(WAITS, "listener")
    play.start("listener", order="9")
    play.deploy(
        "startEvent s\nintermediateThrowEvent t message='paid@= order'\nendEvent e\ns -> t -> e", "speaker"
    )
    play.start("speaker", order="9")
    assert list(play.open_items()) == ["after"]


def test_a_signal_reaches_everybody_and_starts_processes(play: Play) -> None:
    play.deploy(
        "startEvent s\nintermediateCatchEvent m signal=news\nuserTask a groups=bookkeeper\ns -> m -> a",
        "waits",
    )
    play.deploy("startEvent s signal=news\nuserTask b groups=bookkeeper\ns -> b", "begins")
    play.start("waits")
    play.start("waits")
    assert play.store.run(signals.broadcast, "news", {"text": "law changed"}) == 3
    assert sorted(play.states("waits") + play.states("begins")) == ["running"] * 3
    assert play.rows(select(Subscription.kind).where(Subscription.instance_id.is_not(None))) == []


def test_messages_and_signals_need_a_name(play: Play) -> None:
    with pytest.raises(InvalidInput):
        play.store.run(messages.publish, "", "1")
    with pytest.raises(InvalidInput):
        play.store.run(signals.broadcast, "")
