"""The index finds what trying every rule finds: random tables, values of all kinds, all hit policies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random  # noqa: TID251 - the seed is given
from typing import Any

import pytest

from engine import dmn
from engine.dmn.tables import POLICIES
from engine.errors import DecisionError
from tests.engine.dmn.random_tables import KINDS, RandomTable, random_table
from tests.work import calls_of

LIMIT = {"limit": 12}


def decided(table: RandomTable, rules: list[int], policy: str) -> Any:
    """What the standard says a table gives for the rules that match (results 1 and 2; PRIORITY: 2 first)."""
    results = [Decimal(table.rules[rule - 1][1]) for rule in rules]
    if policy.startswith("COLLECT "):
        combine: Any = {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}[policy.removeprefix("COLLECT ")]
        return combine(results) if results else None
    if policy in ("COLLECT", "RULE ORDER"):
        return results or None
    if policy in ("PRIORITY", "OUTPUT ORDER"):
        ranked = sorted(results, reverse=True) or None
        return ranked if policy == "OUTPUT ORDER" or ranked is None else ranked[0]
    forbidden = len(rules) > 1 if policy == "UNIQUE" else policy == "ANY" and len(set(results)) > 1
    return "refused" if forbidden else next(iter(results), None)


@pytest.mark.parametrize("policy", sorted(POLICIES))
@pytest.mark.parametrize("seed", range(12))
def test_an_indexed_table_gives_what_trying_every_rule_gives(policy: str, seed: int) -> None:
    name, _, aggregation = policy.partition(" ") if policy.startswith("COLLECT") else (policy, "", "")
    table = random_table(seed, name, kinds=KINDS, tried=0.3)
    xml = table.xml()
    if aggregation:
        xml = xml.replace(b"hitPolicy=", f'aggregation="{aggregation}" hitPolicy='.encode())
    decisions = dmn.parse(xml)
    values = list(table.anything())
    some = Random(seed).sample(values, min(len(values), 150))  # noqa: S311 - no secret
    for chosen in some:
        given = {f"c{at}": value for at, value in enumerate(chosen)}
        try:
            found = decisions.evaluate("d", {**given, **LIMIT}).value
        except DecisionError:
            found = "refused"
        assert found == decided(table, table.plain(chosen, LIMIT), policy), (chosen, table.rules)


def work_of(
    rules: tuple[tuple[tuple[str, ...], str], ...], **given: Any
) -> tuple[int, tuple[str | int, ...]]:
    """How many calls an evaluation makes, and the rules that it matches."""
    columns = tuple(KINDS[0] for _ in rules[0][0])
    decisions = dmn.parse(RandomTable(columns, rules, "UNIQUE").xml())
    found = decisions.evaluate("d", given)  # the first time compiles and fills caches
    return calls_of(lambda: decisions.evaluate("d", given)), found.matched_rules


def test_a_thousand_rules_are_no_more_work_than_ten() -> None:
    rules = tuple(((f"[{n}..{n + 1})", f'"k{n % 10}"', "-"), str(n % 3)) for n in range(1000))
    given = {"c0": Decimal("7.5"), "c1": "k7", "c2": date(2026, 1, 1)}

    few, many = work_of(rules[:10], **given), work_of(rules, **given)

    assert few[1] == many[1] == ("r8",)
    assert many[0] == few[0]


def test_a_computed_cell_is_tried_for_those_rules_only_that_are_left() -> None:
    rules = tuple(((f"{n}", "? > limit"), "1") for n in range(1000))
    given = {"c0": Decimal(5), "c1": Decimal(13), **LIMIT}

    few, many = work_of(rules[:10], **given), work_of(rules, **given)

    assert few[1] == many[1] == ("r6",)
    assert many[0] == few[0]
