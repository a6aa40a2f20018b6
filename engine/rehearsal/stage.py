"""A stage for one scenario: a temporary store with its own clock, its people, one client, and stubs where they are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from engine import feel
from engine.bpmn import parser
from engine.commands import deployments, surroundings
from engine.errors import InvalidInput
from engine.people import ACTIONS, ROLES, Person
from engine.rehearsal.scenario import ZONE, Scenario, load
from engine.rehearsal.stubs import Stubs, process_xml
from engine.service_tasks import Handlers
from engine.worker import Worker
from store import schema
from store.clock import TestClock
from store.connecting import connect
from store.tables import (
    Client,
    ClientContact,
    ClientStaff,
    Contract,
    FirmSetting,
    PersonRole,
    Role,
    ScopeItem,
)
from store.tables import Person as PersonRow
from store.unit_of_work import Store, UnitOfWork

DEFINITIONS = (".bpmn", ".dmn", ".form")
SETTINGS, RESULTS = "settings.yaml", "rehearsal.yaml"

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scenario is played on; ``people`` by login."""

    store: Store
    clock: TestClock
    worker: Worker
    stubs: Stubs
    people: Mapping[str, Person]
    client: UUID


@dataclass(slots=True)
class Letters:
    """Takes the mail of a rehearsal, which goes nowhere."""

    sent: list[Any] = field(default_factory=list)

    def send(self, message: Any, key: str) -> None:
        """Take one message."""
        del key
        self.sent.append(message)


@contextmanager
def set_up(scenario: Scenario, library: Files, handlers: Handlers | None) -> Iterator[Stage]:
    """Build the stage of a scenario in a temporary folder; ``library`` holds the files below processes/ by path."""
    with TemporaryDirectory(prefix="zhangfang-rehearsal-") as folder:
        Path(folder, "rehearsal.db").write_bytes(_empty_database())
        clock = TestClock(scenario.now)
        store = Store(
            f"sqlite:///{folder}/rehearsal.db",
            clock=clock,
            documents_folder=Path(folder) / "papers",
            zone=ZONE,
        )
        try:
            yield _furnish(store, clock, scenario, library=library, handlers=handlers)
        finally:
            store.dispose()


@cache
def _empty_database() -> bytes:
    """Return an SQLite file with all tables and no row: migrating anew would take half the time of a scenario."""
    with TemporaryDirectory(prefix="zhangfang-rehearsal-") as folder:
        path = Path(folder) / "empty.db"
        engine = connect(f"sqlite:///{path}")
        schema.upgrade(engine)
        engine.dispose()
        return path.read_bytes()


def _furnish(
    store: Store, clock: TestClock, scenario: Scenario, *, library: Files, handlers: Handlers | None
) -> Stage:
    results = {topic: [value] for topic, value in _yaml(library, RESULTS, {}).items()}
    stubs = Stubs({**results, **{topic: list(value) for topic, value in scenario.jobs.items()}})
    played = _played(scenario, library)
    topics = _topics(played)
    # A topic that no process names is a job that some handler queues for itself.
    stubbed = (topics | results.keys()) - scenario.real
    real = [handler for handler in handlers or () if scenario.real and handler.topic not in stubbed]
    known = stubs.handlers(topics, real)
    surroundings.attach(store, handlers=known)
    people, client = store.run(_populate, scenario, _settings(scenario, library))
    store.run(deployments.deploy, played, by=None)
    return Stage(store, clock, Worker(store, mail=Letters()), stubs, people, client)


def _played(scenario: Scenario, library: Files) -> dict[str, bytes]:
    """Return the library with every process but the scenario's own replaced by one that waits for an answer."""
    played = {}
    found = False
    for path, body in library.items():
        if not path.endswith(DEFINITIONS):
            continue
        played[path] = body
        if path.endswith(".bpmn"):
            own = Path(path).stem
            found = found or own == scenario.process
            if own != scenario.process:
                played[path] = process_xml(
                    own, _codes(scenario, own, "error"), _codes(scenario, own, "escalate")
                )
    if not found:
        raise InvalidInput(f"{scenario.file}: there is no process «{scenario.process}» in the library.")
    return played


def _codes(scenario: Scenario, process: str, kind: str) -> list[str]:
    return [step[kind] for step in scenario.steps if step.get("call") == process and kind in step]


def _topics(played: Files) -> set[str]:
    models = [parser.parse(body, path) for path, body in played.items() if path.endswith(".bpmn")]
    elements = [
        element for model in models for process in model.processes for element in process.elements.values()
    ]
    return {element.topic for element in elements if element.topic}


def _settings(scenario: Scenario, library: Files) -> dict[str, Any]:
    rows = _yaml(library, SETTINGS, [])
    return {**{row["key"]: row["value"] for row in rows}, **scenario.settings}


def _yaml(library: Files, name: str, default: Any) -> Any:
    return load(library[name], name) if name in library else default


def _populate(
    uow: UnitOfWork, scenario: Scenario, settings: Mapping[str, Any]
) -> tuple[dict[str, Person], UUID]:
    for position, (key, (name, name_en, _)) in enumerate(ROLES.items()):
        uow.session.add(Role(key=key, name=name, name_en=name_en, position=position))
    people = {login: _person(uow, login, roles) for login, roles in _cast(scenario).items()}
    for key, value in settings.items():
        stored = {"value": feel.to_json(feel.native(value))}
        uow.session.add(FirmSetting(key=key, value=stored, at=uow.now, by=None))
    return people, _client(uow, scenario.client, people)


def _cast(scenario: Scenario) -> dict[str, frozenset[str]]:
    """Return who plays: one person for each role, those whom steps name, and the client's staff."""
    cast = {role: {role} for role in ROLES}
    for role, login in scenario.client.get("staff", {}).items():
        cast.setdefault(login, set()).add(role)
    for step in scenario.steps:
        if "do" in step and step.get("as") in ROLES:
            cast.setdefault(step.get("by", step["as"]), set()).add(step["as"])
    return {login: frozenset(roles) for login, roles in cast.items()}


def _person(uow: UnitOfWork, login: str, roles: frozenset[str]) -> Person:
    new_id = uow.new_id()
    uow.session.add(PersonRow(id=new_id, login=login, name=login))
    uow.session.flush()
    uow.session.add_all(PersonRole(person_id=new_id, role_key=role) for role in roles if role in ROLES)
    return Person(id=new_id, login=login, name=login, roles=roles, actions=frozenset(ACTIONS))


def _client(uow: UnitOfWork, given: Mapping[str, Any], people: Mapping[str, Person]) -> UUID:
    new_id = uow.new_id()
    uow.session.add(
        Client(
            id=new_id,
            code=given["code"],
            name=given["name"],
            klass=given["class"],
            taxpayer_type=given["taxpayer_type"],
            status=given["status"],
            profile=feel.to_json(feel.native(given["profile"])),
            created_at=uow.now,
        )
    )
    uow.session.flush()
    uow.session.add(ClientContact(id=uow.new_id(), client_id=new_id, main=True, **given["contact"]))
    for role, login in given["staff"].items():
        uow.session.add(ClientStaff(client_id=new_id, role_key=role, person_id=people[login].id))
    if given["contract"]:
        _contract(uow, new_id, given["contract"])
    return new_id


def _contract(uow: UnitOfWork, client_id: UUID, given: Mapping[str, Any]) -> None:
    """Write the signed contract of the client: starts_on, ends_on, monthly_fee, services (codes)."""
    row = Contract(
        id=uow.new_id(),
        number=str(given.get("number", "HT-1")),
        client_id=client_id,
        state="signed",
        starts_on=given["starts_on"],
        ends_on=given["ends_on"],
        monthly_fee=Decimal(str(given.get("monthly_fee", 0))),
        terms={},
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    services = given.get("services") or ()
    uow.session.add_all(ScopeItem(contract_id=row.id, code=code, name=code) for code in services)
