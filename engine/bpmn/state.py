"""The stored form of a case: compact, with a format number; only what can still matter is in it.

Variables are not: they are rows of their own, handed to ``load``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from engine.bpmn.case import Case
from engine.bpmn.nodes import conditions
from engine.bpmn.nodes.rounds import BodySpec
from engine.bpmn.scopes import Scope
from engine.bpmn.specs import Spec
from engine.bpmn.tokens import Attached, Done, Stage, Token, WaitInfo, WaitKind
from engine.errors import InvalidInput

FORMAT = 1


class TokenState(msgspec.Struct, array_like=True, omit_defaults=True):
    """One live token; ``local`` and ``frame`` are scopes of its own, if any."""

    id: int
    host: int
    node: str
    state: int
    stage: Stage
    wait: int | None = None
    local: int | None = None
    frame: int | None = None
    visited: int | None = None
    counts: dict[str, int] = {}


class WaitState(msgspec.Struct, array_like=True, omit_defaults=True):
    """One open wait."""

    wait: int
    element: str
    scope: int
    kind: WaitKind
    token: int
    event: str = ""


class AttachedState(msgspec.Struct, array_like=True, omit_defaults=True):
    """One event that waits beside a token."""

    wait: int
    node: str
    holder: int
    fired: int = 0
    anchor: datetime | None = None
    due: datetime | None = None
    cycle: str | None = None
    held: bool = False
    part: int = 0


class Body(msgspec.Struct, omit_defaults=True):
    """A whole case. Fields may be added with a default; anything else needs a new format number."""

    format: int
    last: int
    tokens: list[TokenState]
    scopes: list[tuple[int, int]]
    waits: list[WaitState]
    attached: list[AttachedState] = []
    arrivals: dict[int, dict[str, dict[str, int]]] = {}
    called: bool = False
    terminated: bool = False
    completed: bool = False
    start: str = ""
    done: dict[int, list[Done]] = {}


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Body)


def dump(case: Case) -> bytes:
    """Return the stored form of a case at rest.

    Tokens and waits are handed to the encoder as tuples in the order of their fields: a case of thousands is written at
    every step, and making a struct for each costs more than encoding it.
    """
    tokens: Any = [_token_state(token) for token in case.tasks.values()]
    waits: Any = [
        (wait, info.element, info.scope, info.kind, info.token, info.event)
        for wait, info in case.waits.items()
    ]
    return _ENCODER.encode(
        Body(
            format=FORMAT,
            last=case.last_number,
            tokens=tokens,
            scopes=[
                (scope.id, scope.parent.id) for scope in case.scopes.values() if scope.parent is not None
            ],
            waits=waits,
            attached=[_attached_state(each) for each in case.attached.values()],
            arrivals=case.arrivals,
            called=case.called,
            terminated=case.terminated,
            completed=bool(case.completed),
            start=case.start_node,
            done=case.done,
        )
    )


def load(spec: Spec, body: bytes, variables: Iterable[tuple[int, str, Any]]) -> Case:
    """Return the case that ``dump`` stored, with its variables (scope, name, value).

    InvalidInput when the body is of a newer format, or stands at an element that ``spec`` does not have.
    """
    try:
        stored = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        message = f"The stored state of an instance of «{spec.process.id}» cannot be read: {error}."
        raise InvalidInput(message) from error
    if stored.format != FORMAT:
        message = (
            f"The stored state has format {stored.format}; this release reads format {FORMAT}: update it."
        )
        raise InvalidInput(message)
    case = Case(spec, called=stored.called)
    case.last_number = stored.last
    case.terminated, case.completed = stored.terminated, stored.completed
    case.start_node = stored.start
    for number, parent in stored.scopes:
        case.scopes[number] = Scope(number, case.scopes[parent])
    for scope, name, value in variables:
        case.scopes[scope].put(name, value)
    for row in stored.tokens:
        _token(case, row)
    _waits(case, stored)
    case.arrivals, case.done = stored.arrivals, stored.done
    case.unsettled.update(case.arrivals)
    return case


def _token_state(token: Token) -> tuple[Any, ...]:
    return (
        token.id,
        token.host.id if token.host is not None else 0,
        token.task_spec.name,
        token.state,
        token.stage,
        token.wait,
        token.local.id if token.local is not None else None,
        token.frame.id if token.frame is not None else None,
        token.visited,
        token.counts,
    )


def _attached_state(each: Attached) -> AttachedState:
    return AttachedState(
        each.wait,
        each.element,
        each.holder,
        each.fired,
        each.anchor,
        each.due,
        each.cycle,
        each.held,
        each.part,
    )


def _token(case: Case, row: TokenState) -> None:
    node = case.definition.nodes.get(row.node)
    if node is None:
        message = f"A token stands at «{row.node}», which «{case.definition.process.id}» does not have."
        raise InvalidInput(message)
    token = Token(case, node, case.tasks.get(row.host), row.id, state=row.state)
    token.stage, token.wait, token.visited, token.counts = row.stage, row.wait, row.visited, row.counts
    if row.local is not None:
        token.local = case.scopes[row.local]
    if row.frame is not None:
        token.framed(case.scopes[row.frame])
    if token.host is None:
        case.root = case.task_tree = token
    if isinstance(node, BodySpec) and "begun" in token.counts:
        node.refresh(token)


def _waits(case: Case, stored: Body) -> None:
    for row in stored.waits:
        case.waits[row.wait] = WaitInfo(row.element, row.scope, row.kind, row.token, row.event)
        if row.kind == "condition":
            case.conditions[row.wait] = ()
    for each in stored.attached:
        case.attached[each.wait] = Attached(
            each.wait,
            each.node,
            each.holder,
            each.fired,
            each.anchor,
            each.due,
            each.cycle,
            each.held,
            each.part,
        )
        case.tasks[each.holder].attached.append(each.wait)
    for wait in case.conditions:
        conditions.note(case, wait)
