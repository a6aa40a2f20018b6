"""Functions as values: how their arguments are bound, converted and checked."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from engine.errors import InvalidInput
from engine.feel.types import ANY, FunctionType, Type, Types
from engine.feel.values import FunctionValue, Undefined, Value, kind, native

_PARAMETER = re.compile(r"\s*([^:?.]+?)\s*(\?)?\s*(?::\s*([a-zA-Z |]+?))?\s*(\.\.\.)?\s*")
_SHORT_KINDS = {
    "datetime": "date and time",
    "dtd": "days and time duration",
    "ymd": "years and months duration",
}


class Budget(Protocol):
    """What a function with ``wants_run`` gets first: the running evaluation."""

    def tick(self, steps: int = 1) -> None:
        """Count steps against the limits."""

    def size(self, count: int) -> None:
        """Refuse a list of more than the allowed number of items."""

    def length(self, count: int) -> None:
        """Refuse a string of more than the allowed number of characters."""

    def warn(self, message: str) -> None:
        """Keep a warning for the author."""

    @property
    def environment(self) -> Any:
        """The environment of the evaluation."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the kinds it takes (None: all), or a declared FEEL type."""

    name: str
    kinds: frozenset[str] | None = None
    optional: bool = False
    variadic: bool = False
    type: Type = ANY


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., Value]
    wants_run: bool = False


@dataclass(frozen=True, slots=True)
class Function(FunctionValue):
    """A function that an expression can call: ``variants`` are tried in their order."""

    name: str
    variants: tuple[Variant, ...]
    result: Type = field(default=ANY)

    @property
    def type(self) -> FunctionType:
        """The declared type."""
        return FunctionType(tuple(p.type for p in self.variants[0].parameters), self.result)


def function(signature: str, call: Callable[..., Value], *, wants_run: bool = False) -> Function:
    """Return the function of a signature such as ``next working day(date: date, count?: number)``."""
    name, _, _ = signature.partition("(")
    return Function(name, (variant(signature, call, wants_run=wants_run),))


def variant(signature: str, call: Callable[..., Value], *, wants_run: bool = False) -> Variant:
    """Return one way to call a function, from a signature; ``kind|null`` also takes null."""
    inner = signature[signature.index("(") + 1 : signature.rindex(")")]
    return Variant(tuple(_parameter(part) for part in inner.split(",") if part.strip()), call, wants_run)


def as_function(name: str, call: Function | Callable[..., Any]) -> Function:
    """Return a plain callable as a Function whose results become FEEL values; its InvalidInput becomes null."""
    if isinstance(call, Function):
        return call
    plain = call
    try:
        signature = inspect.signature(plain)
    except ValueError:
        return Function(name, (Variant((Parameter("argument", optional=True, variadic=True),), plain),))
    parameters = tuple(
        Parameter(
            p.name.replace("_", " "), optional=p.default is not p.empty, variadic=p.kind is p.VAR_POSITIONAL
        )
        for p in signature.parameters.values()
        if p.kind is not p.VAR_KEYWORD
    )

    def from_outside(*given: Value) -> Value:
        try:
            return native(plain(*given))
        except InvalidInput as problem:
            raise Undefined(f"{name}(): {problem}".rstrip(".")) from problem

    return Function(name, (Variant(parameters, from_outside),))


def invoke(target: Function, arguments: Sequence[Value], names: Sequence[str], run: Budget) -> Value:
    """Return the result of ``target`` for arguments by position, or by name when ``names`` are given.

    Raises Undefined when no variant takes them.
    """
    for candidate in target.variants:
        bound = (
            _by_name(candidate, dict(zip(names, arguments, strict=True)), run)
            if names
            else _by_position(candidate, arguments, run)
        )
        if bound is not None:
            return candidate.call(run, *bound) if candidate.wants_run else candidate.call(*bound)
    given = ", ".join(names or [kind(argument) for argument in arguments])
    raise Undefined(f"The function {target.name}() does not take ({given})")


def _parameter(text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        raise Undefined(f"'{text}' is not a parameter")
    name, optional, kinds, variadic = match.groups()
    allowed = None if kinds in (None, "any") else frozenset(_kinds(kinds))
    return Parameter(name, allowed, optional=bool(optional), variadic=bool(variadic))


def _kinds(text: str) -> Sequence[str]:
    return [_SHORT_KINDS.get(name.strip(), name.strip()) for name in text.split("|")]


MISFIT: Final = object()
"""What does not fit a parameter or a type."""


def _by_position(candidate: Variant, arguments: Sequence[Value], run: Budget) -> list[Value] | None:
    parameters = candidate.parameters
    if len(arguments) != len(parameters):
        if any(not p.optional for p in parameters[len(arguments) :]):
            return None
        if parameters and parameters[-1].variadic:
            parameters = parameters[:-1] + (parameters[-1],) * max(len(arguments) - len(parameters) + 1, 0)
        if len(arguments) > len(parameters):
            return None
    return _fit_all(parameters, arguments, run)


def _by_name(candidate: Variant, arguments: Mapping[str, Value], run: Budget) -> list[Value] | None:
    parameters = candidate.parameters
    known = {p.name for p in parameters}
    if not known.issuperset(arguments) or any(p.name not in arguments and not p.optional for p in parameters):
        return None
    given = [arguments.get(p.name, MISFIT) for p in parameters]
    while given and given[-1] is MISFIT:
        given.pop()
    if any(value is MISFIT for value in given):
        given = [None if value is MISFIT else value for value in given]
        parameters = tuple(p if p.name in arguments else Parameter(p.name, None) for p in parameters)
    bound = _fit_all(parameters[: len(given)], given, run)
    if bound and candidate.parameters[-1].variadic and isinstance(bound[-1], list):
        return [*bound[:-1], *bound[-1]]
    return bound


def _fit_all(parameters: Sequence[Parameter], given: Sequence[Value], run: Budget) -> list[Value] | None:
    bound = []
    for parameter, value in zip(parameters, given, strict=False):
        kinds = parameter.kinds
        if kinds is not None:
            if kind(value) not in kinds:
                value = _converted(value, kinds)  # noqa: PLW2901
        elif parameter.type is not ANY:
            value = fitted(value, parameter.type, run.environment.types)  # noqa: PLW2901
        if value is MISFIT:
            return None
        bound.append(value)
    return bound


def _converted(value: Value, kinds: frozenset[str]) -> Value:
    if "list" in kinds and value is not None:
        return [value]
    if isinstance(value, list) and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    return MISFIT


def fitted(value: Value, type_: Type, types: Types) -> Value:
    """Return ``value`` as a declared type takes it (also from or to a list of one), else MISFIT."""
    if value is None or type_.conforms(value, types) is not False:
        return value
    if isinstance(value, list) and len(value) == 1 and type_.conforms(value[0], types):
        return value[0]
    if type_.conforms([value], types):
        return [value]
    return MISFIT
