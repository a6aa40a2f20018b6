"""Where the built-in functions are collected, by name, several variants of one name in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.feel.functions import Function, variant
from engine.feel.values import Value

BUILTINS: dict[str, Function] = {}
_Call = TypeVar("_Call", bound=Callable[..., Value])


def builtin(*signatures: str, run: bool = False) -> Callable[[_Call], _Call]:
    """Register a function under its FEEL signatures; with ``run`` it gets the evaluation first."""

    def register(call: _Call) -> _Call:
        for signature in signatures:
            name = signature.partition("(")[0]
            known = BUILTINS[name].variants if name in BUILTINS else ()
            BUILTINS[name] = Function(name, (*known, variant(signature, call, wants_run=run)))
        return call

    return register
