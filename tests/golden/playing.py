"""Golden cases: an instance in the middle of its run as a file, with the acts that led there and those that end it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine import feel
from engine.bpmn import state
from engine.bpmn.step import Opened
from tests.engine.bpmn.driving import Drive

FOLDER = Path(__file__).parent
Act = tuple[str, str, dict[str, Any]]
"""What is done (complete, throw, retry, set), to which element, with which variables (an error's code under ``code``)."""


class Golden(msgspec.Struct):
    """What a golden file holds; ``body`` is the stored form as the release of that format wrote it."""

    body: str
    variables: list[tuple[int, str, Any]]
    after: list[Act]
    state: str
    output: dict[str, Any]
    completed: dict[str, int]


@dataclass(frozen=True)
class Scenario:
    """A process, what is done before its state is kept, and what ends it; ``budget``: tokens of each advance before that."""

    drawing: str
    before: tuple[Act, ...]
    after: tuple[Act, ...]
    start: dict[str, Any]
    budget: int = 50_000


def act(drive: Drive, done: Act) -> None:
    """Do one act."""
    kind, element, variables = done
    if kind == "complete":
        drive.complete(element, **variables)
    elif kind == "throw":
        drive.throw(element, variables["code"])
    elif kind == "retry":
        drive.retry(element)
    else:
        drive.set(0, **variables)


def loaded(xml: bytes, golden: Golden) -> Drive:
    """Return the instance of a golden file as a database would give it back."""
    drive = Drive(xml)
    drive.body = golden.body.encode()
    drive.variables = {(scope, name): feel.from_json(value) for scope, name, value in golden.variables}
    drive.restore()
    drive.waits = {
        wait: Opened(wait=wait, element=info.element, name="", scope=info.scope)
        for wait, info in drive.case.waits.items()
    }
    drive.seen = set(drive.waits)
    return drive


def kept(drive: Drive) -> tuple[str, list[tuple[int, str, Any]]]:
    """Return the stored body and the variables of an instance."""
    rows = [(scope, name, feel.to_json(value)) for (scope, name), value in drive.variables.items()]
    return state.dump(drive.case).decode(), rows


def outcome(drive: Drive) -> tuple[str, dict[str, Any], dict[str, int]]:
    """Return how an instance ended, with what, and which elements it completed."""
    assert drive.ended is not None, f"still waits at {drive.open}"
    output = {name: feel.to_json(value) for name, value in drive.ended.output.items()}
    return drive.ended.state, output, dict(sorted(drive.times().items()))
