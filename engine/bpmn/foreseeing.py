"""What a change would do, found by doing it to a copy; and the joins that would not come out right afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.bpmn import reaching, state
from engine.bpmn.case import Case
from engine.bpmn.model import ElementModel
from engine.bpmn.nodes.gateways import JoinSpec, ParallelSpec
from engine.bpmn.nodes.multi import RESULT, MultiSpec
from engine.bpmn.places import hosts, label
from engine.bpmn.recording import Recording
from engine.bpmn.step import Step
from engine.bpmn.tokens import Token

Coming = dict[tuple[int, str], dict[str, int]]
"""Host and join → how many tokens can come, or came, through each flow into it."""


@dataclass(frozen=True, slots=True)
class Warned:
    """What would not come out right at an element.

    A parallel join that is ``short`` waits for ever, one that is ``over`` has tokens left behind, with the ``flows`` that
    this is about; ``lost`` are the results of a multi-instance activity, with the numbers of the items that had them.
    """

    kind: Literal["short", "over", "lost"]
    element: str
    name: str
    flows: tuple[str, ...]

    def __str__(self) -> str:
        """Return the sentence for the operator."""
        flows = ", ".join(self.flows)
        if self.kind == "lost":
            return (
                f"The results of «{self.name}» from its finished items ({flows}) will be lost; skip what is left of it to"
                " keep them."
            )
        if self.kind == "short":
            return f"The join «{self.name}» will wait for a token through {flows}, where none can come from any more."
        return (
            f"The join «{self.name}» will get more tokens through {flows} than through its other flows; what is too many"
            " stays behind."
        )


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change would do: its Step, the case after it (a copy), and what would not come out right."""

    step: Step
    after: Case
    warned: tuple[Warned, ...]


def foresee(case: Case, change: Callable[[Case], Step]) -> Foreseen:
    """Return what ``change`` would do to a case, which stays as it is. Raises what the change raises."""
    copy = copied(case)
    step = change(copy)
    return Foreseen(step, copy, (*_compare(case, copy), *_lost(case, copy)))


def copied(case: Case) -> Case:
    """Return a case of its own that stands where this one does."""
    variables = [
        (scope.id, name, value)
        for scope in case.scopes.values()
        for name, value in (scope.values | scope.hidden).items()
    ]
    copy = state.load(case.definition, state.dump(case), variables)
    copy.recording = Recording()
    return copy


def _compare(before: Case, after: Case) -> Iterator[Warned]:
    if after.completed:
        return
    earlier, later = _coming(before), _coming(after)
    for (host, join), flows in later.items():
        was = earlier.get((host, join), dict.fromkeys(flows, 0))
        element = after.definition.process.elements[join]
        if not _is_short(was):
            missing = tuple(flow for flow, count in flows.items() if not count)
            if _is_short(flows):
                yield Warned("short", join, label(element), missing)
                continue
        more = {flow: count - was[flow] for flow, count in flows.items()}
        least = min(more.values())
        over = tuple(flow for flow, count in more.items() if count > max(least, 0))
        if over and not _is_short(flows):
            yield Warned("over", join, label(element), over)


def _lost(before: Case, after: Case) -> Iterator[Warned]:
    """Return the bodies that would be cancelled with results in them that nobody has been handed."""
    gone = [token for number, token in before.tasks.items() if number not in after.tasks]
    cancelled = {line.element for line in after.recording.history if line.kind == "element.cancelled"}
    for token in gone:
        element = token.task_spec.element
        if not isinstance(token.task_spec, MultiSpec) or element.id not in cancelled:
            continue
        done = [name.removeprefix(RESULT) for name in token.inner_scope.hidden if name.startswith(RESULT)]
        if done and not _handed_out(after, element):
            yield Warned("lost", element.id, label(element), tuple(sorted(done, key=int)))


def _handed_out(after: Case, element: ElementModel) -> bool:
    """Tell whether the element was left, so that what it had went to its output collection."""
    left = ("element.completed", "element.skipped")
    return any(line.kind in left and line.element == element.id for line in after.recording.history)


def _is_short(flows: Mapping[str, int]) -> bool:
    return any(flows.values()) and not all(flows.values())


def _coming(case: Case) -> Coming:
    """Count, for every parallel join of an open scope, the tokens that are on their way to it by flow."""
    found: Coming = {}
    process, nodes = case.definition.process, case.definition.nodes
    joins = {name: node for name, node in nodes.items() if isinstance(node, JoinSpec) and node.incoming[1:]}
    behind = reaching.stretches(process, joins)
    order = _earlier_first(joins, behind)
    for parent in {node.element.parent for node in joins.values()}:
        for host in hosts(case, process.elements.get(parent or "")):
            counts = _counts(case, host, [joins[name] for name in order], behind)
            for name, node in joins.items():
                if isinstance(node, ParallelSpec) and node.element.parent == parent:
                    found[host.id, name] = {flow: counts[flow] for flow in node.incoming}
    return found


def _counts(
    case: Case, host: Token, joins: list[JoinSpec], behind: Mapping[str, frozenset[str]]
) -> dict[str, int]:
    """Count the tokens inside ``host`` by the flow they can come through; what meets at a join is one from there on."""
    standing = Counter(case.tasks[number].task_spec.name for number in host.numbers_inside)
    arrived, rounds, found = case.arrivals.get(host.id, {}), Counter[str](), Counter[str]()
    for join in joins:
        for flow in join.incoming:
            found[flow] = arrived.get(join.name, {}).get(flow, 0)
            found[flow] += sum(standing[place] + rounds[place] for place in behind[flow])
        rounds[join.name] = max(found[flow] for flow in join.incoming)
    return found


def _earlier_first(joins: Mapping[str, JoinSpec], behind: Mapping[str, frozenset[str]]) -> list[str]:
    """Order joins so that those before another one come first; on a way round any order will do."""
    order: dict[str, None] = {}
    seen: set[str] = set()
    pending = [(name, False) for name in joins]
    while pending:
        name, done = pending.pop()
        if done:
            order[name] = None
        elif name not in seen:
            seen.add(name)
            pending.append((name, True))
            pending += [
                (each, False) for flow in joins[name].incoming for each in behind[flow] if each in joins
            ]
    return list(order)
