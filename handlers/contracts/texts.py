"""The text of a contract: template, required clauses, the filled text, and what of it was confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import yaml

from engine.errors import InvalidInput
from handlers.contracts.terms import Terms
from handlers.tables import rows
from handlers.texts import fill, missing_places


@dataclass(frozen=True, slots=True)
class RequiredClause:
    """A clause a contract must or should have, with its basis."""

    no: int
    clause: str
    english: str
    basis: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One article: title, paragraphs, and the numbers of the required clauses it covers."""

    title: str
    paragraphs: tuple[str, ...]
    covers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ContractText:
    """A contract's text, as a template with places or filled; both writers print this."""

    title: str
    opening: tuple[str, ...]
    clauses: tuple[Clause, ...]
    closing: tuple[str, ...]

    def texts(self) -> Iterator[str]:
        """Go through all paragraphs in their order, article titles aside."""
        yield from self.opening
        for clause in self.clauses:
            yield from clause.paragraphs
        yield from self.closing


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """One line put to the client: its number, its text, the SHA-256 of the text."""

    no: int
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was put to the client line by line; `digest` covers all lines and freezes the text."""

    lines: tuple[ConfirmedLine, ...]
    digest: str


def read_template(text: str) -> ContractText:
    """Read a contract template from YAML (see template.yaml); InvalidInput names what is wrong."""
    try:
        found = yaml.safe_load(text)
        return ContractText(
            title=str(found["title"]),
            opening=tuple(map(str, found["opening"])),
            clauses=tuple(_clause(each) for each in found["clauses"]),
            closing=tuple(map(str, found["closing"])),
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidInput(
            f"The contract template lacks or garbles a part: {error!r}. See the sample."
        ) from error


@cache
def standard_template() -> ContractText:
    """Give the sample contract of this package, which covers all required clauses."""
    return read_template(files(__package__).joinpath("template.yaml").read_text("utf-8"))


@cache
def required_clauses() -> tuple[RequiredClause, ...]:
    """Give the clauses of 代理记账管理办法 第十二条 (1-5) and those of general contract law (6-13)."""
    table = rows(__package__ or "", "required_clauses.csv")
    return tuple(RequiredClause(int(row["no"]), row["clause"], row["english"], row["basis"]) for row in table)


def missing_clauses(contract: ContractText) -> tuple[RequiredClause, ...]:
    """Give the required clauses that no article with text covers."""
    covered = {
        no for clause in contract.clauses if any(map(str.strip, clause.paragraphs)) for no in clause.covers
    }
    return tuple(required for required in required_clauses() if required.no not in covered)


def written(template: ContractText, terms: Terms) -> ContractText:
    """Fill a template with the terms; InvalidInput names the values that are missing, all at once."""
    values = terms.values()
    if missing := missing_places(template.texts(), values):
        raise InvalidInput(f"Contract {terms.number} has no value for {', '.join(missing)}; fill them in.")
    return ContractText(
        title=template.title,
        opening=_filled(template.opening, values),
        clauses=tuple(
            Clause(clause.title, _filled(clause.paragraphs, values), clause.covers)
            for clause in template.clauses
        ),
        closing=_filled(template.closing, values),
    )


def article(at: int, clause: Clause) -> str:
    """Write an article's heading: 第一条　委托业务范围."""
    return f"第{_NUMERALS[at]}条　{clause.title}"


def snapshot(contract: ContractText) -> Snapshot:
    """Freeze a contract for line-by-line confirmation: every article and paragraph with its digest."""
    texts = [contract.title, *contract.opening]
    for at, clause in enumerate(contract.clauses):
        texts += [article(at, clause), *clause.paragraphs]
    texts += contract.closing
    lines = tuple(ConfirmedLine(no, text, _digest(text)) for no, text in enumerate(texts, start=1))
    return Snapshot(lines, _digest("\n".join(f"{line.no}:{line.digest}" for line in lines)))


def changed_lines(before: Snapshot, after: Snapshot) -> tuple[int, ...]:
    """Give the numbers of the lines that differ between two snapshots, those of the longer one included."""
    old = {line.no: line.digest for line in before.lines}
    new = {line.no: line.digest for line in after.lines}
    return tuple(no for no in sorted({*old, *new}) if old.get(no) != new.get(no))


_NUMERALS = [
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    *(f"十{one}" for one in "一二三四五六七八九"),
]


def _clause(found: Mapping[str, Any]) -> Clause:
    return Clause(
        str(found["title"]), tuple(map(str, found["text"])), tuple(map(int, found.get("covers", ())))
    )


def _filled(texts: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(fill(text, values) for text in texts)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
