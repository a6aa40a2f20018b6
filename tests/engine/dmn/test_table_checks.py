"""What the checks say of a table is what brute force finds: every combination of values, by the real evaluation."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from engine import dmn
from engine.dmn import table_checks
from engine.dmn.axes import axes
from engine.dmn.table_checks import gaps, overlaps
from engine.dmn.unreachable import Budget, unused
from engine.errors import DecisionError
from tests.engine.dmn.random_tables import KINDS, RandomTable, random_table

SEEDS = range(24)
LIMIT = {"limit": 12}


def sheet_of(table: RandomTable) -> Any:
    return dmn.parse(table.xml()).tables[0].sheet


def matched(decisions: dmn.Decisions, values: tuple[Any, ...]) -> tuple[Any, ...]:
    given = {f"c{at}": value for at, value in enumerate(values)}
    return decisions.evaluate("d", {**given, **LIMIT}).matched_rules


def rules_by_values(table: RandomTable) -> dict[tuple[Any, ...], list[int]]:
    return {values: table.plain(values, LIMIT) for values in table.expected()}


def answer(table: RandomTable, values: tuple[Any, ...], policy: str) -> int | None:
    """The rule that answers: of a PRIORITY table the one with the greatest result, which is declared to come first."""
    rules = table.plain(values, LIMIT)
    if policy == "PRIORITY":
        rules.sort(key=lambda rule: -int(table.rules[rule - 1][1]))
    return rules[0] if rules else None


def piece(axis: Any, value: Any) -> int:
    offset = 0
    for line in axis.lines:
        if type(value) is line.kind:
            return offset + int(line.piece(value))
        offset += line.count
    return offset + (value is not None)


@pytest.mark.parametrize("seed", SEEDS)
def test_gaps_are_those_that_brute_force_finds(seed: int) -> None:
    table = random_table(seed, "UNIQUE")
    found = axes(sheet_of(table))

    regions = gaps(found, Budget(100_000))

    for values, rules in rules_by_values(table).items():
        place = [1 << piece(axis, value) for axis, value in zip(found, values, strict=True)]
        inside = [all(p & pieces for p, pieces in zip(place, region, strict=True)) for region in regions]
        assert any(inside) == (not rules), (values, table.rules)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_overlaps_are_those_at_which_evaluation_fails(seed: int, policy: str) -> None:
    table = random_table(seed, policy)
    sheet = sheet_of(table)
    decisions = dmn.parse(table.xml())
    failing, pairs = set(), set()
    for values, rules in rules_by_values(table).items():
        try:
            matched(decisions, values)
        except DecisionError:
            failing.add(values)
            results = [table.rules[rule - 1][1] for rule in rules]
            pairs |= {
                pair
                for pair, (a, b) in zip(combinations(rules, 2), combinations(results, 2), strict=True)
                if policy == "UNIQUE" or a != b
            }

    found = list(overlaps(sheet, axes(sheet), Budget(100_000)))

    assert {(one.number, other.number) for one, other, _, _ in found} == pairs
    assert bool(found) == bool(failing)
    assert {level for _, _, _, level in found} <= {"error"}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("policy", ["FIRST", "PRIORITY"])
def test_unused_rules_are_those_that_never_answer(seed: int, policy: str) -> None:
    table = random_table(seed, policy)
    sheet = sheet_of(table)
    answering = {answer(table, values, policy) for values in table.anything()}

    found = {row.number for row, _ in unused(sheet, axes(sheet), Budget(100_000))}

    assert found == {n for n in range(1, len(table.rules) + 1) if n not in answering}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "PRIORITY"])
def test_cells_that_are_no_sets_make_the_claims_weaker_never_wrong(seed: int, policy: str) -> None:
    table = random_table(seed, policy, kinds=(KINDS[0], KINDS[0], KINDS[2]), tried=0.4)
    sheet = sheet_of(table)
    found, by_values = axes(sheet), rules_by_values(table)

    for region in gaps(found, Budget(100_000)):
        inside = [
            rules
            for values, rules in by_values.items()
            if all(1 << piece(a, v) & p for a, v, p in zip(found, values, region, strict=True))
        ]
        assert inside
        assert not any(inside)
    for one, other, _, _ in overlaps(sheet, found, Budget(100_000)):
        assert any({one.number, other.number} <= set(rules) for rules in by_values.values())
    answering = {answer(table, values, policy) for values in table.anything()}
    for row, _ in unused(sheet, found, Budget(100_000)):
        if policy != "UNIQUE":
            assert row.number not in answering


@pytest.mark.parametrize("seed", SEEDS)
def test_without_a_type_nothing_wrong_is_said_either(seed: int) -> None:
    table = random_table(seed, "FIRST", kinds=(KINDS[-1], KINDS[-1], KINDS[3]))
    sheet = sheet_of(table)
    found = axes(sheet)
    everything = [(values, table.plain(values, LIMIT)) for values in table.anything()]

    for region in gaps(found, Budget(100_000)):
        inside = [
            rules
            for values, rules in everything
            if all(1 << piece(a, v) & p for a, v, p in zip(found, values, region, strict=True))
        ]
        assert not any(inside)
    first = {rules[0] for _, rules in everything if rules}
    assert not first & {row.number for row, _ in unused(sheet, found, Budget(100_000))}


def test_the_work_is_bounded_and_a_cut_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_checks, "MOST_STEPS", 40)
    monkeypatch.setattr(table_checks, "MOST_PAIRS", 40)
    rules = tuple(((f"{n}", f"{n % 7}", f"{n % 5}"), "1") for n in range(60))
    table = RandomTable((KINDS[0],) * 3, rules, "UNIQUE")

    told = [problem.message for problem in dmn.check(dmn.parse(table.xml()))]

    assert [message for message in told if "too large" in message and "gaps" in message]
    assert [message for message in told if "too large" in message and "overlaps" in message]
