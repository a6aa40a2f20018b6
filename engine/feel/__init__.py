"""FEEL, the expression language of DMN 1.5, on exact decimals: compiled once, evaluated often.

``compile(text).evaluate(variables)`` is the whole of it; the leading ``=`` of a process file is the caller's.
"""

from __future__ import annotations

from engine.feel.analysis.analysing import analyse, analyse_unary
from engine.feel.analysis.findings import Analysis, Finding, Place
from engine.feel.builtins import BUILTINS
from engine.feel.calling import call
from engine.feel.environment import DEFAULT, Environment, Limits
from engine.feel.expression import Expression, UnaryTests, compile_unary
from engine.feel.expression import compile_expression as compile  # noqa: A004
from engine.feel.functions import Function, function
from engine.feel.json_values import Json, from_json, to_json
from engine.feel.values import DayTimeDuration, Range, Value, YearsMonths, kind, native

BUILTIN_NAMES = frozenset(BUILTINS)
"""The names of all built-in functions."""

__all__ = [
    "BUILTIN_NAMES",
    "DEFAULT",
    "Analysis",
    "DayTimeDuration",
    "Environment",
    "Expression",
    "Finding",
    "Function",
    "Json",
    "Limits",
    "Place",
    "Range",
    "UnaryTests",
    "Value",
    "YearsMonths",
    "analyse",
    "analyse_unary",
    "call",
    "compile",
    "compile_unary",
    "from_json",
    "function",
    "kind",
    "native",
    "to_json",
]
