"""What an expression sees beside its variables, and what bounds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.functions import Function, as_function
from engine.feel.types import Type


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of an expression: characters of text and strings, nesting, list length, steps.

    The steps decide; the seconds are a net below them, for a machine that is busy beyond measure.
    """

    text: int = 50_000
    depth: int = 60
    items: int = 100_000
    characters: int = 2_000_000
    steps: int = 2_000_000
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Environment:
    """The clock, the zone of the firm, functions registered from outside, types and limits.

    ``now`` is aware (None: today() and now() give null). ``functions`` may hold plain callables; they become
    Functions that take their arguments by position or by parameter name. ``until``, by the clock of ``time.monotonic``,
    is when the seconds end that several evaluations share.
    """

    now: datetime | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    functions: Mapping[str, Function | Callable[..., Any]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    types: Mapping[str, Type] = field(default_factory=dict)
    until: float | None = None

    def __post_init__(self) -> None:
        """Turn plain callables into Functions."""
        known = {name: _known(name, function) for name, function in self.functions.items()}
        object.__setattr__(self, "functions", known)


@lru_cache(maxsize=1024)
def _known(name: str, function: Function | Callable[..., Any]) -> Function:
    return as_function(name, function)


DEFAULT = Environment()
