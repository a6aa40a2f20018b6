"""A firm of chance for questions of the desk: written straight into the tables, and asked in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from store.queries.desk_filter import DeskFilter
from store.queries.desk_views import View
from store.queries.scope import Scope
from store.tables import (
    Candidate,
    Client,
    ClientStaff,
    Definition,
    Deployment,
    Instance,
    Person,
    Resource,
    Role,
    Team,
    WorkItem,
)
from store.unit_of_work import UnitOfWork
from tests.engine.bpmn.reference.choices import Choices

ROLES = ("bookkeeper", "reviewer", "tax_clerk")
PERIODS = ("2026-07", "2026-08", None)
NAMES = ("Check", "Book", "check the books", "做账")
CLIENTS = ("晨光贸易", "远航科技", "Alpha Trade", "晨曦 100%", "安达")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """All rows that a question of the desk may touch."""

    scopes: Sequence[Scope]
    clients: dict[UUID, Row]
    staff: Sequence[Row]
    definitions: dict[UUID, Row]
    items: Sequence[Row]
    candidates: dict[UUID, list[tuple[str, str]]]


def office(uow: UnitOfWork, chance: Choices, *, items: int) -> Office:
    """Write a firm of chance and return what was written."""
    teams = [{"id": uow.new_id(), "name": f"Team {each}"} for each in range(2)]
    people = [{"id": uow.new_id(), "login": f"p{each}", "name": f"P{each}"} for each in range(4)]
    clients = [_client(uow, chance, number, teams) for number in range(12)]
    staff = [
        {"client_id": each["id"], "role_key": "bookkeeper", "person_id": chance.one_of(people)["id"]}
        for each in clients
        if chance.chance(50)
    ]
    deployment: Row = {"id": uow.new_id(), "at": uow.now}
    definitions = [_definition(uow, number, deployment["id"]) for number in range(4)]
    instances = [_instance(uow, chance, definitions, clients) for _ in range(items)]
    rows = [_item(uow, chance, each, people) for each in instances]
    candidates = {row["id"]: _candidates(chance, row, people) for row in rows}
    written: list[tuple[type[Any], list[Row]]] = [
        (Role, [{"key": each, "name": each, "name_en": each} for each in ROLES]),
        (Team, teams),
        (Person, people),
        (Client, clients),
        (ClientStaff, staff),
        (Resource, [{"digest": "0" * 64, "body": b""}]),
        (Deployment, [deployment]),
        (Definition, definitions),
        (Instance, instances),
        (WorkItem, rows),
        (Candidate, list(_candidate_rows(candidates))),
    ]
    for table, content in written:
        uow.connection.execute(insert(table), content)
    scopes = [_scope(chance, each, teams) for each in people]
    return Office(scopes, _by_id(clients), staff, _by_id(definitions), rows, candidates)


def answer(firm: Office, scope: Scope, now: datetime, view: View, filters: DeskFilter) -> list[Row]:
    """Return the rows that a view and a filter leave, in no order: one condition after the other, row by row."""
    return [
        row
        for row in firm.items
        if row["state"] == "open"
        and _sees(firm, scope, row)
        and _in_view(firm, scope, now, view, row)
        and _passes(firm, filters, row)
    ]


def in_order(firm: Office, rows: Sequence[Row], sort: str) -> list[UUID]:
    """Return the ids in the order that a sort asks for: what lacks the key comes last."""

    def key(row: Row) -> Any:
        client, definition = firm.clients.get(row["client_id"]), firm.definitions[row["definition_id"]]
        joined = {"client": client and client["name"], "process": definition["name"]}
        name = sort.removeprefix("-")
        return joined[name] if name in joined else row[name]

    downwards = sort.startswith("-")
    known = [row for row in rows if key(row) is not None]
    rest = [row for row in rows if key(row) is None]
    ordered = sorted(known, key=lambda row: (key(row), row["id"].hex), reverse=downwards)
    return [row["id"] for row in [*ordered, *sorted(rest, key=lambda row: row["id"].hex, reverse=downwards)]]


def _client(uow: UnitOfWork, chance: Choices, number: int, teams: list[Row]) -> Row:
    team = chance.one_of([*teams, None])
    name = f"{chance.one_of(CLIENTS)} {number % 4}"
    return {
        "id": uow.new_id(),
        "code": f"{number:04}",
        "name": name,
        "team_id": team and team["id"],
        "created_at": uow.now,
    }


def _definition(uow: UnitOfWork, number: int, deployment: UUID) -> Row:
    """Two versions of each of two processes; the versions differ in name."""
    process, version = divmod(number, 2)
    return {
        "id": uow.new_id(),
        "kind": "process",
        "key": f"process_{process}",
        "version": version + 1,
        "name": ("Payroll", "做账流程", "Books", "Payroll")[number],
        "path": "p.bpmn",
        "digest": "0" * 64,
        "deployment_id": deployment,
        "at": uow.now,
    }


def _instance(uow: UnitOfWork, chance: Choices, definitions: list[Row], clients: list[Row]) -> Row:
    new, definition, client = uow.new_id(), chance.one_of(definitions), chance.one_of([*clients, None])
    return {
        "id": new,
        "definition_id": definition["id"],
        "process": definition["key"],
        "state": "running",
        "client_id": client and client["id"],
        "period": chance.one_of(PERIODS),
        "root_id": new,
        "started_at": uow.now,
        "state_body": b"",
        "version": 1,
    }


def _item(uow: UnitOfWork, chance: Choices, instance: Row, people: list[Row]) -> Row:
    assignee = chance.one_of([*people, None, None])
    return {
        "id": uow.new_id(),
        "instance_id": instance["id"],
        "definition_id": instance["definition_id"],
        "process": instance["process"],
        "wait": 1,
        "scope": 0,
        "element": chance.one_of(("a", "b")),
        "name": chance.one_of(NAMES),
        "state": chance.one_of(("open", "open", "open", "open", "completed")),
        "assignee_id": assignee and assignee["id"],
        "client_id": instance["client_id"],
        "period": instance["period"],
        "priority": chance.one_of((30, 50, 70)),
        "due_at": chance.one_of((None, *(uow.now + timedelta(days=days) for days in (-3, -1, 2, 9)))),
        "follow_up_at": chance.one_of((None, None, None, uow.now - timedelta(1), uow.now + timedelta(1))),
        "waits_for_client": chance.chance(30),
        "opened_at": uow.now - timedelta(hours=chance.below(6)),
        "separate_from": [],
        "version": 1,
        "sole_role": None,
    }


def _candidates(chance: Choices, row: Row, people: list[Row]) -> list[tuple[str, str]]:
    roles = [("role", each) for each in ROLES if chance.chance(40)]
    persons = [("person", each["login"]) for each in people if chance.chance(10)]
    found = [*roles, *persons]
    if len(found) == 1 and found[0][0] == "role":
        row["sole_role"] = found[0][1]
    return found


def _candidate_rows(candidates: dict[UUID, list[tuple[str, str]]]) -> Iterator[Row]:
    for item, found in candidates.items():
        for kind, name in found:
            yield {"work_item_id": item, "kind": kind, "name": name}


def _scope(chance: Choices, person: Row, teams: list[Row]) -> Scope:
    roles = frozenset(each for each in ROLES if chance.chance(60))
    theirs = frozenset(each["id"] for each in teams if chance.chance(50))
    return Scope(person["id"], person["login"], roles, theirs, all_clients=chance.chance(25))


def _by_id(rows: list[Row]) -> dict[UUID, Row]:
    return {row["id"]: row for row in rows}


def _sees_client(firm: Office, scope: Scope, client: UUID) -> bool:
    theirs = [each["person_id"] for each in firm.staff if each["client_id"] == client]
    team = firm.clients[client]["team_id"]
    nobodys = team is None and not theirs
    return scope.all_clients or scope.person_id in theirs or team in scope.teams or nobodys


def _for_roles(firm: Office, scope: Scope, row: Row) -> bool:
    return any(("role", role) in firm.candidates[row["id"]] for role in scope.roles)


def _is_named(firm: Office, scope: Scope, row: Row) -> bool:
    return ("person", scope.login) in firm.candidates[row["id"]]


def _sees(firm: Office, scope: Scope, row: Row) -> bool:
    if scope.all_clients or row["assignee_id"] == scope.person_id or _is_named(firm, scope, row):
        return True
    if row["client_id"] is None:
        return _for_roles(firm, scope, row)
    return _sees_client(firm, scope, row["client_id"])


def _may_take(firm: Office, scope: Scope, row: Row) -> bool:
    seen = row["client_id"] is None or _sees_client(firm, scope, row["client_id"])
    return _is_named(firm, scope, row) or (seen and _for_roles(firm, scope, row))


def _in_view(firm: Office, scope: Scope, now: datetime, view: View, row: Row) -> bool:
    awake = row["follow_up_at"] is None or row["follow_up_at"] <= now
    mine = row["assignee_id"] == scope.person_id
    found: dict[View, bool] = {
        "mine": mine and awake,
        "postponed": mine and not awake,
        "unassigned": row["assignee_id"] is None and awake and _may_take(firm, scope, row),
        "team": row["assignee_id"] is not None and not mine,
        "waiting": row["waits_for_client"],
        "overdue": row["due_at"] is not None and row["due_at"] < now,
        "all": True,
    }
    return found[view]


def _passes(firm: Office, filters: DeskFilter, row: Row) -> bool:
    client = firm.clients.get(row["client_id"]) or {"name": "", "code": ""}
    definition = firm.definitions[row["definition_id"]]
    logins = {scope.person_id: scope.login for scope in firm.scopes}
    words = (row["name"], definition["name"], client["name"], client["code"])
    due = row["due_at"]
    return all(
        (
            filters.client_id in (None, row["client_id"]),
            filters.process in (None, row["process"]),
            filters.element in (None, row["element"]),
            filters.period in (None, row["period"]),
            filters.assignee in (None, logins.get(row["assignee_id"], "")),
            filters.role is None or ("role", filters.role) in firm.candidates[row["id"]],
            filters.due_before is None or (due is not None and due < filters.due_before),
            not filters.text or any(filters.text.casefold() in word.casefold() for word in words),
        )
    )
