"""From files to definitions: what each file holds, and every problem of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select

from engine import dmn, feel, forms
from engine.bpmn import gate, parser
from engine.bpmn.problem import Problem
from engine.commands import _definitions, surroundings
from engine.commands._special import NAMES
from engine.errors import DecisionError, DeploymentRefused
from engine.people import CLIENT_CONTACT, ROLES
from store.tables import Role
from store.unit_of_work import UnitOfWork

KINDS = ("process", "decision", "form", "scenario")
TOP = "processes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What will be one definition."""

    kind: str
    key: str
    path: str
    body: bytes
    name: str
    version_tag: str | None = None
    owner_role: str | None = None


@dataclass(slots=True)
class Findings:
    """What was read, the ids of the decisions in it, all decision files that are given, and what is wrong."""

    found: list[Reading] = field(default_factory=list)
    decisions: set[str] = field(default_factory=set)
    tables: dict[str, bytes] = field(default_factory=dict)
    problems: list[Any] = field(default_factory=list)


def read(uow: UnitOfWork, files: Mapping[str, bytes]) -> Findings:
    """Read files and check them together with what is deployed already."""
    findings, diagrams = Findings(), {}
    findings.tables.update((_below_top(path), body) for path, body in files.items() if path.endswith(".dmn"))
    for given in sorted(files):
        path, body = _below_top(given), files[given]
        suffix = PurePosixPath(path).suffix
        if suffix == ".bpmn":
            diagrams[path] = body
        elif suffix in _READERS:
            _READERS[suffix](uow, findings, path, body)
        else:
            findings.problems.append(_problem(path, "file-kind", "This is no process file.", "Leave it out."))
    _check_importing(uow, findings)
    findings.problems.extend(gate.check(diagrams, _known(uow, findings)))
    for path, body in diagrams.items():
        _read_diagram(findings, path, body)
    _refuse_twice(findings)
    findings.problems.sort(key=lambda problem: str(getattr(problem, "file", "")))
    return findings


def _read_diagram(findings: Findings, path: str, body: bytes) -> None:
    try:
        model = parser.parse(body, path)
    except DeploymentRefused:
        return  # the gate has told why
    findings.found.extend(
        Reading(
            kind="process",
            key=process.id,
            path=path,
            body=body,
            name=process.settings.title or process.name or process.id,
            version_tag=process.version_tag,
            owner_role=process.settings.owner,
        )
        for process in model.processes
    )


def _read_decisions(uow: UnitOfWork, findings: Findings, path: str, body: bytes) -> None:
    try:
        decisions = dmn.parse(body, file=path, beside=_imported(uow, findings, body))
    except DecisionError as error:
        findings.problems.append(_problem(path, "decision-file", str(error), "Correct the file."))
        return
    findings.problems.extend(dmn.check(decisions, functions=surroundings.of(uow).functions, names=NAMES))
    key = PurePosixPath(path).stem
    if not any(one.kind == "decision" and one.key == key for one in findings.found):  # else that is told
        for twice in sorted(findings.decisions.intersection(decisions.ids)):
            message = f"The decision «{twice}» is in another of these files too."
            advice = "Give one of them another id."
            findings.problems.append(_problem(path, "decision-twice", message, advice))
    findings.decisions.update(decisions.ids)
    name = next((decisions.names[one] for one in reversed(decisions.ids)), "") or key
    findings.found.append(Reading(kind="decision", key=key, path=path, body=body, name=name))


def _imported(uow: UnitOfWork, findings: Findings, body: bytes) -> dict[str, bytes]:
    """Return the files that a decision file may import: those given with it, and the newest deployed ones beside them."""
    heading = dmn.heading(body)
    if not heading.imports:
        return {}
    given, keys = findings.tables, {PurePosixPath(path).stem for path in findings.tables}
    found: dict[str, bytes] = {}
    for one in [heading, *(dmn.heading(each) for each in _readable(given))]:
        found |= _definitions.imported_files(uow, one, without=keys)
    return found | given


def _check_importing(uow: UnitOfWork, findings: Findings) -> None:
    """Check the deployed decision files again that import one of those given, which will be their newest."""
    keys = {PurePosixPath(path).stem for path in findings.tables}
    namespaces = {dmn.heading(body).namespace for body in _readable(findings.tables)}
    for one in _definitions.newest_of_kind(uow, "decision") if keys else ():
        heading = _definitions.heading_of(uow, one)
        if one.key in keys or not namespaces.intersection(each.namespace for each in heading.imports):
            continue
        body = _definitions.body(uow, one.digest)
        again = dmn.parse(body, file=one.path, beside=_imported(uow, findings, body))
        found = dmn.check(again, functions=surroundings.of(uow).functions, names=NAMES)
        findings.problems.extend(problem for problem in found if problem.level == "error")


def _readable(files: Mapping[str, bytes]) -> Iterator[bytes]:
    for body in files.values():
        try:
            dmn.heading(body)
        except DecisionError:
            continue
        yield body


def _read_form(uow: UnitOfWork, findings: Findings, path: str, body: bytes) -> None:
    del uow
    try:
        form = forms.parse(body, file=path)
    except DeploymentRefused as error:
        findings.problems.extend(error.problems)
        return
    if not form.id:
        advice = "Give the form an id; user tasks name it."
        findings.problems.append(_problem(path, "form-id", "This form has no id.", advice))
        return
    findings.found.append(Reading(kind="form", key=form.id, path=path, body=body, name=form.id))


def _read_scenario(uow: UnitOfWork, findings: Findings, path: str, body: bytes) -> None:
    del uow
    name = PurePosixPath(path).stem
    findings.found.append(Reading(kind="scenario", key=path, path=path, body=body, name=name))


_READERS: dict[str, Callable[[UnitOfWork, Findings, str, bytes], None]] = {
    ".dmn": _read_decisions,
    ".form": _read_form,
    ".yaml": _read_scenario,
    ".yml": _read_scenario,
}


def _known(uow: UnitOfWork, findings: Findings) -> gate.Known:
    known = surroundings.of(uow)
    roles = frozenset(uow.connection.scalars(select(Role.key))) | frozenset(ROLES) | {CLIENT_CONTACT}
    deployed = {
        kind: {one.key for one in _definitions.newest_of_kind(uow, kind)} for kind in ("process", "form")
    }
    forms_given = {one.key for one in findings.found if one.kind == "form"}
    return gate.Known(
        topics=frozenset(handler.topic for handler in known.handlers),
        forms=frozenset(deployed["form"] | forms_given),
        decisions=frozenset(findings.decisions | _deployed_decisions(uow)),
        processes=frozenset(deployed["process"]),
        roles=roles,
        functions=frozenset(known.functions) | feel.BUILTIN_NAMES,
    )


def _deployed_decisions(uow: UnitOfWork) -> set[str]:
    deployed = _definitions.newest_of_kind(uow, "decision")
    return {decision for one in deployed for decision in _definitions.decisions_of(uow, one).ids}


def _refuse_twice(findings: Findings) -> None:
    places: dict[tuple[str, str], str] = {}
    for one in findings.found:
        other = places.setdefault((one.kind, one.key), one.path)
        if other != one.path:
            message = f"The {one.kind} «{one.key}» is also in {other}."
            findings.problems.append(
                _problem(one.path, f"{one.kind}-twice", message, "Give one of them another id.")
            )


def _below_top(path: str) -> str:
    parts = PurePosixPath(path).parts
    return str(PurePosixPath(*parts[1:])) if parts[:1] == (TOP,) else path


def _problem(path: str, rule: str, message: str, advice: str) -> Problem:
    return Problem(path, "", "", 0, rule, message, advice)
