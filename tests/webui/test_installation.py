from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from engine.commands import leases
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Outside, Worker
from store.clock import TestClock
from store.unit_of_work import Store, counted
from tests.conftest import Firm
from tests.engine.commands.playing import Play
from webui import installation
from webui.settings import Settings, read_settings


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"ZHANGFANG_DATA_FOLDER": str(tmp_path), "ZHANGFANG_SECRET_KEY": "of the test"})


@pytest.fixture
def idle(settings: Settings, clock: TestClock) -> Iterator[Worker]:
    """The worker of an installation where nothing is due, at a scheduler whose time the test moves."""
    with installation.opened(settings, clock) as store:
        worker = installation.worker(store, settings, "serve 8000")
        worker._scheduler = BackgroundScheduler()
        yield worker


def test_an_idle_hour_of_an_installation_costs_fewer_than_five_queries(
    idle: Worker, clock: TestClock
) -> None:
    idle._round()
    end = clock.now() + timedelta(hours=1)
    with counted(idle.store) as statements:
        while idle._wake_at is not None and idle._wake_at <= end:
            clock.set(idle._wake_at)
            idle._round()
    assert 1 <= len([each for each in statements if not each.startswith("BEGIN")]) < 5


def test_a_worker_that_starts_beside_another_leaves_it_what_it_has_leased(
    store: Store, firm: Firm, handlers: Handlers, settings: Settings
) -> None:
    @handlers.service_task("work", effect="outside")
    def work(call: Call, outside: Outside) -> Result:
        return {}

    play = Play(store, firm)
    play.deploy("startEvent s\nserviceTask work topic=work\ns -> work")
    play.start()
    first, second = (installation.worker(store, settings, name) for name in ("serve 8000", "worker 4711"))
    [leased] = store.run(leases.take, first.name, 1)
    second.start()
    second.stop()
    assert store.run(leases.finish, leased, {})
