"""What the history keeps of decisions: which version was asked, what went in and out, which rules fired (decision 0018)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from engine import dmn, feel
from engine.errors import InvalidInput

EVALUATED = "decision.evaluated"
LONGEST_IN_HISTORY = 4_000
"""Bytes of a value; of a longer one the history keeps what proves it."""
MOST_TABLES = 500
"""Tables of one evaluation that get a line each; the last line says how many have none."""
LONGEST_OUTCOME = 200
"""Characters of rule numbers in an index; longer ones are written as the bits of a number."""
MOST_RULES = 9_000
"""Rules that these bits can tell apart: an entry of an index has its limit too."""


def kept(value: Any) -> tuple[bytes, Any]:
    """Return the JSON of a FEEL value, and what the history shows of it: the same, or its digest when it is long."""
    plain = feel.to_json(value)
    body = msgspec.json.encode(plain)
    if len(body) <= LONGEST_IN_HISTORY:
        return body, plain
    return body, {"sha256": sha256(body).hexdigest(), "length": len(body)}


def lines(
    versions: Mapping[str, tuple[UUID, int]], decisions: dmn.Decisions, asked: str, evaluation: dmn.Evaluation
) -> tuple[Mapping[str, Any], ...]:
    """Return a line (JSON) for each table that was evaluated, the decision that was ``asked`` last.

    ``versions`` are ids and versions of the files by path. A line of a required decision says ``for`` which one.
    """
    file, name = decisions.file, decisions.names.get(asked, "")
    tables = list(evaluation.tables)
    if not tables or (tables[-1].file, tables[-1].decision) != (file, asked):
        tables.append(dmn.EvaluatedTable(file, asked, name, evaluation))
    left_out, tables = len(tables) - MOST_TABLES, tables[-MOST_TABLES:]
    found = [
        {
            "decision": each.decision,
            "decision_name": each.name,
            **_version(versions.get(each.file)),
            **_table(each.evaluation, is_table=each.evaluation is not evaluation),
            **({} if number == len(tables) else {"for": asked, "for_name": name}),
        }
        for number, each in enumerate(tables, 1)
    ]
    if left_out > 0:
        found[-1]["left_out"] = left_out
    return tuple(found)


def _version(known: tuple[UUID, int] | None) -> dict[str, Any]:
    return {} if known is None else {"definition": str(known[0]), "version": known[1]}


def _table(evaluation: dmn.Evaluation, *, is_table: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"result": _shown(evaluation.value)}
    if is_table:
        found |= {
            "rules": list(evaluation.rule_numbers),
            "rule_ids": _shown([str(each) for each in evaluation.matched_rules]),
            "inputs": {name: _shown(value) for name, value in evaluation.inputs.items()},
            "outputs": _shown([dict(each) for each in evaluation.outputs]),
        }
    return found


def _shown(value: Any) -> Any:
    try:
        return kept(value)[1]
    except InvalidInput:
        return {"kind": feel.kind(value)}  # a function: it has no JSON, and no text that says what it does


def outcome(detail: Mapping[str, Any]) -> tuple[UUID, str]:
    """Return the columns by which an evaluation is counted: its definition, and its decision with the rules that fired."""
    return UUID(detail["definition"]), f"{detail['decision']}:{_written(detail.get('rules', ()))}"


def read_outcome(text: str) -> tuple[str, Iterator[int]]:
    """Return the decision and the rules of an outcome."""
    decision, _colon, rules = text.rpartition(":")
    if rules.startswith("x"):
        bits = int(rules[1:], 16)
        return decision, (number for number in range(1, bits.bit_length()) if bits >> number & 1)
    return decision, (int(number) for number in rules.split(",") if number)


def _written(rules: Sequence[int]) -> str:
    text = ",".join(str(number) for number in rules)
    if len(text) <= LONGEST_OUTCOME:
        return text
    return f"x{sum({1 << number for number in rules if number <= MOST_RULES}):x}"
