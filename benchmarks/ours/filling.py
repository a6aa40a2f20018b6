"""A firm with years of work behind it, written straight into the tables: only reading it is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from benchmarks.catalogue import Sizes
from store.tables import (
    Candidate,
    Client,
    ClientStaff,
    Definition,
    Deployment,
    Instance,
    Person,
    PersonRole,
    Resource,
    Team,
    TeamMember,
    WorkItem,
)
from store.unit_of_work import Store, UnitOfWork

PEOPLE, TEAMS, PROCESSES, ELEMENTS = 60, 6, 40, 20
ROLES = ("reviewer", "bookkeeper", "reviewer", "tax_clerk", "client_manager", "bookkeeper")
"""Roles of staff and of work items, by number."""
PERIODS = tuple(f"2026-{month:02}" for month in range(1, 13))
TOGETHER = 4
"""Work items of one instance."""

Row = dict[str, Any]


def fill(store: Store, sizes: Sizes) -> None:
    """Write staff, clients, definitions, instances and work items; ``sizes`` says how many."""
    now = store.clock.now()
    store.run(_firm, sizes["clients"])
    count = sizes["open"] + sizes["closed"]
    with closing(store.engine.raw_connection()) as raw:
        write = _writer(store, raw)
        write(Instance, (_instance(each, sizes, now) for each in range(count // TOGETHER)))
        write(WorkItem, (_item(each, sizes, now) for each in range(count)))
        write(Candidate, (_candidate(each) for each in range(count)))
        raw.commit()
    store.run(_analyze)


def _id(kind: int, number: int) -> UUID:
    """Return an id; like the real ones, later ones sort after earlier ones."""
    return UUID(int=(0x0190 << 112) + (kind << 96) + number)


def _firm(uow: UnitOfWork, clients: int) -> None:
    rows: list[tuple[type[Any], list[Row]]] = [
        (Team, [{"id": _id(1, each), "name": f"Team {each}"} for each in range(TEAMS)]),
        (Person, [_person(each) for each in range(PEOPLE)]),
        (PersonRole, [{"person_id": _id(2, each), "role_key": _role(each)} for each in range(PEOPLE)]),
        (
            TeamMember,
            [{"team_id": _id(1, each % TEAMS), "person_id": _id(2, each)} for each in range(PEOPLE)],
        ),
        (Client, [_client(each, uow.now) for each in range(clients)]),
        (ClientStaff, [row for each in range(clients) for row in _staff(each)]),
        (Resource, [{"digest": "0" * 64, "body": b""}]),
        (Deployment, [{"id": _id(4, 0), "at": uow.now}]),
        (Definition, [_definition(each, uow.now) for each in range(PROCESSES)]),
    ]
    for table, content in rows:
        uow.connection.execute(insert(table), content)


def _role(number: int) -> str:
    return ROLES[number % len(ROLES)]


def _person(each: int) -> Row:
    return {"id": _id(2, each), "login": f"person_{each}", "name": f"职员{each}"}


def _client(each: int, now: datetime) -> Row:
    name, team = f"客户{each}有限公司", _id(1, each % TEAMS)
    return {"id": _id(3, each), "code": f"{each:05}", "name": name, "team_id": team, "created_at": now}


def _staff(each: int) -> Iterator[Row]:
    """Give a client two people, most often of its own team."""
    for role, step in (("bookkeeper", 7), ("reviewer", 6)):
        yield {"client_id": _id(3, each), "role_key": role, "person_id": _id(2, each * step % PEOPLE)}


def _definition(each: int, now: datetime) -> Row:
    key = f"process_{each}"
    return {
        "id": _id(5, each),
        "kind": "process",
        "key": key,
        "version": 1,
        "name": f"Process {each}",
        "path": f"{key}/{key}.bpmn",
        "digest": "0" * 64,
        "deployment_id": _id(4, 0),
        "at": now,
    }


def _is_open(each: int, sizes: Sizes) -> bool:
    return each >= sizes["closed"]


def _instance(each: int, sizes: Sizes, now: datetime) -> Row:
    item = each * TOGETHER
    running = _is_open(item, sizes)
    process, started = item * 31 % PROCESSES, now - timedelta(minutes=sizes["open"] + sizes["closed"] - item)
    return {
        "id": _id(6, each),
        "definition_id": _id(5, process),
        "process": f"process_{process}",
        "state": "running" if running else "completed",
        "client_id": _id(3, each % sizes["clients"]),
        "period": PERIODS[each % len(PERIODS)],
        "root_id": _id(6, each),
        "started_at": started,
        "ended_at": None if running else started,
        "state_body": b"",
        "version": 2,
    }


def _item(each: int, sizes: Sizes, now: datetime) -> Row:
    instance, is_open = each // TOGETHER, _is_open(each, sizes)
    process, element = instance * TOGETHER * 31 % PROCESSES, each % ELEMENTS
    opened = now - timedelta(minutes=sizes["open"] + sizes["closed"] - each)
    person = _id(2, each * 13 % PEOPLE)
    return {
        "id": _id(7, each),
        "instance_id": _id(6, instance),
        "definition_id": _id(5, process),
        "process": f"process_{process}",
        "wait": each % TOGETHER,
        "scope": 0,
        "element": f"element_{element}",
        "name": f"step {element}",
        "sole_role": _role(each),
        "state": "open" if is_open else "completed",
        "assignee_id": person if each % 3 or not is_open else None,
        "client_id": _id(3, instance % sizes["clients"]),
        "period": PERIODS[instance % len(PERIODS)],
        "priority": 30 + each * 7 % 40,
        "due_at": now + timedelta(minutes=each * 37 % 40_000 - 10_000) if each % 9 else None,
        "follow_up_at": now + timedelta(days=3) if each % 17 == 0 else None,
        "separate_from": "[]",
        "waits_for_client": each % 11 == 0,
        "opened_at": opened,
        "completed_at": None if is_open else opened,
        "completed_by": None if is_open else person,
        "version": 1,
    }


def _candidate(each: int) -> Row:
    return {"work_item_id": _id(7, each), "kind": "role", "name": _role(each)}


def _writer(store: Store, raw: Any) -> Callable[[type[Any], Iterable[Row]], None]:
    """Return what writes rows the fastest way that the driver has."""
    if store.engine.dialect.name == "sqlite":
        raw.execute("BEGIN")
        return lambda table, rows: _execute_many(raw, table, rows)
    return lambda table, rows: _copy(raw.cursor(), table, rows)


def _execute_many(raw: Any, table: type[Any], rows: Iterable[Row]) -> None:
    iterator = iter(rows)
    first = next(iterator)
    names, marks = ", ".join(_columns(table, first)), ", ".join("?" * len(first))
    statement = f"INSERT INTO {table.__tablename__} ({names}) VALUES ({marks})"  # noqa: S608 - names of columns
    raw.executemany(statement, (_for_sqlite(row.values()) for row in (first, *iterator)))


def _for_sqlite(values: Iterable[Any]) -> list[Any]:
    return [_SQLITE[type(value)](value) if type(value) in _SQLITE else value for value in values]


_SQLITE: dict[type[Any], Callable[[Any], str]] = {
    UUID: lambda value: value.hex,
    datetime: lambda value: _naive(value).isoformat(" ", "microseconds"),
}
"""How values stand in SQLite's columns."""


def _copy(cursor: Any, table: type[Any], rows: Iterable[Row]) -> None:
    iterator = iter(rows)
    first = next(iterator)
    names = ", ".join(_columns(table, first))
    with cursor.copy(f"COPY {table.__tablename__} ({names}) FROM STDIN") as copying:
        for row in (first, *iterator):
            copying.write_row(
                [_naive(value) if isinstance(value, datetime) else value for value in row.values()]
            )


def _columns(table: type[Any], row: Row) -> Sequence[str]:
    return [getattr(table, name).property.columns[0].name for name in row]


def _naive(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


def _analyze(uow: UnitOfWork) -> None:
    """Do what both databases do by themselves when rows come in over years, not at once."""
    uow.connection.exec_driver_sql("ANALYZE")
