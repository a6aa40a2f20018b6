"""What all tests share: a clock of their own and a temporary store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from engine.commands import clients, people, surroundings
from engine.people import Person
from engine.service_tasks import Handlers
from engine.worker import Worker
from store import schema
from store.clock import TestClock
from store.connecting import connect
from store.unit_of_work import Store, UnitOfWork


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of our own."""
    config.addinivalue_line("markers", "crash: kills processes; takes a minute")
    config.addinivalue_line("markers", "postgresql: needs the PostgreSQL server programs")


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copied for each test."""
    path = tmp_path_factory.mktemp("blank") / "zhangfang.sqlite"
    engine = connect(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands at 2026-09-01 09:00 in Shanghai."""
    return TestClock(datetime(2026, 9, 1, 1, tzinfo=UTC))


@pytest.fixture
def handlers() -> Handlers:
    """The handlers of the test; empty until it registers some."""
    return Handlers()


@pytest.fixture
def store(blank_database: Path, tmp_path: Path, clock: TestClock, handlers: Handlers) -> Iterator[Store]:
    """A store on a temporary SQLite file with no rows, with everything attached that commands need."""
    path = tmp_path / "zhangfang.sqlite"
    shutil.copyfile(blank_database, path)
    opened = Store(
        f"sqlite:///{path}",
        clock=clock,
        zone=ZoneInfo("Asia/Shanghai"),
        documents_folder=tmp_path / "documents",
        pause=lambda _: None,
    )
    surroundings.attach(opened, handlers=handlers)
    yield opened
    opened.dispose()


@pytest.fixture
def worker(store: Store) -> Worker:
    """A worker that runs what is due when the test tells it to."""
    return Worker(store)


@dataclass(frozen=True)
class Firm:
    """A small firm: bookkeepers Bao and Bei, reviewer Rui, team lead Lin, manager Ma; client 0001 is Bao's and Rui's."""

    bao: Person
    bei: Person
    rui: Person
    lin: Person
    ma: Person
    client: UUID


@pytest.fixture
def firm(store: Store) -> Firm:
    """The small firm, set up in the store."""
    return store.run(small_firm)


def small_firm(uow: UnitOfWork) -> Firm:
    """Create the small firm."""
    people.setup_firm(uow)
    staff = {
        login: _person(uow, login, name, role)
        for login, name, role in (
            ("bao", "Bao", "bookkeeper"),
            ("bei", "Bei", "bookkeeper"),
            ("rui", "Rui", "reviewer"),
            ("lin", "Lin", "team_lead"),
            ("ma", "Ma", "manager"),
        )
    }
    made = clients.create(uow, "晨光贸易有限公司", code="0001", by=None)
    clients.assign_staff(uow, made.id, {"bookkeeper": "bao", "reviewer": "rui"}, by=None)
    return Firm(**staff, client=made.id)


def _person(uow: UnitOfWork, login: str, name: str, role: str) -> Person:
    person = people.load(uow.connection, people.create(uow, login, name, roles=[role], by=None))
    assert person is not None
    return person
