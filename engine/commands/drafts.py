"""Drafts: what process owners work on before they deploy it."""

from __future__ import annotations

from pathlib import PurePosixPath

from sqlalchemy import delete, insert, select, update

from engine.commands import deployments, history
from engine.commands.deployments import DeploymentResult
from engine.errors import Conflict, InvalidInput, NotFound
from engine.people import Person, require
from store.tables import Definition, Draft
from store.unit_of_work import UnitOfWork

DRAFT = "processes.draft"
KINDS = {".bpmn": "process", ".dmn": "decision", ".form": "form", ".yaml": "scenario", ".yml": "scenario"}


def save(uow: UnitOfWork, path: str, body: bytes, *, by: Person | None, version: int = 0) -> int:
    """Keep the draft of a file and return its new version. ``version`` is the one it was edited from, 0 for a new draft.

    A draft may be broken; it is checked when it is deployed. Raises Conflict when somebody saved it meanwhile.
    """
    if by is not None:
        require(by, DRAFT)
    kind = KINDS.get(PurePosixPath(path).suffix)
    if kind is None:
        raise InvalidInput(f"«{path}» is no process file; its name ends in {', '.join(KINDS)}.")
    known = uow.connection.scalar(select(Draft.version).where(Draft.path == path))
    if (known or 0) != version:
        raise Conflict(f"The draft of «{path}» was saved by somebody else meanwhile; look at theirs first.")
    values = {"body": body, "by": None if by is None else by.id, "at": uow.now, "version": version + 1}
    if known is None:
        based_on = _deployed_at(uow, path)
        key = PurePosixPath(path).stem
        row = {"path": path, "kind": kind, "key": key, "based_on": based_on, **values}
        uow.connection.execute(insert(Draft), [row])
    else:
        uow.connection.execute(update(Draft).where(Draft.path == path).values(values))
    return version + 1


def discard(uow: UnitOfWork, path: str, *, by: Person | None) -> None:
    """Throw a draft away; NotFound when there is none."""
    if by is not None:
        require(by, DRAFT)
    if uow.connection.execute(delete(Draft).where(Draft.path == path)).rowcount == 0:
        raise NotFound(f"There is no draft of «{path}».")
    history.note(uow, "draft.discarded", by=by, name=path)


def deploy(uow: UnitOfWork, paths: list[str], *, by: Person | None, note: str = "") -> DeploymentResult:
    """Deploy drafts in one piece; they are gone then. Raises NotFound, DeploymentRefused (nothing changes), NotAllowed."""
    rows = uow.connection.execute(select(Draft.path, Draft.body).where(Draft.path.in_(paths)))
    files = {path: body for path, body in rows}  # noqa: C416 - typed rows
    missing = [path for path in paths if path not in files]
    if missing:
        raise NotFound(f"There is no draft of «{missing[0]}».")
    result = deployments.deploy(uow, files, by=by, note=note)
    uow.connection.execute(delete(Draft).where(Draft.path.in_(paths)))
    return result


def _deployed_at(uow: UnitOfWork, path: str) -> object:
    query = select(Definition.id).where(Definition.path == path).order_by(Definition.version.desc()).limit(1)
    return uow.connection.scalar(query)
