"""A scenario as its file says it: who completes what, what comes in, how time passes, what must hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from engine.errors import InvalidInput

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 9, 1, 9, tzinfo=ZONE)
PERIOD = "2026-08"
CLIENT = {
    "code": "C001",
    "name": "示例商贸有限公司",
    "class": "B",
    "taxpayer_type": "small_scale",
    "status": "active",
    "profile": {},
    "contact": {"name": "李女士", "email": "li@example.com"},
    "staff": {},
    "contract": None,
}
"""The client of a scenario that says nothing else."""

STEPS = ("do", "wait", "job", "call", "message", "expect")
KEYS = frozenset(
    [
        "name",
        "process",
        "branch",
        "client",
        "period",
        "now",
        "settings",
        "start",
        "start_at",
        "jobs",
        "calls",
        "steps",
        "expect",
        "real",
    ]
)
EXPECTED = frozenset(["at", "not_at", "ended", "variables", "visited", "not_visited", "escalated", "times"])

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario; ``jobs`` and ``calls`` are results by topic and process, ``real`` topics run their real handlers."""

    file: str
    name: str
    process: str
    branches: tuple[str, ...]
    client: Mapping[str, Any]
    period: str
    now: datetime
    settings: Mapping[str, Any]
    start: Mapping[str, Any]
    start_at: str | None
    jobs: Mapping[str, list[Any]]
    calls: Mapping[str, list[Any]]
    real: frozenset[str]
    steps: tuple[Step, ...]
    expect: Mapping[str, Any] = field(default_factory=dict)


class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # libyaml's, if it is here
    """Safe YAML in which only true and false are truth values: «on», «yes» and «no» are words."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def load(text: str | bytes, file: str) -> Any:
    """Return what a YAML file holds; InvalidInput with line and column when it cannot be read."""
    try:
        return yaml.load(text, PlainLoader)  # noqa: S506 - PlainLoader is a SafeLoader
    except yaml.YAMLError as error:
        raise InvalidInput(f"{file} is no readable YAML: {error}") from error


def read(text: str | bytes, *, file: str) -> Scenario:
    """Return the scenario of a file; InvalidInput names the key that is not understood."""
    found = load(text, file)
    if not isinstance(found, dict) or not isinstance(found.get("process"), str):
        raise InvalidInput(
            f"{file} is no scenario: it needs at least «process», the id of the process to walk."
        )
    _refuse_unknown(found, KEYS, file)
    steps = tuple(_step(step, number, file) for number, step in enumerate(found.get("steps") or (), start=1))
    _refuse_unknown(found.get("expect") or {}, EXPECTED, f"{file}, expect")
    branch = found.get("branch") or ()
    return Scenario(
        file=file,
        name=str(found.get("name") or file),
        process=found["process"],
        branches=(branch,) if isinstance(branch, str) else tuple(branch),
        client={**CLIENT, **(found.get("client") or {})},
        period=str(found.get("period") or PERIOD),
        now=moment(found.get("now") or START),
        settings=found.get("settings") or {},
        start=found.get("start") or {},
        start_at=found.get("start_at"),
        jobs={topic: results(value) for topic, value in (found.get("jobs") or {}).items()},
        calls={process: results(value) for process, value in (found.get("calls") or {}).items()},
        real=frozenset(found.get("real") or ()),
        steps=steps,
        expect=found.get("expect") or {},
    )


def results(value: Any) -> list[Any]:
    """Return the results of the first, second … call; the last one stays."""
    return list(value) if isinstance(value, list) else [value]


def moment(value: Any) -> datetime:
    """Return a time of a scenario: ISO text or a YAML time; without a zone it is the firm's."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def as_sent(value: Any) -> Any:
    """Return answers as a browser sends them: dates as text."""
    if isinstance(value, dict):
        return {name: as_sent(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _step(step: Any, number: int, file: str) -> Step:
    kinds = [kind for kind in STEPS if isinstance(step, dict) and kind in step]
    if not kinds:
        raise InvalidInput(
            f"{file}, step {number}: a step has one of {', '.join(STEPS)}; this has none: {step!r}."
        )
    if kinds[0] == "expect":
        _refuse_unknown(step["expect"], EXPECTED, f"{file}, step {number}")
    found: Step = step
    return found


def _refuse_unknown(found: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(found) - known):
        raise InvalidInput(
            f"{where}: «{', '.join(unknown)}» is not understood; known are {', '.join(sorted(known))}."
        )
