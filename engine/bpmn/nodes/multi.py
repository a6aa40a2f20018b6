"""Multi-instance: an activity once for every item, counted and collected in its own scope, linear in its items.

SpiffWorkflow's own hangs on listeners that are lost on restore and merges copies of all data (facts 2.1, 3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from engine.bpmn.formulas import Formula, Trouble
from engine.bpmn.nodes import throwing
from engine.bpmn.nodes.attaching import Catching
from engine.bpmn.nodes.events import THROWERS
from engine.bpmn.nodes.rounds import BodySpec
from engine.bpmn.scopes import HIDDEN, Scope
from engine.bpmn.tokens import Token

ITEMS = f"{HIDDEN}items"
RESULT = f"{HIDDEN}result."
TAKEN = "taken"
"""Among the counts of a body: how many instances an operator took out of it."""


@dataclass(frozen=True, slots=True)
class ThrownSpec:
    """An event that is thrown when an instance is done: at the first one only, or when a condition holds."""

    event: Catching
    first: bool
    condition: Formula | None


@dataclass(frozen=True, slots=True)
class LoopSpec:
    """The compiled characteristics of a multi-instance activity."""

    sequential: bool
    collection: Formula | None
    cardinality: Formula | None
    item: str | None
    output_collection: str | None
    output_item: Formula | None
    output_variable: str | None
    completion: Formula | None
    throws: tuple[ThrownSpec, ...] = ()


class MultiSpec(BodySpec):
    """The body around the single instances, which are tokens before ``inner`` inside this one's token."""

    loop: LoopSpec

    def begin(self, token: Token) -> bool:
        """Begin all instances, or the first of a sequence."""
        items = self._items(token)
        token.counts = {"all": len(items), "begun": 0, "done": 0}
        scope = self.local_scope(token)
        if self.loop.sequential and items:
            token.workflow.declare(scope, ITEMS, items)
        self.refresh(token)
        if not items:
            self.collect(token)
            return True
        for item in items[:1] if self.loop.sequential else items:
            self._begin_one(token, item)
        self.refresh(token)
        return False

    def _items(self, token: Token) -> list[Any]:
        """Return what the instances are for; what is too many is told before any list is made of it."""
        case, asked = token.workflow, self.loop.collection or self.loop.cardinality
        value: Any = None if asked is None else case.evaluate(asked, token.scope)
        listed, text = self.loop.collection is not None, "" if asked is None else asked.text
        count = _whole(value) if not listed else len(value) if isinstance(value, list) else -1
        if count < 0:
            message = f"«{text}» gives {value!r}, where a list (or a number that is not negative) is needed."
            raise Trouble("collection", message)
        if count > case.moment.items:
            shown = count if listed else value
            message = (
                f"«{text}» has {shown} items, more than the {case.moment.items} that one activity may run."
            )
            raise Trouble("budget", message)
        return list(value) if listed else [None] * count

    def _begin_one(self, token: Token, item: Any) -> None:
        case = token.workflow
        token.counts["begun"] += 1
        number = token.counts["begun"]
        inner = case.spawn(token, self.inner)
        inner.counts = {"index": number}
        inner.framed(case.open_scope(token.inner_scope))
        case.declare(inner.scope, "loopCounter", Decimal(number))
        if self.loop.item:
            case.declare(inner.scope, self.loop.item, item)
        if self.loop.output_variable not in {None, "", self.loop.item}:
            case.declare(inner.scope, self.loop.output_variable, None)

    def child_leaving(self, host: Token, child: Token) -> None:
        """Collect the result of one instance and ask whether the rest is needed."""
        case, counts = host.workflow, host.counts
        result = None
        if self.loop.output_item is not None:
            result = case.evaluate(self.loop.output_item, child.scope)
        counts["done"] += 1
        self.refresh(host)
        try:
            counts["enough"] = int(self._holds(host, self.loop.completion, child.scope))
            throws = self._throws(host, child)
        except Trouble:
            counts["done"] -= 1
            self.refresh(host)
            raise
        if throws:
            child.act = partial(_throw, host, throws)
        if self.loop.output_item is not None:
            case.declare(host.inner_scope, f"{RESULT}{child.counts['index']}", result)

    def _throws(self, host: Token, child: Token) -> list[throwing.Throw]:
        """Evaluate what is to be thrown now that one instance is done."""
        first = host.counts["done"] == 1
        return [
            THROWERS[each.event.kind](child, each.event)
            for each in self.loop.throws
            if (first or not each.first)
            and (each.condition is None or self._holds(host, each.condition, child.scope))
        ]

    def child_finished(self, host: Token, child: Token) -> None:
        """Complete early, go on to the next item, or wait for the other instances."""
        case, counts = host.workflow, host.counts
        if counts.pop("enough", 0):
            for number in [each for each in host.numbers_inside if each != child.id]:
                case.cancel_token(case.tasks[number])
        elif self.loop.sequential and counts["begun"] < counts["all"]:
            item = host.inner_scope.hidden[ITEMS][counts["begun"]]
            self._begin_one(host, item)
        self.refresh(host)

    def _holds(self, host: Token, condition: Formula | None, scope: Scope) -> bool:
        if condition is None:
            return False
        value = host.workflow.evaluate(condition, scope)
        if not isinstance(value, bool):
            message = f"The condition «{condition.text}» gives {value!r}, not true or false."
            raise Trouble("condition", message)
        return value

    def emptied(self, host: Token) -> None:
        """Hand out the collected results when the last instance is over."""
        self.collect(host)
        super().emptied(host)

    def collect(self, token: Token) -> None:
        """Write the results of the instances that are done to the output collection."""
        if not self.loop.output_collection:
            return
        results = token.inner_scope.hidden
        found = [results.get(f"{RESULT}{index}") for index in range(1, token.counts["all"] + 1)]
        token.workflow.assign(token.scope, self.loop.output_collection, found)

    def counters(self, counts: Mapping[str, int]) -> Mapping[str, Any]:
        """Return how many instances there are, are running and are done."""
        return {
            "numberOfInstances": Decimal(counts["all"]),
            "numberOfActiveInstances": Decimal(counts["begun"] - counts["done"] - counts.get(TAKEN, 0)),
            "numberOfCompletedInstances": Decimal(counts["done"]),
        }


def _throw(host: Token, throws: list[throwing.Throw]) -> None:
    """Throw until something interrupts the activity."""
    for throw in throws:
        if not host.gone:
            throw()


def _whole(value: Any) -> int:
    """Return a whole number, -1 for whatever is none."""
    try:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else -1
    except (ArithmeticError, TypeError, ValueError):
        return -1
