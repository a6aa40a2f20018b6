"""What compiled parts are, and small parts that all builders share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TypeAlias

from engine.feel.running import Run, Scope
from engine.feel.syntax import Node, Path
from engine.feel.values import Undefined, Value

Code: TypeAlias = Callable[[Scope], Value]
Build: TypeAlias = Callable[[Node], Code]


def mentions(node: Node, name: str) -> bool:
    """Tell whether any part of ``node`` is the name ``name``."""
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(part)
        elif isinstance(part, Node):
            if getattr(part, "name", None) == name and not isinstance(part, Path):
                return True
            waiting.extend(getattr(part, field.name) for field in fields(part))
    return False


def undefined(run: Run, problem: Undefined | ArithmeticError) -> Value:
    """Return null and tell the author why."""
    run.warn(f"{problem}." if isinstance(problem, Undefined) else "A value is out of range.")
    return None
