"""The dated tables themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from handlers.tables import rows
from handlers.tax.dated import span

TABLES = ["rules.csv", "stamp_rates.csv", "iit_brackets.csv"]


@pytest.mark.parametrize("table", TABLES)
def test_every_row_names_its_source_and_a_first_day(table: str) -> None:
    assert all(row["source"] and span(row)[0] for row in rows("handlers.tax", table))


def test_no_two_rows_of_a_rule_hold_on_one_day() -> None:
    by_rule = defaultdict(list)
    for row in rows("handlers.tax", "rules.csv"):
        by_rule[row["rule"]].append(span(row))

    overlaps = [
        name
        for name, spans in by_rule.items()
        for (_, ends), (starts, _) in zip(sorted(spans, key=str), sorted(spans, key=str)[1:], strict=False)
        if (ends or date.max) >= starts
    ]

    assert overlaps == []
