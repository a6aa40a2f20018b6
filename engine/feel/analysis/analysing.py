"""The face of the analysis: a text in, everything that is certain of it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.errors import ExpressionError
from engine.feel.analysis.findings import ERROR, Analysis, Finding, Place
from engine.feel.analysis.notes import Names, Notes, Outside
from engine.feel.analysis.shapes import VARIABLE, Shape, of_type
from engine.feel.analysis.tests_of_values import tested
from engine.feel.analysis.walking import Walk
from engine.feel.expression import parsed_expression, parsed_tests
from engine.feel.functions import Function
from engine.feel.syntax import Parsed, Tests
from engine.feel.types import Type, Types

_NONE: Mapping[str, Type] = {}
_NO_FUNCTIONS: Mapping[str, Function | None] = {}


def analyse(
    text: str,
    *,
    names: Collection[str] = (),
    types: Mapping[str, Type] = _NONE,
    functions: Mapping[str, Function | None] = _NO_FUNCTIONS,
    definitions: Types = _NONE,
    data: bool = True,
) -> Analysis:
    """Return the variables, calls and certain problems of an expression, with their places; never raises.

    ``types`` are those of the variables whose type is declared, ``names`` further variables, ``functions`` those
    from outside (None: of unknown parameters), ``definitions`` the types that other types name. ``data``: variables
    hold data, as those of a process do; in a decision they may be contexts with functions in them.
    """
    shapes = {name: of_type(type_, definitions) for name, type_ in types.items()}
    outside = Outside(names, shapes, functions, data)
    try:
        parsed = parsed_expression(text, (*names, *types, *functions))
    except ExpressionError as problem:
        return _unreadable(problem)
    return examined(text, parsed, outside)[0]


def analyse_unary(
    text: str,
    *,
    tested_type: Type | None = None,
    names: Collection[str] = (),
    types: Mapping[str, Type] = _NONE,
    functions: Mapping[str, Function | None] = _NO_FUNCTIONS,
    definitions: Types = _NONE,
    data: bool = True,
) -> Analysis:
    """Return the same for the tests of a decision table cell, whose value ``?`` is of ``tested_type``."""
    shapes = {name: of_type(type_, definitions) for name, type_ in types.items()}
    outside = Outside(names, shapes, functions, data)
    value = outside.undeclared if tested_type is None else of_type(tested_type, definitions)
    try:
        parsed = parsed_tests(text, (*names, *types, *functions))
    except ExpressionError as problem:
        return _unreadable(problem)
    return examined(text, parsed, outside, value)[0]


def examined(text: str, parsed: Parsed, outside: Outside, value: Shape = VARIABLE) -> tuple[Analysis, Shape]:
    """Return the analysis of a text that was read, and what its value may be."""
    notes = Notes(text, parsed, outside)
    walk, root = Walk(notes), parsed.root
    if isinstance(root, Tests):
        shape = tested(walk, root.tests, value, Names({"?": value}, None)) if root.tests else VARIABLE
    else:
        shape = walk.visit(root, Names({}, None))
    return notes.analysis(shape), shape


def _unreadable(problem: ExpressionError) -> Analysis:
    place = Place(problem.line, problem.column, problem.line, problem.column + 1)
    return Analysis({}, {}, {}, {}, [Finding(ERROR, "unreadable", place, problem.message)])
