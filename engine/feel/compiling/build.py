"""One builder per part of an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import syntax
from engine.feel.compiling import collections, control, names, operators
from engine.feel.compiling.code import Code
from engine.feel.syntax import Node

_BUILDERS: dict[type[Node], Callable[[Any, Callable[[Node], Code]], Code]] = {
    syntax.Literal: names.literal,
    syntax.Name: names.name,
    syntax.Path: names.path,
    syntax.Call: names.call,
    syntax.Filter: collections.filter_,
    syntax.ListOf: collections.list_of,
    syntax.ContextOf: collections.context_of,
    syntax.Interval: collections.interval,
    syntax.Negate: operators.negate,
    syntax.Arithmetic: operators.arithmetic_,
    syntax.Logic: operators.logic,
    syntax.Comparison: operators.comparison,
    syntax.Between: operators.between,
    syntax.In: operators.in_,
    syntax.InstanceOf: operators.instance_of,
    syntax.HalfRange: operators.half_range,
    syntax.If: control.if_,
    syntax.For: control.for_,
    syntax.Quantified: control.quantified,
    syntax.FunctionOf: control.function_of,
}


def build(node: Node) -> Code:
    """Return the closure that evaluates ``node``."""
    return _BUILDERS[type(node)](node, build)
