"""Texts of a process file that may be expressions: constant text, or FEEL after ``=``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from engine import feel
from engine.errors import ExpressionError

Lookup = Callable[[str], tuple[bool, Any]]
"""Given a name, tell whether some scope has it, and its value."""


class Trouble(Exception):
    """The token cannot go on: ``code`` groups such incidents, the text is a sentence for the operator."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the sentence."""
        super().__init__(message)
        self.code, self.message = code, message


class Formula(Protocol):
    """Something that gives a value in a scope."""

    @property
    def text(self) -> str:
        """The text as written."""

    def value(self, lookup: Lookup, environment: feel.Environment) -> Any:
        """Return the value for the variables that ``lookup`` finds."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Text that stands for itself."""

    text: str

    def value(self, lookup: Lookup, environment: feel.Environment) -> Any:
        """Return the text."""
        del lookup, environment
        return self.text


@dataclass(frozen=True, slots=True)
class Feel:
    """A compiled expression with the names that it reads."""

    text: str
    expression: feel.Expression
    names: tuple[str, ...]

    def value(self, lookup: Lookup, environment: feel.Environment) -> Any:
        """Evaluate; Trouble when a limit is passed."""
        context: dict[str, Any] = {}
        for name in self.names:
            known, value = lookup(name)
            if known:
                context[name] = value
        try:
            return self.expression.evaluate(context, environment)
        except ExpressionError as error:
            raise Trouble("expression", f"«{self.text}» cannot be evaluated: {error}") from error


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of one variable, whatever its name is made of."""

    text: str

    @property
    def names(self) -> tuple[str, ...]:
        """The one name that it reads."""
        return (self.text,)

    def value(self, lookup: Lookup, environment: feel.Environment) -> Any:
        """Return what the variable holds, None when there is none."""
        del environment
        return lookup(self.text)[1]


def is_feel(text: str) -> bool:
    """Tell whether a text is an expression rather than itself."""
    return text.lstrip().startswith("=")


@lru_cache(maxsize=8192)
def formula(text: str, names: frozenset[str] = frozenset()) -> Formula:
    """Return the text as a Formula; ``names`` hold signs or keywords. ExpressionError when FEEL cannot be read."""
    if not is_feel(text):
        return Constant(text)
    expression = feel.compile(text.strip()[1:].strip(), names=names)
    reads = tuple(sorted(expression.variables | expression.maybe_variables))
    return Feel(text, expression, reads)


def optional(text: str | None, names: frozenset[str]) -> Formula | None:
    """Return the text as a Formula, None for none."""
    return formula(text, names) if text else None


def environment_of(functions: Mapping[str, Any], **settings: Any) -> feel.Environment:
    """Return the FEEL environment for a moment."""
    return feel.Environment(functions=functions, **settings)
