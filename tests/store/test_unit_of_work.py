from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from store.clock import SystemClock, TestClock
from store.errors import CommitUnknown, StoreBusy
from store.tables import FirmSetting, Team
from store.unit_of_work import ATTEMPTS, Store, UnitOfWork, counted


def add_team(uow: UnitOfWork, name: str) -> UUID:
    new_id = uow.new_id()
    uow.connection.execute(insert(Team), [{"id": new_id, "name": name}])
    return new_id


def teams(store: Store) -> list[str]:
    return store.read(lambda connection: list(connection.scalars(select(Team.name).order_by(Team.name))))


@pytest.fixture
def held(store: Store, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process that holds SQLite's only writer."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    connection = sqlite3.connect(tmp_path / "zhangfang.sqlite", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_what_a_command_did_is_kept_and_its_result_returned(store: Store) -> None:
    new_id = store.run(add_team, "North")
    assert isinstance(new_id, UUID)
    assert teams(store) == ["North"]


def test_nothing_is_kept_when_a_command_raises(store: Store) -> None:
    def fails(uow: UnitOfWork) -> None:
        add_team(uow, "North")
        uow.session.add(Team(id=uow.new_id(), name="South"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.run(fails)
    assert teams(store) == []


def test_mapped_objects_and_statements_see_each_other(store: Store) -> None:
    def both(uow: UnitOfWork) -> list[str]:
        uow.session.add(Team(id=uow.new_id(), name="North"))
        uow.session.flush()
        add_team(uow, "South")
        return sorted(uow.session.scalars(select(Team.name)))

    assert store.run(both) == ["North", "South"]
    assert teams(store) == ["North", "South"]


def test_a_savepoint_undoes_only_what_is_inside(store: Store) -> None:
    called: list[str] = []

    def twice(uow: UnitOfWork) -> None:
        uow.after_commit(lambda: called.append("undone"))
        uow.session.add(Team(id=uow.new_id(), name="East"))
        add_team(uow, "North")

    def partly(uow: UnitOfWork) -> None:
        add_team(uow, "North")
        uow.after_commit(lambda: called.append("kept"))
        with pytest.raises(IntegrityError), uow.savepoint():
            twice(uow)
        with uow.savepoint():
            uow.session.add(Team(id=uow.new_id(), name="South"))

    store.run(partly)
    assert teams(store) == ["North", "South"]
    assert called == ["kept"]


def test_a_command_may_keep_what_it_did_and_raise_all_the_same(store: Store) -> None:
    def counted(uow: UnitOfWork) -> None:
        add_team(uow, "North")
        uow.raise_after_commit(PermissionError("no"))

    with pytest.raises(PermissionError):
        store.run(counted)
    assert teams(store) == ["North"]


def test_listeners_hear_the_earliest_due_time_once_it_is_committed(store: Store, clock: TestClock) -> None:
    heard: list[datetime] = []
    store.on_commit(heard.append)

    def opens(uow: UnitOfWork) -> None:
        uow.wake(uow.now + timedelta(hours=2))
        uow.wake(uow.now + timedelta(hours=1))
        assert heard == []

    store.run(opens)
    store.run(add_team, "North")
    assert heard == [clock.now() + timedelta(hours=1)]


def test_a_command_waits_for_another_process_and_is_tried_again(
    store: Store, held: sqlite3.Connection
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            held.execute("COMMIT")

    store._pause = pause
    quick(store)
    store.run(add_team, "North")
    assert pauses == [0.01, 0.02]
    assert teams(store) == ["North"]


def test_after_the_last_attempt_the_caller_is_told_that_nothing_was_done(
    store: Store, held: sqlite3.Connection
) -> None:
    quick(store)
    tried: list[None] = []
    store._pause = lambda _: tried.append(None)
    with pytest.raises(StoreBusy, match="nothing was changed"):
        store.run(add_team, "North")
    assert len(tried) == ATTEMPTS - 1


def quick(store: Store) -> None:
    """Let the database answer at once that it is busy."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 1")


def test_a_reader_sees_one_moment_and_is_not_held_up_by_a_writer(store: Store) -> None:
    store.run(add_team, "North")
    reading, written = threading.Event(), threading.Event()

    def reader(connection: object) -> tuple[list[str], list[str]]:
        query = select(Team.name)
        before = list(connection.scalars(query))  # type: ignore[attr-defined]
        reading.set()
        written.wait(5)
        return before, list(connection.scalars(query))  # type: ignore[attr-defined]

    seen: list[tuple[list[str], list[str]]] = []
    thread = threading.Thread(target=lambda: seen.append(store.read(reader)))
    thread.start()
    reading.wait(5)
    store.run(add_team, "South")
    written.set()
    thread.join()
    if store.engine.dialect.name == "sqlite":
        assert seen == [(["North"], ["North"])]


def test_writers_of_one_process_queue_up(store: Store) -> None:
    def write(number: int) -> None:
        store.run(add_team, f"{number:02}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert teams(store) == [f"{number:02}" for number in range(12)]


def test_a_command_inside_a_command_is_a_mistake_that_is_told(store: Store) -> None:
    with pytest.raises(RuntimeError, match="same uow"):
        store.run(lambda uow: store.run(add_team, "North"))
    store.run(add_team, "South")


def test_what_is_only_looked_at_changes_nothing(store: Store) -> None:
    assert isinstance(store.look(add_team, "North"), UUID)
    assert teams(store) == []


@pytest.mark.usefixtures("lasting")
def test_full_durability_is_on(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PRAGMAs are SQLite's")
    names = ("journal_mode", "synchronous", "foreign_keys")

    def pragmas(connection: object) -> list[object]:
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]  # type: ignore[attr-defined]

    assert store.read(pragmas) == ["wal", 2, 1]


def test_times_keep_their_zone_and_naive_ones_are_refused(store: Store) -> None:
    moment = datetime(2026, 9, 1, 9, 30, 15, 123456, tzinfo=store.zone)

    def put(uow: UnitOfWork, at: datetime) -> None:
        uow.session.add(FirmSetting(key="k", value={"value": 1}, at=at))

    store.run(put, moment)
    assert store.read(lambda connection: connection.scalar(select(FirmSetting.at))) == moment.astimezone(UTC)
    with pytest.raises(StatementError, match="has no zone"):
        store.run(put, moment.replace(tzinfo=None))


def test_clocks_tell_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    clock = TestClock(datetime(2026, 9, 1, tzinfo=UTC))
    clock.advance(timedelta(days=1))
    assert clock.now() == datetime(2026, 9, 2, tzinfo=UTC)
    clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_sort_in_the_order_in_which_they_were_made(store: Store) -> None:
    ids = store.run(lambda uow: [uow.new_id() for _ in range(200)])
    assert ids == sorted(ids)
    assert store.run(lambda uow: uow.connection.execute(text("SELECT 1")).scalar()) == 1


def test_a_guard_sets_its_savepoint_only_for_who_uses_the_database(store: Store) -> None:
    calls: list[str] = []

    def play(uow: UnitOfWork) -> tuple[bool, bool]:
        idle, busy = uow.guard(lambda: calls.append("idle")), uow.guard(lambda: calls.append("busy"))
        with idle:
            pass
        with busy:
            add_team(uow, "North")
            add_team(uow, "South")
        return idle.used, busy.used

    with counted(store) as statements:
        assert store.run(play) == (False, True)
    assert calls == ["busy"]
    assert [
        each.split()[0] for each in statements if "TEAMS" not in each.upper() and "BEGIN" not in each
    ] == [
        "SAVEPOINT",
        "RELEASE",
    ]
    assert teams(store) == ["North", "South"]


@pytest.mark.parametrize("mapped", [True, False])
def test_what_was_done_inside_a_guard_is_undone_when_an_error_leaves_it(
    store: Store, *, mapped: bool
) -> None:
    def held_back(uow: UnitOfWork) -> None:
        add_team(uow, "held back")

    def play(uow: UnitOfWork) -> None:
        add_team(uow, "before")
        with suppress(ZeroDivisionError), uow.guard(lambda: held_back(uow)):
            if mapped:
                uow.session.add(Team(id=uow.new_id(), name="inside"))
            else:
                add_team(uow, "inside")
            raise ZeroDivisionError
        add_team(uow, "after")

    store.run(play)
    assert teams(store) == ["after", "before", "held back"]


def test_savepoints_inside_savepoints_undo_only_themselves(store: Store) -> None:
    def play(uow: UnitOfWork) -> None:
        with uow.savepoint():
            add_team(uow, "outer")
            with suppress(ZeroDivisionError), uow.savepoint():
                add_team(uow, "inner")
                raise ZeroDivisionError
            uow.session.add(Team(id=uow.new_id(), name="mapped"))
        with suppress(KeyError), uow.savepoint():
            add_team(uow, "lost")
            raise KeyError

    store.run(play)
    assert teams(store) == ["mapped", "outer"]


def test_a_store_that_was_busy_writes_again(store: Store, held: sqlite3.Connection) -> None:
    impatient = Store(
        f"{store.engine.url}",
        clock=store.clock,
        documents_folder=store.documents.folder,
        pause=lambda _: None,
    )
    event.listen(impatient.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 1"))
    with pytest.raises(StoreBusy):
        impatient.run(add_team, "kept out")
    held.execute("COMMIT")
    impatient.run(add_team, "North")
    impatient.dispose()
    assert teams(store) == ["North"]


def cut_all(store: Store) -> None:
    """Cut every other connection to the database, as a restart of its server does."""
    others = "pid <> pg_backend_pid() and datname = current_database()"
    with store.engine.connect() as connection:
        connection.exec_driver_sql(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")  # noqa: S608 - words of ours


def test_connections_that_were_cut_meanwhile_are_made_anew(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server that could be restarted")
    store.run(add_team, "North")
    cut_all(store)
    assert teams(store) == ["North"]
    cut_all(store)
    store.run(add_team, "South")
    assert teams(store) == ["North", "South"]


def test_a_change_whose_commit_got_no_answer_is_not_made_twice(store: Store) -> None:
    """The command is not run again: it may have been kept."""
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server that could go away")
    runs: list[int] = []

    def cut_before_the_end(uow: UnitOfWork) -> None:
        runs.append(1)
        mine = uow.connection.exec_driver_sql("select pg_backend_pid()").scalar()
        with store.engine.connect() as other:
            other.exec_driver_sql(f"select pg_terminate_backend({mine})")

    with pytest.raises(CommitUnknown, match="Look whether it is there"):
        store.run(cut_before_the_end)
    assert runs == [1]
    assert teams(store) == []
