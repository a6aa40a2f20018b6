"""The parts an expression consists of, as the parser finds them; ``at`` is the offset in the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.feel.types import Type


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or date written down."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function by its normal name."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """One property of a value: ``source.name``."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """Some elements of a list: ``source[condition]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function applied: by position (``named`` is empty) or by name."""

    target: Node
    arguments: tuple[Node, ...]
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """The number or duration with the other sign."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``+ - * / **`` of two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` of two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``= != < <= > >=`` of two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value in tests``."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class HalfRange(Node):
    """``< end`` and its kind: a test without its left side."""

    operator: str
    end: Node


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """``[start..end]`` with its brackets."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """``{a: 1, b: a}``."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in source`` or ``name in source..end`` of a loop."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for … return result``."""

    iterators: tuple[Iterator, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some`` or ``every`` … ``satisfies condition``."""

    quantifier: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """``function(a: number, b) body``; an external function has no body."""

    parameters: tuple[tuple[str, Type], ...]
    body: Node | None


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """The tests of a decision table cell; ``negated`` for ``not(…)``, none at all for ``-``."""

    tests: tuple[Node, ...]
    negated: bool


Reads: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole text: its tree, the names it reads from outside, where each node (by id) begins and ends."""

    root: Node
    variables: Reads
    maybe: Reads
    functions: Reads
    spans: Mapping[int, tuple[int, int]]
