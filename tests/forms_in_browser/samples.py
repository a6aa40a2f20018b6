"""Answers and variables to try a form's expression with: what its fields can hold, what variables happen to hold."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine import feel, forms
from engine.feel import Limits
from engine.feel.reading.texts import parse_expression
from engine.feel.syntax import Literal, Node, Path
from engine.forms.browser import nodes

MOST = 300
ABSENT = object()
ANY: tuple[Any, ...] = (
    *(ABSENT, None, "", "甲", "2026-03-01", date(2026, 3, 1), 0, 1, Decimal("12.5"), -1, True, False),
    *([], ["a", "b"], [1, 2], {"a": 1}, [{"code": "a"}, {"status": "missing"}]),
)
"""No list of one element: compared with anything else it differs by itself (``["a"] = ""``), and no type is known here."""
BY_TYPE: Mapping[str, tuple[Any, ...]] = {
    "textfield": (ABSENT, "", "甲", "12"),
    "textarea": (ABSENT, "", "甲"),
    "number": (ABSENT, None, 0, 1, 12.5, -1, 1000000),
    "checkbox": (ABSENT, True, False),
    "radio": (ABSENT, None),
    "select": (ABSENT, None),
    "checklist": (ABSENT, []),
    "taglist": (ABSENT, []),
    "datetime": (ABSENT, None, "2026-03-01"),
    "filepicker": (ABSENT, None, "files::1"),
    "dynamiclist": (ABSENT, []),
}


@dataclass(frozen=True)
class Sample:
    """What the instance holds and what a person answered."""

    variables: Mapping[str, Any]
    answers: Mapping[str, Any]


def samples(
    form: forms.Form, text: str, known: Mapping[str, tuple[Any, ...]] | None = None
) -> Iterator[Sample]:
    """Go through values of all names that an expression reads, evenly chosen when there are too many.

    ``known`` are the values that some variables have; others may hold anything.
    """
    given_pools = known or {}
    fields = {field.key: field for field in flat(form.fields)}
    root = parse_expression(text, (), depth=Limits().depth).root
    literals = tuple({str(value): value for value in _literals(root)}.values())
    properties = sorted({node.name for node in nodes(root) if isinstance(node, Path)})
    compiled = feel.compile(text)
    names = sorted(compiled.variables | compiled.maybe_variables)
    pools = [
        _of_field(fields[name], literals)
        if name in fields
        else given_pools.get(name) or _of_variable(literals, properties)
        for name in names
    ]
    total = 1
    for pool in pools:
        total *= len(pool)
    for values in itertools.islice(itertools.product(*pools), None, None, max(1, total // MOST)):
        given = [(name, value) for name, value in zip(names, values, strict=True) if value is not ABSENT]
        yield Sample(
            {name: value for name, value in given if name not in fields},
            {name: value for name, value in given if name in fields},
        )


def flat(fields: Iterable[forms.Field]) -> Iterator[forms.Field]:
    """Go through the fields that keep an answer on the level of the form."""
    for field in fields:
        if field.type == "group":
            yield from flat(field.children)
        elif field.is_input or field.type == "dynamiclist":
            yield field


def _of_field(field: forms.Field, literals: tuple[Any, ...]) -> tuple[Any, ...]:
    offered = field.choices.static
    if field.type in ("radio", "select"):
        return (*BY_TYPE[field.type], *offered)
    if field.type in ("checklist", "taglist"):
        return (*BY_TYPE[field.type], *([each] for each in offered), list(offered))
    if field.details.as_string:
        return (ABSENT, None, "0", "12.50", "1000")
    kind = float if field.type == "number" else str
    texts = field.type in ("textfield", "textarea", "number", "datetime")
    return (*BY_TYPE[field.type], *(each for each in literals if texts and isinstance(each, kind)))


def _of_variable(literals: tuple[Any, ...], properties: list[str]) -> tuple[Any, ...]:
    contexts = (
        [dict.fromkeys(properties, value) for value in (None, "甲", 1, *literals)] if properties else []
    )
    return (*ANY, *literals, *contexts, *([each, each] for each in contexts))


def _literals(root: Node) -> Iterator[Any]:
    for node in nodes(root):
        if isinstance(node, Literal) and isinstance(node.value, str | Decimal):
            yield node.value if isinstance(node.value, str) else float(node.value)
