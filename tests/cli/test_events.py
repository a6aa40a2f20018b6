"""``zhangfang message``, ``signal`` and ``conditions``: something outside has happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.commands import deployments, instances
from engine.commands._running import variable_value
from store.tables import Instance, InstanceVariable, WorkItem
from store.unit_of_work import Store
from tests.engine.bpmn.drawing import bpmn
from webui import installation
from webui.cli import zhangfang
from webui.cli_language import speak
from webui.settings import read_settings

WAITS = """
startEvent s
intermediateCatchEvent paid message='paid@= number'
userTask a groups=bookkeeper
s -> paid -> a
"""
HEARS = """
startEvent s
intermediateCatchEvent closed signal=closed
userTask a groups=bookkeeper
s -> closed -> a
"""
BEGINS = """
startEvent s condition='= amount > 100'
userTask a groups=bookkeeper
s -> a
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path / "data"))
    speak("en")
    with installation.opened(read_settings()) as opened:
        for key, drawing in (("waits", WAITS), ("hears", HEARS), ("begins", BEGINS)):
            opened.run(deployments.deploy, {f"{key}/{key}.bpmn": bpmn(drawing, key)}, by=None)
        yield opened


def run(*arguments: str) -> Result:
    found = CliRunner().invoke(zhangfang, list(arguments))
    assert found.exit_code == 0, found.output
    return found


def open_items(store: Store) -> list[str]:
    query = select(WorkItem.process).where(WorkItem.state == "open").order_by(WorkItem.process)
    return store.read(lambda connection: list(connection.scalars(query)))


def test_a_message_lets_who_waits_for_its_key_go_on_with_its_variables(store: Store) -> None:
    for number in ("7", "8"):
        store.run(instances.start, "waits", {"number": number}, by=None)
    told = run("message", "paid", "--key", "7", "--var", "amount=100.5", "--id", "m1")
    assert "Published the message paid." in told.output
    assert open_items(store) == ["waits"]
    query = select(InstanceVariable.value).where(InstanceVariable.name == "amount")
    values = store.read(lambda connection: list(connection.scalars(query)))
    assert [str(variable_value(value)) for value in values] == ["100.5"]


def test_a_message_that_is_known_already_says_so_and_does_nothing(store: Store) -> None:
    run("message", "paid", "--key", "7", "--id", "m1")
    again = run("message", "paid", "--key", "7", "--id", "m1")
    assert "with the id m1 is known already" in again.output


def test_a_message_nobody_waits_for_is_kept_as_long_as_it_says(store: Store) -> None:
    run("message", "paid", "--key", "9", "--ttl", "600")
    store.run(instances.start, "waits", {"number": "9"}, by=None)
    assert open_items(store) == ["waits"]


def test_a_signal_reaches_all_who_wait_and_says_how_many(store: Store) -> None:
    for _ in range(3):
        store.run(instances.start, "hears", {}, by=None)
    assert "reached 3" in run("signal", "closed").output
    assert open_items(store) == ["hears"] * 3


def test_variables_start_the_process_whose_condition_they_fulfil(store: Store) -> None:
    assert "Started 0 instances" in run("conditions", "--var", "amount=5").output
    found = run("conditions", "--var", "amount=500", "--process", "begins").output
    started = store.read(lambda connection: list(connection.scalars(select(Instance.id))))
    assert found.splitlines()[0] == str(started[0])
    assert "Started 1 instances" in found


def test_a_process_that_is_not_deployed_is_named(store: Store) -> None:
    found = CliRunner().invoke(zhangfang, ["conditions", "--process", "nowhere", "--var", "amount=500"])
    assert found.exit_code == 3
    assert "No process «nowhere» is deployed" in found.output


def test_an_expression_that_cannot_be_read_is_told_and_nothing_is_sent(store: Store) -> None:
    found = CliRunner().invoke(zhangfang, ["message", "paid", "--key", "7", "--var", "amount=(1"])
    assert found.exit_code == 2
    assert "(1" in found.output
    store.run(instances.start, "waits", {"number": "7"}, by=None)
    assert open_items(store) == []


def test_a_value_that_is_no_expression_is_told_and_nothing_is_sent(store: Store) -> None:
    found = CliRunner().invoke(zhangfang, ["message", "paid", "--var", "amount"])
    assert found.exit_code != 0
    assert "must be written name=value" in found.output
