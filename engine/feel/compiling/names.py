"""Names, paths and calls."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.builtins import BUILTINS
from engine.feel.compiling.code import Build, Code, undefined
from engine.feel.functions import Function, as_function, invoke
from engine.feel.properties import get_property
from engine.feel.running import Run, Scope
from engine.feel.syntax import Node
from engine.feel.values import SCALARS, Undefined, Value, native

_LONG = (list, str, dict)
_MADE_PER_STEP: dict[type, int] = {str: 16, list: 8, dict: 2}
"""Parts of a result that count as one step: by the memory they take."""


def literal(node: syntax.Literal, build: Build) -> Code:
    """Build a constant."""
    del build
    value = node.value
    return lambda _scope: value


def name(node: syntax.Name, build: Build) -> Code:
    """Build the reading of a variable; a function's name gives the function.

    A declared name with a dot that is not there is read as a path.
    """
    del build
    wanted = node.name
    first, *deeper = wanted.split(".")
    elsewhere = _variable_path(first, deeper) if deeper else None

    def code(scope: Scope) -> Value:
        frame: Scope | None = scope
        while frame is not None:
            if wanted in frame.values:
                value = frame.values[wanted]
                if type(value) in SCALARS or frame.parent is not None:
                    return value
                if type(value) is int:
                    return Decimal(value)
                return frame.converted(wanted, scope.run)
            frame = frame.parent
        return elsewhere(scope) if elsewhere else _elsewhere(wanted, scope.run)

    return code


def path(node: syntax.Path, build: Build) -> Code:
    """Build ``source.name``; of ``variable.a.b`` only the part that is asked for is converted."""
    wanted = [node.name]
    source = node.source
    while isinstance(source, syntax.Path):
        wanted.append(source.name)
        source = source.source
    wanted.reverse()
    if isinstance(source, syntax.Name):
        return _variable_path(source.name, wanted)
    whole = build(source)
    return lambda scope: _follow(whole(scope), wanted, scope.run)


def _variable_path(first: str, wanted: list[str]) -> Code:
    def code(scope: Scope) -> Value:
        frame: Scope | None = scope
        while frame is not None:
            if first in frame.values:
                value = frame.values[first]
                return (
                    _plain(value, wanted, scope.run)
                    if frame.parent is None
                    else _follow(value, wanted, scope.run)
                )
            frame = frame.parent
        return _follow(_elsewhere(first, scope.run), wanted, scope.run)

    return code


def _plain(value: Any, wanted: list[str], run: Run) -> Value:
    """Follow names through plain Python dicts and turn what is found into a FEEL value."""
    for place, name in enumerate(wanted):
        if type(value) is not dict or name not in value:
            return _follow(_native(value, run), wanted[place:], run)
        value = value[name]
    return value if type(value) in SCALARS else _native(value, run)


def _native(value: object, run: Run) -> Value:
    try:
        return native(value)
    except Undefined as problem:
        return undefined(run, problem)


def _follow(value: Value, wanted: list[str], run: Run) -> Value:
    try:
        for name in wanted:
            value = value[name] if type(value) is dict and name in value else get_property(value, name, run)
    except (Undefined, ArithmeticError) as problem:
        return undefined(run, problem)
    return value


def call(node: syntax.Call, build: Build) -> Code:
    """Build the call of a function."""
    target = _function(node.target, build)
    arguments, names = tuple(build(argument) for argument in node.arguments), node.named

    def code(scope: Scope) -> Value:
        run = scope.run
        found = target(scope)
        if found is None:
            return None
        given = [argument(scope) for argument in arguments]
        steps = 1
        for value in given:
            if type(value) in _LONG:
                steps += len(value) >> 6
        run.tick(steps)
        try:
            value = invoke(found, given, names, run)
        except (Undefined, ArithmeticError) as problem:
            return undefined(run, problem)
        if type(value) in _LONG:
            _measure(value, run)
        return value

    return code


def _measure(value: Value, run: Run) -> None:
    """Refuse what is too long, and count the making of what is long."""
    if type(value) is str:
        run.length(len(value))
    else:
        run.size(len(value))
    run.tick(len(value) // _MADE_PER_STEP[type(value)])


def _function(node: Node, build: Build) -> Code:
    builtin = BUILTINS.get(node.name) if isinstance(node, syntax.Name) else None
    wanted = node.name if isinstance(node, syntax.Name) else "the value before '('"
    read = None if isinstance(node, syntax.Name) else build(node)

    def code(scope: Scope) -> Function | None:
        value = read(scope) if read else _named(wanted, scope)
        if isinstance(value, Function):
            return value
        if value is None or not callable(value):
            if builtin is None:
                scope.run.warn(f"There is no function '{wanted}'.")
            return builtin
        return as_function(wanted, value)

    return code


def _named(wanted: str, scope: Scope) -> Any:
    frame: Scope | None = scope
    while frame is not None:
        if wanted in frame.values:
            return frame.values[wanted]
        frame = frame.parent
    return scope.run.environment.functions.get(wanted)


def _elsewhere(wanted: str, run: Run) -> Value:
    found = run.environment.functions.get(wanted) or BUILTINS.get(wanted)
    if found is None:
        run.warn(f"There is no variable or function '{wanted}'.")
    return found
