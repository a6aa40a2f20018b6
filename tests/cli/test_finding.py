"""``zhangfang instance find``: the ids of instances that a condition is true for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from engine.commands import deployments, instances
from store.unit_of_work import Store
from tests.engine.bpmn.drawing import bpmn
from webui import installation
from webui.cli import zhangfang
from webui.cli_language import speak
from webui.settings import read_settings

DRAWING = "startEvent s\nuserTask ask groups=manager\nendEvent e\ns -> ask -> e"


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[UUID]]:
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path / "data"))
    speak("en")
    with installation.opened(read_settings()) as store:
        store.run(deployments.deploy, {"order/order.bpmn": bpmn(DRAWING, "order")}, by=None)
        yield [_start(store, amount) for amount in (5, 50, 500)]


def _start(store: Store, amount: int) -> UUID:
    return store.run(instances.start, "order", {"amount": Decimal(amount)}, by=None)


def test_ids_go_to_standard_output_and_the_count_beside_it(orders: list[UUID]) -> None:
    found = CliRunner().invoke(zhangfang, ["instance", "find", "amount > 10", "--state", "open"])
    assert found.exit_code == 0, found.output
    assert [line.split()[0] for line in found.stdout.splitlines()] == [str(orders[2]), str(orders[1])]
    assert found.stderr == "Looked at 3, found 2.\n"


def test_what_is_left_out_is_said(orders: list[UUID]) -> None:
    found = CliRunner().invoke(zhangfang, ["instance", "find", "amount > 10", "--most", "1"])
    assert found.stdout.split()[0] == str(orders[2])
    assert "Not all of them" in found.stderr
    none = CliRunner().invoke(zhangfang, ["instance", "find", "amount > 10", "--process", "other"])
    assert (none.stdout, none.stderr) == ("", "Looked at 0, found 0.\n")


def test_a_condition_that_cannot_be_read_is_refused(orders: list[UUID]) -> None:
    found = CliRunner().invoke(zhangfang, ["instance", "find", "amount >"])
    assert found.exit_code == 2
    assert "line 1, column 9" in found.output
