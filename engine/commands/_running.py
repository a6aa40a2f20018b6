"""Instances as commands hold them: the locked row, and the live case that belongs to its version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select

from engine import feel
from engine.bpmn import runtime, state
from engine.commands import _definitions, surroundings
from engine.commands._definitions import Deployed
from engine.errors import Conflict, NotFound
from store.prepared import Prepared
from store.tables import Instance, InstanceVariable
from store.unit_of_work import UnitOfWork

COLUMNS = (
    Instance.id,
    Instance.definition_id,
    Instance.process,
    Instance.state,
    Instance.business_key,
    Instance.client_id,
    Instance.period,
    Instance.parent_id,
    Instance.parent_wait,
    Instance.root_id,
    Instance.depth,
    Instance.version,
)
SEVERAL = 3
"""Instances from which on reading them together is cheaper than one by one."""
LOCKED = "rows"
"""Where a transaction keeps the rows of instances that it has locked and not looked at yet."""
STORED = "stored"
"""Where a transaction keeps what it has read of many instances at once and not made cases of yet."""
_BODIES = select(Instance.id, Instance.state_body).where(Instance.id.in_(bindparam("b_ids", expanding=True)))
_THEIR_VARIABLES = select(
    InstanceVariable.instance_id, InstanceVariable.scope, InstanceVariable.name, InstanceVariable.value
).where(InstanceVariable.instance_id.in_(bindparam("b_ids", expanding=True)))
_LOCK = Prepared(select(*COLUMNS).where(Instance.id == bindparam("b_id")).with_for_update())
_BODY = Prepared(select(Instance.state_body).where(Instance.id == bindparam("b_id")))
_VARIABLES = Prepared(
    select(InstanceVariable.scope, InstanceVariable.name, InstanceVariable.value).where(
        InstanceVariable.instance_id == bindparam("b_id")
    )
)


@dataclass(slots=True)
class Live:
    """A case in memory; ``kinds`` tells what kind of row stands behind each open wait.

    ``spoilt``: it went further than the rows, which were rolled back to a savepoint; nobody may use it again.
    """

    case: runtime.Case
    kinds: dict[int, str]
    spoilt: bool = False

    def __del__(self) -> None:
        """Let the case go with its holder, whether it has ended or its place in memory went to another."""
        self.case.let_go()


@dataclass(slots=True)
class Stored:
    """What the rows hold of an instance: its state, and its variables as (scope, name, text)."""

    body: bytes
    variables: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Running:
    """One instance, locked in this transaction. ``handled``: waits whose row the command itself has dealt with."""

    id: UUID
    definition: Deployed
    process: str
    state: str
    business_key: str | None
    client_id: UUID | None
    period: str | None
    parent_id: UUID | None
    parent_wait: int | None
    root_id: UUID
    depth: int
    version: int
    live: Live
    handled: set[int] = field(default_factory=set)

    @property
    def case(self) -> runtime.Case:
        """The live case."""
        return self.live.case


def lock(uow: UnitOfWork, instance_id: UUID) -> Running:
    """Lock an instance and return it with its case; NotFound when there is none."""
    held = _held(uow)
    if instance_id not in held:
        row = _LOCK.first(uow.connection, b_id=instance_id)
        if row is None:
            raise NotFound(f"There is no instance {instance_id}.")
        return hold(uow, row)
    return held[instance_id]


def hold(uow: UnitOfWork, row: Sequence[Any]) -> Running:
    """Return the instance of a locked row (with ``COLUMNS`` first) with its case, from memory when its version is there."""
    held = _held(uow)
    if row[0] not in held:
        values = dict(zip((column.key for column in COLUMNS), row, strict=False))
        definition = _definitions.by_id(uow, values.pop("definition_id"))
        live = _from_memory(uow, row[0], values["version"]) or _from_rows(uow, definition, row[0])
        held[row[0]] = Running(definition=definition, live=live, **values)
    return held[row[0]]


def read_ahead(uow: UnitOfWork, rows: Iterable[Sequence[Any]]) -> None:
    """Read what the rows hold of locked instances that are not in memory: two statements, however many there are."""
    cases = surroundings.of(uow).cases
    wanted = [row[0] for row in rows if not _is_kept(cases.peek(row[0]), row[-1])]
    if len(wanted) < SEVERAL:
        return
    which = {"b_ids": sorted(wanted)}
    stored = {key: Stored(body) for key, body in uow.connection.execute(_BODIES, which)}
    for key, scope, name, value in uow.connection.execute(_THEIR_VARIABLES, which):
        stored[key].variables.append((scope, name, value))
    uow.cache[STORED] = stored


def begin(uow: UnitOfWork, running: Running) -> None:
    """Take a new instance among those that this transaction holds."""
    _held(uow)[running.id] = running


def must_run(running: Running) -> None:
    """Raise Conflict unless the instance is running."""
    if running.state != "running":
        raise Conflict(
            f"The instance {running.id} of «{running.process}» is {running.state}; it does not go on"
            + (" until it is resumed." if running.state == "suspended" else ".")
        )


def keep(uow: UnitOfWork, running: Running) -> None:
    """Keep the live case for the next command, once this transaction is committed."""
    known, version, live = surroundings.of(uow).cases, running.version, running.live
    if not live.case.completed:
        uow.after_commit(lambda: None if live.spoilt else known.put(running.id, (version, live)))


def forget_all(uow: UnitOfWork) -> None:
    """Let go of all instances: a savepoint was rolled back, and what their cases hold is not what the rows hold.

    Nor is a case kept that an earlier command of this transaction wrote: the one that failed may have moved it on.
    """
    for running in _held(uow).values():
        running.live.spoilt = True
    _held(uow).clear()
    uow.cache.pop(LOCKED, None)
    uow.cache.pop(STORED, None)


def variable_text(value: Any) -> str:
    """Return a variable as it is stored."""
    return msgspec.json.encode(feel.to_json(value)).decode()


def variable_value(text: str) -> Any:
    """Return a stored variable."""
    return feel.from_json(msgspec.json.decode(text))


def _held(uow: UnitOfWork) -> dict[UUID, Running]:
    held: dict[UUID, Running] = uow.cache.setdefault("instances", {})
    return held


def _from_memory(uow: UnitOfWork, instance_id: UUID, version: int) -> Live | None:
    kept = surroundings.of(uow).cases.take(instance_id)
    return kept[1] if _is_kept(kept, version) else None


def _is_kept(kept: tuple[int, Live] | None, version: int) -> TypeGuard[tuple[int, Live]]:
    return kept is not None and kept[0] == version


def _from_rows(uow: UnitOfWork, definition: Deployed, instance_id: UUID) -> Live:
    stored: Stored | None = uow.cache.get(STORED, {}).pop(instance_id, None)
    if stored is None:
        body = _BODY.scalar(uow.connection, b_id=instance_id)
        case = load_case(uow, definition, instance_id, body or b"")
    else:
        variables = [(scope, name, variable_value(value)) for scope, name, value in stored.variables]
        case = state.load(_definitions.spec_of(uow, definition), stored.body, variables)
    return Live(case, {wait: info.kind for wait, info in case.waits.items()})


def load_case(uow: UnitOfWork, definition: Deployed, instance_id: UUID, body: bytes) -> runtime.Case:
    """Return the case that is stored for an instance."""
    rows = _VARIABLES.rows(uow.connection, b_id=instance_id)
    variables = [(scope, name, variable_value(value)) for scope, name, value in rows]
    return state.load(_definitions.spec_of(uow, definition), body, variables)
