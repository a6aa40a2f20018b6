"""The walk through an expression: one visit per part gives the shape of its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.feel import arithmetic, syntax
from engine.feel.analysis import calls, rules, walking_lists
from engine.feel.analysis.notes import Names, Notes
from engine.feel.analysis.shapes import (
    ANYTHING,
    BLAMED,
    NULL,
    UNKNOWN,
    Shape,
    of,
    of_type,
    of_value,
    union,
)
from engine.feel.analysis.tests_of_values import tested
from engine.feel.builtins import BUILTINS
from engine.feel.functions import Function, Parameter, Variant
from engine.feel.syntax import Node
from engine.feel.values import Undefined

_LONGEST = 1_000


class Walk:
    """Visits the parts of one expression."""

    def __init__(self, notes: Notes) -> None:
        """Write what is found into ``notes``."""
        self.notes = notes

    def visit(self, node: Node, names: Names) -> Shape:
        """Return the shape of ``node``'s value."""
        return _VISITS[type(node)](self, node, names)


def _name(walk: Walk, node: syntax.Name, names: Names) -> Shape:
    own, maybe = names.find(node.name, walk.notes.outside)
    if own is not None:
        return own
    if names.owns(node.name):
        return ANYTHING
    walk.notes.read(node, node.name, maybe=maybe)
    outside = walk.notes.outside
    if maybe or node.name in outside.functions or (node.name in BUILTINS and not outside.declares(node.name)):
        return ANYTHING
    return outside.variable(node.name).or_null()


def _path(walk: Walk, node: syntax.Path, names: Names) -> Shape:
    source = walk.visit(node.source, names)
    if source.is_blamed:
        return BLAMED
    found = property_of(source, node.name)
    if found.is_null and not _has_entry(source, node.name):
        kinds = _words(source.kinds if source.is_null else source.present)
        return walk.notes.blame(node, "no-property", f"A {kinds} has no '{node.name}'.", kinds, node.name)
    return found


def property_of(source: Shape, name: str) -> Shape:
    """Return what ``source.name`` may be; of a list, the list of what its items have under that name."""
    if "list" not in source.kinds:
        return _own_property(source, name)
    found = _own_property(replace(source, kinds=source.kinds - {"list"}, item=None), name)
    items = source.part if source.item is None else _own_property(source.item, name)
    return union(found, Shape(frozenset({"list"}), item=items.or_null(), data=source.data))


def _own_property(source: Shape, name: str) -> Shape:
    found = [rules.PROPERTY_KINDS.get((kind, name), NULL) for kind in source.kinds - {"list", "context"}]
    if "list" in source.kinds:
        found.append(NULL)
    if "context" in source.kinds:
        missing = NULL if source.closed else source.part.or_null()
        found.append(source.entries.get(name, missing))
    return union(*found)


def _has_entry(source: Shape, name: str) -> bool:
    return "context" in source.kinds and name in source.entries


def _call(walk: Walk, node: syntax.Call, names: Names) -> Shape:
    arguments = [walk.visit(argument, names) for argument in node.arguments]
    function = _function(walk, node, names)
    if not isinstance(function, Function):
        return function
    found = calls.check(node, function, arguments, walk.notes)
    if found.is_blamed or BUILTINS.get(function.name) is not function:
        return found
    return calls.folded(node, function, arguments, walk.notes) or found


def _function(walk: Walk, node: syntax.Call, names: Names) -> Function | Shape:
    """Return the function that is called, or the shape of the call when it is not known."""
    if not isinstance(node.target, syntax.Name):
        shape = walk.visit(node.target, names)
        return _callable(walk, node, shape, "the value before '('")
    name = node.target.name
    own, maybe = names.find(name, walk.notes.outside)
    if own is not None and ("function" in own.kinds or name not in BUILTINS):
        return _callable(walk, node, own, name)
    return ANYTHING if own is None and names.owns(name) else _named(walk, node.target, own, maybe=maybe)


def _named(walk: Walk, node: syntax.Name, own: Shape | None, *, maybe: bool) -> Function | Shape:
    """Return the function of a name that the expression itself does not give."""
    name = node.name
    walk.notes.called(node, name)
    outside = walk.notes.outside
    if name in outside.functions:
        return outside.functions[name] or ANYTHING
    if own is None and (maybe or (outside.declares(name) and "function" in outside.variable(name).kinds)):
        return ANYTHING if maybe and name not in BUILTINS else BUILTINS.get(name, ANYTHING)
    if name in BUILTINS:
        return BUILTINS[name]
    walk.notes.called(node, name, unknown=True)
    return walk.notes.blame(node, "unknown-function", f"There is no function '{name}'.", name)


def _callable(walk: Walk, node: syntax.Call, shape: Shape, name: str) -> Function | Shape:
    if shape.function is not None and shape.kinds == {"function"}:
        return shape.function
    if "function" in shape.kinds or shape.is_blamed:
        return ANYTHING if "function" in shape.kinds else BLAMED
    kinds = _words(shape.kinds)
    what = f"'{name}'" if isinstance(node.target, syntax.Name) else name
    return walk.notes.blame(
        node.target, "no-function", f"{what} is {kinds}, not a function.".capitalize(), kinds
    )


def _negate(walk: Walk, node: syntax.Negate, names: Names) -> Shape:
    operand = walk.visit(node.operand, names)
    if operand.is_blamed:
        return BLAMED
    kinds = operand.kinds & rules.SIGNED
    if not kinds:
        words = _words(operand.kinds)
        return walk.notes.blame(node, "operator-kind", f"'-' cannot be applied to {words}.", "-", words)
    if operand.value is not UNKNOWN:
        return of_value(arithmetic.negate(operand.value))
    return Shape(kinds | {"null"}, data=True)


def _chain(walk: Walk, node: syntax.Arithmetic, names: Names) -> Shape:
    """Visit ``a + b - c``, which leans to the left, without going deeper for each sign."""
    signs = [node]
    while isinstance(signs[-1].left, syntax.Arithmetic):
        signs.append(signs[-1].left)
    found = walk.visit(signs[-1].left, names)
    for each in reversed(signs):
        found = _arithmetic(walk, each, found, walk.visit(each.right, names))
    return found


def _arithmetic(walk: Walk, node: syntax.Arithmetic, left: Shape, right: Shape) -> Shape:
    if left.is_blamed or right.is_blamed:
        return BLAMED
    kinds = rules.arithmetic(node.operator, left, right)
    if not kinds:
        a, b = (_words(side.kinds if side.is_null else side.present) for side in (left, right))
        sentence = f"'{node.operator}' cannot combine {a} and {b}."
        return walk.notes.blame(node, "operator-kinds", sentence, node.operator, a, b)
    if UNKNOWN in (left.value, right.value) or len(str(left.value)) + len(str(right.value)) > _LONGEST:
        return Shape(kinds | {"null"}, data=True)
    try:
        return of_value(arithmetic.calculate(node.operator, left.value, right.value))
    except Undefined as problem:
        return walk.notes.blame(node, "always-null", f"{problem}.")
    except ArithmeticError:
        return Shape(kinds | {"null"}, data=True)


def _logic(walk: Walk, node: syntax.Logic, names: Names) -> Shape:
    operands: list[Node] = []
    left: Node = node
    while isinstance(left, syntax.Logic) and left.operator == node.operator:
        operands.append(left.right)
        left = left.left
    shapes = [(operand, walk.visit(operand, names)) for operand in (left, *reversed(operands))]
    for operand, shape in shapes:
        if "boolean" not in shape.kinds and shape.present:
            kinds = _words(shape.present)
            sentence = f"'{node.operator}' needs true or false, not {kinds}."
            walk.notes.blame(operand, "no-condition", sentence, node.operator, kinds)
    return of("boolean", "null") if any("boolean" in shape.kinds for _, shape in shapes) else BLAMED


def _comparison(walk: Walk, node: syntax.Comparison, names: Names) -> Shape:
    left, right = walk.visit(node.left, names), walk.visit(node.right, names)
    return compared(walk.notes, node, node.operator, left, right)


def compared(notes: Notes, node: Node, sign: str, *sides: Shape) -> Shape:
    """Return what ``left sign right`` may be; report two sides that never have an order, or are never equal."""
    left, right = sides
    kinds = rules.comparison(sign, left, right)
    senseless = not left.kinds & right.kinds if sign in ("=", "!=") else "boolean" not in kinds
    if senseless and (sign not in ("=", "!=") or (left.present and right.present)):
        if left.is_blamed or right.is_blamed:
            return Shape(kinds)
        a, b = (_words(side.kinds if side.is_null else side.present) for side in (left, right))
        notes.blame(node, "comparison-kinds", f"'{sign}' cannot compare {a} and {b}.", sign, a, b)
    return Shape(kinds, data=True)


def _between(walk: Walk, node: syntax.Between, names: Names) -> Shape:
    value, low, high = (walk.visit(part, names) for part in (node.value, node.low, node.high))
    above = compared(walk.notes, node, ">=", value, low)
    below = compared(walk.notes, node, "<=", value, high)
    return BLAMED if above.is_null or below.is_null else of("boolean", "null")


def _in(walk: Walk, node: syntax.In, names: Names) -> Shape:
    value = walk.visit(node.value, names)
    return tested(walk, node.tests, value, Names({"?": value}, names))


def _instance_of(walk: Walk, node: syntax.InstanceOf, names: Names) -> Shape:
    walk.visit(node.value, names)
    return of("boolean", "null")


def _if(walk: Walk, node: syntax.If, names: Names) -> Shape:
    condition = walk.visit(node.condition, names)
    yes, no = walk.visit(node.yes, names), walk.visit(node.no, names)
    if "boolean" in condition.kinds:
        return union(yes, no)
    if condition.present:
        kinds = _words(condition.present)
        sentence = f"'if' needs true or false, not {kinds}; it always takes the branch behind 'else'."
        walk.notes.blame(node.condition, "no-condition", sentence, "if", kinds)
    return no


def _literal(walk: Walk, node: syntax.Literal, names: Names) -> Shape:
    del walk, names
    return of_value(node.value)


def _function_of(walk: Walk, node: syntax.FunctionOf, names: Names) -> Shape:
    from_types = {name: of_type(type_, {}) for name, type_ in node.parameters}
    if node.body is not None:
        walk.visit(node.body, Names(from_types, names))
    return Shape(
        frozenset({"function", "null"} if node.body is None else {"function"}), function=_declared(node)
    )


def _declared(node: syntax.FunctionOf) -> Function:
    parameters = tuple(Parameter(name) for name, _ in node.parameters)
    return Function("function", (Variant(parameters, _never),))


def _never() -> None:
    """Stand for the body of a function that is only looked at."""


def _words(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kinds)) if len(kinds) < 4 else "value"  # noqa: PLR2004


_VISITS: dict[type[Node], Callable[[Walk, Any, Names], Shape]] = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Path: _path,
    syntax.Call: _call,
    syntax.Negate: _negate,
    syntax.Arithmetic: _chain,
    syntax.Logic: _logic,
    syntax.Comparison: _comparison,
    syntax.Between: _between,
    syntax.In: _in,
    syntax.InstanceOf: _instance_of,
    syntax.If: _if,
    syntax.FunctionOf: _function_of,
    **walking_lists.VISITS,
}
