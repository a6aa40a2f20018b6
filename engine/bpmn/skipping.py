"""Passing an element undone, and doing it afresh: what an operator does with one token that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.case import Case
from engine.bpmn.nodes.catchers import AttachedSpec
from engine.bpmn.nodes.complex import ComplexSpec
from engine.bpmn.nodes.firing import fire
from engine.bpmn.nodes.gateways import EventGatewaySpec, ExclusiveSpec, JoinSpec
from engine.bpmn.nodes.multi import MultiSpec
from engine.bpmn.places import Place, label, must_not_undo, token_at
from engine.bpmn.tokens import SKIPPED, UNDOING, Token
from engine.errors import Conflict, InvalidInput

GATEWAYS = (ExclusiveSpec, JoinSpec, ComplexSpec, EventGatewaySpec)


@dataclass(frozen=True, slots=True)
class Skip:
    """A token that shall pass its element without its work being done, with ``variables`` as its result.

    ``outputs``: apply the output mappings of the element. None: only when there are variables, because mappings that
    read a result which does not exist would overwrite what the case knows with null.
    """

    place: Place
    variables: Mapping[str, Any] = field(default_factory=dict)
    outputs: bool | None = None

    @property
    def maps(self) -> bool:
        """Whether output mappings are applied."""
        return bool(self.variables) if self.outputs is None else self.outputs


@dataclass(frozen=True, slots=True)
class Repeat:
    """A token that shall enter its element afresh: what waits is cancelled, input mappings are evaluated again."""

    place: Place


def skip(case: Case, change: Skip) -> None:
    """Let a token pass its element; an event beside an activity, or behind a gateway, takes place now."""
    record = case.attached.get(change.place.wait or 0)
    if record is not None:
        _must_stand(case.tasks[record.holder])
        fire(case, record, dict(change.variables))
        return
    token = token_at(case, change.place)
    _must_stand(token)
    _must_be_skippable(token)
    if token.stage == "new":
        case.happened("element.entered", token)
    _let_go(case, token)
    token.counts[SKIPPED] = 1
    if change.maps:
        token.stage = "output"
        _results(token, change.variables)
    else:
        token.stage = "leave"
        for name, value in change.variables.items():
            case.assign(token.scope, name, value)
    token.make_ready()


def repeat(case: Case, change: Repeat) -> None:
    """Let a token enter its element again, in the same scope; inside a multi-instance activity for the same item."""
    token = token_at(case, change.place)
    _must_stand(token)
    must_not_undo(token)
    if isinstance(token.task_spec, GATEWAYS) and not isinstance(token.task_spec, EventGatewaySpec):
        raise InvalidInput(f"«{label(token.task_spec.element)}» is a gateway: retry its incident instead.")
    if isinstance(token.task_spec, AttachedSpec):
        raise InvalidInput(
            f"«{label(token.task_spec.element)}» has taken place already: move its token instead."
        )
    if token.stage != "new":
        case.happened("element.cancelled", token)
    _let_go(case, token)
    if token.local is not None:
        case.close_scope(token.local)
        token.local = None
    case.forget_done(case.done.pop(token.id, []))
    _begin_item_afresh(token)
    token.stage, token.chosen, token.visited = "new", None, None
    token.make_ready()


def _must_stand(token: Token) -> None:
    if token.host is None:
        raise InvalidInput("That is the whole instance; choose one of its steps, restart it or cancel it.")
    if UNDOING in token.counts:
        raise Conflict(
            f"«{label(token.task_spec.element)}» is being compensated; skip the step that does it."
        )


def _must_be_skippable(token: Token) -> None:
    element = token.task_spec.element
    if isinstance(token.task_spec, EventGatewaySpec):
        raise InvalidInput(
            f"«{label(element)}» waits for one of several events: skip the one that shall come."
        )
    if isinstance(token.task_spec, GATEWAYS) or token.stage == "leave":
        raise InvalidInput(
            f"What is done at «{label(element)}» is done, but no way leads on: move its token, or set the variables that the"
            " conditions read and retry the incident."
        )


def _let_go(case: Case, token: Token) -> None:
    """Cancel what the token waits for and everything inside it; the token stays."""
    case.cancel_inside(token)
    if token.wait is not None:
        case.close_wait(token.wait, "cancelled")
        token.visited, token.wait = token.wait, None
    case.close_attached(token)


def _results(token: Token, variables: Mapping[str, Any]) -> None:
    """Hand the token its results as those who work would; a multi-instance activity hands out what it has so far."""
    if isinstance(token.task_spec, MultiSpec) and "all" in token.counts:
        token.task_spec.collect(token)
    token.task_spec.deliver(token, dict(variables))


def _begin_item_afresh(token: Token) -> None:
    """Forget what was counted for the element, but not which item of a multi-instance activity this is."""
    index, host = token.counts.get("index"), token.host
    token.counts = {} if index is None else {"index": index}
    if host is None or not isinstance(host.task_spec, MultiSpec):
        return
    loop = host.task_spec.loop
    if token.frame is not None and loop.output_variable and loop.output_variable != loop.item:
        token.workflow.declare(token.frame, loop.output_variable, None)
