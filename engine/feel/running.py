"""One evaluation: the scopes in which names are looked up, the steps it may take, its warnings."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from engine.feel.environment import Environment
from engine.feel.values import Undefined, Value, native

_CLOCK_EVERY = 256
_NESTED = frozenset({list, dict})
_PARTS_PER_ITEM = 10
_MAX_NESTING = 100


class LimitExceeded(Exception):
    """An evaluation went past one of its limits; the text is the sentence for the author."""


class Run:
    """The state of one evaluation."""

    __slots__ = ("_deadline", "_limits", "_steps", "depth", "environment", "warnings")

    def __init__(self, environment: Environment) -> None:
        """Begin with nothing used up."""
        self.environment, self._limits = environment, environment.limits
        self.warnings: list[str] | None = None
        self.depth = 0
        self._steps = 0
        self._deadline = 0.0

    def tick(self, steps: int = 1) -> None:
        """Count steps against the limits of steps and time."""
        before = self._steps
        self._steps = after = before + steps
        limits = self._limits
        if after > limits.steps:
            message = (
                f"The expression takes more than {limits.steps} steps (limit 'steps'); work on less at once."
            )
            raise LimitExceeded(message)
        if not before:
            until = self.environment.until
            if until is None:
                self._deadline = monotonic() + limits.seconds
                return
            self._deadline = until
        elif after // _CLOCK_EVERY == before // _CLOCK_EVERY:
            return
        if monotonic() > self._deadline:
            message = f"The expression takes longer than {limits.seconds} s (limit 'seconds'); work on less."
            raise LimitExceeded(message)

    def size(self, count: int) -> None:
        """Refuse a list of more items than allowed."""
        if count > self.environment.limits.items:
            message = f"A list has more than {self.environment.limits.items} items (limit 'items')."
            raise LimitExceeded(message)

    def length(self, count: int) -> None:
        """Refuse a string of more characters than allowed."""
        if count > self.environment.limits.characters:
            message = (
                f"A text has more than {self.environment.limits.characters} characters (limit 'characters')."
            )
            raise LimitExceeded(message)

    def weigh(self, value: Value) -> Value:
        """Return a result; refuse one of too many parts (lists in lists may share theirs) or too deep."""
        if type(value) not in _NESTED:
            return value
        level, depth, count = [value], 0, 0
        while level:
            parts = [part for one in level for part in (one.values() if type(one) is dict else one)]
            count, depth = count + len(parts), depth + 1
            self.size(count // _PARTS_PER_ITEM)
            if depth > _MAX_NESTING:
                message = f"A value is nested more than {_MAX_NESTING} deep (limit 'depth')."
                raise LimitExceeded(message)
            level = [part for part in parts if type(part) in _NESTED]
        return value

    def warn(self, message: str) -> None:
        """Keep a warning for the author."""
        if self.warnings is None:
            self.warnings = []
        if message not in self.warnings[-20:] and len(self.warnings) < 100:  # noqa: PLR2004
            self.warnings.append(message)

    def enter(self) -> None:
        """Go into a function; ``leave`` comes out."""
        self.depth += 1
        if self.depth > self.environment.limits.depth:
            message = (
                f"Functions call each other more than {self.environment.limits.depth} deep (limit 'depth');"
                " use a loop."
            )
            raise LimitExceeded(message)

    def leave(self) -> None:
        """Come out of a function."""
        self.depth -= 1


class Scope:
    """Names and their values, and the scope around them; the outermost holds Python values as they came."""

    __slots__ = ("_known", "parent", "run", "values")

    def __init__(self, values: Mapping[str, Any], parent: Scope | None, run: Run) -> None:
        """Hold ``values`` inside ``parent``."""
        self.values, self.parent, self.run = values, parent, run
        self._known: dict[str, Value] | None = None

    def converted(self, name: str, run: Run) -> Value:
        """Return the FEEL value of ``name`` in the outermost scope; it is converted once."""
        if self._known is None:
            self._known = {}
        if name not in self._known:
            try:
                self._known[name] = native(self.values[name])
            except Undefined as problem:
                run.warn(f"Variable '{name}': {problem}.")
                self._known[name] = None
        return self._known[name]
