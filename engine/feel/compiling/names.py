"""Names, paths and calls."""

from __future__ import annotations

from typing import Any

from engine.feel import syntax
from engine.feel.builtins import BUILTINS
from engine.feel.compiling.code import Build, Code, undefined
from engine.feel.functions import Function, as_function, invoke
from engine.feel.properties import MISSING, get_property
from engine.feel.running import Run, Scope
from engine.feel.syntax import Node
from engine.feel.values import SCALARS, Undefined, Value, native


def literal(node: syntax.Literal, build: Build) -> Code:
    """Build a constant."""
    del build
    value = node.value
    return lambda _scope: value


def name(node: syntax.Name, build: Build) -> Code:
    """Build the reading of a variable; a function's name gives the function."""
    del build
    wanted = node.name

    def code(scope: Scope) -> Value:
        frame: Scope | None = scope
        while frame is not None:
            if wanted in frame.values:
                value = frame.values[wanted]
                if type(value) in SCALARS or frame.parent is not None:
                    return value
                return frame.converted(wanted, scope.run)
            frame = frame.parent
        return _elsewhere(wanted, scope.run)

    return code


def path(node: syntax.Path, build: Build) -> Code:
    """Build ``source.name``; only the part that is asked for is converted."""
    source, wanted = _raw(node.source, build), node.name

    def code(scope: Scope) -> Value:
        value = source(scope)
        found = value.get(wanted, MISSING) if type(value) is dict else MISSING
        if type(found) in SCALARS:
            return found
        try:
            if found is not MISSING:
                return native(found)
            return get_property(native(value), wanted, scope.run)
        except Undefined as problem:
            return undefined(scope.run, problem)

    return code


def _raw(node: Node, build: Build) -> Code:
    """Build the reading of a value that may still be a plain Python one."""
    if isinstance(node, syntax.Name):
        return _raw_name(node.name)
    if not isinstance(node, syntax.Path):
        return build(node)
    source, wanted, whole = _raw(node.source, build), node.name, build(node)

    def code(scope: Scope) -> Any:  # noqa: ANN401 - any Python value
        value = source(scope)
        if type(value) is dict and wanted in value:
            return value[wanted]
        return whole(scope)

    return code


def _raw_name(wanted: str) -> Code:
    def code(scope: Scope) -> Any:  # noqa: ANN401 - any Python value
        frame: Scope | None = scope
        while frame is not None:
            if wanted in frame.values:
                return frame.values[wanted]
            frame = frame.parent
        return _elsewhere(wanted, scope.run)

    return code


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
        run.tick()
        try:
            value = invoke(found, given, names, run)
        except Undefined as problem:
            return undefined(run, problem)
        if type(value) is list:
            run.size(len(value))
        elif type(value) is str:
            run.length(len(value))
        return value

    return code


def _function(node: Node, build: Build) -> Code:
    builtin = BUILTINS.get(node.name) if isinstance(node, syntax.Name) else None
    wanted = node.name if isinstance(node, syntax.Name) else "the value before '('"
    read = _raw_name(node.name) if isinstance(node, syntax.Name) else build(node)

    def code(scope: Scope) -> Function | None:
        value = read(scope) if builtin is None else _shadowing(wanted, scope)
        if isinstance(value, Function):
            return value
        if value is None or not callable(value):
            if builtin is None and value is not None:
                scope.run.warn(f"'{wanted}' is not a function.")
            return builtin
        return as_function(wanted, value)

    return code


def _shadowing(wanted: str, scope: Scope) -> Any:  # noqa: ANN401 - any Python value
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
