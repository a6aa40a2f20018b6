"""Deployments: files are checked together, changed ones become new versions, deployed ones can be written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from engine.bpmn.problem import refusing
from engine.commands import _definitions, _reading_files, _schedule, history, surroundings
from engine.commands._definitions import Deployed
from engine.commands._reading_files import Reading
from engine.errors import DeploymentRefused, InvalidInput
from engine.people import Person, require
from store.tables import Definition, Deployment, Resource
from store.unit_of_work import UnitOfWork
from store.upserting import insert_new

DEPLOY = "processes.deploy"


@dataclass(frozen=True, slots=True)
class DeploymentResult:
    """What a deployment did. ``id`` is None when nothing had changed."""

    id: UUID | None
    new: tuple[Deployed, ...]
    unchanged: tuple[Deployed, ...]


def check(uow: UnitOfWork, files: Mapping[str, bytes]) -> list[Any]:
    """Return every problem of BPMN, DMN and form files together with what is deployed; deployable when none is an error.

    Paths are as below ``processes/``: ``<key>/<key>.bpmn``, ``<key>/*.dmn``, ``<key>/forms/*.form``, ``<key>/scenarios/*.yaml``.
    """
    return _reading_files.read(uow, files).problems


def deploy(
    uow: UnitOfWork, files: Mapping[str, bytes], *, by: Person | None, note: str = ""
) -> DeploymentResult:
    """Deploy files in one piece: only changed content makes new versions, running instances stay on theirs.

    Raises DeploymentRefused with every problem (nothing is deployed then) and NotAllowed.
    """
    if by is not None:
        require(by, DEPLOY)
    reading = _reading_files.read(uow, files)
    stopping = refusing(reading.problems)
    if stopping:
        raise DeploymentRefused(stopping)
    newest = {
        (one.kind, one.key): one
        for kind in _reading_files.KINDS
        for one in _definitions.newest_of_kind(uow, kind)
    }
    changed, unchanged = [], []
    for one in reading.found:
        known = newest.get((one.kind, one.key))
        if known is not None and known.digest == _digest(one.body):
            unchanged.append(known)
        else:
            changed.append((one, 1 if known is None else known.version + 1))
    if not changed:
        return DeploymentResult(None, (), tuple(unchanged))
    return _write(uow, changed, tuple(unchanged), by=by, note=note)


def seed(uow: UnitOfWork, files: Mapping[str, bytes]) -> DeploymentResult:
    """Deploy files into an empty installation; what was ever deployed is left alone: a start never goes over it."""
    if uow.connection.scalar(select(Deployment.id).limit(1)) is not None:
        return DeploymentResult(None, (), ())
    return deploy(uow, files, by=None, note="first installation")


def set_state(uow: UnitOfWork, process: str, state: str, *, reason: str, by: Person | None) -> None:
    """Let nobody start the newest version of a process any more (``suspended``), or again (``active``)."""
    if by is not None:
        require(by, DEPLOY)
    if state not in {"active", "suspended"} or not reason.strip():
        raise InvalidInput("Say active or suspended, and why; it is kept in the history.")
    deployed = replace(_definitions.newest(uow, "process", process), state=state)
    uow.connection.execute(update(Definition).where(Definition.id == deployed.id).values(state=state))
    uow.cache.clear()
    surroundings.of(uow).definitions.take(deployed.id)
    _schedule.subscribe(uow, deployed)
    history.note(uow, f"definition.{state}", by=by, name=process, detail={"reason": reason})


def export(connection: Connection) -> dict[str, bytes]:
    """Return the newest version of every deployed file by its path below ``processes/``."""
    query = (
        select(Definition.path, Resource.body)
        .join(Resource, Resource.digest == Definition.digest)
        .order_by(Definition.path, Definition.at, Definition.version)
    )
    return {path: body for path, body in connection.execute(query)}  # noqa: C416 - typed rows


def _write(
    uow: UnitOfWork,
    changed: list[tuple[Reading, int]],
    unchanged: tuple[Deployed, ...],
    *,
    by: Person | None,
    note: str,
) -> DeploymentResult:
    person_id, deployment_id = None if by is None else by.id, uow.new_id()
    deployment = {"id": deployment_id, "at": uow.now, "by": person_id, "note": note}
    uow.connection.execute(insert(Deployment), [deployment])
    resources = insert_new(uow.connection.dialect.name, Resource)
    bodies = [{"digest": _digest(one.body), "body": one.body} for one, _ in changed]
    uow.connection.execute(resources, bodies)
    rows = [_row(uow, one, version, deployment_id) for one, version in changed]
    uow.connection.execute(insert(Definition), rows)
    uow.cache.clear()  # what was looked up in this transaction may be older than what is deployed now
    new = tuple(Deployed(**{name: row[name] for name in Deployed.__dataclass_fields__}) for row in rows)
    for deployed in new:
        if deployed.kind == "process":
            _schedule.subscribe(uow, deployed)
    shown = [f"{one.kind} {one.key} v{one.version}" for one in new]
    history.note(uow, "definitions.deployed", by=by, name=note, detail={"new": shown})
    return DeploymentResult(deployment_id, new, unchanged)


def _row(uow: UnitOfWork, one: Reading, version: int, deployment_id: UUID) -> dict[str, Any]:
    return {
        "id": uow.new_id(),
        "kind": one.kind,
        "key": one.key,
        "version": version,
        "version_tag": one.version_tag,
        "name": one.name,
        "path": one.path,
        "digest": _digest(one.body),
        "deployment_id": deployment_id,
        "state": "active",
        "owner_role": one.owner_role,
        "at": uow.now,
    }


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()
