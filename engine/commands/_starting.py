"""The beginning of an instance, called by a person, an event or another instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from engine.bpmn import runtime
from engine.bpmn.model import ProcessSettings
from engine.bpmn.places import Target
from engine.bpmn.step import Step
from engine.commands import _definitions, _running, _special, history
from engine.commands._definitions import Deployed
from engine.commands._running import Live, Running
from engine.commands._writes import Writes
from engine.commands.history import Fact
from engine.errors import AlreadyRunning, Conflict, InvalidInput
from store.prepared import Prepared
from store.tables import Instance
from store.unit_of_work import UnitOfWork

DEEPEST = 50
OPEN_STATES = ("running", "suspended")
_HOLDER = Prepared(
    select(Instance.id).where(
        Instance.process == bindparam("b_process"),
        Instance.business_key == bindparam("b_key"),
        or_(*(Instance.state == state for state in OPEN_STATES)),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is to start: the newest version of ``process`` unless ``version`` or ``version_tag`` says which.

    ``element`` is the start event, none for the one without an event; ``at`` a place in the middle instead.
    ``as_deployed``: the version that was the newest when that of ``parent`` was deployed.
    """

    process: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    client_id: UUID | None = None
    period: str | None = None
    business_key: str | None = None
    initiator: str | None = None
    person_id: UUID | None = None
    version: int | None = None
    version_tag: str | None = None
    as_deployed: bool = False
    element: str | None = None
    at: Target | None = None
    parent: Running | None = None
    parent_wait: int | None = None
    parent_element: str | None = None


def begin(uow: UnitOfWork, writes: Writes, beginning: Beginning) -> tuple[Running, Step]:
    """Start an instance in memory and note its row; AlreadyRunning when its business key is taken."""
    version = beginning.version
    if beginning.as_deployed and beginning.parent is not None:
        version = _definitions.version_beside(uow, beginning.process, beginning.parent.definition)
    definition = _definitions.newest(
        uow, "process", beginning.process, version=version, version_tag=beginning.version_tag
    )
    _must_be_startable(definition, beginning)
    spec = _definitions.spec_of(uow, definition)
    client = None if beginning.client_id is None else _special.client_context(uow, beginning.client_id)
    key = beginning.business_key or _key_by_policy(spec.process.settings, client, beginning)
    _must_be_free(uow, writes, definition, key)
    known = {_special.CLIENT: client, _special.SETTINGS: _special.settings_context(uow)}
    named = {
        _special.PERIOD: beginning.period,
        _special.BUSINESS_KEY: key,
        _special.INITIATOR: beginning.initiator,
    }
    moment = _definitions.moment(uow)
    if beginning.at is not None:
        case, step = runtime.start_at(spec, {**named, **beginning.variables, **known}, moment, beginning.at)
    else:
        called = beginning.parent is not None
        variables = {**beginning.variables, **known, **named}
        variables = {
            name: value
            for name, value in variables.items()
            if value is not None or name not in _special.NAMES
        }
        case, step = runtime.start(spec, variables, moment, element=beginning.element, called=called)
    return _begun(uow, writes, beginning, _running_of(uow, definition, beginning, key=key, case=case)), step


def _must_be_startable(definition: Deployed, beginning: Beginning) -> None:
    if definition.state != "active":
        raise Conflict(f"The process «{definition.key}» is suspended; activate it to start it.")
    if beginning.parent is not None and beginning.parent.depth >= DEEPEST:
        raise Conflict(
            f"«{definition.key}» would be the {DEEPEST + 1}th call inside another: does a process call itself?"
        )


def _key_by_policy(
    policy: ProcessSettings, client: Mapping[str, Any] | None, beginning: Beginning
) -> str | None:
    if policy.key == "none" or client is None:
        return None
    if policy.key == "client":
        return f"client:{client['code']}"
    if not beginning.period:
        raise InvalidInput(
            f"«{beginning.process}» runs once for each client and period; start it with a period such as 2026-08."
        )
    return f"client:{client['code']}:{beginning.period}"


def _must_be_free(uow: UnitOfWork, writes: Writes, definition: Deployed, key: str | None) -> None:
    if key is None:
        return
    held = _HOLDER.scalar(uow.connection, b_process=definition.key, b_key=key) is not None
    if held or writes.pending_key(definition.key, key):
        raise AlreadyRunning(
            f"«{definition.name}» is running for {key} already; finish or cancel that one first."
        )


def _running_of(
    uow: UnitOfWork, definition: Deployed, beginning: Beginning, *, key: str | None, case: runtime.Case
) -> Running:
    new_id, parent = uow.new_id(), beginning.parent
    return Running(
        id=new_id,
        definition=definition,
        process=definition.key,
        state="suspended" if parent is not None and parent.state == "suspended" else "running",
        business_key=key,
        client_id=beginning.client_id,
        period=beginning.period,
        parent_id=None if parent is None else parent.id,
        parent_wait=beginning.parent_wait,
        root_id=new_id if parent is None else parent.root_id,
        version=1,
        live=Live(case, {}),
        depth=0 if parent is None else parent.depth + 1,
    )


def _begun(uow: UnitOfWork, writes: Writes, beginning: Beginning, running: Running) -> Running:
    _running.begin(uow, running)
    if running.client_id is None:
        history.begin_chain(uow, running.id)
    writes.started[running.id] = {
        "id": running.id,
        "definition_id": running.definition.id,
        "process": running.process,
        "business_key": running.business_key,
        "client_id": running.client_id,
        "period": running.period,
        "parent_id": running.parent_id,
        "parent_wait": running.parent_wait,
        "parent_element": beginning.parent_element,
        "depth": running.depth,
        "root_id": running.root_id,
        "started_at": uow.now,
        "started_by": beginning.person_id,
        "version": 1,
    }
    writes.facts.append(
        Fact(
            kind="instance.started",
            instance_id=running.id,
            client_id=running.client_id,
            process=running.process,
            element=beginning.element if beginning.at is None else beginning.at.element,
            name=running.definition.name,
            person_id=beginning.person_id,
            plain={
                "version": running.definition.version,
                "business_key": running.business_key,
                "parent": None if running.parent_id is None else str(running.parent_id),
            },
        )
    )
    return running
