"""A form: parsed once, then asked to validate answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.errors import InvalidAnswers
from engine.feel import DEFAULT, Environment
from engine.forms.fields import Field
from engine.forms.problem import FormError, FormProblem
from engine.forms.reading import SchemaReader, load
from engine.forms.validating import Validation
from engine.forms.values import browser_variables

KEPT = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """The values of a hand-in, and the labels of fields that were filled in although they are hidden: those are not kept."""

    values: dict[str, Any]
    left_out: tuple[str, ...] = ()

    @property
    def noted(self) -> dict[str, Any]:
        """What the history keeps of it beside the values."""
        return {"left_out": list(self.left_out)} if self.left_out else {}


@dataclass(frozen=True, slots=True)
class Form:
    """A form-js schema, compiled: ``schema`` for the browser, ``fields`` as a tree for the server.

    ``expressions`` are all FEEL texts of the schema with their place.
    """

    id: str
    file: str
    schema: Mapping[str, Any]
    fields: tuple[Field, ...]
    expressions: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The paths of all answers; those of list items are written ``list[].key``."""
        return tuple(path for path, _ in _keys(self.fields, ""))

    def validate(
        self, answers: Mapping[str, Any], variables: Mapping[str, Any], env: Environment = DEFAULT
    ) -> dict[str, Any]:
        """Return the answers as values: exact decimals, dates, lists; nested as the keys say.

        Hidden, read-only and disabled fields are left out; an emptied field is None. Raises InvalidAnswers
        with every problem by the path of its answer (``a.b``, ``items[0].c``).
        """
        return self.checked(answers, variables, env).values

    def checked(
        self, answers: Mapping[str, Any], variables: Mapping[str, Any], env: Environment = DEFAULT
    ) -> Checked:
        """Return what ``validate`` does, and what of the answers is left out because it is hidden here."""
        validation = Validation(env)
        around = browser_variables(variables, env.zone)
        values = validation.level(self.fields, answers, around, "")
        if validation.problems:
            raise InvalidAnswers(validation.problems)
        return Checked(values, tuple(validation.left_out))


def parse(schema: bytes | str, *, file: str = "") -> Form:
    """Return the form of a form-js schema; FormError with every problem of it.

    One that was read before is not read again: a library is deployed whole, and every page of a work item asks.
    """
    return _read_once(schema, file)


@lru_cache(maxsize=KEPT)
def _read_once(schema: bytes | str, file: str) -> Form:
    try:
        loaded = load(schema)
    except ValueError as problem:
        raise FormError([FormProblem(file, "form", f"{problem}.".capitalize())]) from problem
    if not isinstance(loaded, dict) or loaded.get("type") != "default":
        raise FormError([FormProblem(file, "form", "This is not a form-js schema (type 'default').")])
    reader = SchemaReader(file)
    fields = reader.components(loaded, (), "form")
    _refuse_twice(fields, reader)
    if reader.problems:
        raise FormError(reader.problems)
    return Form(str(loaded.get("id", "")), file, loaded, fields, tuple(reader.expressions))


def _refuse_twice(fields: Sequence[Field], reader: SchemaReader) -> None:
    seen: set[str] = set()
    for path, one in _keys(fields, ""):
        if path in seen or any(
            other.startswith(f"{path}.") or path.startswith(f"{other}.") for other in seen
        ):
            reader.problem(f"component '{one.id}' ({one.type})", f"The key '{path}' is used twice.")
        seen.add(path)


def _keys(fields: Sequence[Field], prefix: str) -> Iterator[tuple[str, Field]]:
    for one in fields:
        if one.type == "group":
            yield from _keys(one.children, prefix)
        elif one.type == "dynamiclist":
            yield prefix + one.key, one
            yield from _keys(one.children, f"{prefix}{one.key}[].")
        elif one.is_input:
            yield prefix + one.key, one
