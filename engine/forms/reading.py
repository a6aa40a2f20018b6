"""From the JSON of a form-js schema to a form, everything compiled and every problem told at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from engine import feel
from engine.errors import ExpressionError
from engine.feel import Expression
from engine.forms.browser import differs_in_browser
from engine.forms.fields import INPUTS, LAYOUT, NESTING, Choices, Details, Field, Path, Rule, Rules
from engine.forms.patterns import Pattern, compile_pattern
from engine.forms.problem import FormProblem

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
_CHOICES = frozenset({"checklist", "radio", "select", "taglist"})
_SUBTYPES = frozenset({"date", "time", "datetime"})
_KINDS = frozenset({"", "custom", "email", "phone"})
_TEXTS = ("label", "text", "description", "dataSource", "defaultValue", "source", "alt", "url")
Component = Mapping[str, Any]


class SchemaReader:
    """Reads the components of one schema; ``problems`` and ``expressions`` fill up."""

    def __init__(self, file: str) -> None:
        """Begin with nothing."""
        self.file = file
        self.problems: list[FormProblem] = []
        self.expressions: list[tuple[str, str]] = []

    def problem(self, place: str, message: str) -> None:
        """Keep a problem."""
        self.problems.append(FormProblem(self.file, place, message))

    def components(self, holder: Component, base: Path, place: str, depth: int = 0) -> tuple[Field, ...]:
        """Return the fields of a form, group or list whose answers are kept under ``base``."""
        given = holder.get("components", [])
        if not isinstance(given, list) or depth > MAX_DEPTH:
            self.problem(place, "The components must be a list, and groups at most 12 deep.")
            return ()
        found = [self.component(part, base, f"{place}/{at}", depth) for at, part in enumerate(given)]
        return tuple(field for field in found if field)

    def component(self, part: object, base: Path, place: str, depth: int) -> Field | None:
        """Return one field; None for one that cannot be used."""
        if not isinstance(part, dict) or not isinstance(part.get("type"), str):
            self.problem(place, "A component must be an object with a type.")
            return None
        type_ = part["type"]
        place = f"component '{part.get('key') or part.get('path') or part.get('id') or place}' ({type_})"
        if type_ not in INPUTS | LAYOUT | NESTING:
            self.problem(place, f"Components of type '{type_}' are not allowed; use another type.")
            return None
        for name in _TEXTS:
            if isinstance(part.get(name), str) and part[name].startswith("="):
                self.expression(part[name], f"{place}, {name}")
        own = self._path(part, type_, base, place)
        inner = () if type_ == "dynamiclist" else own
        children = self.components(part, inner, place, depth + 1) if type_ in NESTING else ()
        return Field(
            str(part.get("id") or part.get("key") or place),
            type_,
            str(part.get("label", "")),
            own,
            self._hide(part, place),
            self._locked(part, place),
            self._rules(part, place),
            self._choices(part, place) if type_ in _CHOICES else Choices(),
            self._details(part, place),
            children,
        )

    def expression(self, text: str, place: str, *, condition: bool = False) -> Expression | None:
        """Return the compiled FEEL of ``=text``; what the browser evaluates otherwise is a problem."""
        self.expressions.append((place, text[1:]))
        try:
            compiled = feel.compile(text[1:])
        except ExpressionError as error:
            self.problem(place, str(error))
            return None
        difference = differs_in_browser(text[1:], condition=condition)
        if difference is not None:
            self.problem(place, f"The browser would evaluate «{text[1:].strip()}» otherwise: {difference}.")
        return compiled

    def _path(self, part: Component, type_: str, base: Path, place: str) -> Path:
        if type_ in LAYOUT:
            return base
        name = part.get("path" if type_ in NESTING else "key", "")
        if name in ("", None) and type_ == "group":
            return base
        if not isinstance(name, str) or not name or not all(name.split(".")):
            self.problem(
                place, f"The {'path' if type_ in NESTING else 'key'} '{name}' is not a name such as a or a.b."
            )
            return base
        return (*base, *name.split("."))

    def _hide(self, part: Component, place: str) -> Expression | None:
        hide = (part.get("conditional") or {}).get("hide")
        if not hide:
            return None
        return self.expression(
            hide if str(hide).startswith("=") else f"={hide}", f"{place}, hide", condition=True
        )

    def _locked(self, part: Component, place: str) -> bool | Expression:
        readonly = part.get("readonly", False)
        if isinstance(readonly, str) and readonly.startswith("="):
            return self.expression(readonly, f"{place}, readonly", condition=True) or True
        return bool(readonly) or bool(part.get("disabled", False))

    def _rules(self, part: Component, place: str) -> Rules:
        rules = part.get("validate") or {}
        kind = str(rules.get("validationType") or "")
        if kind not in _KINDS:
            self.problem(place, f"There is no validation type '{kind}'; use email, phone or a pattern.")
        required = rules.get("required", False)
        is_feel = isinstance(required, str) and required.startswith("=")
        return Rules(
            (self.expression(required, f"{place}, required", condition=True) or False)
            if is_feel
            else bool(required),
            self._bound(rules, "min", place),
            self._bound(rules, "max", place),
            self._bound(rules, "minLength", place),
            self._bound(rules, "maxLength", place),
            self._pattern(rules.get("pattern"), place),
            str(rules.get("patternErrorMessage", "")),
            kind,
        )

    def _bound(self, rules: Component, name: str, place: str) -> Rule | None:
        written = rules.get(name)
        if written in (None, ""):
            return None
        if isinstance(written, str) and written.startswith("="):
            return self.expression(written, f"{place}, {name}", condition=True)
        try:
            return Decimal(str(written))
        except InvalidOperation:
            self.problem(place, f"'{written}' is not a number for {name}.")
            return None

    def _pattern(self, written: object, place: str) -> Pattern | None:
        if not written:
            return None
        try:
            return compile_pattern(str(written))
        except ValueError as problem:
            self.problem(place, f"The pattern cannot be used: {problem}.")
            return None

    def _choices(self, part: Component, place: str) -> Choices:
        key, expression, values = part.get("valuesKey"), part.get("valuesExpression"), part.get("values")
        if isinstance(expression, str) and expression:
            written = expression if expression.startswith("=") else f"={expression}"
            return Choices(expression=self.expression(written, f"{place}, valuesExpression"))
        if isinstance(key, str) and key:
            return Choices(key=tuple(key.split(".")))
        if not isinstance(values, list) or not values:
            self.problem(place, "It has no choices: give values, valuesKey or valuesExpression.")
            return Choices()
        return Choices(static=option_values(values))

    def _details(self, part: Component, place: str) -> Details:
        subtype = str(part.get("subtype", ""))
        if part["type"] == "datetime" and subtype not in _SUBTYPES:
            self.problem(place, f"The subtype '{subtype}' is not date, time or datetime.")
        digits = part.get("decimalDigits")
        if digits is not None and (not isinstance(digits, int) or digits < 0):
            self.problem(place, f"'{digits}' is not a number of decimal digits.")
            digits = None
        return Details(
            subtype,
            digits,
            self._increment(part, place),
            bool(part.get("serializeToString", False)),
            bool(part.get("multiple", False)),
            bool(part.get("disallowPassedDates", False)),
        )

    def _increment(self, part: Component, place: str) -> Decimal | None:
        written = part.get("increment")
        if written in (None, ""):
            return None
        try:
            step = Decimal(str(written))
        except InvalidOperation:
            step = Decimal(0)
        if step <= 0:
            self.problem(place, f"'{written}' is not a step for numbers.")
            return None
        return step


def option_values(options: Sequence[object]) -> tuple[Any, ...]:
    """Return the values of choices given as ``{label, value}`` or as plain values."""
    return tuple(
        feel.native(option.get("value", option.get("label")) if isinstance(option, Mapping) else option)
        for option in options
    )


def load(schema: bytes | str) -> object:
    """Return the JSON with exact numbers; ValueError with a sentence when it is none."""
    if len(schema) > MAX_BYTES:
        message = f"the form is larger than {MAX_BYTES} bytes"
        raise ValueError(message)
    try:
        return json.loads(schema, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        message = f"the form is not JSON: {problem}"
        raise ValueError(message) from problem


def _refuse_constant(name: str) -> object:
    message = f"{name} is not a number of JSON"
    raise ValueError(message)
