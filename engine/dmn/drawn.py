"""The tables of a DMN file as they are written, for pages that show them: texts, not compiled logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.dmn.source import Element, child, children, line, read_root, text_of

KEPT = 200
VALIDITY = "{*}extensionElements/{http://zhangfang.example/schema/1.0}validity"


@dataclass(frozen=True, slots=True)
class Column:
    """An input or output: what heads it, and the text below that (expression of an input, name of an output)."""

    label: str
    text: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when something holds, by which law; and for a table the expression for the date of the facts."""

    first: str = ""
    last: str = ""
    law: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class DrawnRule:
    """One row of a table. ``number`` counts from 1, as history and messages name rules."""

    number: int
    id: str
    line: int
    tests: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...]
    valid: Validity | None = None


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A decision that is a table."""

    id: str
    name: str
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[DrawnRule, ...]
    valid: Validity | None = None


def drawn(xml: bytes, *, file: str = "") -> Mapping[str, DrawnTable]:
    """Return the tables of a file by the ids of their decisions, in its order; DecisionError when it is no DMN file."""
    return _read_once(xml, file)


@lru_cache(maxsize=KEPT)
def _read_once(xml: bytes, file: str) -> Mapping[str, DrawnTable]:
    found: dict[str, DrawnTable] = {}
    for decision in children(read_root(xml, file), "decision"):
        table = child(decision, "decisionTable")
        if table is not None:
            key = str(decision.get("id") or decision.get("name", ""))
            found[key] = _table(key, decision.get("name", ""), table)
    return found


def _table(key: str, name: str, table: Element) -> DrawnTable:
    policy = " ".join([table.get("hitPolicy", "UNIQUE"), table.get("aggregation", "")]).strip()
    return DrawnTable(
        key,
        name or key,
        policy,
        tuple(_input(each) for each in children(table, "input")),
        tuple(_output(each) for each in children(table, "output")),
        tuple(_rule(number, each) for number, each in enumerate(children(table, "rule"), 1)),
        _validity(table),
    )


def _input(element: Element) -> Column:
    expression = child(element, "inputExpression")
    text = text_of(expression).strip()
    type_ref = "" if expression is None else expression.get("typeRef", "")
    return Column(element.get("label") or text, text, type_ref)


def _output(element: Element) -> Column:
    name = element.get("name", "")
    return Column(element.get("label") or name, name, element.get("typeRef", ""))


def _rule(number: int, element: Element) -> DrawnRule:
    return DrawnRule(
        number,
        element.get("id", ""),
        line(element),
        tuple(text_of(each).strip() for each in children(element, "inputEntry")),
        tuple(text_of(each).strip() for each in children(element, "outputEntry")),
        tuple(text_of(each).strip() for each in children(element, "annotationEntry")),
        _validity(element),
    )


def _validity(element: Element) -> Validity | None:
    found = element.find(VALIDITY)
    if found is None:
        return None
    names = ("validFrom", "validTo", "lawSource", "dateOfFacts")
    return Validity(*(str(found.get(name, "")).strip() for name in names))
