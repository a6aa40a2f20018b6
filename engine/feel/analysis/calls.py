"""Calls: the number, names and kinds of arguments against what a function takes."""

from __future__ import annotations

from collections.abc import Sequence

from engine.feel.analysis import rules
from engine.feel.analysis.notes import Notes
from engine.feel.analysis.shapes import ANYTHING, BLAMED, UNKNOWN, Shape, of_value, union
from engine.feel.builtins import BUILTINS
from engine.feel.environment import Environment, Limits
from engine.feel.functions import Function, Parameter, Variant, invoke
from engine.feel.running import LimitExceeded, Run
from engine.feel.syntax import Call, Name
from engine.feel.values import Undefined, Value

_SMALL = Environment(limits=Limits(items=1_000, characters=10_000, steps=5_000))
_LONGEST = 1_000
_OF_THE_MOMENT = frozenset({"now", "today"})


def check(node: Call, function: Function, arguments: Sequence[Shape], notes: Notes) -> Shape:
    """Return the shape of a call; report what no variant of the function takes."""
    fitting = [variant for variant in function.variants if _takes_so_many(variant, node)]
    if not fitting:
        return _reported(node, function, notes)
    taking = [variant for variant in fitting if _takes(variant, node, arguments)]
    if taking:
        if BUILTINS.get(function.name) is not function:
            return ANYTHING
        return union(*(rules.annotated(variant.call) for variant in taking))
    for index, argument in enumerate(arguments):
        if not any(_accepts(_parameter(variant, node, index), argument) for variant in fitting):
            wanted = {kind for variant in fitting for kind in _parameter(variant, node, index).kinds or ()}
            return (
                BLAMED if argument.is_blamed else _refused(node, index, _words(wanted), argument, notes=notes)
            )
    kinds = ", ".join(_words(argument.kinds) for argument in arguments)
    return notes.blame(
        node, "argument-kinds", f"{function.name}() does not take {kinds} together.", function.name, kinds
    )


def folded(node: Call, function: Function, arguments: Sequence[Shape], notes: Notes) -> Shape | None:
    """Return the value of a built-in function of constants; None when it cannot be told now."""
    values = [argument.value for argument in arguments]
    if function.name in _OF_THE_MOMENT or not all(map(_is_small, values)):
        return None
    run = Run(_SMALL)
    try:
        value = invoke(function, values, node.named, run)
    except Undefined as problem:
        return notes.blame(node, "always-null", f"{problem}.")
    except (ArithmeticError, LimitExceeded, RecursionError):
        return None
    return of_value(value)


def _is_small(value: Value) -> bool:
    if value is UNKNOWN or isinstance(value, Function):
        return False
    if isinstance(value, list):
        return len(value) <= _LONGEST and all(map(_is_small, value))
    if isinstance(value, dict):
        return len(value) <= _LONGEST and all(map(_is_small, value.values()))
    return not isinstance(value, str) or len(value) <= _LONGEST


def _reported(node: Call, function: Function, notes: Notes) -> Shape:
    name = function.name
    known = {parameter.name for variant in function.variants for parameter in variant.parameters}
    wrong = [each for each in node.named if each not in known]
    ways = " or ".join(f"{name}({_signature(variant)})" for variant in function.variants)
    if wrong:
        sentence = f"{name}() has no parameter '{wrong[0]}'; write {ways}."
        return notes.blame(node, "argument-name", sentence, name, wrong[0])
    if node.named:
        sentence = f"{name}() cannot be called with just {', '.join(node.named)}; write {ways}."
        return notes.blame(node, "argument-missing", sentence, name)
    count = len(node.arguments)
    sentence = f"{name}() does not take {count} argument{'' if count == 1 else 's'}; write {ways}."
    return notes.blame(node, "argument-count", sentence, name, str(count))


def _refused(node: Call, index: int, wanted: str, argument: Shape, *, notes: Notes) -> Shape:
    function = node.target.name if isinstance(node.target, Name) else "function"
    name = f"'{node.named[index]}'" if node.named else f"argument {index + 1}"
    given = _words(argument.kinds if argument.is_null else argument.present)
    sentence = f"{function}() takes {wanted} as {name}, not {given}."
    return notes.blame(node.arguments[index], "argument-kind", sentence, function, name, wanted, given)


def _takes_so_many(variant: Variant, node: Call) -> bool:
    """Tell whether a variant takes so many arguments, or these names."""
    parameters = variant.parameters
    if node.named:
        known = {parameter.name for parameter in parameters}
        return known.issuperset(node.named) and all(p.optional or p.name in node.named for p in parameters)
    count = len(node.arguments)
    endless = bool(parameters) and parameters[-1].variadic
    return (count <= len(parameters) or endless) and all(p.optional for p in parameters[count:])


def _takes(variant: Variant, node: Call, arguments: Sequence[Shape]) -> bool:
    return all(
        _accepts(_parameter(variant, node, index), argument) for index, argument in enumerate(arguments)
    )


def _parameter(variant: Variant, node: Call, index: int) -> Parameter:
    if node.named:
        return next(p for p in variant.parameters if p.name == node.named[index])
    return variant.parameters[min(index, len(variant.parameters) - 1)]


def _accepts(parameter: Parameter, argument: Shape) -> bool:
    """Tell whether some value of the argument fits, also from or to a list of one."""
    kinds = parameter.kinds
    if kinds is None or argument.kinds & kinds:
        return True
    if "list" in kinds:
        return bool(argument.present)
    return "list" in argument.kinds and bool(argument.items.kinds & kinds)


def _signature(variant: Variant) -> str:
    return ", ".join(p.name + (" …" if p.variadic else "?" if p.optional else "") for p in variant.parameters)


def _words(kinds: frozenset[str] | set[str]) -> str:
    return " or ".join(sorted(kinds, key=lambda kind: (kind == "null", kind)))
