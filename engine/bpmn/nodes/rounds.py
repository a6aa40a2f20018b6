"""Bodies around an activity that runs several times, and standard loops: again and again while a condition holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.bpmn.formulas import Formula, Trouble
from engine.bpmn.nodes.activities import ActivitySpec
from engine.bpmn.nodes.attaching import Opening
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import Token


class BodySpec(ActivitySpec):
    """The body around the single runs of an activity, which are tokens before ``inner`` inside this one's token."""

    inner: ElementSpec

    def openings(self, token: Token) -> Sequence[Opening]:
        """Evaluate the boundary events, which may read the counters."""
        self.local_scope(token)
        return super().openings(token)

    def refresh(self, token: Token) -> None:
        """Set the counters that expressions inside can read."""
        counters = self.counters(token.counts)
        if token.workflow.conditions:
            token.workflow.changed.update(counters)
        self.local_scope(token).counters = dict(counters)

    def counters(self, counts: Mapping[str, int]) -> Mapping[str, Any]:
        """Return the counters as variables."""
        del counts
        return {}


@dataclass(frozen=True, slots=True)
class WhileSpec:
    """The compiled characteristics of a standard loop."""

    condition: Formula | None
    before: bool
    most: int | None


class RoundsSpec(BodySpec):
    """A standard loop (BPMN 2.0.2, 13.3.6); ``loopCounter`` is the number of the present round."""

    loop: WhileSpec

    def begin(self, token: Token) -> bool:
        """Begin the first round, unless the condition is asked before and does not hold."""
        token.counts = {"begun": 0}
        self.refresh(token)
        if self.loop.before and not self._again(token, self.local_scope(token)):
            return True
        self._begin_one(token)
        return False

    def child_leaving(self, host: Token, child: Token) -> None:
        """Ask whether there is to be another round."""
        host.counts["again"] = int(self._again(host, child.scope))

    def emptied(self, host: Token) -> None:
        """Begin another round, or be done."""
        if host.counts.pop("again", 0):
            self._begin_one(host)
        else:
            super().emptied(host)

    def counters(self, counts: Mapping[str, int]) -> Mapping[str, Any]:
        """Return the number of the present round; 0 before the first."""
        return {"loopCounter": Decimal(counts["begun"])}

    def _begin_one(self, token: Token) -> None:
        token.counts["begun"] += 1
        self.refresh(token)
        token.workflow.spawn(token, self.inner)

    def _again(self, token: Token, scope: Scope) -> bool:
        if self.loop.most is not None and token.counts["begun"] >= self.loop.most:
            return False
        if self.loop.condition is None:
            return True
        value = token.workflow.evaluate(self.loop.condition, scope)
        if isinstance(value, bool):
            return value
        message = f"The loop condition «{self.loop.condition.text}» gives {value!r}, not true or false."
        raise Trouble("condition", message)
