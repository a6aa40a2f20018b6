"""How SQLite goes about the questions of the desk, told by itself, without the figures that ANALYZE would give it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from benchmarks.ours.desk import FILTERS
from benchmarks.ours.filling import fill
from engine.commands import people, surroundings
from engine.service_tasks import Handlers
from store.clock import TestClock
from store.queries import (
    clients,
    completed_items,
    element_counts,
    open_pages,
    paging,
    people_accounts,
    work_items,
)
from store.queries.desk_filter import DeskFilter
from store.queries.desk_views import VIEWS, View
from store.queries.paging import Paging
from store.queries.scope import Scope
from store.unit_of_work import Store

SORTS = ("due_at", "-priority", "client", "process", "-opened_at", "-due_at", "-client")
LIMITS = {"COUNTED": 20, "MANY": 100, "SORTED": 30}


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are to some thousand items what the real ones are to a hundred thousand."""
    for name, value in LIMITS.items():
        for module in (paging, open_pages):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)


@contextmanager
def office(blank: Path, file: Path, clock: TestClock, items: int) -> Iterator[Store]:
    """Open a store on SQLite with so many open items and as many closed ones, and no figures about them."""
    shutil.copyfile(blank, file)
    store = Store(f"sqlite:///{file}", clock=clock, documents_folder=file.parent)
    surroundings.attach(store, handlers=Handlers())
    store.run(people.setup_firm)
    fill(store, {"open": items, "closed": items, "clients": items // 20})
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sqlite_stat1")
    store.engine.dispose()
    yield store
    store.dispose()


@pytest.fixture
def full(blank_database: Path, tmp_path: Path, clock: TestClock) -> Iterator[Store]:
    """A store with items enough that a page is a small part of them."""
    with office(blank_database, tmp_path / "full.db", clock, 1_200) as store:
        yield store


def scopes(store: Store) -> Iterator[Scope]:
    """Somebody who sees all, and somebody who sees a team's clients."""
    for login in ("person_2", "person_1"):
        person = store.run(people.by_login, login)
        yield Scope(person.id, login, person.roles, person.teams, all_clients=login == "person_2")


def plans(store: Store, ask: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield each statement that ``ask`` sends, with SQLite's plan for it."""
    sent: list[tuple[str, Any]] = []

    def note(connection: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        del connection, cursor, rest
        sent.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    store.read(ask)
    event.remove(store.engine, "before_cursor_execute", note)
    with store.engine.connect() as connection:
        for statement, parameters in sent:
            if statement.startswith(("SELECT", "WITH")):
                found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                yield statement, [row[3] for row in found]


def questions() -> Iterator[tuple[View, DeskFilter, str]]:
    for view in VIEWS:
        yield from ((view, DeskFilter(), sort) for sort in SORTS)
        yield from ((view, DeskFilter(**given), "due_at") for given in FILTERS.values())


def test_no_question_reads_or_sorts_all_items(full: Store, clock: TestClock) -> None:
    seen = set()
    for scope in scopes(full):
        for view, filters, sort in questions():

            def ask(connection: Connection, given: Any = (scope, view, filters, sort)) -> object:
                who, which, narrowed, by = given
                return work_items.desk(
                    connection, who, clock.now(), view=which, filters=narrowed, paging=Paging(sort=by)
                )

            for statement, plan in plans(full, ask):
                steps = [step for step in plan if "work_items" in step]
                indexes = {
                    found for step in steps for found in re.findall(r"USING (?:COVERING )?INDEX (\w+)", step)
                }
                assert all("INDEX" in step for step in steps), (view, sort, statement, plan)
                seen |= indexes
                if statement.startswith("SELECT work_items.id \n"):
                    assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (view, sort, statement, plan)
                if "ORDER BY" in statement and "count(*) OVER" in statement:
                    assert statement.count("LIMIT") >= 2, statement
    open_indexes = {each for each in seen if each.startswith("ix_work_items_open_")}
    assert open_indexes == {
        f"ix_work_items_open_{name}"
        for name in ("due_at", "assignee_id", "client_id", "definition_id", "priority", "opened_at", "period")
    } | {"ix_work_items_open_waits_for_client"}


def test_what_a_person_has_done_is_read_along_its_index(full: Store) -> None:
    for scope in scopes(full):
        for text in ("", "step", "客户1"):

            def ask(connection: Connection, given: Any = (scope, text)) -> object:
                who, words = given
                return completed_items.mine(connection, who, text=words, paging=Paging(size=5))

            found = [plan for statement, plan in plans(full, ask) if "completed_by" in statement]
            assert any("ix_work_items_completed_by" in step for plan in found for step in plan)
            assert not any("FOR ORDER BY" in step for plan in found for step in plan)


def test_pages_take_far_from_four_times_the_steps_when_four_times_as_many_items_are_open(
    blank_database: Path, tmp_path: Path, clock: TestClock
) -> None:
    views: tuple[View, ...] = ("unassigned", "team", "waiting", "overdue", "all")
    sorts = [sort for sort in SORTS if sort != "process"]
    found = []
    for items in (2_000, 8_000):
        with office(blank_database, tmp_path / f"{items}.db", clock, items) as store:
            asked = product(scopes(store), views, sorts)
            found.append(sum(_steps(store, who, clock, view, sort) for who, view, sort in asked))
    few, many = found
    assert many < 2 * few, (few, many)


def _steps(store: Store, scope: Scope, clock: TestClock, view: View, sort: str) -> int:
    """Return how many hundreds of instructions of SQLite's machine a page takes."""
    count = 0

    def note() -> int:
        nonlocal count
        count += 1
        return 0

    def ask(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(note, 100)
        work_items.desk(connection, scope, clock.now(), view=view, paging=Paging(size=10, sort=sort))
        driver.set_progress_handler(None, 0)

    store.read(ask)
    return count


OTHERS: dict[str, Callable[[Connection, Scope, datetime], object]] = {
    "clients": lambda connection, scope, _now: clients.list_(connection, scope),
    "counts": work_items.counts,
    "late": lambda connection, scope, now: element_counts.late(connection, scope, now, process="process_4"),
    "staff": lambda connection, _scope, _now: people_accounts.all_(connection),
}


@pytest.mark.parametrize("name", OTHERS)
def test_open_items_are_counted_along_their_indexes(full: Store, clock: TestClock, name: str) -> None:
    for scope in scopes(full):

        def ask(connection: Connection, who: Scope = scope) -> object:
            return OTHERS[name](connection, who, clock.now())

        every = [step for _statement, plan in plans(full, ask) for step in plan]
        steps = [step for step in every if "work_items" in step]
        assert steps
        assert all("ix_work_items_open_" in step for step in steps), steps
