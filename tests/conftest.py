"""What all tests share: a clock of their own and a temporary store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine

from engine.commands import clients, people, surroundings
from engine.people import Person
from engine.service_tasks import Handlers
from engine.worker import Worker
from store import connecting, schema
from store.clock import TestClock
from store.unit_of_work import Store, UnitOfWork
from tests import thrift

MORNING = datetime(2026, 9, 1, 1, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the same tests run on PostgreSQL: ``pytest --postgresql=postgresql+psycopg://postgres@127.0.0.1:5432/``."""
    parser.addoption(
        "--postgresql", default="", help="URL of a PostgreSQL server on which databases may be created"
    )
    parser.addoption(
        "--examples", type=int, default=160, help="how many random processes to compare with the reference"
    )
    parser.addoption("--first-example", type=int, default=0, help="the seed of the first of them")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of our own, and tell Hypothesis that a busy machine is no failure."""
    settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("busy")
    config.addinivalue_line("markers", "crash: kills processes; takes a minute")
    config.addinivalue_line("markers", "long: takes so long that it must not be what a worker begins last")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, on both workers of ``make test``, each of which is given one half to begin with."""
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if not item.get_closest_marker("long")]
    middle = len(rest) // 2
    items[:] = [*long[::2], *rest[:middle], *long[1::2], *rest[middle:]]


def pytest_collection_finish() -> None:
    """Spare the garbage collector what is there for good."""
    thrift.keep_what_is_loaded()


@pytest.fixture(scope="session", autouse=True)
def saved() -> Iterator[None]:
    """Let no test wait for the disk or compile what another has compiled."""
    with thrift.saved():
        yield


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open SQLite as the product does, for a test that looks at that."""
    monkeypatch.setattr(connecting, "PRAGMAS", thrift.LASTING)


@pytest.fixture(scope="session")
def blank_database(saved: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copied for each test."""
    path = tmp_path_factory.mktemp("blank") / "zhangfang.sqlite"
    engine = connecting.connect(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()  # the last connection writes the log back into the file
    return path


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands at 2026-09-01 09:00 in Shanghai."""
    return TestClock(MORNING)


@pytest.fixture
def handlers() -> Handlers:
    """The handlers of the test; empty until it registers some."""
    return Handlers()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Engine | None]:
    """The PostgreSQL server of ``--postgresql`` with a migrated template database, if one is named."""
    url = request.config.getoption("--postgresql")
    if not url:
        yield None
        return
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    template = f"zhangfang_{uuid4().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {template}")
    blank = connecting.connect(str(engine.url.set(database=template).render_as_string(hide_password=False)))
    schema.upgrade(blank)
    blank.dispose()
    yield engine.execution_options(template=template)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {template}")
    engine.dispose()


@pytest.fixture
def database_url(
    server: Engine | None, blank_database: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The URL of a migrated database of the test's own: empty, or with the small firm in it for tests of that."""
    if server is None:
        with_firm = "firm" in request.fixturenames
        path = tmp_path / "zhangfang.sqlite"
        shutil.copyfile(request.getfixturevalue("furnished")[0] if with_firm else blank_database, path)
        yield f"sqlite:///{path}"
        return
    name, template = f"zhangfang_{uuid4().hex}", server.get_execution_options()["template"]
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str, tmp_path: Path, clock: TestClock, handlers: Handlers) -> Iterator[Store]:
    """A store on a temporary database with no rows but the small firm's, with everything attached that commands need."""
    opened = open_store(database_url, tmp_path, clock, handlers)
    yield opened
    opened.dispose()


def open_store(url: str, folder: Path, clock: TestClock, handlers: Handlers) -> Store:
    """Open a store as tests want it."""
    opened = Store(
        url,
        clock=clock,
        zone=ZoneInfo("Asia/Shanghai"),
        documents_folder=folder / "documents",
        pause=lambda _: None,
    )
    surroundings.attach(opened, handlers=handlers)
    return opened


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


@pytest.fixture(scope="session")
def furnished(blank_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Firm]:
    """An SQLite file with the small firm in it and nothing else, and who works there; copied for each test."""
    folder = tmp_path_factory.mktemp("furnished")
    path = folder / "zhangfang.sqlite"
    shutil.copyfile(blank_database, path)
    opened = open_store(f"sqlite:///{path}", folder, TestClock(MORNING), Handlers())
    made = opened.run(small_firm)
    opened.dispose()
    return path, made


@pytest.fixture
def firm(store: Store, server: Engine | None, request: pytest.FixtureRequest) -> Firm:
    """The small firm, set up in the store."""
    if server is not None:
        return store.run(small_firm)
    made: Firm = request.getfixturevalue("furnished")[1]
    return made


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
