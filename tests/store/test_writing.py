"""Commands of several threads that wait for SQLite's only writer are committed together."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import IntegrityError, OperationalError

from store.tables import Team
from store.unit_of_work import Store, UnitOfWork

Act = Callable[[UnitOfWork], Any]
BUSY = 1
"""Commits of the thread that makes the others wait."""


@pytest.fixture
def shared(store: Store) -> Store:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    return store


def adding(name: str, team_id: UUID | None = None) -> Act:
    def add(uow: UnitOfWork) -> str:
        uow.connection.execute(insert(Team), [{"id": team_id or uow.new_id(), "name": name}])
        return name

    return add


def failing(name: str) -> Act:
    def fail(uow: UnitOfWork) -> None:
        adding(name)(uow)
        raise ValueError(name)

    return fail


def teams(store: Store) -> list[str]:
    return store.read(lambda connection: list(connection.scalars(select(Team.name).order_by(Team.name))))


@contextmanager
def commits_of(store: Store) -> Iterator[list[int]]:
    found: list[int] = []
    note = lambda _connection: found.append(1)  # noqa: E731 - it is to be removed again
    event.listen(store.engine, "commit", note)
    try:
        yield found
    finally:
        event.remove(store.engine, "commit", note)


def at_once(store: Store, *acts: Act) -> list[Any]:
    """Run acts in threads that all wait for the writer in this order; return what each returned or raised."""
    found: list[Any] = [None] * len(acts)

    def one(place: int) -> None:
        try:
            found[place] = store.run(acts[place])
        except BaseException as error:  # noqa: BLE001 - it is what is looked at
            found[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(acts))]
    with busy(store):
        for number, thread in enumerate(threads, 1):
            thread.start()
            queued(store, number)
    for thread in threads:
        thread.join()
    return found


@contextmanager
def busy(store: Store) -> Iterator[None]:
    """Have another thread write as long as the block lasts."""
    begun, ended = threading.Event(), threading.Event()

    def hold(uow: UnitOfWork) -> None:
        begun.set()
        assert ended.wait(60)

    holder = threading.Thread(target=store.run_apart, args=(hold,))
    holder.start()
    assert begun.wait(60)
    try:
        yield
    finally:
        ended.set()
        holder.join()


def queued(store: Store, many: int) -> None:
    """Wait until so many commands wait for the writer."""
    while len(store._writers._queue) != many:
        time.sleep(0.001)


def test_commands_that_wait_for_each_other_share_a_commit(shared: Store) -> None:
    with commits_of(shared) as commits:
        assert at_once(shared, *map(adding, "abcde")) == list("abcde")
    assert teams(shared) == list("abcde")
    assert len(commits) == 1 + BUSY


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_that_fails_undoes_only_itself(shared: Store, place: int) -> None:
    acts = [adding("a"), adding("b")]
    acts.insert(place, failing("c"))
    found = at_once(shared, *acts)
    assert isinstance(found.pop(place), ValueError)
    assert found == ["a", "b"]
    assert teams(shared) == ["a", "b"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_error_of_the_database_is_that_of_whose_statement_it_was(shared: Store, place: int) -> None:
    taken = shared.run(lambda uow: uow.new_id())
    shared.run(adding("first", taken))
    acts = [adding("a"), adding("b")]
    acts.insert(place, adding("c", taken))
    found = at_once(shared, *acts)
    assert isinstance(found.pop(place), IntegrityError)
    assert found == ["a", "b"]
    assert teams(shared) == ["a", "b", "first"]


def test_when_the_commit_fails_each_finds_out_by_itself(
    shared: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, tries = DefaultDialect.do_commit, []

    def full_once(dialect: Any, connection: Any) -> None:
        tries.append(1)
        if len(tries) == BUSY + 1:
            raise OperationalError("COMMIT", None, Exception("database or disk is full"))
        commit(dialect, connection)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(DefaultDialect, "do_commit", full_once)
    assert at_once(shared, adding("a"), failing("x"), adding("b"))[::2] == ["a", "b"]
    assert teams(shared) == ["a", "b"]
    assert len(tries) == BUSY + 3


def test_what_waits_for_the_commit_is_done_once_for_each_that_was_kept(shared: Store) -> None:
    told: list[datetime] = []
    kept: list[str] = []
    shared.on_commit(told.append)
    due = shared.clock.now() + timedelta(hours=1)

    def waking(name: str, act: Act) -> Act:
        def run(uow: UnitOfWork) -> Any:
            uow.wake(due)
            uow.after_commit(lambda: kept.append(name))
            return act(uow)

        return run

    at_once(shared, waking("a", adding("a")), waking("x", failing("x")), waking("b", adding("b")))
    assert told == [due, due]
    assert kept == ["a", "b"]


def test_nobody_waits_for_what_takes_long(shared: Store) -> None:
    def slow(uow: UnitOfWork) -> Any:
        return adding("slow")(uow)

    run, joined = shared.run, []

    def apart(act: Act) -> Any:
        joined.append(act)
        return shared.run_apart(act) if act is slow else run(act)

    shared.run = apart  # type: ignore[method-assign,assignment]
    with commits_of(shared) as commits:
        assert at_once(shared, adding("a"), adding("b"), slow, adding("c")) == ["a", "b", "slow", "c"]
    assert len(commits) == 3 + BUSY


def test_a_thread_that_is_told_to_stop_takes_its_command_along(shared: Store) -> None:
    def stop(uow: UnitOfWork) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shared.run(stop)
    shared.run(adding("a"))
    assert teams(shared) == ["a"]
    assert not shared._writers._queue


class _Stop(BaseException):
    """What the handler of the signal raises."""


def test_a_thread_that_is_told_to_stop_while_it_waits_is_passed_over(shared: Store) -> None:
    """Only the main thread hears signals, so it is the one that waits here."""
    main = threading.main_thread().ident
    assert main == threading.get_ident()

    def stop_the_main_thread_once_it_waits() -> None:
        queued(shared, 1)
        signal.pthread_kill(main, signal.SIGUSR1)

    def raise_it(*_given: object) -> None:
        raise _Stop

    before = signal.signal(signal.SIGUSR1, raise_it)
    stopper = threading.Thread(target=stop_the_main_thread_once_it_waits)
    try:
        with busy(shared):
            stopper.start()
            with pytest.raises(_Stop):
                shared.run(adding("a"))
    finally:
        signal.signal(signal.SIGUSR1, before)
        stopper.join()
    shared.run(adding("b"))
    assert teams(shared) == ["b"]


def test_a_thread_that_is_told_to_stop_after_its_commit_wakes_those_it_wrote_for(shared: Store) -> None:
    def stop() -> None:
        raise _Stop

    def stopping(uow: UnitOfWork) -> None:
        adding("a")(uow)
        uow.after_commit(stop)

    first, second = at_once(shared, stopping, adding("b"))
    assert isinstance(first, _Stop)
    assert second == "b"
    assert teams(shared) == ["a", "b"]


def test_many_threads_lose_and_double_nothing(shared: Store) -> None:
    names = [f"{number:03}" for number in range(80)]

    def several(mine: list[str]) -> None:
        for name in mine:
            shared.run(adding(name))

    threads = [threading.Thread(target=several, args=(names[part::8],)) for part in range(8)]
    with commits_of(shared) as commits:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert teams(shared) == names
    assert len(commits) <= len(names)
