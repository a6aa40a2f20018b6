"""A form as it was read: its fields with everything compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel import Expression
from engine.forms.patterns import Pattern

Rule: TypeAlias = Decimal | Expression
Path: TypeAlias = tuple[str, ...]

INPUTS = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "checkbox",
        "checklist",
        "radio",
        "select",
        "taglist",
        "datetime",
        "filepicker",
    }
)
LAYOUT = frozenset({"text", "table", "separator", "spacer", "button"})
NESTING = frozenset({"group", "dynamiclist"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What the value of a field must keep; numbers may be computed from other answers."""

    required: bool | Expression = False
    min: Rule | None = None
    max: Rule | None = None
    min_length: Rule | None = None
    max_length: Rule | None = None
    pattern: Pattern | None = None
    pattern_message: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Where the allowed values come from: written down, at a path of the variables, or computed."""

    static: tuple[Any, ...] = ()
    key: Path = ()
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What only some types have."""

    subtype: str = ""
    decimal_digits: int | None = None
    increment: Decimal | None = None
    as_string: bool = False
    multiple: bool = False
    no_past: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One component: where its answer is kept (``path`` in the form or list item) and its rules.

    ``hide`` is the condition that hides it; the paths of a group's ``children`` include its own.
    """

    id: str
    type: str
    label: str
    path: Path = ()
    hide: Expression | None = None
    locked: bool | Expression = False
    rules: Rules = Rules()
    choices: Choices = Choices()
    details: Details = Details()
    children: tuple[Field, ...] = field(default=())

    @property
    def is_input(self) -> bool:
        """Tell whether the field takes an answer."""
        return self.type in INPUTS

    @property
    def key(self) -> str:
        """The path in one word."""
        return ".".join(self.path)
