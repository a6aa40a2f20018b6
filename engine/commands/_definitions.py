"""Deployed files as commands use them: found in the database, parsed and compiled once for each content."""

from __future__ import annotations

from collections.abc import Container, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from engine import dmn, feel, forms
from engine.bpmn import parser, specs
from engine.bpmn.moment import Decided, Moment
from engine.commands import _evaluated, surroundings
from engine.errors import NotFound
from store.prepared import Prepared
from store.tables import Definition, Resource
from store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Deployed:
    """One version of a definition."""

    id: UUID
    kind: str
    key: str
    version: int
    version_tag: str | None
    name: str
    path: str
    digest: str
    state: str


_COLUMNS = [getattr(Definition, name) for name in Deployed.__dataclass_fields__]
_QUERY = (
    select(*_COLUMNS)
    .where(Definition.kind == bindparam("b_kind"), Definition.key == bindparam("b_key"))
    .order_by(Definition.version.desc())
    .limit(1)
)
_NEWEST = Prepared(_QUERY)


def newest(
    uow: UnitOfWork, kind: str, key: str, *, version: int | None = None, version_tag: str | None = None
) -> Deployed:
    """Return the newest version of a definition, or the one asked for by number or tag; NotFound when there is none."""
    wanted = ("definition", kind, key, version, version_tag)
    if str(wanted) in uow.cache:
        found: Deployed = uow.cache[str(wanted)]
        return found
    query = _QUERY
    if version is not None:
        query = query.where(Definition.version == version)
    if version_tag is not None:
        query = query.where(Definition.version_tag == version_tag)
    which = {"b_kind": kind, "b_key": key}
    row = (
        _NEWEST.first(uow.connection, **which)
        if query is _QUERY
        else uow.connection.execute(query, which).first()
    )
    if row is None:
        named = (
            f" with the tag «{version_tag}»" if version_tag else f" in version {version}" if version else ""
        )
        raise NotFound(f"No {kind} «{key}»{named} is deployed; deploy it first.")
    uow.cache[str(wanted)] = found = Deployed(*row)
    return found


def version_beside(uow: UnitOfWork, key: str, other: Deployed) -> int:
    """Return the version of a process that was the newest when ``other`` was deployed; NotFound when there was none."""
    then = select(Definition.at).where(Definition.id == other.id).scalar_subquery()
    query = select(Definition.version).where(
        Definition.kind == "process", Definition.key == key, Definition.at <= then
    )
    found = uow.connection.scalar(query.order_by(Definition.version.desc()).limit(1))
    if found is None:
        raise NotFound(f"No process «{key}» was deployed when «{other.key}» version {other.version} was.")
    return found


def by_id(uow: UnitOfWork, definition_id: UUID) -> Deployed:
    """Return a version by its id."""
    return surroundings.of(uow).definitions.get(definition_id, lambda: _read(uow, definition_id))  # type: ignore[no-any-return]


def spec_of(uow: UnitOfWork, deployed: Deployed) -> specs.Spec:
    """Return the compiled process of a version."""
    known = surroundings.of(uow)

    def compiled() -> specs.Spec:
        model = parser.parse(body(uow, deployed.digest), deployed.path)
        return specs.compile_spec(model, deployed.key, known.functions)

    return known.files.get((deployed.digest, f"process {deployed.key}"), compiled)  # type: ignore[no-any-return]


def form_of(uow: UnitOfWork, digest: str) -> forms.Form:
    """Return the parsed form with this digest."""
    return surroundings.of(uow).files.get((digest, "form"), lambda: forms.parse(body(uow, digest)))  # type: ignore[no-any-return]


def form_digest(uow: UnitOfWork, key: str) -> str:
    """Return the digest of the newest version of a form; NotFound when there is none."""
    return newest(uow, "form", key).digest


def body(uow: UnitOfWork, digest: str) -> bytes:
    """Return the bytes of a deployed file."""
    found = uow.connection.scalar(select(Resource.body).where(Resource.digest == digest))
    if found is None:
        raise NotFound(f"The deployed file {digest} is missing; restore the database from a backup.")
    return found


def moment(uow: UnitOfWork) -> Moment:
    """Return what an advance in this transaction knows of the world."""
    if "moment" not in uow.cache:
        functions = surroundings.of(uow).functions
        uow.cache["moment"] = Moment(
            now=uow.now, zone=uow.zone, functions=functions, decide=partial(decide, uow)
        )
    found: Moment = uow.cache["moment"]
    return found


def decide(uow: UnitOfWork, decision_id: str, version_tag: str | None, context: Mapping[str, Any]) -> Decided:
    """Evaluate a decision of the newest deployed files, or of the newest with a version tag; NotFound when none has it."""
    for deployed in _decision_files(uow, version_tag):
        decisions = decisions_of(uow, deployed)
        if decision_id in decisions.ids:
            found = decisions.evaluate(decision_id, context, moment(uow).environment)
            versions = _versions(uow, deployed, {each.file for each in found.tables})
            return Decided(found.value, _evaluated.lines(versions, decisions, decision_id, found))
    tagged = f" with the tag «{version_tag}»" if version_tag else ""
    raise NotFound(
        f"No deployed decision file{tagged} has the decision «{decision_id}»; deploy one that has it."
    )


def _versions(uow: UnitOfWork, asked: Deployed, files: AbstractSet[str]) -> dict[str, tuple[UUID, int]]:
    """Return the versions of decision files by path: the one asked, and the newest of others that it uses."""
    known = [asked] if files <= {asked.path} else [*_decision_files(uow, None), asked]
    return {each.path: (each.id, each.version) for each in known}


def decisions_of(uow: UnitOfWork, deployed: Deployed) -> dmn.Decisions:
    """Return the parsed decisions of a version; what it imports is what is deployed now, the newest by namespace."""
    known = surroundings.of(uow)
    read = lambda: dmn.parse(body(uow, deployed.digest), file=deployed.path)  # noqa: E731 - made at most once
    if not heading_of(uow, deployed).imports:
        return known.files.get((deployed.digest, "decision"), read)  # type: ignore[no-any-return]
    key = f"linked {deployed.path} {deployed.digest}"
    if key not in uow.cache:
        beside = imported_files(uow, heading_of(uow, deployed))
        uow.cache[key] = dmn.parse(body(uow, deployed.digest), file=deployed.path, beside=beside)
    found: dmn.Decisions = uow.cache[key]
    return found


def heading_of(uow: UnitOfWork, deployed: Deployed) -> dmn.Heading:
    """Return the namespace and the imports of a deployed decision file."""
    read = lambda: dmn.heading(body(uow, deployed.digest), file=deployed.path)  # noqa: E731 - made at most once
    return surroundings.of(uow).files.get((deployed.digest, "heading"), read)  # type: ignore[no-any-return]


def imported_files(
    uow: UnitOfWork, heading: dmn.Heading, *, without: Container[str] = ()
) -> dict[str, bytes]:
    """Return the newest deployed files of the namespaces that a file imports, and of those that they import, by path.

    Files whose key is in ``without`` are left out.
    """
    candidates = [one for one in newest_of_kind(uow, "decision") if one.key not in without]
    found: dict[str, bytes] = {}
    wanted = [one.namespace for one in heading.imports]
    while wanted:
        namespace = wanted.pop()
        for one in candidates:
            own = heading_of(uow, one)
            if own.namespace == namespace and one.path not in found:
                found[one.path] = body(uow, one.digest)
                wanted.extend(each.namespace for each in own.imports)
    return found


def newest_of_kind(uow: UnitOfWork, kind: str) -> tuple[Deployed, ...]:
    """Return the newest version of every definition of a kind, by key."""
    query = select(*_COLUMNS).where(Definition.kind == kind).order_by(Definition.key, Definition.version)
    newest_by_key = {row.key: Deployed(**row._asdict()) for row in uow.connection.execute(query)}
    return tuple(newest_by_key.values())


def environment(uow: UnitOfWork) -> feel.Environment:
    """Return what expressions of forms see in this transaction."""
    return moment(uow).environment


def _decision_files(uow: UnitOfWork, version_tag: str | None) -> tuple[Deployed, ...]:
    if f"decisions {version_tag}" not in uow.cache:
        query = select(*_COLUMNS).where(Definition.kind == "decision")
        if version_tag is not None:
            query = query.where(Definition.version_tag == version_tag)
        rows = uow.connection.execute(query.order_by(Definition.key, Definition.version))
        uow.cache[f"decisions {version_tag}"] = tuple(
            {row.key: Deployed(**row._asdict()) for row in rows}.values()
        )
    found: tuple[Deployed, ...] = uow.cache[f"decisions {version_tag}"]
    return found


def _read(uow: UnitOfWork, definition_id: UUID) -> Deployed:
    row = uow.connection.execute(select(*_COLUMNS).where(Definition.id == definition_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no definition {definition_id}; it was never deployed here.")
    return Deployed(**row._asdict())
