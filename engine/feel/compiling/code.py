"""What compiled parts are, and small parts that all builders share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Final, TypeAlias

from engine.feel.running import Run, Scope
from engine.feel.syntax import Literal, Negate, Node, Path
from engine.feel.values import EXACT, Undefined, Value

_PARTS_PER_STEP = 8
UNKNOWN: Final = object()
"""The constant of a part that is none."""

Code: TypeAlias = Callable[[Scope], Value]
Build: TypeAlias = Callable[[Node], Code]


def constant(node: Node) -> Value:
    """Return the value of a literal or a number with its sign, UNKNOWN of all else."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negate) and isinstance(node.operand, Literal) and type(node.operand.value) is Decimal:
        return EXACT.minus(node.operand.value)
    return UNKNOWN


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


def weight(*nodes: Node) -> int:
    """Return the steps that evaluating ``nodes`` once counts as: one, and one for every few of their parts."""
    parts, waiting = 0, list[object](nodes)
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(part)
        elif isinstance(part, Node):
            parts += 1
            waiting.extend(getattr(part, field.name) for field in fields(part))
    return 1 + parts // _PARTS_PER_STEP


def undefined(run: Run, problem: Undefined | ArithmeticError) -> Value:
    """Return null and tell the author why."""
    run.warn(f"{problem}." if isinstance(problem, Undefined) else "A value is out of range.")
    return None
