"""``zhangfang instance``: what the pages do to one instance, from a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.commands import deployments, instances
from store.tables import HistoryEvent, Instance, InstanceVariable, WorkItem
from store.unit_of_work import Store
from tests.engine.bpmn.drawing import bpmn
from webui import installation
from webui.cli import zhangfang
from webui.cli_language import speak
from webui.settings import read_settings

DRAWING = """
startEvent s
parallelGateway split
userTask a groups=bookkeeper name='First'
userTask b groups=bookkeeper
parallelGateway join
userTask c groups=bookkeeper
endEvent e
s -> split -> a -> join -> c -> e
split -> b -> join
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path / "data"))
    speak("en")
    with installation.opened(read_settings()) as opened:
        opened.run(deployments.deploy, {"p/p.bpmn": bpmn(DRAWING)}, by=None)
        yield opened


@pytest.fixture
def started(store: Store) -> UUID:
    return store.run(instances.start, "p", {"amount": "1"}, by=None)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(zhangfang, ["instance", *(str(each) for each in arguments)])


def done(*arguments: object) -> Result:
    found = run(*arguments)
    assert found.exit_code == 0, found.output
    return found


def wait_of(instance: UUID, element: str) -> str:
    shown = done("show", instance).output
    found = re.search(rf"{element}\S*  token \d+ · scope \d+\n\s+- wait (\d+)", shown)
    assert found, shown
    return found[1]


def open_items(store: Store) -> list[str]:
    query = select(WorkItem.element).where(WorkItem.state == "open").order_by(WorkItem.element)
    return store.read(lambda connection: list(connection.scalars(query)))


def test_a_dry_run_tells_and_changes_nothing(store: Store, started: UUID) -> None:
    found = done("move", started, "--from-wait", wait_of(started, "a"), "--to", "c", "--dry-run")
    assert "cancels: First [a] (user task)" in found.output
    assert "begins: c (user task)" in found.output
    assert "Warning: The join «join» will wait for a token through a_join" in found.output
    assert "nothing was changed" in found.output
    assert open_items(store) == ["a", "b"]


def test_a_token_is_moved_with_a_reason_that_stays(store: Store, started: UUID) -> None:
    wait = wait_of(started, "a")
    done("move", started, "--from-wait", wait, "--through", "a_join", "--reason", "was done on paper")
    assert open_items(store) == ["b"]
    assert "come to the join join through a_join" in done("show", started).output
    again = run("move", started, "--from-wait", wait, "--through", "a_join", "--reason", "twice")
    assert again.exit_code == 5
    query = select(HistoryEvent.detail).where(HistoryEvent.kind == "token.moved")
    [fact] = store.read(lambda connection: list(connection.scalars(query)))
    assert fact["reason"] == "was done on paper"
    done("move", started, "--from-flow", "a_join", "--to", "a", "--reason", "not after all")
    assert open_items(store) == ["a", "b"]


def test_a_step_is_skipped_and_repeated(store: Store, started: UUID) -> None:
    done("skip", started, "--wait", wait_of(started, "a"), "--var", "amount=2.50", "--reason", "x")
    assert open_items(store) == ["b"]
    before = wait_of(started, "b")
    done("repeat", started, "--wait", before, "--reason", "x")
    assert wait_of(started, "b") != before


def value_of(store: Store, instance: UUID, name: str) -> Any:
    query = select(InstanceVariable.value).where(
        InstanceVariable.instance_id == instance, InstanceVariable.name == name
    )
    return store.read(lambda connection: connection.scalar(query))


def test_variables_are_typed_and_may_come_from_a_file(store: Store, started: UUID, tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text('[{"code": "001", "amount": 12.30}]')
    done(
        "set", started, "--reason", "typed wrong", "--var", 'day=date("2026-08-31")', "--var", "n=1+1",
        "--var", f"rows=@{tmp_path}/rows.json",
    )  # fmt: skip
    assert value_of(store, started, "day") == '{"$date":"2026-08-31"}'
    assert value_of(store, started, "n") == '{"$d":"2"}'
    assert value_of(store, started, "rows") == '[{"code":"001","amount":{"$d":"12.30"}}]'


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("set", "ID", "--var", "x=1"), 2, "Give the reason"),
        (("set", "ID", "--var", "x", "--reason", "r"), 2, "must be written name=value"),
        (("set", "ID", "--reason", "r"), 2, "--var"),
        (("set", "ID", "--var", "x=amount", "--reason", "r"), 2, "reads amount"),
        (("set", "ID", "--var", "x=@/nowhere", "--reason", "r"), 3, "no file"),
        (("set", "ID", "--var", "x=1", "--scope", "99", "--reason", "r"), 3, "scope 99"),
        (("skip", "ID", "--reason", "r"), 2, "--wait or --token"),
        (("skip", "ID", "--wait", "99", "--reason", "r"), 5, "Nothing waits at 99"),
        (("move", "ID", "--reason", "r"), 2, "Say which token"),
        (("move", "ID", "--to", "zzz", "--reason", "r"), 3, "no element «zzz»"),
        (("restart", "ID", "--reason", "r"), 2, "--element or --visit"),
        (("restart", "ID", "--element", "c", "--reason", "r"), 3, "has not come to «c»"),
        (("show", str(uuid4())), 3, "no instance"),
    ],
)
def test_what_cannot_be_done_has_its_sentence_and_its_exit_code(
    store: Store, started: UUID, arguments: tuple[str, ...], code: int, told: str
) -> None:
    found = run(*(str(started) if each == "ID" else each for each in arguments))
    assert (found.exit_code, told in found.output) == (code, True), found.output
    assert open_items(store) == ["a", "b"]


def test_an_instance_goes_back_and_a_new_one_begins_from_its_past(store: Store, started: UUID) -> None:
    done("set", started, "--var", 'amount="9"', "--reason", "x")
    for element in ("a", "b"):
        done("skip", started, "--wait", wait_of(started, element), "--reason", "x")
    assert open_items(store) == ["c"]
    assert re.search(r"^\d+  \d{4}-.*First \[a\]$", done("visits", started, "--element", "a").output)

    foreseen = done("restart", started, "--element", "a", "--rewind", "--dry-run").output
    assert 'variable: amount: "9" → "1"' in foreseen
    done("restart", started, "--element", "a", "--rewind", "--reason", "wrong from here")
    assert open_items(store) == ["a"]
    assert value_of(store, started, "amount") == '"1"'

    told = done("restart", started, "--element", "c", "--reason", "compare").output
    new = UUID(told.split(": ")[1].strip())
    assert value_of(store, new, "amount") == '"9"'
    assert open_items(store) == ["a", "c"]


def test_suspending_resuming_and_cancelling_ask_for_a_reason(store: Store, started: UUID) -> None:
    def state() -> str:
        query = select(Instance.state).where(Instance.id == started)
        return str(store.read(lambda connection: connection.scalar(query)))

    assert run("suspend", started).exit_code == 2
    for act, after in (("suspend", "suspended"), ("resume", "running"), ("cancel", "cancelled")):
        done(act, started, "--reason", "because")
        assert state() == after
    assert run("cancel", started, "--reason", "again").exit_code == 5
    assert "has ended" in done("show", started).output


def test_it_speaks_chinese(store: Store, started: UUID) -> None:
    speak("zh")
    found = run("skip", started, "--token", "99", "--dry-run")
    assert "令牌 99 已经不在" in found.output
    shown = done("show", started).output
    assert "人工步骤" in shown
    wait = re.search(r"等待 (\d+)", shown)
    assert wait
    found = done("move", started, "--from-wait", wait[1], "--to", "c", "--dry-run")
    assert "取消: First [a] (人工步骤)" in found.output
    assert "注意: 汇合「join」将一直等待" in found.output
    assert "没有做任何修改" in found.output
