"""The built-in functions of the standard (DMN 1.5, 10.3.4), by name."""

from __future__ import annotations

from engine.feel.builtins import (
    contexts,
    conversion,
    lists,
    membership,
    moments,
    numbers,
    ranges,
    statistics,
    strings,
)
from engine.feel.builtins.registry import BUILTINS

__all__ = [
    "BUILTINS",
    "contexts",
    "conversion",
    "lists",
    "membership",
    "moments",
    "numbers",
    "ranges",
    "statistics",
    "strings",
]
