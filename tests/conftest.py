"""What all tests share: a clock of their own and a temporary store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from store import schema
from store.clock import TestClock
from store.connecting import connect
from store.unit_of_work import Store


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
def store(blank_database: Path, tmp_path: Path, clock: TestClock) -> Iterator[Store]:
    """A store on a temporary SQLite file with no rows."""
    path = tmp_path / "zhangfang.sqlite"
    shutil.copyfile(blank_database, path)
    opened = Store(
        f"sqlite:///{path}",
        clock=clock,
        zone=ZoneInfo("Asia/Shanghai"),
        documents_folder=tmp_path / "documents",
        pause=lambda _: None,
    )
    yield opened
    opened.dispose()
