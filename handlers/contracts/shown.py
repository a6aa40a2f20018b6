"""A contract's text as process variables and stored terms, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contracts.texts import Clause, ContractText, article

_BINDING = 5


def to_terms(text: ContractText) -> dict[str, Any]:
    """Give title, opening, clauses and closing as plain values; a clause's value is its number as text."""
    return {
        "title": text.title,
        "opening": list(text.opening),
        "clauses": [_clause(at, clause) for at, clause in enumerate(text.clauses)],
        "closing": list(text.closing),
    }


def from_terms(terms: Mapping[str, Any]) -> ContractText:
    """Give the text back from what `to_terms` made."""
    clauses = (
        Clause(each["heading"], tuple(each["paragraphs"]), tuple(int(no) for no in each["covers"]))
        for each in terms["clauses"]
    )
    return ContractText(str(terms["title"]), tuple(terms["opening"]), tuple(clauses), tuple(terms["closing"]))


def whole_text(terms: Mapping[str, Any]) -> str:
    """Write the whole contract as one text."""
    clauses = [line for each in terms["clauses"] for line in (each["title"], each["text"])]
    return "\n".join([str(terms["title"]), *terms["opening"], *clauses, *terms["closing"]])


def _clause(at: int, clause: Clause) -> dict[str, Any]:
    heading = article(at, clause)
    return {
        "no": at + 1,
        "title": heading,
        "heading": clause.title,
        "text": "\n".join(clause.paragraphs),
        "paragraphs": list(clause.paragraphs),
        "covers": list(clause.covers),
        "required": any(no <= _BINDING for no in clause.covers),
        "label": heading,
        "value": str(at + 1),
    }
