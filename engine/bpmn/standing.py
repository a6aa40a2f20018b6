"""Where the tokens of a case stand, as a list that can be shown as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.case import Case
from engine.bpmn.compiling import ROOT
from engine.bpmn.tokens import Token, WaitKind


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One thing that a token waits for; ``beside`` says that it is an event beside the token's element."""

    wait: int
    element: str
    name: str
    kind: WaitKind
    beside: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A token ``depth`` levels deep; ``item`` is which instance of a repeated activity it is.

    With a ``flow`` it is one that has come to a join through it and is counted there; ``token`` is its scope then.
    """

    token: int
    element: str
    name: str
    kind: str
    depth: int
    scope: int
    item: int | None = None
    flow: str = ""
    waits: tuple[Awaiting, ...] = ()


def standing(case: Case) -> tuple[Standing, ...]:
    """Return all tokens, each after the one that it runs inside of."""
    if case.root is None or case.completed:
        return ()
    found: list[Standing] = []
    pending = [(case.root, 0)]
    while pending:
        token, depth = pending.pop()
        found.append(_of(case, token, depth))
        found.extend(_arrived(case, token, depth + 1))
        pending += [(case.tasks[number], depth + 1) for number in reversed(token.numbers_inside)]
    return tuple(found)


def _of(case: Case, token: Token, depth: int) -> Standing:
    element = token.task_spec.element
    return Standing(
        token.id,
        ROOT if token.host is None else element.id,
        element.name,
        element.kind,
        depth,
        token.inner_scope.id,
        token.counts.get("index"),
        waits=tuple(_waits(case, token)),
    )


def _waits(case: Case, token: Token) -> Iterator[Awaiting]:
    for wait in ([] if token.wait is None else [token.wait]) + token.attached:
        info, record = case.waits[wait], case.attached.get(wait)
        node = token.task_spec if record is None else case.definition.nodes[record.element]
        yield Awaiting(wait, info.element, node.element.name, info.kind, record is not None)


def _arrived(case: Case, host: Token, depth: int) -> Iterator[Standing]:
    for name, counts in case.arrivals.get(host.id, {}).items():
        if name not in case.definition.nodes:
            continue  # what a complex gateway has taken already
        element = case.definition.nodes[name].element
        for flow, count in counts.items():
            one = Standing(
                host.id, element.id, element.name, element.kind, depth, host.inner_scope.id, flow=flow
            )
            yield from [one] * count
