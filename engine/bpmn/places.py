"""Where tokens stand and in which scope a new one can begin: asked by operators who move, skip and repeat."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from engine.bpmn.case import Case
from engine.bpmn.compiling import EACH
from engine.bpmn.model import ElementModel, Flow, ProcessModel
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.catchers import BoundarySpec, EventStartSpec
from engine.bpmn.tokens import UNDOING, Token
from engine.errors import Conflict, InvalidInput, NotFound

Side = Literal["before", "after", "through"]


@dataclass(frozen=True, slots=True)
class Place:
    """A token: the one that ``wait`` belongs to, the one numbered ``token``, or one counted at a join.

    ``flow`` is the sequence flow that it came to the join through, ``token`` then the scope that the join is in.
    """

    wait: int | None = None
    token: int | None = None
    flow: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a token is put: before or after an element, or through a sequence flow whose id is ``element`` then.

    ``inside`` is the number of the token that it shall run inside of; needed when several are possible.
    """

    element: str
    side: Side = "before"
    inside: int | None = None


def label(element: ElementModel) -> str:
    """Return what an element is called in sentences."""
    return element.name or element.id


def token_at(case: Case, place: Place) -> Token:
    """Return the token of a place that is no arrival at a join; Conflict when it has gone on meanwhile."""
    if place.wait is None:
        token = case.tasks.get(place.token or 0)
        if token is None:
            raise Conflict(
                f"There is no token {place.token} any more: it went on or was interrupted in the meantime."
            )
        return token
    info = case.waits.get(place.wait)
    if info is None:
        raise Conflict(
            f"Nothing waits at {place.wait} any more: it went on or was interrupted in the meantime."
        )
    token, record = case.tasks[info.token], case.attached.get(place.wait)
    event = None if record is None else case.definition.nodes[record.element]
    if isinstance(event, BoundarySpec | EventStartSpec):
        raise InvalidInput(
            f"«{label(event.element)}» waits beside «{label(token.task_spec.element)}»: choose that one, or skip the"
            " event to let it take place now."
        )
    return token


def must_not_undo(token: Token) -> None:
    """Raise Conflict while compensation is under way around a token: its order would be lost."""
    around: Token | None = token
    while around is not None:
        if UNDOING in around.counts:
            raise Conflict(
                f"«{label(around.task_spec.element)}» is being compensated; wait until that is done, or skip its steps."
            )
        around = around.host


def element_of(process: ProcessModel, target: Target) -> ElementModel:
    """Return the element that a target names (of a flow: where it ends); NotFound when there is none."""
    found: ElementModel | None
    if target.side == "through":
        found = process.elements.get(flow_of(process, target.element).target)
    else:
        found = process.elements.get(target.element)
    if found is None:
        raise NotFound(f"The process «{process.id}» has no element «{target.element}».")
    return found


def flow_of(process: ProcessModel, name: str) -> Flow:
    """Return a sequence flow; NotFound when there is none."""
    if name not in process.flows:
        raise NotFound(f"The process «{process.id}» has no sequence flow «{name}».")
    return process.flows[name]


def around(process: ProcessModel, element: ElementModel) -> list[ElementModel]:
    """Return the sub-processes that an element lies in, the outermost first."""
    found: list[ElementModel] = []
    while element.parent is not None:
        element = process.elements[element.parent]
        found.append(element)
    return found[::-1]


def host_for(
    case: Case, target: Target, near: Iterable[Token] = (), barred: Collection[int] = ()
) -> tuple[Token, list[ElementModel]]:
    """Return the token that the target begins in, and the sub-processes that are to be opened in it, outermost first.

    ``near`` are tokens whose own surroundings come first, ``barred`` the numbers of tokens that are going.
    """
    levels = around(case.definition.process, element_of(case.definition.process, target))
    if target.inside is not None:
        return _chosen(case, levels, target, barred)
    home = {token.id for each in near for token in outwards(each)}
    for depth in range(len(levels), -1, -1):
        found = hosts(case, levels[depth - 1] if depth else None, barred)
        found = [token for token in found if token.id in home] or found
        if len(found) > 1:
            names = ", ".join(describe(token) for token in found)
            raise InvalidInput(
                f"«{target.element}» can begin in several places: {names}; choose one of them."
            )
        if found:
            return found[0], levels[depth:]
    raise Conflict("The instance has ended; nothing in it can go on.")


def candidates(case: Case, target: Target, barred: Collection[int] = ()) -> list[Token]:
    """Return all tokens that the target could begin in, directly or with sub-processes opened on the way."""
    levels = around(case.definition.process, element_of(case.definition.process, target))
    return [
        token for level in (*levels[::-1], None) for token in hosts(case, level, barred) if not token.gone
    ]


def hosts(case: Case, level: ElementModel | None, barred: Collection[int] = ()) -> list[Token]:
    """Return the live tokens that something directly in a sub-process (None: in the process) can run inside of."""
    if level is None:
        return [] if case.root is None else [case.root]
    node = node_inside(case, level)
    return [
        token
        for token in case.tasks.values()
        if token.task_spec is node
        and token.stage == "inside"
        and token.id not in barred
        and not any(UNDOING in each.counts for each in outwards(token))
    ]


def node_inside(case: Case, level: ElementModel) -> ElementSpec:
    """Return the node of the tokens that run what lies in a sub-process: one instance when it runs several times."""
    return case.definition.nodes.get(f"{level.id}{EACH}") or case.definition.nodes[level.id]


def outwards(token: Token) -> Iterator[Token]:
    """Go from a token to the root."""
    each: Token | None = token
    while each is not None:
        yield each
        each = each.host


def describe(token: Token) -> str:
    """Return a token for a sentence: its element, which instance of it, its number."""
    index = token.counts.get("index")
    return f"«{label(token.task_spec.element)}»{f' #{index}' if index else ''} (token {token.id})"


def _chosen(
    case: Case, levels: list[ElementModel], target: Target, barred: Collection[int]
) -> tuple[Token, list[ElementModel]]:
    for depth in range(len(levels), -1, -1):
        for token in hosts(case, levels[depth - 1] if depth else None, barred):
            if token.id == target.inside:
                return token, levels[depth:]
    raise InvalidInput(
        f"«{target.element}» cannot begin inside token {target.inside}: that is no open scope around it."
    )
