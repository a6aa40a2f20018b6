"""Unary tests: ``value in (< 5, [7..9])`` and the cells of decision tables."""

from __future__ import annotations

from typing import Protocol

from engine.feel import syntax
from engine.feel.analysis import rules
from engine.feel.analysis.notes import Names, Notes
from engine.feel.analysis.shapes import BLAMED, Shape, of, union
from engine.feel.compiling.code import mentions
from engine.feel.syntax import Node


class Walker(Protocol):
    """What visits the parts of an expression."""

    notes: Notes

    def visit(self, node: Node, names: Names) -> Shape:
        """Return the shape of ``node``'s value."""


def tested(walk: Walker, tests: tuple[Node, ...], value: Shape, names: Names) -> Shape:
    """Return what the tests may answer for ``value``; report one that never can."""
    found = [_test(walk, node, value, names) for node in tests]
    return union(*found) if any("boolean" in shape.kinds for shape in found) else BLAMED


def _test(walk: Walker, node: Node, value: Shape, names: Names) -> Shape:
    if isinstance(node, syntax.HalfRange):
        end = walk.visit(node.end, names)
        return _judged(walk.notes, node, rules.comparison(node.operator, value, end), value, end)
    shape = walk.visit(node, names)
    if mentions(node, "?") and "boolean" in shape.kinds:
        return of("boolean", "null")
    return _judged(walk.notes, node, _matching(value, shape), value, shape)


def _matching(value: Shape, test: Shape) -> frozenset[str]:
    """Return the kinds of the answer: is ``value`` the test, does it lie in it, is it one of it."""
    kinds: set[str] = set()
    for kind in test.kinds:
        one = Shape(frozenset({kind}))
        if kind == "list":
            kinds.add("boolean")
        elif kind == "range":
            ends = test.items if test.item is not None else None
            inside = ends is None or bool(ends.kinds & value.kinds) or "null" in value.kinds
            kinds |= {"null", *(("boolean",) if inside or "range" in value.kinds else ())}
        else:
            kinds |= rules.comparison("=", value, one)
    return frozenset(kinds)


def _judged(notes: Notes, node: Node, kinds: frozenset[str], *sides: Shape) -> Shape:
    value, test = sides
    if "boolean" not in kinds and not (value.is_blamed or test.is_blamed):
        a, b = (" or ".join(sorted(side.present or side.kinds)) for side in (value, test))
        inner = (
            f" of {' or '.join(sorted(test.items.present))}" if test.kinds == {"range"} and test.item else ""
        )
        notes.blame(node, "test-kinds", f"A {a} cannot be tested with a {b}{inner}.", a, b)
    return Shape(kinds)
